"""What a member's phone recorded on a day, as the rules see it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.core import clock, db
from webapp.core.clock import DAY
from webapp.coverage.models import KnockDay
from webapp.operations.batch import ACCEPTED
from webapp.operations.decode import Moment
from webapp.operations.models import Operation, OperationText
from webapp.places.doors import ids_of_doors
from webapp.places.models import IS_DOOR, Building, Household
from webapp.quality.rules import Done, Stairwell


class _Body(msgspec.Struct):
    at: Moment
    outcome: str
    skew_ms: int = 0
    app: str | None = None
    leaflets: dict[str, int] = msgspec.field(default_factory=dict)
    distance_m: float | None = None
    accuracy_m: float | None = None
    by: str | None = None
    imported: bool = False


_bodies = msgspec.json.Decoder(_Body)


def read_day(
    session: Session, community_id: int, member_id: str, day: date, timezone: str
) -> list[Done]:
    """The day's visits. What the desk typed from paper or read from a list is not among them: no
    phone tells its time or place. Practice buildings neither."""
    doors = _doors(session, community_id, member_id, day)
    ids = ids_of_doors(session, community_id, doors)
    joined = session.scalar(
        select(Member.joined_at).where(Member.community_id == community_id, Member.id == member_id)
    )
    statement = (
        select(
            Operation.id,
            Operation.subject_id,
            Operation.moment,
            Operation.capped,
            Operation.received_at,
            Operation.body,
            OperationText.text,
        )
        .outerjoin(
            OperationText,
            (OperationText.community_id == Operation.community_id)
            & (OperationText.operation_id == Operation.id),
        )
        .where(
            Operation.community_id == community_id,
            db.among(Operation.__table__.c.subject_id, "ids", list(ids)),
            Operation.member_id == member_id,
            Operation.type == "visit",
            Operation.status == ACCEPTED,
            Operation.voided.is_(False),
        )
    )
    found = []
    for row in session.execute(statement):
        body = _bodies.decode(row.body)
        if body.by or body.imported or clock.day_of(row.moment, timezone) != day:
            continue
        door = ids[row.subject_id]
        found.append(_done(row, body, door, doors[door], joined or 0))
    return found


def stairwells(
    session: Session, community_id: int, buildings: Collection[str]
) -> dict[Stairwell, int]:
    """How many doors each stairwell of these buildings has."""
    statement = (
        select(Household.building_id, Household.unit, func.count())
        .where(
            Household.community_id == community_id,
            Household.building_id.in_(buildings),
            Household.retired_at.is_(None),
            IS_DOOR,
        )
        .group_by(Household.building_id, Household.unit)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(statement)}


def _doors(session: Session, community_id: int, member_id: str, day: date) -> Mapping[str, Any]:
    statement = (
        select(Household.id, Household.building_id, Household.unit, Household.floor)
        .join(
            KnockDay,
            (KnockDay.community_id == Household.community_id)
            & (KnockDay.household_id == Household.id),
        )
        .join(
            Building,
            (Building.community_id == Household.community_id)
            & (Building.id == Household.building_id),
        )
        .where(
            KnockDay.community_id == community_id,
            KnockDay.member_id == member_id,
            KnockDay.day == day,
            Building.practice.is_(False),
        )
    )
    return {row.id: row for row in session.execute(statement)}


def _done(row: Any, body: _Body, door: str, place: Any, joined: int) -> Done:
    said = round(body.at.timestamp() * clock.SECOND) + body.skew_ms
    return Done(
        id=row.id,
        door=door,
        building=place.building_id,
        unit=place.unit,
        floor=place.floor,
        moment=row.moment,
        outcome=body.outcome,
        app=body.app,
        leaflets=sum(body.leaflets.values()),
        note=row.text or "",
        distance=body.distance_m,
        accuracy=body.accuracy_m,
        ahead=said - row.received_at if row.capped else 0,
        early=row.moment < joined - DAY,
    )
