"""One building: its doors as a grid, who walks it, what happened lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community, Member, Person
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.coverage import queries, self_reported, tally
from webapp.coverage.grid import Door, Seen, Unit, arrange, count_states, read_doors
from webapp.coverage.models import KnockDay
from webapp.coverage.tally import Headline, Tally
from webapp.coverage.trend import Week, of_building
from webapp.places.models import IS_DOOR, Assignment, Building, Household
from webapp.visits.models import DoorState
from webapp.visits.packed import unanswered
from webapp.visits.when import Again, again

HISTORY = 8
SEVERAL, TRIED = 2, 12
"""From so many tries on a door is listed; so many doors at most."""


@dataclass(frozen=True, slots=True)
class Walker:
    """Who is asked to walk here, and where they last recorded something (never where they are).
    Several assignments where buildings were merged that were assigned one by one."""

    assignment_ids: tuple[str, ...]
    member_id: str
    name: str
    role: str
    units: tuple[str, ...]
    untouched: int
    last_at: int | None
    last_door: Door | None


@dataclass(frozen=True, slots=True)
class Day:
    """Distinct doors on one day, and how many volunteers were out."""

    day: date
    doors: int
    visits: int
    members: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can be asked to walk."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class TryAgain:
    """A door where nobody opened several times, and when it may be better."""

    unit: str
    room: str
    tries: int
    when: Again


@dataclass(frozen=True, slots=True)
class BuildingPage:
    """What the page shows; `states` counts live doors by display state."""

    community: Community
    building: Building
    tally: Tally
    units: tuple[Unit, ...]
    states: dict[str, int]
    walkers: tuple[Walker, ...]
    colleagues: tuple[Colleague, ...]
    history: tuple[Day, ...]
    weeks: tuple[Week, ...]
    last_at: int | None
    self_reported: int
    again: tuple[TryAgain, ...]

    @property
    def headline(self) -> Headline:
        """The community's headline rate in this building."""
        return tally.headline(self.tally, self.community)

    @property
    def other(self) -> Headline:
        """The other rate that has a target."""
        return tally.other(self.tally, self.community)

    def unit_headline(self, unit: Unit) -> Headline:
        """The same rate in one unit."""
        return tally.headline(unit.tally, self.community)

    def trend(self) -> list[tuple[Week, int | None]]:
        """The headline's rate at the end of each week."""
        return [(week, tally.headline(week.tally, self.community).rate) for week in self.weeks]

    @property
    def peak(self) -> int:
        """The most doors on one day of the history, at least 1."""
        return max([1, *(day.doors for day in self.history)])


def building_page(session: Session, community_id: int, building_id: str, now: int) -> BuildingPage:
    """Everything on a building's page. Raises NotFound for a building of another community."""
    community = session.get_one(Community, community_id)
    building = session.get(Building, (community_id, building_id))
    if building is None:
        raise NotFound("building_unknown")
    doors, seen = read_doors(session, community_id, building_id)
    return BuildingPage(
        community=community,
        building=building,
        tally=queries.building(session, community_id, building_id),
        units=arrange(doors),
        states=count_states(doors),
        walkers=tuple(_walkers(session, community_id, building_id, doors, seen)),
        colleagues=tuple(_colleagues(session, community_id)),
        history=tuple(_history(session, community_id, building_id)),
        weeks=tuple(
            of_building(session, community_id, building_id, clock.day_of(now, community.timezone))
        ),
        last_at=max((moment for moment, _door in seen.values()), default=None),
        self_reported=self_reported.count(session, community_id, building.id),
        again=tuple(_again(session, community_id, building_id, community.timezone)),
    )


def _again(session: Session, community_id: int, building_id: str, timezone: str) -> list[TryAgain]:
    """Doors that were tried in vain at least twice, the most often first."""
    statement = (
        select(Household.unit, Household.room, DoorState.tries, DoorState.packed)
        .join(
            DoorState,
            (DoorState.community_id == Household.community_id)
            & (DoorState.household_id == Household.id),
        )
        .where(
            Household.community_id == community_id,
            Household.building_id == building_id,
            Household.retired_at.is_(None),
            IS_DOOR,
            DoorState.display == "no_answer",
            DoorState.tries >= SEVERAL,
        )
        .order_by(DoorState.tries.desc(), Household.unit_key, Household.room_key)
        .limit(TRIED)
    )
    return [
        TryAgain(unit, room, tries, when)
        for unit, room, tries, packed in session.execute(statement)
        if (when := again(unanswered(packed), timezone))
    ]


def _walkers(
    session: Session, community_id: int, building_id: str, doors: list[Door], seen: Seen
) -> list[Walker]:
    statement = (
        select(Assignment.id, Assignment.member_id, Person.name, Member.role, Assignment.units)
        .join(
            Member,
            (Member.community_id == Assignment.community_id) & (Member.id == Assignment.member_id),
        )
        .join(Person, Person.id == Member.person_id)
        .where(
            Assignment.community_id == community_id,
            Assignment.building_id == building_id,
            Assignment.ended_at.is_(None),
        )
        .order_by(Person.name)
    )
    rows: dict[str, list[Any]] = {}
    for row in session.execute(statement):
        rows.setdefault(row.member_id, []).append(row)
    return [
        _walker(of_member, doors, seen.get(member_id, (None, None)))
        for member_id, of_member in rows.items()
    ]


def _walker(rows: list[Any], doors: list[Door], last: tuple[int | None, Door | None]) -> Walker:
    row = rows[0]
    named = dict.fromkeys(unit for one in rows for unit in one.units or ())
    units = tuple(named) if all(one.units for one in rows) else ()
    return Walker(
        assignment_ids=tuple(one.id for one in rows),
        member_id=row.member_id,
        name=row.name,
        role=row.role,
        units=units,
        untouched=sum(not door.knocked for door in doors if not units or door.unit in units),
        last_at=last[0],
        last_door=last[1],
    )


def _colleagues(session: Session, community_id: int) -> list[Colleague]:
    statement = (
        select(Member.id, Person.name, Member.role)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id, Member.status == "active")
        .order_by(Member.role.desc(), Person.name)
    )
    return [Colleague(*row) for row in session.execute(statement)]


def _history(session: Session, community_id: int, building_id: str) -> list[Day]:
    doors = select(Household.id).where(
        Household.community_id == community_id, Household.building_id == building_id
    )
    statement = (
        select(
            KnockDay.day,
            func.count(KnockDay.household_id.distinct()),
            func.sum(KnockDay.visits),
            func.count(KnockDay.member_id.distinct()),
        )
        .where(KnockDay.community_id == community_id, KnockDay.household_id.in_(doors))
        .group_by(KnockDay.day)
        .order_by(KnockDay.day.desc())
        .limit(HISTORY)
    )
    return [Day(*row) for row in session.execute(statement)]
