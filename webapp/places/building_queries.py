"""What the pages about buildings and doors ask for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member, Person
from webapp.places import claims
from webapp.places.claims import LOCATION, metres, origin, value_of
from webapp.places.desk import get_building
from webapp.places.models import (
    IS_DOOR,
    STANDS,
    Assignment,
    Building,
    BuildingClaim,
    Household,
)

PAGE = 50
SHOWN = ("all", "unnamed", "unassigned", "empty", "differ")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which buildings. `show`: all, those to be named, without anybody, without doors, or of which
    sources say different things.
    """

    text: str = ""
    compound: str | None = None
    grid: str | None = None
    show: str = "all"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Line:
    """A building in the list; `doors` are those in use, `walkers` who is asked to walk it."""

    id: str
    name: str
    compound: str
    grid: str
    address: str
    provisional: bool
    practice: bool
    doors: int
    walkers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BuildingList:
    """One page of the list. `total` counts what the filter finds, `unnamed` the whole community;
    `differ` counts what sources say differently.
    """

    wanted: Wanted
    lines: tuple[Line, ...]
    total: int
    everything: int
    unnamed: int
    unplaced: int
    differ: int
    compounds: tuple[str, ...]
    grids: tuple[str, ...]

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member who can be asked to walk."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class DoorLine:
    """A door in the list of a building's doors."""

    id: str
    unit: str
    floor: int | None
    room: str
    retired: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What a source says of a building otherwise than it has. Locations differ by `away` metres."""

    claim: BuildingClaim
    here: int | None
    here_source: str
    away: int | None


@dataclass(frozen=True, slots=True)
class BuildingDesk:
    """A building and all its doors, by unit and room; `differences` wait for a decision."""

    building: Building
    doors: tuple[DoorLine, ...]
    differences: tuple[Difference, ...]

    @property
    def live(self) -> int:
        """Doors in use."""
        return sum(not door.retired for door in self.doors)

    @property
    def units(self) -> tuple[str, ...]:
        """The units that have doors."""
        return tuple(dict.fromkeys(door.unit for door in self.doors))


def building_list(session: Session, community_id: int, wanted: Wanted) -> BuildingList:
    """One page of buildings; the number of statements does not depend on how many there are."""
    labels = session.execute(
        select(
            Building.compound,
            Building.grid,
            func.count(),
            func.sum(case((Building.provisional, 1), else_=0)),
            func.sum(case((Building.lat.is_(None) & ~Building.practice, 1), else_=0)),
        )
        .where(Building.community_id == community_id, STANDS)
        .group_by(Building.compound, Building.grid)
    ).all()
    conditions = _conditions(community_id, wanted)
    total = session.scalar(select(func.count()).select_from(Building).where(*conditions)) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(wanted.page, 1), pages)
    found = _page(session, conditions, page)
    ids = [row.id for row in found]
    doors = _door_counts(session, community_id, ids)
    walkers = _walkers(session, community_id, ids)
    return BuildingList(
        wanted=Wanted(wanted.text, wanted.compound, wanted.grid, wanted.show, page),
        lines=tuple(_line(row, doors, walkers) for row in found),
        total=total,
        everything=sum(row[2] for row in labels),
        unnamed=sum(row[3] for row in labels),
        unplaced=sum(row[4] for row in labels),
        differ=claims.waiting(session, community_id),
        compounds=tuple(sorted({row[0] for row in labels if row[0]})),
        grids=tuple(sorted({row[1] for row in labels if row[1]})),
    )


def colleagues(session: Session, community_id: int) -> list[Colleague]:
    """Everybody who is active, volunteers first."""
    statement = (
        select(Member.id, Person.name, Member.role)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id, Member.status == "active")
        .order_by(Member.role.desc(), Person.name)
    )
    return [Colleague(*row) for row in session.execute(statement)]


def building_desk(session: Session, community_id: int, building_id: str) -> BuildingDesk:
    """A building with its doors. Raises NotFound for one of another community."""
    building = get_building(session, community_id, building_id)
    statement = select(
        Household.id, Household.unit, Household.floor, Household.room, Household.retired_at
    ).where(Household.community_id == community_id, Household.building_id == building_id, IS_DOOR)
    doors = [
        DoorLine(row.id, row.unit, row.floor, row.room, row.retired_at is not None)
        for row in session.execute(statement)
    ]
    doors.sort(key=lambda door: (len(door.unit), door.unit, len(door.room), door.room))
    found = claims.claims_of(session, community_id, [building_id]).get(building_id, ())
    differences = [_difference(building, claim) for claim in found if claim.settled_at is None]
    return BuildingDesk(building, tuple(doors), tuple(differences))


def _difference(building: Building, claim: BuildingClaim) -> Difference:
    here, source = value_of(building, claim.field), origin(building, claim.field)
    if claim.field != LOCATION:
        return Difference(claim, here, source, None)
    return Difference(claim, None, source, round(metres(here, claim.value)) if here else None)


def building_ids(session: Session, community_id: int, wanted: Wanted | None = None) -> list[str]:
    """Ids of all buildings that the filter finds; of all but practice without one."""
    conditions = (
        _conditions(community_id, wanted)
        if wanted
        else [Building.community_id == community_id, Building.practice.is_(False), STANDS]
    )
    return list(session.scalars(select(Building.id).where(*conditions).order_by(Building.id)))


def _conditions(community_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Building.community_id == community_id, STANDS]
    if wanted.compound is not None:
        found.append(Building.compound == wanted.compound)
    if wanted.grid is not None:
        found.append(Building.grid == wanted.grid)
    for word in wanted.text.split():
        text = Building.compound + " " + Building.name + " " + Building.address
        found.append(text.icontains(word, autoescape=True))
    extra = _shown(wanted.show)
    return found if extra is None else [*found, extra]


def _shown(show: str) -> ColumnElement[bool] | None:
    if show == "unnamed":
        return Building.provisional.is_(True)
    if show == "unassigned":
        walked = exists().where(
            Assignment.community_id == Building.community_id,
            Assignment.building_id == Building.id,
            Assignment.ended_at.is_(None),
        )
        return and_(~walked, Building.practice.is_(False))
    if show == "differ":
        return exists().where(
            BuildingClaim.community_id == Building.community_id,
            BuildingClaim.building_id == Building.id,
            BuildingClaim.settled_at.is_(None),
        )
    if show == "empty":
        return ~exists().where(
            Household.community_id == Building.community_id,
            Household.building_id == Building.id,
            Household.retired_at.is_(None),
            IS_DOOR,
        )
    return None


def _page(session: Session, conditions: list[ColumnElement[bool]], page: int) -> list[Any]:
    statement = (
        select(
            Building.id,
            Building.name,
            Building.compound,
            Building.grid,
            Building.address,
            Building.provisional,
            Building.practice,
        )
        .where(*conditions)
        .order_by(
            Building.practice,
            Building.compound,
            func.length(Building.name),
            Building.name,
            Building.id,
        )
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return list(session.execute(statement))


def _line(row: Any, doors: dict[str, int], walkers: dict[str, list[str]]) -> Line:
    columns: list[Any] = [*row, doors.get(row.id, 0), tuple(walkers.get(row.id, ()))]
    return Line(*columns)


def _door_counts(session: Session, community_id: int, ids: Iterable[str]) -> dict[str, int]:
    statement = (
        select(Household.building_id, func.count())
        .where(
            Household.community_id == community_id,
            Household.building_id.in_(list(ids)),
            Household.retired_at.is_(None),
            IS_DOOR,
        )
        .group_by(Household.building_id)
    )
    return {building_id: count for building_id, count in session.execute(statement)}


def _walkers(session: Session, community_id: int, ids: Iterable[str]) -> dict[str, list[str]]:
    statement = (
        select(Assignment.building_id, Person.name)
        .join(
            Member,
            (Member.community_id == Assignment.community_id) & (Member.id == Assignment.member_id),
        )
        .join(Person, Person.id == Member.person_id)
        .where(
            Assignment.community_id == community_id,
            Assignment.building_id.in_(list(ids)),
            Assignment.ended_at.is_(None),
        )
        .group_by(Assignment.building_id, Member.id, Person.name)  # once, though merged from two
        .order_by(Person.name)
    )
    names: dict[str, list[str]] = {}
    for building_id, name in session.execute(statement):
        names.setdefault(building_id, []).append(name)
    return names
