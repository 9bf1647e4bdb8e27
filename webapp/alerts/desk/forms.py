"""What the forms of an alert's page say, as fields and operations."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.datastructures import MultiDict

from webapp.alerts.fields import LENGTHS, wrong
from webapp.core import clock
from webapp.core.forms import whole

TEXTS = tuple(name for name in LENGTHS if name != "original")
CHOICES = ("channel", "scam_type", "sex")
AMOUNTS = ("avoided", "recovered", "stopped", "lost", "at_risk", "remaining")
RECORDED: Mapping[str, tuple[str, ...]] = {
    "alert_attempt": ("channel", "result", "suspected", "confirmed", "note"),
    "alert_outcome": ("outcome", "grade", "risk", "note"),
    "follow_up": ("follow_up", "how", "risk", "next_on", "note"),
}
"""Fields that go into an operation as they are typed."""

MARKS = ("case", "gift_declined", "thanked", "reached", "again")
Form = MultiDict[str, str]


def read_changes(form: Form, timezone: str) -> dict[str, Any]:
    """The fields of an alert that the form names. Problem `alert_invalid` with the `field`."""
    changes: dict[str, Any] = {n: form[n].strip() for n in TEXTS if n in form}
    changes |= {name: form[name] or None for name in CHOICES if name in form}
    if "level" in form:
        changes["level"] = form["level"]
    if "age" in form:
        changes["age"] = _whole(form["age"], "age")
    if "amount" in form:
        changes["amount"] = fen(form["amount"], "amount")
    if form.get("received_at"):
        changes["received_at"] = read_moment(form["received_at"], "received_at", timezone)
    return changes


def read_operation(form: Form, alert_id: str, timezone: str) -> dict[str, Any]:
    """An operation of the desk. Problem `alert_invalid` with the `field` that does not fit."""
    kind = form.get("type", "")
    if kind not in RECORDED:
        raise wrong("alert_invalid", "type")
    operation: dict[str, Any] = {"type": kind, "alert": alert_id}
    operation |= {name: form[name].strip() for name in RECORDED[kind] if form.get(name, "").strip()}
    operation |= {name: True for name in MARKS if form.get(name)}
    if kind == "follow_up":
        operation.setdefault("reached", False)
    for name in AMOUNTS:
        if (amount := fen(form.get(name, ""), name)) is not None:
            operation[name] = amount
    if decision := form.get("decision"):
        operation["stop_payment"] = _decision(form, decision)
    if office := form.get("office", "").strip():
        operation["signed"] = _signed(form, office, timezone)
    if at := form.get("at"):
        operation["at"] = clock.iso(read_moment(at, "at", timezone))
    return operation


def fen(text: str, name: str) -> int | None:
    """Yuan as they are typed (`78,000`, `1.5万`), in fen; none for nothing."""
    typed = text.strip().replace(",", "").replace("，", "").replace(" ", "")
    if not typed:
        return None
    times = 10_000 if typed[-1] in "万萬" else 1
    try:
        yuan = Decimal(typed.rstrip("万萬元")) * times
        amount = int(yuan * 100)
    except (InvalidOperation, ValueError, OverflowError):
        raise wrong("alert_invalid", name) from None
    if not 0 <= amount <= 10**13:
        raise wrong("alert_invalid", name)
    return amount


def read_moment(text: str, name: str, timezone: str) -> int:
    """A wall clock of the community (`2026-11-23T09:00`) in ms."""
    try:
        return clock.typed(text, timezone)
    except ValueError:
        raise wrong("alert_invalid", name) from None


def _whole(text: str, name: str) -> int | None:
    typed = text.strip()
    if not typed:
        return None
    number = whole(typed, 3)
    if number is None:
        raise wrong("alert_invalid", name)
    return number


def _decision(form: Form, decision: str) -> dict[str, Any]:
    said: dict[str, Any] = {"decision": decision}
    said |= {name: form[name].strip() for name in ("via", "bank") if form.get(name, "").strip()}
    if (amount := fen(form.get("stop_amount", ""), "stop_amount")) is not None:
        said["amount"] = amount
    return said


def _signed(form: Form, office: str, timezone: str) -> dict[str, Any]:
    at = form.get("signed_at", "")
    moment = read_moment(at, "signed_at", timezone) if at else clock.now()
    signed: dict[str, Any] = {"office": office, "at": clock.iso(moment)}
    name = form.get("signed_by", "").strip()
    return signed | ({"name": name} if name else {})
