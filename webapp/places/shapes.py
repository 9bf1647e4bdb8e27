"""Outlines as maps get them: whole numbers, few corners.

A ring is `[east, north, east, north, …]` in millionths of a degree (a tenth of a metre): the
first corner from the building's own location, each other one from the corner before.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, hypot, radians
from typing import Any

MICRO = 1_000_000
_FINE = 0.3
"""Metres: a corner that stands out less than this is left out."""
_METRES = 111_320 / MICRO
"""Of a millionth of a degree of latitude."""

Corner = tuple[int, int]


def micro(degrees: float) -> int:
    """Millionths of a degree."""
    return round(degrees * MICRO)


def rings(outline: dict[str, Any] | None, lat: float, lon: float) -> list[list[int]] | None:
    """All rings of an outline, holes too (they are filled by the even-odd rule); none for none."""
    if outline is None:
        return None
    coordinates = outline.get("coordinates") or []
    shapes = [coordinates] if outline.get("type") == "Polygon" else coordinates
    found = [_ring(ring, (micro(lon), micro(lat)), lat) for shape in shapes for ring in shape]
    return [ring for ring in found if len(ring) >= 6] or None


def _ring(ring: Sequence[Sequence[float]], start: Corner, lat: float) -> list[int]:
    corners = [(micro(point[0]), micro(point[1])) for point in ring]
    if len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    steps: list[int] = []
    x, y = start
    for corner in thinned(corners, lat):
        steps += (corner[0] - x, corner[1] - y)
        x, y = corner
    return steps


def thinned(corners: Sequence[Corner], lat: float) -> list[Corner]:
    """The corners that make the shape (Douglas and Peucker), halves from the farthest pair."""
    if len(corners) < 4:
        return list(corners)
    east = cos(radians(lat))
    first = corners[0]
    far = max(range(len(corners)), key=lambda i: _apart(corners[i], first, east))
    there = _line(corners[: far + 1], east)
    back = _line([*corners[far:], first], east)
    return [*there[:-1], *back[:-1]]


def _line(corners: Sequence[Corner], east: float) -> list[Corner]:
    """A line without the corners that lie nearly on it; no recursion, lines may be long."""
    kept = {0, len(corners) - 1}
    pending = [(0, len(corners) - 1)]
    while pending:
        low, high = pending.pop()
        inner = range(low + 1, high)
        far = max(
            inner, key=lambda i: _off(corners[i], corners[low], corners[high], east), default=0
        )
        if far and _off(corners[far], corners[low], corners[high], east) > _FINE:
            kept.add(far)
            pending += [(low, far), (far, high)]
    return [corners[i] for i in sorted(kept)]


def _apart(one: Corner, other: Corner, east: float) -> float:
    return hypot((one[0] - other[0]) * east, one[1] - other[1]) * _METRES


def _off(corner: Corner, start: Corner, end: Corner, east: float) -> float:
    """Metres from a corner to the line between two others."""
    dx, dy = (end[0] - start[0]) * east, end[1] - start[1]
    px, py = (corner[0] - start[0]) * east, corner[1] - start[1]
    length = hypot(dx, dy)
    return (abs(dx * py - dy * px) / length if length else hypot(px, py)) * _METRES
