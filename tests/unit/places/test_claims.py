"""Where sources differ: kept beside, shown, decided by a person, and never asked again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.accounts import make_community
from tests.factories.osm import Drawn
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.errors import NotFound
from webapp.places import claims
from webapp.places.imports import engine, rows, tables
from webapp.places.imports.engine import Outcome
from webapp.places.imports.findings import gathered, sentence
from webapp.places.imports.options import Options
from webapp.places.imports.sheets import Book, Sheet
from webapp.places.models import Building, BuildingClaim

HEAD = ["小区", "楼号", "总层数", "单元数", "纬度", "经度"]


@pytest.fixture
def community(context: Flask, clock: Clock) -> int:
    """A community without buildings."""
    return make_community(context)


def a_list(community: int, *lines: Sequence[Any], write: bool = True) -> Outcome:
    padded = [[*line, *[None] * (len(HEAD) - len(line))] for line in lines]
    return bring(community, Book([Sheet("", [list(HEAD), *padded])]), write=write)


def a_map(community: int, x: float = 0, **tags: str) -> Outcome:
    drawn = Drawn()
    drawn.square(x - 5, -5, 10, landuse="residential", name="甲苑")
    drawn.square(x, 0, 1, building="apartments", name="3号楼", **tags)
    return bring(community, tables.read(drawn.overpass()))


def a_drawing(community: int, **properties: Any) -> Outcome:
    """GeoJSON of the same building, by another hand."""
    ring = [[116.35, 39.96], [116.351, 39.96], [116.351, 39.961], [116.35, 39.96]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    properties |= {"小区": "甲苑", "楼号": "3"}
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    return bring(community, tables.read(json.dumps(feature).encode()))


def bring(community: int, book: Book, *, write: bool = True) -> Outcome:
    reading = rows.read(book, Options())
    return engine.run(reading, community_id=community, now=product_clock.now(), write=write)


def building(community: int) -> Building:
    with db.reading() as session:
        return session.scalars(select(Building).where(Building.community_id == community)).one()


def claimed(community: int) -> list[tuple[str, str, Any, bool]]:
    with db.reading() as session:
        found = session.scalars(select(BuildingClaim).order_by(BuildingClaim.said_at))
        return [(c.field, c.source, c.value, c.settled_at is not None) for c in found]


def settle(community: int, *, take: bool) -> None:
    with db.reading() as session:
        open_ = BuildingClaim.settled_at.is_(None)
        claim_id = session.scalars(select(BuildingClaim.id).where(open_)).one()
    with db.writing() as session:
        claims.settle(session, community, claim_id, take=take, who=None, now=product_clock.now())


def said(outcome: Outcome) -> dict[str, str]:
    return {f.code: sentence(f) for f in gathered(outcome.notices) if "conflict" in f.code}


@pytest.mark.both_engines
def test_floors_that_differ_are_shown_and_nothing_is_changed(community: int) -> None:
    a_list(community, ["甲苑", "3", 18])
    outcome = a_map(community, building__levels="15")
    assert building(community).floors == 18
    assert claimed(community) == [("floors", "osm", 15, False)]
    text = said(outcome)["conflict_floors"]
    assert "3号楼" in text
    assert "18" in text
    assert "15" in text
    assert not outcome.problems


def test_the_order_of_imports_decides_what_stands_not_what_is_right(community: int) -> None:
    a_map(community, building__levels="15")
    a_list(community, ["甲苑", "3", 18])
    assert building(community).floors == 15
    assert claimed(community) == [("floors", "list", 18, False)]


def test_importing_again_changes_nothing_and_says_it_again(community: int) -> None:
    a_list(community, ["甲苑", "3", 18])
    a_map(community, building__levels="15")
    seq = building(community).seq
    for _again in range(2):
        assert said(a_list(community, ["甲苑", "3", 18])) == {}
        outcome = a_map(community, building__levels="15")
        assert "conflict_floors" in said(outcome)
        assert (outcome.buildings.updated, outcome.buildings.unchanged) == (0, 1)
    assert building(community).seq == seq
    assert len(claimed(community)) == 1


def test_a_dry_run_shows_the_difference_and_keeps_nothing(community: int) -> None:
    a_map(community, building__levels="15")
    outcome = a_list(community, ["甲苑", "3", 18], write=False)
    assert "conflict_floors" in said(outcome)
    assert claimed(community) == []


def test_a_source_may_correct_itself(community: int) -> None:
    a_list(community, ["甲苑", "3", 18])
    outcome = a_list(community, ["甲苑", "3", 17])
    assert building(community).floors == 17
    assert outcome.buildings.updated == 1
    assert claimed(community) == []


def test_a_value_that_only_one_source_has_is_that_sources(community: int) -> None:
    a_list(community, ["甲苑", "3"])
    a_map(community, building__levels="15")
    assert building(community).floors == 15
    assert building(community).origins == {"floors": "osm", "location": "osm"}
    a_list(community, ["甲苑", "3", 18])
    assert building(community).floors == 15
    a_map(community, building__levels="16")
    assert building(community).floors == 16


def test_a_source_that_comes_round_withdraws_its_claim(community: int) -> None:
    a_list(community, ["甲苑", "3", 18])
    a_map(community, building__levels="15")
    assert said(a_map(community, building__levels="18")) == {}
    assert claimed(community) == []


def test_each_source_has_one_word_its_last(community: int) -> None:
    a_list(community, ["甲苑", "3", 18])
    a_map(community, building__levels="15")
    a_drawing(community, levels=16)
    a_map(community, building__levels="14")
    assert sorted(claimed(community)) == [
        ("floors", "geojson", 16, False),
        ("floors", "osm", 14, False),
    ]


@pytest.mark.both_engines
@pytest.mark.parametrize(("take", "floors"), [(True, 15), (False, 18)])
def test_what_a_person_decided_holds_against_both_lists(
    community: int, take: bool, floors: int
) -> None:
    a_list(community, ["甲苑", "3", 18])
    a_map(community, building__levels="15")
    before = building(community).seq
    settle(community, take=take)
    assert building(community).floors == floors
    assert building(community).seq > before
    for _again in range(2):
        assert said(a_list(community, ["甲苑", "3", 18])) == {}
        assert said(a_map(community, building__levels="15")) == {}
    assert building(community).floors == floors
    assert all(settled for *_claim, settled in claimed(community))


def test_something_new_is_asked_again_after_a_decision(community: int) -> None:
    a_list(community, ["甲苑", "3", 18])
    a_map(community, building__levels="15")
    settle(community, take=False)
    assert "conflict_floors" in said(a_list(community, ["甲苑", "3", 20]))
    assert building(community).floors == 18


def test_units_differ_like_floors(community: int) -> None:
    a_list(community, ["甲苑", "3", None, 4])
    assert "conflict_units" in said(a_map(community, building__units="3"))
    assert building(community).units == 4


def test_an_outline_near_the_point_of_a_list_is_taken(community: int) -> None:
    a_list(community, ["甲苑", "3", None, None, 39.9601, 116.3501])
    assert said(a_map(community)) == {}
    assert building(community).outline is not None
    assert building(community).lat == pytest.approx(39.9605, abs=1e-5)


def test_an_outline_far_from_where_the_building_is_moves_nothing(community: int) -> None:
    a_list(community, ["甲苑", "3", None, None, 39.9605, 116.3505])
    outcome = a_map(community, x=20)
    assert building(community).outline is None
    assert building(community).lat == 39.9605
    ((field, source, value, settled),) = claimed(community)
    assert (field, source, settled) == ("location", "osm", False)
    assert value["outline"]["type"] == "Polygon"
    assert "1" in said(outcome)["conflict_location"]
    settle(community, take=True)
    assert building(community).outline == value["outline"]
    assert building(community).lon == value["lon"]
    assert said(a_list(community, ["甲苑", "3", None, None, 39.9605, 116.3505])) == {}
    assert building(community).outline == value["outline"]


def test_a_second_outline_of_the_same_place_replaces_no_first(community: int) -> None:
    a_map(community)
    first = building(community).outline
    assert a_drawing(community).buildings.updated == 0
    assert building(community).outline == first


def test_a_decision_on_what_is_gone_is_told(community: int) -> None:
    with pytest.raises(NotFound), db.writing() as session:
        claims.settle(session, community, "019ac1f2-7a30-7c11-9d3e-0a5b8c2f4e61",
                      take=True, who=None, now=0)  # fmt: skip


def test_whose_data_it_is_stays_beside_the_building(community: int) -> None:
    a_list(community, ["甲苑", "3", 18])
    assert building(community).attribution == ""
    a_map(community)
    assert building(community).attribution == "© OpenStreetMap contributors, ODbL 1.0"
    a_list(community, ["甲苑", "3", 17])
    assert building(community).attribution == "© OpenStreetMap contributors, ODbL 1.0"


def test_data_that_was_not_taken_is_not_attributed(community: int) -> None:
    a_list(community, ["甲苑", "3", 18, None, 39.9605, 116.3505])
    a_map(community, x=20, building__levels="15")
    assert building(community).attribution == ""


def test_a_file_may_say_whose_it_is(community: int) -> None:
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [116, 39]}}
    feature |= {"properties": {"小区": "甲苑", "楼号": "3"}}
    document = {"type": "FeatureCollection", "features": [feature]}
    document |= {"attribution": "合川区测绘\n地理信息中心", "license": "CC BY 4.0"}
    bring(community, tables.read(json.dumps(document).encode()))
    assert building(community).attribution == "合川区测绘 地理信息中心; CC BY 4.0"
