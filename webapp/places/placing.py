"""Where a building is, by hand: placed, moved, drawn, taken back. A hand outranks every list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import Actor
from webapp.core.errors import Problem
from webapp.places.claims import DESK, LOCATION
from webapp.places.desk import get_building
from webapp.places.imports import outlines
from webapp.places.models import Building

MOST_CORNERS = 200
SMALLEST, LARGEST = 4.0, 1_000_000.0
"""Square metres of an outline."""
_METRES = 111_320
_ORIGIN = re.compile(r"[a-z][\w:.-]{0,79}")

Corner = tuple[float, float]
"""Longitude, latitude in degrees, WGS-84."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A building's place. `origin` says who said it, none for the building's own source."""

    lat: float | None
    lon: float | None
    outline: dict[str, Any] | None
    origin: str | None = DESK


Find = Callable[[Building], Placement]
"""What becomes of a building's place. May raise Problem."""


def placement(building: Building) -> Placement:
    """The place as it stands."""
    origin = (building.origins or {}).get(LOCATION)
    return Placement(building.lat, building.lon, building.outline, origin)


def move(building: Building, lon: float, lat: float) -> Placement:
    """At this point, its outline shifted with it. Raises Problem for no place on earth."""
    _check(lon, lat)
    outline = building.outline
    if outline is not None and building.lat is not None and building.lon is not None:
        east, north = lon - building.lon, lat - building.lat
        shifted = [
            [[[x + east, y + north] for x, y in ring] for ring in shape]
            for shape in outlines.polygons(outline)
        ]
        outline = outlines.canonical({"type": "MultiPolygon", "coordinates": shifted})
    return Placement(round(lat, 7), round(lon, 7), outline)


def drawn(corners: Sequence[Corner]) -> Placement:
    """With an outline of these corners, placed in its middle. Raises Problem for a bad outline."""
    ring = list(dict.fromkeys((round(x, 7), round(y, 7)) for x, y in corners))
    if not 3 <= len(ring) <= MOST_CORNERS:
        raise Problem("outline_corners", field="outline", most=MOST_CORNERS)
    for lon, lat in ring:
        _check(lon, lat)
    if _crosses(ring):
        raise Problem("outline_crosses", field="outline")
    closed = [[lon, lat] for lon, lat in (*ring, ring[0])]
    if not SMALLEST <= _square_metres(closed) <= LARGEST:
        raise Problem("outline_size", field="outline")
    shape = outlines.canonical({"type": "Polygon", "coordinates": [closed]})
    middle = outlines.center(shape)
    assert middle is not None  # it has an area
    return Placement(round(middle[1], 7), round(middle[0], 7), shape)


def without_outline(building: Building) -> Placement:
    """Where it is, a point again."""
    return Placement(building.lat, building.lon, None)


def put(
    session: Session,
    community_id: int,
    building_id: str,
    find: Find,
    *,
    who: Actor | None,
    now: int,
) -> tuple[Placement, Building]:
    """Set a building's place to what `find` makes of it; returns the place before, and the row.

    The same again changes nothing.
    """
    numbers = sequence.draw(session, community_id)
    building = get_building(session, community_id, building_id)
    before, place = placement(building), find(building)
    if before == place:
        return before, building
    building.lat, building.lon, building.outline = place.lat, place.lon, place.outline
    others = {key: said for key, said in (building.origins or {}).items() if key != LOCATION}
    building.origins = others | ({LOCATION: place.origin} if place.origin else {}) or None
    building.seq = next(numbers)
    where = f"{place.lat}, {place.lon}"
    drawn_ = place.outline is not None
    audit.note(session, community_id, who, "building_place", building_id, now=now, at=where,
               outline=drawn_)  # fmt: skip
    return before, building


def handed_back(
    lat: float | None, lon: float | None, outline: dict[str, Any] | None, origin: str | None
) -> Placement:
    """A place that was once told to a browser, checked like anything that comes from there."""
    if lat is None or lon is None:
        return Placement(None, None, None, None)
    _check(lon, lat)
    shape = outlines.clean(outline)
    if outline is not None and (shape is None or _corners(shape) > 10 * MOST_CORNERS):
        raise Problem("outline_corners", field="outline", most=MOST_CORNERS)
    if origin is not None and not _ORIGIN.fullmatch(origin):
        raise Problem("invalid", field="origin")
    return Placement(lat, lon, shape if outline is not None else None, origin)


def _corners(shape: dict[str, Any]) -> int:
    return sum(len(ring) for rings in outlines.polygons(shape) for ring in rings)


def _check(lon: float, lat: float) -> None:
    if not (-180 <= lon <= 180 and -85 <= lat <= 85) or (lon == 0 and lat == 0):
        raise Problem("no_such_place", field="lat")


def _square_metres(ring: outlines.Ring) -> float:
    return outlines.area(ring) * _METRES**2 * cos(radians(ring[0][1]))


def _crosses(ring: Sequence[Corner]) -> bool:
    """Whether two sides that are no neighbours meet."""
    sides = list(zip(ring, [*ring[1:], ring[0]], strict=True))
    return any(
        _meet(*sides[i], *sides[j])
        for i in range(len(sides))
        for j in range(i + 2, len(sides))
        if (i, j) != (0, len(sides) - 1)
    )


def _meet(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0


def _turn(a: Corner, b: Corner, c: Corner) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
