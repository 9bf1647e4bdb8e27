"""The board and the page of one alert."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from flask import (
    Blueprint,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts import access, sequence
from webapp.accounts.access import allow
from webapp.alerts import actions, codes
from webapp.alerts.desk import board as boards
from webapp.alerts.desk import forms
from webapp.alerts.desk.page import alert_view
from webapp.alerts.desk.queue import queue
from webapp.alerts.desk.said import said
from webapp.alerts.fields import CODES
from webapp.alerts.formats import local_time, told
from webapp.alerts.privacy import reveal
from webapp.core import clock, db
from webapp.core.i18n import choose
from webapp.playbook.scam_types import SCAM_TYPES

bp = Blueprint("alerts", __name__, url_prefix="/alerts")
LONGEST = 80


@bp.get("")
@allow("coordinator")
def board() -> str:
    """What is open, how far it is, and what to ask again about."""
    view = _board()
    return render_template("alerts/board.html", view=view, now=clock.now(), **_zone())


@bp.get("/board")
@allow("coordinator")
def columns() -> BaseResponse:
    """The columns alone, for the page that keeps itself up to date; 304 when nothing is new."""
    who = access.member()
    with db.reading() as session:
        head, _forgotten = sequence.head(session, who.community_id)
    minute = clock.now() // clock.MINUTE  # whatever says how long ago something was
    tag = f"{head}.{minute}.{choose()}.{request.query_string.decode('ascii', 'replace')}"
    answer = make_response("")
    answer.set_etag(tag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(tag):
        answer.status_code = 304
        return answer
    view = _board()
    answer.set_data(render_template("alerts/_board.html", view=view, now=clock.now(), **_zone()))
    return answer


@bp.get("/follow-ups")
@allow("coordinator")
def follow_ups() -> str:
    """Whom somebody has to ask again, the longest overdue first."""
    who = access.member()
    with db.reading() as session:
        view = queue(session, who.community_id, clock.now(), who.timezone)
    return render_template("alerts/follow_ups.html", view=view, **_zone())


@bp.get("/<uuid:alert_id>")
@allow("coordinator")
def show(alert_id: UUID) -> str:
    """One alert with all that happened."""
    who = access.member()
    now = clock.now()
    with db.reading() as session:
        view = alert_view(session, who, str(alert_id), now)
    return render_template(
        "alerts/alert.html",
        view=view,
        now=now,
        codes=codes,
        choices=CODES,
        scams=SCAM_TYPES,
        told=partial(told, timezone=who.timezone),
        local_time=local_time,
        timezone=who.timezone,
    )


@bp.post("/<uuid:alert_id>/reveal")
@allow("coordinator")
def look(alert_id: UUID) -> BaseResponse:
    """Look at the person for ten minutes; written down."""
    who, of = access.member(), str(alert_id)
    with said("revealed") as session:
        reveal(session, who, of, now=clock.now())
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/confirm")
@allow("coordinator")
def confirm(alert_id: UUID) -> BaseResponse:
    """A draft becomes an alert that the team sees."""
    who, of = access.member(), str(alert_id)
    with said("confirmed") as session:
        actions.confirm(session, who.community_id, of, who=who, now=clock.now())
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/drop")
@allow("coordinator")
def drop(alert_id: UUID) -> BaseResponse:
    """A draft is set aside."""
    who, of = access.member(), str(alert_id)
    with said("dropped") as session:
        reason = request.form.get("reason", "")
        actions.drop(session, who.community_id, of, who=who, now=clock.now(), reason=reason)
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/dispatch")
@allow("coordinator")
def dispatch(alert_id: UUID) -> BaseResponse:
    """Give it to people."""
    who, of = access.member(), str(alert_id)
    with said("dispatched") as session:
        members = request.form.getlist("member")
        actions.dispatch(session, who.community_id, of, members, who=who, now=clock.now())
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/offer")
@allow("coordinator")
def offer(alert_id: UUID) -> BaseResponse:
    """Let anybody of the team take it."""
    who, of = access.member(), str(alert_id)
    with said("offered") as session:
        actions.offer(session, who.community_id, of, who=who, now=clock.now())
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/withdraw")
@allow("coordinator")
def withdraw(alert_id: UUID) -> BaseResponse:
    """Take it away from somebody."""
    who, of = access.member(), str(alert_id)
    with said("withdrawn") as session:
        member = request.form.get("member", "")
        actions.withdraw(session, who.community_id, of, member, who=who, now=clock.now())
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/edit")
@allow("coordinator")
def edit(alert_id: UUID) -> BaseResponse:
    """Change what the desk says of it; each value before is kept."""
    who, of = access.member(), str(alert_id)
    with said("edited") as session:
        changes = forms.read_changes(request.form, who.timezone)
        actions.edit(session, who.community_id, of, changes, who=who, now=clock.now())
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/lateness")
@allow("coordinator")
def lateness(alert_id: UUID) -> BaseResponse:
    """Why it was late: beside the figure, never instead of it."""
    who, of = access.member(), str(alert_id)
    with said("noted") as session:
        reason = request.form.get("reason", "")
        actions.note_lateness(session, who.community_id, of, reason, who=who, now=clock.now())
    return _back(alert_id)


@bp.post("/<uuid:alert_id>/record")
@allow("coordinator")
def record(alert_id: UUID) -> BaseResponse:
    """An attempt, an outcome or a follow-up that the desk itself records."""
    who, of = access.member(), str(alert_id)
    with said("recorded") as session:
        operation = forms.read_operation(request.form, of, who.timezone)
        actions.record(session, who.community_id, operation, who=who, now=clock.now())
    return _back(alert_id)


def _back(alert_id: UUID) -> BaseResponse:
    return redirect(url_for("alerts.show", alert_id=alert_id))


def _board() -> boards.Board:
    who = access.member()
    with db.reading() as session:
        return boards.board(
            session,
            who.community_id,
            grid=request.args.get("grid", "")[:LONGEST],
            text=request.args.get("q", "").strip()[:LONGEST],
            now=clock.now(),
        )


def count_open() -> int:
    """The number in the side bar; a template asks for it."""
    who = access.member()
    with db.reading() as session:
        return boards.open_count(session, who.community_id)


def _zone() -> dict[str, str]:
    return {"timezone": access.member().timezone}
