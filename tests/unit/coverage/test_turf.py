"""The way past all buildings, and how it is cut into shares."""

from __future__ import annotations

import json
import random
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.coverage.turf.split import cut
from webapp.coverage.turf.walking import Point, length, metres, route

CASES = json.loads(
    (Path(__file__).parents[2] / "vectors" / "route.json").read_text(encoding="utf-8")
)["cases"]
places = st.tuples(st.floats(29.9, 30.1), st.floats(106.2, 106.4))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_the_way_is_the_one_that_phones_take(case: dict[str, Any]) -> None:
    points = [tuple(point) for point in case["points"]]
    start = tuple(case["start"]) if case["start"] else None
    assert route(points, start) == case["order"]
    assert length(points, case["order"], start) == case["metres"]


def nearest_neighbour(points: list[Point], start: Point) -> list[int]:
    here, left, way = start, list(range(len(points))), []
    while left:
        at = min(left, key=lambda one: (metres(here, points[one]), one))
        left.remove(at)
        way.append(at)
        here = points[at]
    return way


@given(st.lists(places, max_size=14), places)
def test_every_building_once_and_never_longer_than_nearest_neighbour(
    points: list[Point], start: Point
) -> None:
    way = route(points, start)
    assert sorted(way) == list(range(len(points)))
    assert length(points, way, start) <= length(points, nearest_neighbour(points, start), start)
    assert sorted(route(points)) == list(range(len(points)))


def test_the_way_is_nearly_the_shortest_there_is() -> None:
    """Eight buildings, all 40,320 orders looked through."""
    chance = random.Random(4)
    for _ in range(3):
        points = [(30 + chance.random() / 100, 106 + chance.random() / 100) for _ in range(7)]
        best = min(length(points, order, points[0]) for order in permutations(range(7)))
        assert length(points, route(points, points[0]), points[0]) <= best * 1.05


@given(st.lists(st.floats(0, 300), max_size=60), st.integers(1, 9))
def test_shares_cover_the_way_in_order_and_are_as_even_as_the_pieces_allow(
    weights: list[float], shares: int
) -> None:
    to = cut(weights, shares)
    assert len(to) == len(weights)
    assert to == sorted(to)
    assert set(to) <= set(range(shares))
    sums = [sum(w for w, share in zip(weights, to, strict=True) if share == n)
            for n in range(shares)]  # fmt: skip
    mean = sum(weights) / shares
    assert all(abs(one - mean) <= max(weights, default=0) + 1e-6 for one in sums)
