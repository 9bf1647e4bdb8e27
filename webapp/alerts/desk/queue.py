"""The queue of follow-ups: whom to ask again, when, and whose it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member, Person
from webapp.alerts.desk.board import PERSON, PLACE, place_of
from webapp.alerts.models import Alert, AlertPerson, FollowUpDue
from webapp.alerts.privacy import mask_name
from webapp.core import clock
from webapp.places.models import Building

AHEAD = timedelta(days=31)
MOST = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """One day on which somebody asks again; `late` in days, none when it is not due yet."""

    due: FollowUpDue
    alert: Alert
    name: str
    place: str
    owner: str | None
    late: int | None


@dataclass(frozen=True, slots=True)
class Queue:
    """What is due by today, and what comes within a month."""

    due: tuple[Asked, ...]
    coming: tuple[Asked, ...]
    today: date


def queue(session: Session, community_id: int, now: int, timezone: str) -> Queue:
    """All follow-ups that are not done, by day."""
    today = clock.day_of(now, timezone)
    found = list(_asked(session, community_id, today))
    return Queue(
        due=tuple(one for one in found if one.late is not None),
        coming=tuple(one for one in found if one.late is None),
        today=today,
    )


def _asked(session: Session, community_id: int, today: date) -> Iterable[Asked]:
    owner = and_(Member.community_id == FollowUpDue.community_id, Member.id == FollowUpDue.given_to)
    statement = (
        select(FollowUpDue, Alert, AlertPerson, Building, Person.name)
        .join(
            Alert,
            and_(Alert.community_id == FollowUpDue.community_id, Alert.id == FollowUpDue.alert_id),
        )
        .join(AlertPerson, PERSON, isouter=True)
        .join(Building, PLACE, isouter=True)
        .join(Member, owner, isouter=True)
        .join(Person, Person.id == Member.person_id, isouter=True)
        .where(
            FollowUpDue.community_id == community_id,
            FollowUpDue.done_at.is_(None),
            FollowUpDue.gone_at.is_(None),
            FollowUpDue.due_on <= today + AHEAD,
        )
        .order_by(FollowUpDue.due_on, Alert.number)
        .limit(MOST)
    )
    found: Iterable[Any] = session.execute(statement)
    for due, alert, person, building, name in found:
        yield Asked(
            due=due,
            alert=alert,
            name=mask_name(person.resident_name) if person else "",
            place=place_of(alert, person, building),
            owner=name,
            late=(today - due.due_on).days if due.due_on <= today else None,
        )
