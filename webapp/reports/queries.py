"""A report's lines, from the counters of days alone: no statement here looks at a visit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.queries import names_of
from webapp.coverage.models import COUNTS, BuildingDay, MemberDay
from webapp.coverage.tally import Tally, total
from webapp.places.models import STANDS, Building
from webapp.reports.period import Period


@dataclass(frozen=True, slots=True)
class Line:
    """A place or a person. `now`: as known at the end of the period; `new`: what the period added,
    `new_before` the period before it; the rest is of persons, doors counted once a day."""

    name: str
    compound: str = ""
    grid: str = ""
    now: Tally = field(default_factory=Tally)
    new: Tally = field(default_factory=Tally)
    new_before: Tally = field(default_factory=Tally)
    days_out: int = 0
    doors: int = 0
    doors_before: int = 0
    handed_out: int = 0


def places(session: Session, community_id: int, group: str, period: Period) -> list[Line]:
    """A line for each building, grid or compound, or one for the community; by name."""
    now = _known(session, community_id, period.last)
    before = _known(session, community_id, period.first - timedelta(days=1))
    earlier = _known(session, community_id, period.before.first - timedelta(days=1))
    nothing = Tally()
    statement = (
        select(Building.id, Building.name, Building.compound, Building.grid)
        .where(Building.community_id == community_id, Building.practice.is_(False), STANDS)
        .order_by(Building.compound, Building.name, Building.id)
    )
    lines = [
        Line(
            name,
            compound,
            grid,
            now.get(building, nothing),
            now.get(building, nothing) - before.get(building, nothing),
            before.get(building, nothing) - earlier.get(building, nothing),
        )
        for building, name, compound, grid in session.execute(statement)
    ]
    keys: dict[str, Callable[[Line], str]] = {
        "compound": lambda line: line.compound,
        "grid": lambda line: line.grid,
        "community": lambda _line: "",
    }
    return _together(lines, keys[group]) if group in keys else lines


def people(session: Session, community_id: int, period: Period) -> list[Line]:
    """A line for everybody who was out in the period or the one before it, the busiest first."""
    now = _walked(session, community_id, period)
    before = _walked(session, community_id, period.before)
    names = names_of(session, community_id, now.keys() | before.keys())
    lines = [
        Line(
            name,
            days_out=now.get(member, _NOBODY)[0],
            doors=now.get(member, _NOBODY)[1],
            doors_before=before.get(member, _NOBODY)[1],
            handed_out=now.get(member, _NOBODY)[2],
        )
        for member, name in names.items()
    ]
    return sorted(lines, key=lambda line: (-line.doors, line.name))


def whole(lines: Iterable[Line]) -> Line:
    """The sum of all."""
    found = list(lines)
    return Line(
        "",
        now=total(line.now for line in found),
        new=total(line.new for line in found),
        new_before=total(line.new_before for line in found),
        days_out=sum(line.days_out for line in found),
        doors=sum(line.doors for line in found),
        doors_before=sum(line.doors_before for line in found),
        handed_out=sum(line.handed_out for line in found),
    )


def _together(lines: Iterable[Line], key: Callable[[Line], str]) -> list[Line]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    found = []
    for name, members in sorted(groups.items()):
        summed = whole(members)
        found.append(Line(name, now=summed.now, new=summed.new, new_before=summed.new_before))
    return found


def _known(session: Session, community_id: int, day: date) -> dict[str, Tally]:
    """Each building's counts as they were known at the end of that day."""
    latest = (
        select(BuildingDay.building_id, func.max(BuildingDay.day).label("day"))
        .where(BuildingDay.community_id == community_id, BuildingDay.day <= day)
        .group_by(BuildingDay.building_id)
        .subquery()
    )
    statement = (
        select(BuildingDay.building_id, *(getattr(BuildingDay, name) for name in COUNTS))
        .join(
            latest,
            (latest.c.building_id == BuildingDay.building_id) & (latest.c.day == BuildingDay.day),
        )
        .where(BuildingDay.community_id == community_id)
    )
    return {row[0]: Tally(*row[1:]) for row in session.execute(statement)}


_NOBODY = (0, 0, 0)


def _walked(session: Session, community_id: int, period: Period) -> dict[str, tuple[int, int, int]]:
    """Member → days out, doors a day added up, leaflets."""
    statement = (
        select(
            MemberDay.member_id,
            func.count(),
            func.sum(MemberDay.doors),
            func.sum(MemberDay.leaflets),
        )
        .where(
            MemberDay.community_id == community_id,
            MemberDay.day.between(period.first, period.last),
            (MemberDay.doors > 0) | (MemberDay.leaflets > 0),
        )
        .group_by(MemberDay.member_id)
    )
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in session.execute(statement)}
