"""`/settings/alerts`: clocks, contact policy, follow-ups, escalation and retention."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.alerts import codes, settings
from webapp.alerts.settings import AlertSettings
from webapp.core import clock, db
from webapp.core.errors import Problem
from webapp.core.i18n import _

bp = Blueprint("alert_settings", __name__, url_prefix="/settings/alerts")
PAGE = "/settings/alerts"
FOLLOWED = ("high", "medium", "low")
CALLED = ("lead", "deputy", "coordinator")
THEN: tuple[codes.Channel, ...] = ("message", "door", "family")
BOUNDS = {
    "minutes": (1, 20_160),
    "calls": (1, 9),
    "within": (1, 240),
    "retry": (1, 1440),
    "escalation": (0, 1440),
    "kept_days": (30, 3650),
    "audit_days": (183, 3650),
}
DAYS, DAYS_MOST = (1, 365), 12


@bp.get("")
@allow("coordinator")
def show() -> ResponseReturnValue:
    """The settings as they are."""
    return _page(_stored(), None)


@bp.post("")
@allow("coordinator")
def save() -> ResponseReturnValue:
    """Set them; what was typed stays on the page when something is wrong."""
    who = access.member()
    try:
        chosen = read_form(request.form)
        with db.writing() as session:
            settings.save(session, who.community_id, chosen, who=who, now=clock.now())
    except Problem as problem:
        return _page(_stored(), problem, request.form), problem.status
    flash(_("alerts.settings.saved"), "ok")
    return redirect(PAGE, 303)


def read_form(form: MultiDict[str, str]) -> AlertSettings:
    """The settings of a form. Problem `number_between` or `days_wrong`, with label and field."""
    return msgspec.convert(
        {
            "minutes": {level: _number(form, "minutes", level) for level in codes.LEVELS},
            "policies": {level: _policy(form, level) for level in codes.LEVELS},
            "escalation": {mark: _number(form, "escalation", mark) for mark in CALLED},
            "follow_ups": {risk: _days(form, risk) for risk in FOLLOWED},
            "follow_ups_by": "lead" if form.get("follow_ups_by") == "lead" else "worker",
            "kept_days": _number(form, "kept_days"),
            "audit_days": _number(form, "audit_days"),
        },
        AlertSettings,
    )


def _policy(form: MultiDict[str, str], level: str) -> dict[str, Any]:
    numbers = {name: _number(form, name, level) for name in ("calls", "within", "retry")}
    then = [channel for channel in THEN if f"then_{level}_{channel}" in form]
    return numbers | {"then": then, "family": f"family_{level}" in form}


def _number(form: MultiDict[str, str], name: str, of: str = "") -> int:
    field = f"{name}_{of}" if of else name
    least, most = BOUNDS[name]
    text = form.get(field, "").strip()
    if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) and least <= int(text) <= most:
        return int(text)
    label = _label(name, of)
    raise Problem("number_between", field=field, label=label, least=least, most=most)


def _days(form: MultiDict[str, str], risk: str) -> list[int]:
    """Days such as `1, 3, 7`, each once, in order; empty for none."""
    field = f"follow_up_{risk}"
    parts = [part for part in re.split(r"[\s,，、;；]+", form.get(field, "").strip()) if part]
    least, most = DAYS
    usable = all(re.fullmatch(r"[0-9]{1,3}", part, re.ASCII) for part in parts)
    if not usable or len(parts) > DAYS_MOST or any(not least <= int(p) <= most for p in parts):
        raise Problem("days_wrong", field=field, label=_(f"alerts.risk.{risk}"), most=most)
    return sorted({int(part) for part in parts})


def _label(name: str, of: str) -> str:
    label = _(f"alerts.settings.{name}")
    group = "escalation" if name == "escalation" else "level"
    return f"{_(f'alerts.{group}.{of}')} · {label}" if of else label


def _stored() -> AlertSettings:
    with db.reading() as session:
        return settings.of(session, access.member().community_id)


def _page(
    stored: AlertSettings, problem: Problem | None, typed: MultiDict[str, str] | None = None
) -> str:
    """`typed` is what somebody sent that could not be taken."""
    return render_template(
        "alerts/settings.html",
        values=dict(typed.items()) if typed is not None else _values(stored),
        problem=problem,
        levels=codes.LEVELS,
        then=THEN,
        risks=FOLLOWED,
        called=CALLED,
        bounds=BOUNDS,
    )


def _values(stored: AlertSettings) -> dict[str, str]:
    """The settings as the form's fields."""
    values = {
        "follow_ups_by": stored.follow_ups_by,
        "kept_days": str(stored.kept_days),
        "audit_days": str(stored.audit_days),
    }
    for level in codes.LEVELS:
        policy = getattr(stored.policies, level)
        values[f"minutes_{level}"] = str(getattr(stored.minutes, level))
        values |= {f"{name}_{level}": str(getattr(policy, name)) for name in ("calls", "within")}
        values[f"retry_{level}"] = str(policy.retry)
        values |= {f"then_{level}_{channel}": "on" for channel in policy.then}
        values |= {f"family_{level}": "on"} if policy.family else {}
    for mark in CALLED:
        values[f"escalation_{mark}"] = str(getattr(stored.escalation, mark))
    for risk in FOLLOWED:
        values[f"follow_up_{risk}"] = ", ".join(map(str, stored.follow_ups.of(risk)))
    return values
