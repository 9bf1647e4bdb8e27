"""What the coverage pages ask the counters. No statement here ever looks at a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, func, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.coverage.models import COUNTS, BuildingCount, CommunityDay
from webapp.coverage.rates import WHOLE
from webapp.coverage.tally import Tally, total
from webapp.places.models import STANDS, Building

PAGE = 50
SORTS = (
    "name",
    "compound",
    "grid",
    "households",
    "knocked",
    "publicity",
    "app",
    "leaflets",
    "last",
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which buildings, in which order; `page` counts from 1. Empty text means all; `ids` are the
    buildings that the text finds, once they are looked up.

    An empty `sort` is the community's headline rate: who is furthest from the target comes first.
    """

    compound: str | None = None
    grid: str | None = None
    text: str = ""
    sort: str = ""
    descending: bool = False
    page: int = 1
    ids: tuple[str, ...] | None = None

    @property
    def narrows(self) -> bool:
        """Whether some buildings are left out."""
        return self.compound is not None or self.grid is not None or bool(self.text)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; `last_at` is the moment of the latest visit."""

    id: str
    name: str
    compound: str
    grid: str
    provisional: bool
    last_at: int | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Group:
    """All buildings that share compound and grid, and their counts."""

    compound: str
    grid: str
    buildings: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Selection:
    """What a filter finds: how many buildings, and their sum."""

    buildings: int
    tally: Tally


def looked_up(session: Session, community_id: int, wanted: Filter) -> Filter:
    """The filter with the ids of what its text finds: texts are compared once for all statements
    of a page."""
    if not wanted.text or wanted.ids is not None:
        return wanted
    statement = select(Building.id).where(*_counted(community_id), *conditions(wanted))
    return replace(wanted, ids=tuple(session.scalars(statement)))


def labels(session: Session, community_id: int) -> list[tuple[str, str, int]]:
    """Compounds and grids as they go together, with the number of their buildings."""
    statement = (
        select(Building.compound, Building.grid, func.count())
        .where(*_counted(community_id))
        .group_by(Building.compound, Building.grid)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(statement)]


def groups(session: Session, community_id: int, wanted: Filter) -> list[Group]:
    """Sums per compound and grid of what the filter finds."""
    statement = (
        select(Building.compound, Building.grid, func.count(Building.id), *_sums())
        .select_from(Building)
        .outerjoin(BuildingCount, _COUNT_OF)
        .where(*_counted(community_id), *conditions(wanted))
        .group_by(Building.compound, Building.grid)
        .order_by(Building.compound, Building.grid)
    )
    return [Group(row[0], row[1], row[2], Tally(*row[3:])) for row in session.execute(statement)]


def chosen(found: list[Group]) -> Selection:
    """How many buildings there are in the groups, and their sum."""
    return Selection(sum(g.buildings for g in found), total(g.tally for g in found))


def everything(session: Session, community_id: int, buildings: int) -> Selection:
    """The whole community: its sum is the latest day's, no building is read for it."""
    latest = (
        select(*(getattr(CommunityDay, name) for name in COUNTS))
        .where(CommunityDay.community_id == community_id)
        .order_by(CommunityDay.day.desc())
        .limit(1)
    )
    return Selection(buildings, Tally(*(session.execute(latest).first() or ())))


def rows(
    session: Session, community_id: int, wanted: Filter, *, limit: int | None = PAGE
) -> list[Row]:
    """One page of buildings, or all that the filter finds when there is no limit."""
    statement = _rows(community_id).where(*conditions(wanted)).order_by(*_order(wanted))
    if limit is not None:
        statement = statement.limit(limit).offset((wanted.page - 1) * limit)
    return [_row(found) for found in session.execute(statement)]


def building(session: Session, community_id: int, building_id: str) -> Tally:
    """The counts of one building; all zero when it has no doors."""
    statement = select(*(getattr(BuildingCount, name) for name in COUNTS)).where(
        BuildingCount.community_id == community_id, BuildingCount.building_id == building_id
    )
    found = session.execute(statement).one_or_none()
    return Tally(*found) if found else Tally()


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """The filter as conditions on Building."""
    found: list[ColumnElement[bool]] = []
    if wanted.compound is not None:
        found.append(Building.compound == wanted.compound)
    if wanted.grid is not None:
        found.append(Building.grid == wanted.grid)
    if wanted.ids is not None:
        return [*found, db.among(Building.id.expression, "found", wanted.ids)]
    for word in wanted.text.split():
        texts = Building.compound + " " + Building.name + " " + Building.address
        found.append(texts.icontains(word, autoescape=True))
    return found


_COUNT_OF = (BuildingCount.community_id == Building.community_id) & (
    BuildingCount.building_id == Building.id
)
_BY_NAME: Sequence[ColumnElement[Any]] = (
    Building.compound.expression,
    func.length(Building.name),
    Building.name.expression,
    Building.id.expression,
)


def _counted(community_id: int) -> tuple[ColumnElement[bool], ...]:
    return (Building.community_id == community_id, Building.practice.is_(False), STANDS)


def _sums() -> list[ColumnElement[int]]:
    return [func.coalesce(func.sum(getattr(BuildingCount, name)), 0) for name in COUNTS]


def _rows(community_id: int) -> Select[Any]:
    return (
        select(
            Building.id,
            Building.name,
            Building.compound,
            Building.grid,
            Building.provisional,
            BuildingCount.last_at,
            *(func.coalesce(getattr(BuildingCount, name), 0) for name in COUNTS),
        )
        .outerjoin(BuildingCount, _COUNT_OF)
        .where(*_counted(community_id))
    )


def _row(found: Any) -> Row:
    columns: list[Any] = [*found[:6], Tally(*found[6:])]
    return Row(*columns)


def _order(wanted: Filter) -> list[ColumnElement[Any]]:
    """The wanted order, doors that have no rate last; ties by compound and number (2 before 10)."""
    columns = _sort_columns(wanted.sort)
    directed = [c.desc() if wanted.descending else c.asc() for c in columns]
    return [*(column.nulls_last() for column in directed), *_BY_NAME]


def _sort_columns(sort: str) -> Sequence[ColumnElement[Any]]:
    occupied = BuildingCount.households - BuildingCount.vacant
    choices: dict[str, Sequence[ColumnElement[Any]]] = {
        "name": _BY_NAME,
        "compound": (Building.compound.expression,),
        "grid": (Building.grid.expression,),
        "households": (occupied,),
        "knocked": (_ratio(BuildingCount.knocked, BuildingCount.households),),
        "publicity": (_ratio(BuildingCount.reached, occupied),),
        "app": (_ratio(BuildingCount.installed, occupied),),
        "leaflets": (BuildingCount.leaflets.expression,),
        "last": (BuildingCount.last_at.expression,),
    }
    return choices[sort or "publicity"]


def _ratio(part: Any, whole: Any) -> ColumnElement[Any]:
    ratio: ColumnElement[Any] = part * WHOLE // func.nullif(whole, 0, type_=Integer)
    return ratio
