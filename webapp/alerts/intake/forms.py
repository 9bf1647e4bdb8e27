"""What the forms of the intake say, as entries and decisions."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from webapp.alerts.desk.forms import read_changes, read_moment
from webapp.alerts.fields import wrong
from webapp.alerts.intake.entry import PLACE, Entry
from webapp.alerts.intake.settling import Decision
from webapp.core.errors import Problem
from webapp.core.ids import is_id

Form = MultiDict[str, str]
MOST_MEMBERS = 20
_LONGEST_PLACE = 120


def read_entry(form: Form, timezone: str) -> Entry:
    """An alert that was typed. Problem `alert_empty`, `alert_invalid` with the field."""
    fields: dict[str, Any] = read_changes(form, timezone)
    for name in PLACE:
        if name in form:
            fields[name] = form[name].strip()[:_LONGEST_PLACE]
    if "minor" in form:
        fields["minor"] = True
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    text = form.get("text", "").strip()
    if not text and not given.keys() - {"level", "received_at", "sex", "minor"}:
        raise Problem("alert_empty")
    once = form.get("once", "")
    return Entry(text=text, fields=given, reference=once if is_id(once) else None)


def read_received(form: Form, timezone: str) -> dict[str, Any]:
    """When what was pasted arrived, if somebody has set it back."""
    typed = form.get("received_at", "").strip()
    return {"received_at": read_moment(typed, "received_at", timezone)} if typed else {}


def read_decision(form: Form, timezone: str) -> Decision:
    """What somebody decided about a draft. Problem `alert_invalid` with the field."""
    changes = read_changes(form, timezone)
    if form.get("received_at") == form.get("received_was"):
        changes.pop("received_at", None)  # the field has minutes, the alert milliseconds
    choice = form.get("choice", "none")
    kind, _colon, place = choice.partition(":")
    if kind == "join":
        _open_id, _colon, choice = place.partition(":")
        kind, _colon, place = choice.partition(":")
    if kind not in {"none", "door", "building"} or (kind != "none" and not is_id(place)):
        raise wrong("alert_invalid", "household_id")
    members = [one for one in form.getlist("member") if is_id(one)][:MOST_MEMBERS]
    return Decision(choice, changes, members)


def joined(form: Form) -> str | None:
    """The open alert that the draft shall join, if somebody chose so."""
    kind, _colon, rest = form.get("choice", "").partition(":")
    alert_id = rest.partition(":")[0]
    return alert_id if kind == "join" and is_id(alert_id) else None
