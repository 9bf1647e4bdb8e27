"""Where a resident's page is asked for: which community it speaks for, and whom to call."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.places.models import Building
from webapp.trust.bearers import Bearer


@dataclass(frozen=True)
class Setting:
    """A community as residents see it; without one, pages stay general."""

    community_id: int | None = None
    name: str = ""
    phone: str | None = None
    timezone: str = "Asia/Shanghai"
    building: Building | None = None


def of_community(session: Session, community_id: int | None) -> Setting:
    """The community of that id, or the only one there is: never a list."""
    statement = select(Community)
    if community_id is not None:
        statement = statement.where(Community.id == community_id)
    found = session.scalars(statement.limit(2)).all()
    return _setting(found[0]) if len(found) == 1 else Setting()


def of_building(session: Session, building_id: str) -> Setting | None:
    """The community of a building, with it, or with the one that stands for it since they were
    merged (the poster still hangs); none when there is no such building."""
    row = session.execute(
        select(Community, Building)
        .join(Building, Building.community_id == Community.id)
        .where(Building.id == building_id, Building.practice.is_(False))
    ).first()
    if row is None:
        return None
    building = row.Building
    while building.merged_into is not None:
        building = session.get_one(Building, (building.community_id, building.merged_into))
    return _setting(row.Community, building)


def of_bearer(session: Session, bearer: Bearer) -> Setting:
    """The community of whoever was confirmed."""
    return _setting(session.get_one(Community, bearer.community_id))


def _setting(community: Community, building: Building | None = None) -> Setting:
    return Setting(community.id, community.name, community.phone, community.timezone, building)
