"""How a door is named on a page: `3号楼 2-1403` (building, unit, room)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.places.models import Building, Household


def short(unit: str, room: str) -> str:
    """`2-1403`, or `1403` without a unit."""
    return f"{unit}-{room}" if unit else room


def door_label(session: Session, community_id: int, household_id: str) -> str:
    """The door with its building; "" when there is no such door."""
    row = session.execute(
        select(Building.name, Household.unit, Household.room)
        .join(
            Building,
            (Building.community_id == Household.community_id)
            & (Building.id == Household.building_id),
        )
        .where(Household.community_id == community_id, Household.id == household_id)
    ).one_or_none()
    return f"{row.name} {short(row.unit, row.room)}" if row else ""


def building_label(session: Session, community_id: int, building_id: str) -> str:
    """The building's name; "" when it is not there."""
    statement = select(Building.name).where(
        Building.community_id == community_id, Building.id == building_id
    )
    return session.scalar(statement) or ""
