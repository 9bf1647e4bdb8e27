"""`/sessions`: a month's sessions, the same as a file, and a form. For coordinators."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.actor import ActingMember
from webapp.core import clock, db, tables
from webapp.core.errors import NotFound, Problem
from webapp.core.forms import NOON, usual_time, whole
from webapp.core.i18n import _
from webapp.core.ids import derived_id, is_id, new_id
from webapp.core.tables import Cell
from webapp.operations.batch import ACCEPTED
from webapp.operations.push import DUPLICATE, TAKEN
from webapp.operations.recording import record_all
from webapp.playbook.scam_types import SCAM_TYPES
from webapp.sessions import queries
from webapp.sessions.models import TrainingSession
from webapp.sessions.operations import Partner

bp = Blueprint("sessions", __name__, url_prefix="/sessions")
PARTNERS = get_args(Partner)
NUMBERS = ("residents", "workers", "leaflets")
HEADS = ("day", "place", "partner", *NUMBERS, "topics", "campaign", "by", "note")


@bp.get("")
@allow("coordinator")
def show() -> str:
    """One month."""
    time = usual_time(clock.now(), access.member().timezone)
    return _page({"once": new_id(), "time": time}, None)


@bp.get("/file.<ending>")
@allow("coordinator")
def take_away(ending: str) -> Response:
    """CSV or XLSX of the month."""
    who, first = access.member(), _month()
    with db.reading() as session:
        found = queries.held(session, who.community_id, *_span(first, who.timezone))
    lines = _lines(found, who.timezone)
    return tables.download(ending, _("sessions.title"), lines, f"sessions-{first:%Y-%m}")


@bp.post("")
@allow("coordinator")
def record() -> ResponseReturnValue:
    """What the desk itself noted of a session."""
    who, values = access.member(), request.form
    try:
        operation = _operation(values, who)
        with db.writing() as session:
            _push(session, who, operation)
    except Problem as problem:
        return _page(
            values.to_dict(), _(f"sessions.wrong.{problem.params.get('field', 'place')}")
        ), 422
    flash(_("sessions.recorded"), "ok")
    return redirect(url_for("sessions.show", month=values.get("day", "")[:7]), 303)


@bp.post("/<uuid:operation_id>/void")
@allow("coordinator")
def void(operation_id: UUID) -> ResponseReturnValue:
    """Take one back; it stays in the record, voided."""
    who, of = access.member(), str(operation_id)
    with db.writing() as session:
        row = session.get(TrainingSession, (who.community_id, of))
        if row is None:
            raise NotFound
        if not row.taken_back:
            _push(
                session,
                who,
                {
                    "type": "void",
                    "id": new_id(),
                    "at": clock.iso(clock.now()),
                    "operation": of,
                    "reason": "other",
                },
            )
    flash(_("sessions.taken_back"), "ok")
    return redirect(url_for("sessions.show"), 303)


def _push(session: Session, who: ActingMember, operation: dict[str, Any]) -> None:
    """Problem `invalid` with the field when it is not taken."""
    (result,) = record_all(
        session,
        who.community_id,
        who.timezone,
        [operation],
        member_id=who.member_id,
        now=clock.now(),
    )
    if result.status not in (ACCEPTED, DUPLICATE):
        field = "once" if result.code == TAKEN else result.field or "place"
        raise Problem("invalid", field=field)


def _operation(values: Any, who: ActingMember) -> dict[str, Any]:
    once = values.get("once", "")
    try:
        at = clock.typed(f"{values.get('day', '')}T{values.get('time') or NOON}", who.timezone)
    except ValueError as error:
        raise Problem("invalid", field="day") from error
    if at > clock.now():
        raise Problem("invalid", field="day")
    numbers: dict[str, int] = {}
    for name in NUMBERS:
        number = whole(values.get(name, "").strip() or "0", 4)
        if number is None:
            raise Problem("invalid", field=name)
        numbers[name] = number
    said = {
        "type": "session_log",
        "id": derived_id(f"session {once}") if is_id(once) else new_id(),
        "at": clock.iso_in(at, who.timezone),
        "place": " ".join(values.get("place", "").split()),
        "partner": values.get("partner") or None,
        "residents": numbers["residents"],
        "workers": numbers["workers"],
        "leaflets": {"general": numbers["leaflets"]} if numbers["leaflets"] else None,
        "topics": [one for one in values.getlist("topic") if one in SCAM_TYPES],
        "note": values.get("note", "").strip() or None,
        "campaign": " ".join(values.get("campaign", "").split()) or None,
    }
    return {name: value for name, value in said.items() if value is not None}


def _month() -> date:
    try:
        return date.fromisoformat(f"{request.args.get('month', '')}-01")
    except ValueError:
        today = clock.day_of(clock.now(), access.member().timezone)
        return today.replace(day=1)


def _after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _span(first: date, timezone: str) -> tuple[int, int]:
    return clock.span_of(first, _after(first) - timedelta(days=1), timezone)


def _page(values: dict[str, str], problem: str | None) -> str:
    who, first = access.member(), _month()
    with db.reading() as session:
        span = _span(first, who.timezone)
        found = queries.held(session, who.community_id, *span)
        by_partner = queries.totals(session, who.community_id, *span)
        by_campaign = queries.totals(session, who.community_id, *span, by=TrainingSession.campaign)
    today = clock.day_of(clock.now(), who.timezone)
    return render_template(
        "sessions/sessions.html",
        found=found,
        by_partner=by_partner,
        by_campaign={name: one for name, one in by_campaign.items() if name},
        whole=queries.together(by_partner),
        first=first,
        before=(first - timedelta(days=1)).strftime("%Y-%m"),
        after=_after(first).strftime("%Y-%m") if _after(first) <= today else None,
        today=today.isoformat(),
        values=values,
        problem=problem,
        partners=PARTNERS,
        topics=SCAM_TYPES,
        timezone=who.timezone,
    )


def _lines(found: Any, timezone: str) -> Iterator[list[Cell]]:
    yield [_(f"sessions.{name}") for name in HEADS]
    for row, name, note in found:
        yield [
            f"{clock.local(row.moment, timezone):%Y-%m-%d %H:%M}",
            row.place,
            _(f"sessions.partner.{row.partner}") if row.partner else "",
            row.residents,
            row.workers,
            row.leaflets,
            "、".join(_(f"alerts.scam.{topic}") for topic in row.topics),
            row.campaign,
            name,
            note or "",
        ]
