"""The demo's odd records and re-checks: one explained, one still with its volunteer, a round that
is half done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.core import clock
from webapp.core.clock import DAY, HOUR, MINUTE, SECOND
from webapp.demo import names
from webapp.demo.made import made_id
from webapp.operations.decode import decode
from webapp.operations.push import push
from webapp.places.models import Assignment, Household
from webapp.quality import asking, flagging
from webapp.quality.models import Recheck, VisitFlag
from webapp.quality.sampling import Wanted
from webapp.visits.models import DoorState

GAPS = (25 * SECOND, 40 * SECOND, 30 * SECOND)
SHARE = 5
ANSWERED = 0.8
AGREES, HAS_APP = 0.96, 0.92


def enter(
    session: Session,
    who: ActingMember,
    volunteers: Sequence[str],
    phones: Sequence[str],
    rng: Random,
    *,
    now: int,
) -> Counter[str]:
    """Record all of it, and say how many operations of each type that were."""
    made: Counter[str] = Counter()

    def record(n: int, *told: dict[str, Any]) -> None:
        elements = [msgspec.json.encode(one) for one in told]
        items = decode(elements, member_id=volunteers[n], device_id=phones[n], now=now)
        push(session, who.community_id, who.timezone, items, now=now)
        made.update(one["type"] for one in told)

    def head(kind: str, at: int) -> dict[str, Any]:
        return {"type": kind, "id": made_id(at, rng), "at": clock.iso_in(at, who.timezone)}

    for n, at in ((0, now - HOUR), (1, now - DAY)):
        visits = []
        for door, gap in zip(_reached(session, who, volunteers[n]), (0, *GAPS), strict=False):
            at += gap
            visits.append({**head("visit", at), "household": door, "outcome": "informed"})
        record(n, *visits)
    while flagging.look_at_days(session, who.community_id, now):
        pass
    flag = session.scalars(
        select(VisitFlag.id).where(
            VisitFlag.community_id == who.community_id, VisitFlag.member_id == volunteers[1]
        )
    ).first()
    if flag:
        record(1, {**head("flag_explain", now - HOUR), "flag": flag, "note": names.EXPLANATION})
    today = clock.day_of(now, who.timezone)
    first = clock.day_of(now - 20 * DAY, who.timezone)
    drawn = asking.make_round(session, who, Wanted(first, today, SHARE, "demo"), now=now - DAY)
    given = select(Recheck).where(
        Recheck.community_id == who.community_id, Recheck.round_id == drawn.id
    )
    for row in session.scalars(given.order_by(Recheck.household_id)).all():
        if row.member_id not in volunteers or rng.random() > ANSWERED:
            continue
        there = "visited" if rng.random() < AGREES else "not_visited"
        app = "installed" if row.app and rng.random() < HAS_APP else "none"
        answer = {"recheck": row.id, "answer": there, "app": app}
        record(volunteers.index(row.member_id), {**head("recheck", now - 30 * MINUTE), **answer})
    return made


def _reached(session: Session, who: ActingMember, member_id: str) -> Sequence[str]:
    building = (
        select(Assignment.building_id)
        .where(
            Assignment.community_id == who.community_id,
            Assignment.member_id == member_id,
            Assignment.ended_at.is_(None),
        )
        .order_by(Assignment.building_id)
        .limit(1)
        .scalar_subquery()
    )
    doors = (
        select(DoorState.household_id)
        .join(
            Household,
            (Household.community_id == DoorState.community_id)
            & (Household.id == DoorState.household_id),
        )
        .where(
            DoorState.community_id == who.community_id,
            DoorState.building_id == building,
            DoorState.display.in_(["informed", "installed"]),
        )
        .order_by(Household.unit_key, Household.floor.desc(), Household.room_key)
        .limit(len(GAPS) + 1)
    )
    return session.scalars(doors).all()
