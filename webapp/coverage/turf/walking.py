"""A short way past all buildings: the same on the phone (static/app/features/places/route.ts).

Both keep to tests/vectors/route.json. An open tour: nearest neighbour first, then parts of it are
turned round (2-opt) or moved (Or-opt) as long as that shortens it. Distances are whole metres, so
that machines that round differently in the last digit still go the same way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

EARTH = 6_371_000
LONGEST_MOVE = 3
"""How many in a row are moved together."""


def metres(a: Point, b: Point) -> int:
    """Along the great circle, rounded half up."""
    d_lat, d_lon = math.radians(b[0] - a[0]), math.radians(b[1] - a[1])
    height = (
        math.sin(d_lat / 2) ** 2
        + math.cos(math.radians(a[0])) * math.cos(math.radians(b[0])) * math.sin(d_lon / 2) ** 2
    )
    return math.floor(2 * EARTH * math.asin(math.sqrt(height)) + 0.5)


def route(points: Sequence[Point], start: Point | None = None) -> list[int]:
    """The indexes of the points in walking order, from `start`, where somebody stands, if given.

    Else the way begins at the point that lies farthest out, where the gate mostly is. Of what is as
    near, the earlier point comes first. Never longer than nearest neighbour.
    """
    if not points:
        return []
    count = len(points)
    legs = [[metres(a, b) for b in points] + [0] for a in points]
    legs.append([0] * (count + 1))
    if start is not None:
        legs.append([metres(start, point) for point in points] + [0])
    begin = count + 1 if start is not None else _outermost(legs, count)
    # What stands first and last stays there: where somebody starts, and an end as near as any.
    way = [*_nearest(legs, begin, count), count]
    better = True
    while better:
        better = _turn(way, legs)
        better = _move(way, legs) or better
    return [at for at in way if at < count]


def length(points: Sequence[Point], order: Sequence[int], start: Point | None = None) -> int:
    """Metres of the whole way."""
    way = [points[at] for at in order]
    if start is not None and way:
        way = [start, *way]
    return sum(metres(a, b) for a, b in zip(way, way[1:], strict=False))


def _outermost(legs: list[list[int]], count: int) -> int:
    return min(range(count), key=lambda at: (-sum(legs[at]), at))


def _nearest(legs: list[list[int]], begin: int, count: int) -> list[int]:
    way = [begin]
    left = [at for at in range(count) if at != begin]
    while left:
        here = legs[way[-1]]
        way.append(min(left, key=lambda at: (here[at], at)))
        left.remove(way[-1])
    return way


def _turn(way: list[int], legs: list[list[int]]) -> bool:
    """Walk a part the other way round where that is shorter; whether any was."""
    better = False
    for i in range(1, len(way) - 2):
        for j in range(i + 1, len(way) - 1):
            a, b, c, d = way[i - 1], way[i], way[j], way[j + 1]
            if legs[a][c] + legs[b][d] < legs[a][b] + legs[c][d]:
                way[i : j + 1] = way[i : j + 1][::-1]
                better = True
    return better


def _move(way: list[int], legs: list[list[int]]) -> bool:
    """Put up to three in a row where they are less of a detour; whether any was."""
    better = False
    for size in range(1, LONGEST_MOVE + 1):
        for i in range(1, len(way) - size):
            part, rest = way[i : i + size], way[:i] + way[i + size :]
            first, last = part[0], part[-1]
            before, after = rest[i - 1], rest[i]
            best = legs[before][first] + legs[last][after] - legs[before][after]
            where = 0
            for at in range(1, len(rest)):
                a, b = rest[at - 1], rest[at]
                detour = legs[a][first] + legs[last][b] - legs[a][b]
                if detour < best:
                    best, where = detour, at
            if where:
                way[:] = rest[:where] + part + rest[where:]
                better = True
    return better
