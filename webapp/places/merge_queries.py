"""What the building page shows of merging: what is merged, and what could be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from webapp.places.building_queries import Line, Wanted, building_list
from webapp.places.labels import short
from webapp.places.models import Building, Household
from webapp.places.rearrange import Forest

SUGGESTED = 12


@dataclass(frozen=True, slots=True)
class MergedDoor:
    """A door that the desk merged, and the one that it is now."""

    id: str
    name: str
    into: str


@dataclass(frozen=True, slots=True)
class MergedBuilding:
    """A building that this one stands for. `same`: how many of its doors are doors of this one."""

    id: str
    name: str
    compound: str
    same: int
    merged_at: int


@dataclass(frozen=True, slots=True)
class Merging:
    """`found` is none until somebody looks for another entry of the building."""

    doors: tuple[MergedDoor, ...]
    buildings: tuple[MergedBuilding, ...]
    found: tuple[Line, ...] | None


def merging_of(session: Session, community_id: int, building_id: str, text: str = "") -> Merging:
    """What is merged in a building, and buildings whose names have `text` in them."""
    return Merging(
        tuple(_doors(session, community_id, building_id)),
        tuple(_buildings(session, community_id, building_id)),
        _found(session, community_id, building_id, text) if text else None,
    )


def shown_building(session: Session, community_id: int, building_id: str) -> str | None:
    """The building that stands for a merged one; none for one that stands by itself."""
    root = Forest(session, community_id).root(building_id)
    return root if root != building_id else None


def _doors(session: Session, community_id: int, building_id: str) -> list[MergedDoor]:
    into = aliased(Household)
    homes = Forest(session, community_id).homes(building_id)
    statement = (
        select(Household.id, Household.unit, Household.room, into.unit, into.room)
        .join(into, (into.community_id == Household.community_id) & (into.id == Household.door_id))
        .where(
            Household.community_id == community_id,
            Household.building_id.in_(homes),
            Household.merged_into.is_not(None),
        )
        .order_by(Household.unit, Household.room)
    )
    return [
        MergedDoor(row[0], short(row[1], row[2]), short(row[3], row[4]))
        for row in session.execute(statement)
    ]


def _buildings(session: Session, community_id: int, building_id: str) -> list[MergedBuilding]:
    statement = (
        select(Building.id, Building.name, Building.compound, Building.merged_at)
        .where(Building.community_id == community_id, Building.merged_into == building_id)
        .order_by(Building.merged_at)
    )
    found = session.execute(statement).all()
    same = _same(session, community_id, [row.id for row in found])
    return [
        MergedBuilding(row.id, row.name, row.compound, same.get(row.id, 0), row.merged_at)
        for row in found
    ]


def _same(session: Session, community_id: int, building_ids: Sequence[str]) -> dict[str, int]:
    """Rows that stay at home while their building is merged are doors of the other one."""
    statement = (
        select(Household.building_id, func.count())
        .where(Household.community_id == community_id, Household.building_id.in_(building_ids))
        .group_by(Household.building_id)
    )
    return {building_id: count for building_id, count in session.execute(statement)}


def _found(session: Session, community_id: int, building_id: str, text: str) -> tuple[Line, ...]:
    lines = building_list(session, community_id, Wanted(text=text)).lines
    others = [line for line in lines if line.id != building_id and not line.practice]
    return tuple(others[:SUGGESTED])
