"""The transaction in which alerts change, and how it begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.models import Community, Member
from webapp.accounts.sequence import Numbers
from webapp.alerts.models import Alert, AlertPerson
from webapp.core.errors import NotFound, Problem

NUMBERS = 16


@dataclass(frozen=True, slots=True)
class Change:
    """Numbers under the community's lock, and the time (ms)."""

    session: Session
    community_id: int
    timezone: str
    numbers: Numbers
    now: int


def begin(session: Session, community_id: int, now: int) -> Change:
    """Lock the community: the first statement of everything that changes alerts."""
    numbers = sequence.draw(session, community_id, NUMBERS)
    timezone = session.scalars(select(Community.timezone).where(Community.id == community_id)).one()
    return Change(session, community_id, timezone, numbers, now)


def get_alert(session: Session, community_id: int, alert_id: str) -> Alert:
    """The alert as it stands; NotFound `alert_unknown`, also for another community's."""
    alert = session.get(Alert, (community_id, alert_id), populate_existing=True)
    if alert is None:
        raise NotFound("alert_unknown")
    return alert


def get_person(session: Session, community_id: int, alert_id: str) -> AlertPerson:
    """Whom it is about; NotFound `alert_erased` when retention was here."""
    person = session.get(AlertPerson, (community_id, alert_id), populate_existing=True)
    if person is None:
        raise NotFound("alert_erased")
    return person


def check_members(session: Session, community_id: int, member_ids: Sequence[str]) -> None:
    """NotFound `member_unknown`, Problem `member_not_active` (409): work goes to active members."""
    statement = select(Member.id, Member.status).where(
        Member.community_id == community_id, Member.id.in_(list(member_ids))
    )
    status = {member_id: state for member_id, state in session.execute(statement)}
    if len(status) != len(member_ids):
        raise NotFound("member_unknown")
    if any(state != "active" for state in status.values()):
        raise Problem("member_not_active", status=409)
