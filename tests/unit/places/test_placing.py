"""Where a building is, by hand: placed, moved, drawn, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.accounts import make_community
from tests.factories.field import Neighbourhood
from webapp.accounts.models import Audit
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.places import placing, shapes
from webapp.places.models import Building
from webapp.places.placing import Find, Placement

SQUARE = [(106.26, 29.96), (106.261, 29.96), (106.261, 29.961), (106.26, 29.961)]


@pytest.fixture
def community(context: Flask, clock: Clock) -> int:
    """A community without buildings."""
    return make_community(context)


@pytest.fixture
def building(community: int) -> str:
    """A building that nobody has placed."""
    return Neighbourhood(community).building("3号楼")


def put(community: int, building: str, find: Find) -> Placement:
    with db.writing() as session:
        before, _row = placing.put(
            session, community, building, find, who=None, now=product_clock.now()
        )
    return before


def row(community: int, building: str) -> Building:
    with db.reading() as session:
        return session.get_one(Building, (community, building))


def at(lon: float, lat: float) -> Find:
    return lambda building: placing.move(building, lon, lat)


def drawn(corners: Any) -> Find:
    return lambda _building: placing.drawn(corners)


@pytest.mark.both_engines
def test_a_building_is_placed_and_phones_learn_of_it(community: int, building: str) -> None:
    seq = row(community, building).seq
    before = put(community, building, at(106.2648, 29.9621))
    placed = row(community, building)
    assert (placed.lon, placed.lat, placed.outline) == (106.2648, 29.9621, None)
    assert placed.origins == {"location": "desk"}
    assert placed.seq > seq
    assert before == Placement(None, None, None, None)
    with db.reading() as session:
        assert "building_place" in session.scalars(select(Audit.action)).all()


def test_an_outline_is_drawn_and_the_building_stands_in_its_middle(
    community: int, building: str
) -> None:
    put(community, building, drawn(SQUARE))
    placed = row(community, building)
    assert placed.outline is not None
    assert len(placed.outline["coordinates"][0]) == 5
    assert (placed.lon, placed.lat) == pytest.approx((106.2605, 29.9605))


def test_moving_a_building_moves_its_outline(community: int, building: str) -> None:
    put(community, building, drawn(SQUARE))
    put(community, building, at(106.2705, 29.9605))
    placed = row(community, building)
    assert placed.outline is not None
    assert placed.outline["coordinates"][0][0] == pytest.approx([106.27, 29.96])
    assert (placed.lon, placed.lat) == (106.2705, 29.9605)


@pytest.mark.both_engines
def test_what_was_before_undoes_it(community: int, building: str) -> None:
    put(community, building, drawn(SQUARE))
    first = row(community, building)
    before = put(community, building, placing.without_outline)
    assert row(community, building).outline is None
    put(community, building, lambda _b: placing.handed_back(
        before.lat, before.lon, before.outline, before.origin))  # fmt: skip
    again = row(community, building)
    assert (again.lat, again.lon, again.outline) == (first.lat, first.lon, first.outline)


def test_undoing_the_first_place_takes_it_off_the_map(community: int, building: str) -> None:
    put(community, building, at(106.2648, 29.9621))
    put(community, building, lambda _b: placing.handed_back(None, None, None, None))
    placed = row(community, building)
    assert (placed.lat, placed.lon, placed.origins) == (None, None, None)


def test_the_same_place_again_changes_nothing(community: int, building: str) -> None:
    put(community, building, at(106.2648, 29.9621))
    seq = row(community, building).seq
    put(community, building, at(106.2648, 29.9621))
    assert row(community, building).seq == seq


@pytest.mark.parametrize(
    ("corners", "code"),
    [
        (SQUARE[:2], "outline_corners"),
        ([*SQUARE[:2], *SQUARE[:2]], "outline_corners"),
        ([(106 + n / 1_000, 30.0) for n in range(300)], "outline_corners"),
        ([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]], "outline_crosses"),
        ([(106.26, 29.96), (106.261, 29.96), (106.262, 29.96)], "outline_size"),
        ([(106.26, 29.96), (106.260001, 29.96), (106.260001, 29.960001)], "outline_size"),
        ([(106.0, 29.0), (107.0, 29.0), (107.0, 30.0)], "outline_size"),
        ([(0.0, 0.0), (0.001, 0.0), (0.001, 0.001)], "no_such_place"),
        ([(200.0, 29.0), (201.0, 29.0), (201.0, 30.0)], "no_such_place"),
    ],
)
def test_an_outline_that_is_none_is_refused(corners: Any, code: str) -> None:
    with pytest.raises(Problem) as caught:
        placing.drawn(corners)
    assert caught.value.code == code


@pytest.mark.parametrize("place", [(0.0, 0.0), (181.0, 20.0), (106.0, 89.0)])
def test_nobody_is_placed_off_the_map(
    community: int, building: str, place: tuple[float, float]
) -> None:
    with pytest.raises(Problem, match="no_such_place"):
        put(community, building, at(*place))


def test_a_building_of_another_community_stays_where_it_is(
    context: Flask, community: int, building: str
) -> None:
    with pytest.raises(NotFound):
        put(make_community(context, "别的社区"), building, at(106.2, 29.9))
    with pytest.raises(NotFound):
        put(community, new_id(), at(106.2, 29.9))


# -- outlines as maps get them -------------------------------------------------------------------


def corners_of(rings: list[list[int]], lat: float, lon: float) -> list[list[tuple[float, float]]]:
    found = []
    for ring in rings:
        x, y = shapes.micro(lon), shapes.micro(lat)
        corners = []
        for east, north in zip(ring[::2], ring[1::2], strict=True):
            x, y = x + east, y + north
            corners.append((x / 1e6, y / 1e6))
        found.append(corners)
    return found


def test_an_outline_travels_as_steps_from_the_middle() -> None:
    outline = placing.drawn(SQUARE).outline
    rings = shapes.rings(outline, 29.9605, 106.2605)
    assert rings == [[-500, -500, 1000, 0, 0, 1000, -1000, 0]]


def test_corners_that_nobody_sees_are_left_out() -> None:
    straight = [(106_260_000, 29_960_000), (106_260_500, 29_960_001), (106_261_000, 29_960_000)]
    far = [(106_261_000, 29_961_000), (106_260_000, 29_961_000)]
    assert shapes.thinned([*straight, *far], 29.96) == [straight[0], straight[2], *far]


@given(
    st.lists(
        st.tuples(st.integers(-2_000, 2_000), st.integers(-2_000, 2_000)),
        min_size=4, max_size=40, unique=True,
    )
)  # fmt: skip
def test_thinning_keeps_corners_of_the_shape_in_their_order(corners: list[Any]) -> None:
    kept = shapes.thinned(corners, 30.0)
    places = [corners.index(corner) for corner in kept]
    assert places == sorted(places)
    assert len(kept) >= 2


def test_courtyards_and_wings_are_rings_of_their_own() -> None:
    def ring(x: float, size: float) -> list[list[float]]:
        return [[x, 30], [x + size, 30], [x + size, 30 + size], [x, 30 + size], [x, 30]]

    whole = {"type": "MultiPolygon", "coordinates": [
        [ring(106, 0.01), ring(106.002, 0.002)], [ring(106.1, 0.01)],
    ]}  # fmt: skip
    rings = shapes.rings(whole, 30.0, 106.0)
    assert rings is not None
    assert [corners[0] for corners in corners_of(rings, 30.0, 106.0)] == [
        (106.0, 30.0), (106.002, 30.0), (106.1, 30.0),
    ]  # fmt: skip
