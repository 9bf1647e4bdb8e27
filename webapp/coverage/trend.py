"""How coverage grew, week by week, as it was known at the end of each week (design 3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.coverage.models import COUNTS, BuildingDay, CommunityDay
from webapp.coverage.queries import Filter, conditions
from webapp.coverage.tally import Tally
from webapp.places.models import Building

WEEKS = 10


@dataclass(frozen=True, slots=True)
class Week:
    """The counts as known at the end of a week; `day` is its last day, today for this week."""

    day: date
    tally: Tally


def weekly(session: Session, community_id: int, wanted: Filter, today: date) -> list[Week]:
    """The last ten weeks, oldest first, from the first week that has a day on record."""
    ends = _ends(today)
    return _by_week(by_day(session, community_id, wanted, ends[0]), ends)


def by_day(
    session: Session, community_id: int, wanted: Filter, since: date
) -> list[tuple[date, Tally]]:
    """The counts as known at the end of each day on which they changed, oldest first; at least
    from the last such day before `since` on."""
    if wanted.narrows:
        return _changes(session, community_id, conditions(wanted))
    return _community_days(session, community_id, since)


def of_building(session: Session, community_id: int, building_id: str, today: date) -> list[Week]:
    """The same for one building."""
    return _by_week(_changes(session, community_id, [Building.id == building_id]), _ends(today))


def _ends(today: date) -> list[date]:
    """The last days (Sundays) of the last ten weeks; the present week ends today."""
    sunday = today - timedelta(days=today.isoweekday())
    past = [sunday - timedelta(weeks=n) for n in reversed(range(WEEKS - 1))]
    return [*past, today]


def _community_days(session: Session, community_id: int, since: date) -> list[tuple[date, Tally]]:
    of = CommunityDay.community_id == community_id
    before = select(func.max(CommunityDay.day)).where(of, CommunityDay.day < since)
    statement = (
        select(CommunityDay.day, *(getattr(CommunityDay, name) for name in COUNTS))
        .where(of, CommunityDay.day >= func.coalesce(before.scalar_subquery(), since))
        .order_by(CommunityDay.day)
    )
    return [(row[0], Tally(*row[1:])) for row in session.execute(statement)]


def _changes(
    session: Session, community_id: int, narrowed: Iterable[ColumnElement[bool]]
) -> list[tuple[date, Tally]]:
    """Running sums over some buildings: each has rows only for days on which it changed."""
    buildings = select(Building.id).where(
        Building.community_id == community_id, Building.practice.is_(False), *narrowed
    )
    steps = (
        select(BuildingDay.day, *(_step(name) for name in COUNTS))
        .where(BuildingDay.community_id == community_id, BuildingDay.building_id.in_(buildings))
        .subquery()
    )
    statement = (
        select(steps.c.day, *(func.sum(steps.c[name]) for name in COUNTS))
        .group_by(steps.c.day)
        .order_by(steps.c.day)
    )
    running, known = Tally(), []
    for row in session.execute(statement):
        running = running + Tally(*row[1:])
        known.append((row[0], running))
    return known


def _step(name: str) -> ColumnElement[Any]:
    column = getattr(BuildingDay, name)
    before = func.lag(column).over(partition_by=BuildingDay.building_id, order_by=BuildingDay.day)
    step: ColumnElement[Any] = (column - func.coalesce(before, 0)).label(name)
    return step


def _by_week(known: list[tuple[date, Tally]], ends: list[date]) -> list[Week]:
    weeks: list[Week] = []
    position, latest = 0, None
    for end in ends:
        while position < len(known) and known[position][0] <= end:
            latest = known[position][1]
            position += 1
        if latest is not None:
            weeks.append(Week(end, latest))
    return weeks
