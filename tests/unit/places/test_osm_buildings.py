"""Shapes and tags of OpenStreetMap → buildings with units, floors, names and estates."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.osm import Drawn, place
from webapp.places.imports import outlines, rows, tables
from webapp.places.imports.options import Options
from webapp.places.imports.osm.rings import joined
from webapp.places.imports.records import BuildingRecord, Reading


def read(drawn: Drawn) -> Reading:
    return rows.read(tables.read(drawn.overpass()), Options())


def only(drawn: Drawn) -> BuildingRecord:
    (building,) = read(drawn).buildings
    return building


def codes(reading: Reading) -> dict[str, int]:
    return {f.code: f.params.get("count", 1) for f in reading.notices}


def rings(building: BuildingRecord) -> list[int]:
    assert building.outline is not None
    return [len(polygon) for polygon in outlines.polygons(building.outline)]


# -- outlines ------------------------------------------------------------------------------------


def test_a_multipolygon_may_be_drawn_in_pieces_of_any_direction() -> None:
    drawn = Drawn()
    one = drawn.way((0, 0), (4, 0), (4, 4))
    two = drawn.way((0, 0), (0, 4), (4, 4))
    hole = drawn.square(1, 1)
    drawn.relation((two, "outer"), (hole, "inner"), (one, ""), building="yes", name="回字楼")
    building = only(drawn)
    assert rings(building) == [2]
    assert (building.lon, building.lat) == pytest.approx(place((2, 2)))


def test_two_wings_are_one_building_and_each_keeps_its_courtyard() -> None:
    drawn = Drawn()
    members = [(drawn.square(x, 0, 4), "outer") for x in (0, 10)]
    members += [(drawn.square(x + 1, 1), "inner") for x in (0, 10)]
    random.Random(3).shuffle(members)
    drawn.relation(*members, building="yes", name="双子楼")
    assert rings(only(drawn)) == [2, 2]


def test_an_outer_way_tagged_as_the_same_building_is_not_a_second_one() -> None:
    drawn = Drawn()
    outer = drawn.square(0, 0, 4, building="yes", addr__housenumber="7")
    drawn.relation((outer, "outer"), (drawn.square(1, 1), "inner"), building="yes", name="七号楼")
    building = only(drawn)
    assert (building.source_id, building.number) == ("relation/500", "7")


def test_buildings_gathered_in_a_relation_stay_buildings() -> None:
    drawn = Drawn()
    ways = [drawn.square(3 * n, 0, building="yes", name=f"{n}号楼") for n in (1, 2, 3)]
    drawn.relation(*[(way, "outer") for way in ways], building="yes", name="三栋")
    assert [b.name for b in read(drawn).buildings] == ["1号楼", "2号楼", "3号楼"]


def test_an_outline_cut_off_at_the_edge_is_placed_roughly_and_said() -> None:
    drawn = Drawn()
    way = drawn.square(0, 0, building="yes", name="边上的楼")
    gone = drawn.ways[way][0][2]
    del drawn.nodes[gone]
    reading = read(drawn)
    assert reading.buildings[0].outline is None
    assert reading.buildings[0].lat == pytest.approx(place((0, 1 / 3))[1], abs=1e-6)
    assert codes(reading)["map_outline_cut"] == 1
    assert not reading.problems


def test_a_building_of_which_nothing_is_there_needs_a_name() -> None:
    drawn = Drawn()
    drawn.square(9, 9, building="yes", name="在的楼")
    for tags in ({"name": "远处的楼"}, {}):
        drawn.relation((99, "outer"), building="yes", **tags)
    reading = read(drawn)
    assert [(b.name, b.lat is not None) for b in reading.buildings] == [
        ("远处的楼", False),
        ("在的楼", True),
    ]
    assert [f.code for f in reading.problems] == ["no_shape"]


def test_points_among_outlines_are_left_out_with_their_names() -> None:
    drawn = Drawn()
    drawn.square(0, 0, building="yes", name="体育馆")
    drawn.node(0.5, 0.5, building="yes", name="游泳馆")
    reading = read(drawn)
    assert [b.name for b in reading.buildings] == ["体育馆"]
    (notice,) = [f for f in reading.notices if f.code == "map_points"]
    assert notice.params == {"count": 1, "names": "游泳馆"}


def test_where_there_are_only_points_they_are_the_buildings() -> None:
    drawn = Drawn()
    for n in (1, 2):
        drawn.node(n, n, building="house", addr__housenumber=str(n), addr__street="Pohjoiskatu")
    assert [b.name for b in read(drawn).buildings] == ["1 Pohjoiskatu", "2 Pohjoiskatu"]


@given(st.randoms(use_true_random=False), st.integers(3, 9))
def test_pieces_join_to_the_same_ring_in_any_order(chance: random.Random, corners: int) -> None:
    ring = [*range(corners), 0]
    cuts = sorted(chance.sample(range(1, corners), chance.randint(0, corners - 1)))
    pieces = [
        ring[a : b + 1] for a, b in zip([0, *cuts], [*cuts, corners], strict=True)
    ]  # fmt: skip
    pieces = [piece[:: chance.choice((1, -1))] for piece in pieces]
    chance.shuffle(pieces)
    found = joined(pieces)
    assert found is not None
    assert [sorted(set(r)) for r in found] == [list(range(corners))]
    assert joined(pieces[1:]) is None or len(pieces) == 1


# -- units, floors, names ------------------------------------------------------------------------


def test_entrances_on_the_outline_are_units() -> None:
    drawn = Drawn()
    drawn.square(0, 0, building="apartments", name="3号楼")
    for corner in ((0, 0), (1, 0), (1, 1)):
        drawn.node(*corner, entrance="yes")
    drawn.node(5, 5, entrance="yes")
    building = only(drawn)
    assert (building.units, building.unit_names) == (3, {})


def test_entrances_that_lead_to_no_doors_are_no_units() -> None:
    drawn = Drawn()
    drawn.square(0, 0, building="apartments", name="3号楼")
    for corner, kind in (((0, 0), "staircase"), ((1, 0), "main"), ((1, 1), "garage")):
        drawn.node(*corner, entrance=kind)
    assert only(drawn).units == 1


def test_units_are_called_as_their_entrances_are() -> None:
    drawn = Drawn()
    drawn.square(0, 0, building="apartments", name="3号楼")
    drawn.node(0, 0, entrance="staircase", ref="A")
    drawn.node(1, 0, entrance="staircase", name="B单元")
    building = only(drawn)
    assert (building.units, list(building.unit_names)) == (2, ["A", "B"])


def test_entrances_of_a_multipolygon_count_too() -> None:
    drawn = Drawn()
    outer, inner = drawn.square(0, 0, 4), drawn.square(1, 1)
    drawn.node(0, 0, entrance="yes")
    drawn.node(1, 1, entrance="yes")
    drawn.relation((outer, "outer"), (inner, "inner"), building="yes", name="回字楼")
    assert only(drawn).units == 2


@pytest.mark.parametrize(
    ("levels", "floors"), [("6", 6), ("6.5", 7), ("5;6", None), ("many", None), ("900", None)]
)
def test_floors_are_taken_where_they_are_a_number(levels: str, floors: int | None) -> None:
    drawn = Drawn()
    drawn.square(0, 0, building="yes", name="3号楼", building__levels=levels)
    reading = read(drawn)
    assert reading.buildings[0].floors == floors
    assert not reading.problems


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        ({"name": "FIT楼", "name__en": "FIT"}, "FIT楼"),
        ({"name": "Future Internet", "name__zh": "FIT楼"}, "FIT楼"),
        ({"name": "Library", "name__zh_Hant": "圖書館", "name__zh_Hans": "图书馆"}, "图书馆"),
        ({"name": "Library"}, "Library"),
        ({"addr__housenumber": "3号楼"}, "3号楼"),
        ({"addr__housenumber": "12", "addr__street": "双清路"}, "双清路12号"),
    ],
)
def test_a_building_is_called_as_people_there_read_it(tags: dict[str, str], name: str) -> None:
    drawn = Drawn()
    drawn.square(0, 0, 1, building="yes", **tags)
    assert only(drawn).name == name


def test_a_building_belongs_to_the_named_estate_around_it() -> None:
    drawn = Drawn()
    drawn.square(0, 0, 10, landuse="residential", name="金色年华小区")
    drawn.square(4, 4, 4, landuse="residential", name="里面的院子")
    drawn.square(-9, -9, 40, landuse="residential")
    for n, corner in enumerate([(1.0, 1.0), (5.0, 5.0), (20.0, 20.0)], start=1):
        drawn.square(*corner, building="yes", name=f"{n}号楼")
    assert [(b.name, b.compound) for b in read(drawn).buildings] == [
        ("1号楼", "金色年华小区"),
        ("2号楼", "里面的院子"),
        ("3号楼", ""),
    ]
    assert read(drawn).buildings[0].key == "金色年华|1"
