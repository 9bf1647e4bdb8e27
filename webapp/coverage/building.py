"""One building: its doors as a grid, who walks it, what happened lately."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community, Member, Person
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.coverage import queries, tally
from webapp.coverage.models import KnockDay
from webapp.coverage.tally import Headline, Tally
from webapp.coverage.trend import Week, of_building
from webapp.places.models import Assignment, Building, Household
from webapp.visits.models import DoorState

STATES = (
    "untouched",
    "no_answer",
    "informed",
    "installed",
    "refused",
    "follow_up",
    "vacant",
)
HISTORY = 8


@dataclass(frozen=True, slots=True)
class Door:
    """A live door and its state as the fold left it."""

    id: str
    unit: str
    floor: int | None
    room: str
    display: str
    tries: int
    knocked: bool
    vacant: bool
    reached: bool
    installed: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A stairwell: floors from the top down, each with its doors from left to right."""

    name: str
    floors: tuple[tuple[int | None, tuple[Door, ...]], ...]
    tally: Tally
    columns: int


@dataclass(frozen=True, slots=True)
class Walker:
    """Who is asked to walk here, and where they last recorded something (never where they are)."""

    assignment_id: str
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

    @property
    def headline(self) -> Headline:
        """The community's headline rate in this building."""
        return tally.headline(self.tally, self.community)

    @property
    def other(self) -> Headline:
        """The other rate that has a target."""
        of = tally.publicity if self.headline.kind == "app" else tally.app
        return of(self.tally, self.community)

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


def building_page(
    session: Session, community_id: int, building_id: str, now: int
) -> BuildingPage:
    """Everything on a building's page. Raises NotFound for a building of another community."""
    community = session.get_one(Community, community_id)
    building = session.get(Building, (community_id, building_id))
    if building is None:
        raise NotFound("building_unknown")
    doors, seen = _doors(session, community_id, building_id)
    return BuildingPage(
        community=community,
        building=building,
        tally=queries.building(session, community_id, building_id),
        units=_units(doors),
        states=_states(doors),
        walkers=tuple(_walkers(session, community_id, building_id, doors, seen)),
        colleagues=tuple(_colleagues(session, community_id)),
        history=tuple(_history(session, community_id, building_id)),
        weeks=tuple(
            of_building(
                session, community_id, building_id, clock.day_of(now, community.timezone)
            )
        ),
        last_at=max((moment for moment, _door in seen.values()), default=None),
    )


Seen = dict[str, tuple[int, Door]]
"""By member: the latest moment recorded here, and the door."""


def _doors(session: Session, community_id: int, building_id: str) -> tuple[list[Door], Seen]:
    statement = (
        select(
            Household.id,
            Household.unit,
            Household.floor,
            Household.room,
            func.coalesce(DoorState.display, "untouched"),
            func.coalesce(DoorState.tries, 0),
            func.coalesce(DoorState.knocks, 0),
            func.coalesce(DoorState.vacant, False),
            func.coalesce(DoorState.reached, False),
            DoorState.app,
            DoorState.packed,
            Household.retired_at,
        )
        .outerjoin(
            DoorState,
            (DoorState.community_id == Household.community_id)
            & (DoorState.household_id == Household.id),
        )
        .where(Household.community_id == community_id, Household.building_id == building_id)
    )
    doors: list[Door] = []
    seen: Seen = {}
    for *identity, knocks, vacant, reached, app, packed, retired_at in session.execute(statement):
        vacant = bool(vacant)
        installed = app in ("installed", "helped") and not vacant
        door = Door(*identity, knocks > 0, vacant, bool(reached) and not vacant, installed)
        if packed is not None:
            _note_seen(seen, door, packed)
        if retired_at is None:
            doors.append(door)
    return doors, seen


def _note_seen(seen: Seen, door: Door, packed: str) -> None:
    visits: dict[str, list[Any]] = orjson.loads(packed).get("visits", {})
    for moment, member_id in zip(visits.get("moment", []), visits.get("by", []), strict=True):
        if member_id not in seen or moment > seen[member_id][0]:
            seen[member_id] = (moment, door)


def _states(doors: Iterable[Door]) -> dict[str, int]:
    counted = Counter(door.display for door in doors)
    return {state: counted[state] for state in STATES}


def _units(doors: list[Door]) -> tuple[Unit, ...]:
    names = sorted({door.unit for door in doors}, key=_natural)
    return tuple(_unit(name, [door for door in doors if door.unit == name]) for name in names)


def _unit(name: str, doors: list[Door]) -> Unit:
    by_floor: dict[int | None, list[Door]] = {}
    for door in sorted(doors, key=lambda door: _natural(door.room)):
        by_floor.setdefault(door.floor, []).append(door)
    order = sorted(by_floor, key=lambda floor: -1000 if floor is None else floor, reverse=True)
    return Unit(
        name=name,
        floors=tuple((floor, tuple(by_floor[floor])) for floor in order),
        tally=Tally(
            households=len(doors),
            vacant=sum(door.vacant for door in doors),
            knocked=sum(door.knocked for door in doors),
            reached=sum(door.reached for door in doors),
            installed=sum(door.installed for door in doors),
        ),
        columns=max((len(row) for row in by_floor.values()), default=0),
    )


def _natural(text: str) -> tuple[int, str]:
    return (len(text), text)


def _walkers(
    session: Session, community_id: int, building_id: str, doors: list[Door], seen: Seen
) -> list[Walker]:
    statement = (
        select(
            Assignment.id, Assignment.member_id, Person.name, Member.role, Assignment.units
        )
        .join(
            Member,
            (Member.community_id == Assignment.community_id)
            & (Member.id == Assignment.member_id),
        )
        .join(Person, Person.id == Member.person_id)
        .where(
            Assignment.community_id == community_id,
            Assignment.building_id == building_id,
            Assignment.ended_at.is_(None),
        )
        .order_by(Person.name)
    )
    return [
        _walker(row, doors, seen.get(row.member_id, (None, None)))
        for row in session.execute(statement)
    ]


def _walker(row: Any, doors: list[Door], last: tuple[int | None, Door | None]) -> Walker:
    units = tuple(row.units or ())
    return Walker(
        assignment_id=row.id,
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
    statement = (
        select(
            KnockDay.day,
            func.count(KnockDay.household_id.distinct()),
            func.sum(KnockDay.visits),
            func.count(KnockDay.member_id.distinct()),
        )
        .where(KnockDay.community_id == community_id, KnockDay.building_id == building_id)
        .group_by(KnockDay.day)
        .order_by(KnockDay.day.desc())
        .limit(HISTORY)
    )
    return [Day(*row) for row in session.execute(statement)]
