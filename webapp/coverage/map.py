"""All buildings of a community with what is known of them, in columns for the map of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.coverage.models import COUNTS, BuildingCount
from webapp.coverage.tally import Tally
from webapp.places import shapes
from webapp.places.map_area import attributions
from webapp.places.models import STANDS, Building

MOST = 20_000
"""Buildings on one map."""


@dataclass(frozen=True, slots=True)
class MapView:
    """What the page says beside the map."""

    community: Community
    placed: int
    unplaced: int
    attribution: list[str]


def map_view(session: Session, community_id: int) -> MapView:
    """How many buildings are on the map, and whose data it shows."""
    placed = Building.lat.is_not(None) & Building.lon.is_not(None)
    query = (
        select(Building.attribution, placed.label("placed"), func.count())
        .where(Building.community_id == community_id, Building.practice.is_(False), STANDS)
        .group_by(Building.attribution, placed)
    )
    rows = session.execute(query).all()
    return MapView(
        community=session.get_one(Community, community_id),
        placed=sum(row[2] for row in rows if row[1]),
        unplaced=sum(row[2] for row in rows if not row[1]),
        attribution=attributions(row[0] for row in rows if row[1]),
    )


def map_data(session: Session, community_id: int) -> dict[str, Any]:
    """`labels` are compounds and grids, `buildings` a line for each:

    [id, name, compound, grid, longitude, latitude, rings, households, occupied, knocked, reached,
    installed]. Compound and grid are places in `labels`; longitude and latitude in millionths of
    a degree, none where nobody placed it; rings see `shapes`.
    """
    statement = (
        select(
            Building.id,
            Building.name,
            Building.compound,
            Building.grid,
            Building.lat,
            Building.lon,
            Building.outline,
            *(func.coalesce(getattr(BuildingCount, name), 0) for name in _COUNTS),
        )
        .outerjoin(
            BuildingCount,
            (BuildingCount.community_id == Building.community_id)
            & (BuildingCount.building_id == Building.id),
        )
        .where(Building.community_id == community_id, Building.practice.is_(False), STANDS)
        .order_by(Building.compound, func.length(Building.name), Building.name, Building.id)
        .limit(MOST)
    )
    labels: dict[str, int] = {}
    lines = [_line(row, labels) for row in session.execute(statement)]
    return {"labels": list(labels), "buildings": lines}


def map_features(session: Session, community_id: int) -> dict[str, Any]:
    """The same as a GeoJSON FeatureCollection (RFC 7946): the outline, else the point, with names,
    counts and rates in percent, rounded down. Buildings without a place are left out."""
    statement = (
        select(Building, BuildingCount)
        .outerjoin(
            BuildingCount,
            (BuildingCount.community_id == Building.community_id)
            & (BuildingCount.building_id == Building.id),
        )
        .where(
            Building.community_id == community_id,
            Building.practice.is_(False),
            STANDS,
            Building.lat.is_not(None),
            Building.lon.is_not(None),
        )
        .order_by(Building.compound, Building.name, Building.id)
        .limit(MOST)
    )
    features = [_feature(building, counts) for building, counts in session.execute(statement)]
    return {"type": "FeatureCollection", "features": features}


def _feature(building: Building, counts: BuildingCount | None) -> dict[str, Any]:
    point = {"type": "Point", "coordinates": [building.lon, building.lat]}
    tally = Tally(*(getattr(counts, name) for name in COUNTS)) if counts else Tally()
    named = {name: getattr(building, name) for name in ("name", "compound", "grid", "attribution")}
    figures = {name: getattr(tally, name) for name in ("occupied", *COUNTS)}
    rates = {
        name: None if (rate := getattr(tally, name)) is None else rate / 100
        for name in ("knocked_rate", "publicity_rate", "app_rate")
    }
    return {
        "type": "Feature",
        "id": building.id,
        "geometry": building.outline or point,
        "properties": named | figures | rates,
    }


_COUNTS = ("households", "vacant", "knocked", "reached", "installed")


def _line(row: Any, labels: dict[str, int]) -> list[Any]:
    ident, name, compound, grid, lat, lon, outline, households, vacant, *rest = row
    here: list[Any] = [None, None, None]
    if lat is not None and lon is not None:
        here = [shapes.micro(lon), shapes.micro(lat), shapes.rings(outline, lat, lon)]
    named = [labels.setdefault(text, len(labels)) for text in (compound, grid)]
    return [ident, name, *named, *here, households, households - vacant, *rest]
