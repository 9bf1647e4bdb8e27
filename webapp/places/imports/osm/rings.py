"""Ways and multipolygons → GeoJSON geometries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from webapp.places.imports import outlines
from webapp.places.imports.osm.elements import Position
from webapp.places.imports.outlines import Ring


def polygon(
    outer: Iterable[Sequence[int]],
    inner: Iterable[Sequence[int]],
    positions: Mapping[int, Position],
) -> dict[str, Any] | None:
    """The area inside the outer and outside the inner pieces; none where a part is missing."""
    shells, holes = _placed(outer, positions), _placed(inner, positions)
    if not shells or holes is None:
        return None
    polygons = [[shell] for shell in shells]
    for hole in holes:
        around = [p for p in polygons if _around(p[0], hole)]
        if around:
            min(around, key=lambda p: outlines.area(p[0])).append(hole)
    geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return outlines.canonical(geometry) if all(map(outlines.area, shells)) else None


def joined(pieces: Iterable[Sequence[int]]) -> list[list[int]] | None:
    """The closed rings that pieces make when joined at their ends; none if one is left open."""
    left = [list(piece) for piece in pieces if len(piece) > 1]
    rings = []
    while left:
        ring = left.pop()
        while ring[0] != ring[-1]:
            end = ring[-1]
            which = next((i for i, p in enumerate(left) if end in {p[0], p[-1]}), None)
            if which is None:
                return None
            piece = left.pop(which)
            ring += piece[1:] if piece[0] == end else piece[-2::-1]
        rings.append(ring)
    return rings


def _placed(
    pieces: Iterable[Sequence[int]], positions: Mapping[int, Position]
) -> list[Ring] | None:
    """The rings with their corners' positions; none where one is open, missing or too short."""
    rings = joined(pieces)
    if rings is None or any(len(ring) < 4 for ring in rings):
        return None
    try:
        return [[list(positions[node]) for node in ring] for ring in rings]
    except KeyError:
        return None


def _around(shell: Ring, hole: Ring) -> bool:
    corners = {(lon, lat) for lon, lat in shell}
    lon, lat = next((p for p in hole if (p[0], p[1]) not in corners), hole[0])
    return outlines.contains(shell, lon, lat)
