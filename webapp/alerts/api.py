"""What is asked on line: taking an alert, handing it over, looking at its person."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response
from sqlalchemy.orm import Session

from webapp.accounts import access
from webapp.accounts.access import ActingMember, allow
from webapp.alerts import dispatching, privacy
from webapp.alerts.feed import my_alert
from webapp.alerts.wire import AlertContact, HandOverRequest, MyAlertRow, RevealAnswer
from webapp.core import clock, db, http
from webapp.operations.registry import Reader

bp = Blueprint("alerts_phone", __name__, url_prefix="/api/v1/alerts")


@bp.post("/<uuid:alert_id>/take")
@allow("volunteer", "coordinator")
def take(alert_id: UUID) -> Response:
    """Take an alert; answers its row with the person, as the next pull would."""
    who = access.member()
    with db.writing() as session:
        dispatching.take(session, who.community_id, str(alert_id), who=who, now=clock.now())
        row = _row(session, who, str(alert_id))
    return Response(status=204) if row is None else http.answer_json(row)


@bp.post("/<uuid:alert_id>/hand-over")
@allow("volunteer", "coordinator")
def hand_over(alert_id: UUID) -> Response:
    """Give one's alert to another member; the person's data leaves this phone with the next
    pull."""
    who, body = access.member(), http.read_json(HandOverRequest)
    with db.writing() as session:
        dispatching.hand_over(
            session, who.community_id, str(alert_id), body.member, who=who, now=clock.now()
        )
    return Response(status=204)


@bp.post("/<uuid:alert_id>/reveal")
@allow("coordinator")
def reveal(alert_id: UUID) -> Response:
    """Look at the person of an alert for ten minutes; the look is written down."""
    who = access.member()
    with db.writing() as session:
        found = privacy.reveal(session, who, str(alert_id), now=clock.now())
    answer = RevealAnswer(
        resident_name=found.resident_name,
        phone=found.phone,
        original=found.original,
        place_text=found.place_text,
        contacts=[AlertContact(**contact) for contact in found.contacts],  # type: ignore[arg-type]
        until=found.until or 0,
    )
    return http.answer_json(answer)


def _row(session: Session, who: ActingMember, alert_id: str) -> MyAlertRow | None:
    session.flush()
    return my_alert(session, Reader(who.community_id, who.member_id, who.person_id), alert_id)
