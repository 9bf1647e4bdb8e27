"""Where sources differ about a building: what each says, and how a person decides.

Nothing here guesses. A value stays until somebody takes another one, and what was decided holds
against later imports of the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import Actor
from webapp.core import db
from webapp.core.errors import NotFound
from webapp.core.ids import new_id
from webapp.places.models import STANDS, Building, BuildingClaim

DESK = "desk"
COUNTED = ("floors", "units")
LOCATION = "location"
_SAME_METRES = 1.0

Value = Any
"""A number, or `{"lat", "lon"}` with what else belongs to a location."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a source says; `settled`: a person has decided already."""

    field: str
    source: str
    value: Value
    settled: bool = False


def origin(building: Building, field: str) -> str:
    """Who said what the building has in a field."""
    return (building.origins or {}).get(field) or building.source or DESK


def value_of(building: Building, field: str) -> Value:
    """What the building has in a field, in the form of a claim; none where it is unknown."""
    if field != LOCATION:
        return getattr(building, field)
    if building.lat is None or building.lon is None:
        return None
    return {"lat": building.lat, "lon": building.lon, "outline": building.outline}


def same(field: str, one: Value, other: Value) -> bool:
    """Whether two say the same: places within a metre are one."""
    if field == LOCATION and one and other:
        return metres(one, other) < _SAME_METRES
    return bool(one == other)


def metres(one: Value, other: Value) -> float:
    """How far apart two locations are."""
    if None in (one["lat"], one["lon"], other["lat"], other["lon"]):
        return inf
    north = (one["lat"] - other["lat"]) * 111_320
    east = (one["lon"] - other["lon"]) * 111_320 * cos(radians(other["lat"]))
    return hypot(north, east)


def claims_of(
    session: Session, community_id: int, building_ids: Iterable[str]
) -> dict[str, list[BuildingClaim]]:
    """Building id → all that is claimed of it, decided or not."""
    found: dict[str, list[BuildingClaim]] = {}
    for some in db.chunks(list(building_ids), 500):
        query = (
            select(BuildingClaim)
            .where(BuildingClaim.community_id == community_id, BuildingClaim.building_id.in_(some))
            .order_by(BuildingClaim.said_at, BuildingClaim.id)
        )
        for claim in session.scalars(query):
            found.setdefault(claim.building_id, []).append(claim)
    return found


def waiting(session: Session, community_id: int) -> int:
    """How many claims wait for somebody to decide."""
    query = (
        select(func.count())
        .select_from(BuildingClaim)
        .join(
            Building,
            (Building.community_id == BuildingClaim.community_id)
            & (Building.id == BuildingClaim.building_id),
        )
        .where(
            BuildingClaim.community_id == community_id, BuildingClaim.settled_at.is_(None), STANDS
        )
    )
    return session.scalar(query) or 0


def keep(
    session: Session,
    community_id: int,
    building_id: str,
    claims: Sequence[Claim],
    *,
    now: int,
) -> None:
    """Write down what sources say; each source has one word on a field, its last."""
    for claim in claims:
        session.execute(_of(community_id, building_id, claim.field, claim.source))
    rows = [
        {
            "community_id": community_id,
            "id": new_id(),
            "building_id": building_id,
            "field": claim.field,
            "source": claim.source,
            "value": claim.value,
            "said_at": now,
            "settled_at": now if claim.settled else None,
            "settled_by": None,
        }
        for claim in claims
    ]
    if rows:
        session.execute(insert(BuildingClaim), rows)


def withdraw(
    session: Session, community_id: int, building_id: str, source: str, fields: Sequence[str]
) -> None:
    """Forget what a source claimed: it says now what the building has."""
    for field in fields:
        session.execute(_of(community_id, building_id, field, source))


def settle(
    session: Session,
    community_id: int,
    claim_id: str,
    *,
    take: bool,
    who: Actor | None,
    now: int,
) -> str:
    """Take what a source says, or keep what is there; returns the building's id.

    What a person decided is the desk's word from then on: imports that differ from it ask again,
    those that say what was declined do not.
    """
    numbers = sequence.draw(session, community_id)
    claim = session.get(BuildingClaim, (community_id, claim_id))
    if claim is None:
        raise NotFound("claim_unknown")
    building = session.get_one(Building, (community_id, claim.building_id))
    if claim.settled_at is None:
        before = Claim(claim.field, origin(building, claim.field),
                       value_of(building, claim.field), settled=True)  # fmt: skip
        if take:
            _take(building, claim.field, claim.value)
            if before.value is not None and before.source not in {DESK, claim.source}:
                keep(session, community_id, building.id, [before], now=now)
        building.origins = {**(building.origins or {}), claim.field: DESK}
        building.seq = next(numbers)
        claim.settled_at, claim.settled_by = now, who.member_id if who else None
        audit.note(session, community_id, who, "claim_settle", building.id, now=now,
                   field=claim.field, taken=take)  # fmt: skip
    return building.id


def _take(building: Building, field: str, value: Value) -> None:
    if field != LOCATION:
        setattr(building, field, value)
        return
    building.lat, building.lon = value["lat"], value["lon"]
    if value.get("outline"):
        building.outline = value["outline"]


def _of(community_id: int, building_id: str, field: str, source: str) -> Any:
    return delete(BuildingClaim).where(
        BuildingClaim.community_id == community_id,
        BuildingClaim.building_id == building_id,
        BuildingClaim.field == field,
        BuildingClaim.source == source,
    )
