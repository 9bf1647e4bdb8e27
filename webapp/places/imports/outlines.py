"""Shapes on a map: GeoJSON geometries in one form, their middle and their area.

The same outline comes with another first corner, another direction or more decimals from every
program; kept in one form it is equal to itself.
"""

from __future__ import annotations

import math
from typing import Any

Geometry = dict[str, Any]
Ring = list[list[float]]

AREAS = {"Polygon", "MultiPolygon"}
SHAPES = AREAS | {"Point", "MultiPoint", "LineString", "GeometryCollection"}
DECIMALS = 7
"""About a centimetre, and what OpenStreetMap keeps."""


def clean(value: Any) -> Geometry | None:
    """A geometry from anywhere in its one form, or none where it is missing or damaged."""
    if not isinstance(value, dict) or value.get("type") not in SHAPES:
        return None
    if value["type"] == "Point":
        position = _position(value.get("coordinates"))
        return {"type": "Point", "coordinates": list(position)} if position else None
    try:
        shapes = [
            [[list(_must(point)) for point in ring] for ring in polygon]
            for polygon in polygons(value)
        ]
    except (TypeError, ValueError):
        return None
    if not shapes or not all(shape and len(shape[0]) >= 4 for shape in shapes):
        return None
    return canonical({"type": "MultiPolygon", "coordinates": shapes})


def canonical(geometry: Geometry) -> Geometry:
    """The one form of an area: rounded, outer rings anticlockwise, the least corner first."""
    if geometry["type"] not in AREAS:
        return geometry
    shapes = [
        [_turned(ring, clockwise=bool(number)) for number, ring in enumerate(rings)]
        for rings in polygons(geometry)
    ]
    shapes = sorted([rings[0], *sorted(rings[1:])] for rings in shapes)
    if len(shapes) == 1:
        return {"type": "Polygon", "coordinates": shapes[0]}
    return {"type": "MultiPolygon", "coordinates": shapes}


def polygons(geometry: Geometry) -> list[list[Ring]]:
    """The polygons of an outline, each a list of rings; none for points and lines."""
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list) or geometry.get("type") not in AREAS:
        return []
    return [coordinates] if geometry["type"] == "Polygon" else coordinates


def center(geometry: Geometry) -> tuple[float, float] | None:
    """Longitude and latitude of a point, or of the middle of an outline (by area)."""
    if geometry.get("type") == "Point":
        return _position(geometry.get("coordinates"))
    rings = [polygon[0] for polygon in polygons(geometry) if polygon]
    parts = [part for ring in rings if (part := _middle(ring)) is not None]
    weight = sum(area for area, _lon, _lat in parts)
    if not parts:
        return None
    if weight == 0:
        return parts[0][1], parts[0][2]
    return (
        sum(area * lon for area, lon, _lat in parts) / weight,
        sum(area * lat for area, _lon, lat in parts) / weight,
    )


def area(ring: Ring) -> float:
    """The area of a ring in square degrees, 0 where all corners lie in a line."""
    middle = _middle(ring)
    return middle[0] if middle else 0.0


def contains(ring: Ring, lon: float, lat: float) -> bool:
    """Whether a point lies inside a ring: a ray to the east crosses it an odd number of times."""
    inside = False
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        if (y1 > lat) != (y2 > lat) and lon < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _turned(ring: Ring, *, clockwise: bool) -> Ring:
    corners = [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring]
    if corners[0] == corners[-1]:
        corners.pop()
    turn = sum(
        (x2 - x1) * (y2 + y1)
        for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True)
    )
    if (turn > 0) != clockwise:
        corners.reverse()
    first = corners.index(min(corners))
    corners = corners[first:] + corners[:first]
    return [*corners, list(corners[0])]


def _must(point: Any) -> tuple[float, float]:
    position = _position(point)
    if position is None:
        raise ValueError("no position")
    return position


def _position(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, list | tuple) or len(value) < 2:
        return None
    lon, lat = value[0], value[1]
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in (lon, lat)):
        return None
    if abs(lon) > 180 or abs(lat) > 90:  # metres of some map sheet, not degrees
        return None
    return float(lon), float(lat)


def _middle(ring: Ring) -> tuple[float, float, float] | None:
    """Area (unsigned) and middle of a ring; taken from its first corner for precision."""
    if not ring:
        return None
    x0, y0 = ring[0]
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        cross = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        area += cross
        x += cross * (x1 + x2 - 2 * x0)
        y += cross * (y1 + y2 - 2 * y0)
    if area == 0:
        return 0.0, x0, y0
    return abs(area) / 2, x0 + x / (3 * area), y0 + y / (3 * area)
