"""A person looks at the answers: what is taken becomes the building's place, by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from statistics import median

from geopy.distance import geodesic
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.actor import Actor
from webapp.places import claims
from webapp.places.geocoding import job
from webapp.places.imports import attribution
from webapp.places.models import STANDS, Building

FAR = 2_000
"""Metres from the middle of all: such an answer is not ticked beforehand."""

CROWDED = 3
"""So many buildings at one point: the geocoder knew the estate, not the building."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to look at. `away`: metres from the middle of the community, none without one;
    `crowd`: how many answers are at the same point."""

    claim_id: str
    building_id: str
    name: str
    compound: str
    asked: str
    called: str
    lat: float
    lon: float
    away: int | None
    crowd: int

    @property
    def likely(self) -> bool:
        """Whether it is ticked beforehand."""
        return (self.away is None or self.away <= FAR) and self.crowd < CROWDED


def answers(session: Session, community_id: int) -> list[Answer]:
    """All that wait, the doubtful ones first."""
    found = job.waiting(session, community_id)
    points = [(claim.value["lat"], claim.value["lon"]) for claim, _building in found]
    crowds = Counter(points)
    middle = _middle(session, community_id) or _median(points)
    listed = [
        Answer(
            claim_id=claim.id,
            building_id=building.id,
            name=building.name,
            compound=building.compound,
            asked=claim.value.get("asked", ""),
            called=claim.value.get("called", ""),
            lat=point[0],
            lon=point[1],
            away=round(geodesic(middle, point).m) if middle else None,
            crowd=crowds[point],
        )
        for (claim, building), point in zip(found, points, strict=True)
    ]
    return sorted(listed, key=lambda one: (one.likely, one.compound, one.name))


def settle(
    session: Session,
    community_id: int,
    claim_ids: Collection[str],
    *,
    take: bool,
    credit: str,
    who: Actor | None,
    now: int,
) -> int:
    """Take these answers or decline them; says how many. `credit`: whose data it is."""
    sequence.draw(session, community_id)
    waiting = {claim.id: building for claim, building in job.waiting(session, community_id)}
    chosen = [one for one in dict.fromkeys(claim_ids) if one in waiting]
    for claim_id in chosen:
        claims.settle(session, community_id, claim_id, take=take, who=who, now=now)
        if take:
            building = waiting[claim_id]
            building.attribution = attribution.together(building.attribution, credit)
    return len(chosen)


def _middle(session: Session, community_id: int) -> tuple[float, float] | None:
    """Of the buildings that have a place."""
    statement = select(Building.lat, Building.lon).where(
        Building.community_id == community_id,
        Building.lat.is_not(None),
        Building.lon.is_not(None),
        Building.practice.is_(False),
        STANDS,
    )
    return _median([(row[0] or 0.0, row[1] or 0.0) for row in session.execute(statement)])


def _median(points: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    if not points:
        return None
    return median(lat for lat, _lon in points), median(lon for _lat, lon in points)
