"""The demo's neighbourhood: as many buildings and doors as promised, where they should be."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import dist

import pytest

from webapp.demo.blocks import CENTRE, Block, make_blocks
from webapp.demo.made import rng_of
from webapp.places.numbers import building_key, compound_key, room_key, unit_key

MOMENT = 1_760_000_000_000
METRES_PER_DEGREE = 111_000.0


@pytest.fixture(scope="module")
def blocks() -> list[Block]:
    return make_blocks(rng_of(1), MOMENT)


def _counting(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if not block.practice]


def test_two_compounds_have_twenty_four_buildings_and_about_2400_doors(blocks: list[Block]) -> None:
    counting = _counting(blocks)
    assert Counter(block.compound for block in counting).most_common() == [
        (counting[0].compound, 12),
        (counting[-1].compound, 12),
    ]
    assert 2_300 <= sum(len(block.doors) for block in counting) <= 2_500


def test_buildings_have_one_to_four_units_and_six_to_thirty_three_floors(
    blocks: list[Block],
) -> None:
    assert {block.units for block in _counting(blocks)} == {1, 2, 3, 4}
    assert min(block.floors for block in _counting(blocks)) == 6
    assert max(block.floors for block in _counting(blocks)) == 33
    for block in blocks:
        assert {door.unit for door in block.doors} == {str(n + 1) for n in range(block.units)}
        assert max(door.floor for door in block.doors) == block.floors


def test_there_is_one_practice_building_and_it_is_small(blocks: list[Block]) -> None:
    (practice,) = [block for block in blocks if block.practice]
    assert practice is blocks[-1]
    assert len(practice.doors) == 8


def test_no_two_buildings_and_no_two_doors_of_a_building_have_the_same_key(
    blocks: list[Block],
) -> None:
    keys = [(compound_key(block.compound), building_key(block.name)) for block in blocks]
    assert len(set(keys)) == len(keys)
    for block in blocks:
        doors = [(unit_key(door.unit), room_key(door.room)) for door in block.doors]
        assert len(set(doors)) == len(doors)


def test_ids_are_unique(blocks: list[Block]) -> None:
    ids = [block.id for block in blocks] + [door.id for block in blocks for door in block.doors]
    assert len(set(ids)) == len(ids)


def test_buildings_stand_apart_and_within_a_walk_of_each_other(blocks: list[Block]) -> None:
    places = [_metres(block.lat, block.lon) for block in blocks]
    for one, other in combinations(places, 2):
        assert 30 < dist(one, other) < 900


def test_outlines_are_closed_rings_around_the_location_of_a_plausible_size(
    blocks: list[Block],
) -> None:
    for block in blocks:
        (ring,) = block.outline["coordinates"]
        assert ring[0] == ring[-1]
        points = [_metres(lat, lon) for lon, lat in ring]
        assert 150 < abs(_area(points)) < 1_500
        assert _inside(_metres(block.lat, block.lon), points)


def test_the_same_seed_makes_the_same_neighbourhood() -> None:
    assert make_blocks(rng_of(7), MOMENT) == make_blocks(rng_of(7), MOMENT)
    assert make_blocks(rng_of(7), MOMENT) != make_blocks(rng_of(8), MOMENT)


def _metres(lat: float, lon: float) -> tuple[float, float]:
    """East and north of the centre, near enough."""
    return (lon - CENTRE[1]) * METRES_PER_DEGREE * 0.8663, (lat - CENTRE[0]) * METRES_PER_DEGREE


def _area(points: list[tuple[float, float]]) -> float:
    pairs = zip(points, points[1:], strict=False)
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs) / 2


def _inside(point: tuple[float, float], ring: list[tuple[float, float]]) -> bool:
    inside = False
    for a, b in zip(ring, ring[1:], strict=False):
        if (a[1] > point[1]) != (b[1] > point[1]):
            crossing = a[0] + (point[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
            inside ^= crossing > point[0]
    return inside
