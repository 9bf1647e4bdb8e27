"""Readings → the database: created, updated, unchanged, and nothing by halves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tests.conftest import Clock
from tests.factories.accounts import make_community
from webapp.accounts.models import CommunitySeq
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.ids import new_id
from webapp.coverage.models import BuildingCount
from webapp.places import announce
from webapp.places.imports import engine, rows
from webapp.places.imports.engine import Outcome, Step
from webapp.places.imports.findings import gathered
from webapp.places.imports.known import KnownBuildings
from webapp.places.imports.options import Options
from webapp.places.imports.sheets import Book, Sheet
from webapp.places.imports.tables import read as read_tables
from webapp.places.models import Building, Household

HEAD = ["小区", "楼号", "单元", "房号", "楼层"]


@pytest.fixture
def community(app: Flask, clock: Clock) -> int:
    """A community without buildings."""
    return make_community(app)


def bring(app: Flask, community: int, *table: Sequence[Any], **options: Any) -> Outcome:
    run = {key: options.pop(key) for key in ("write", "on_step", "start") if key in options}
    kept = [[None if cell == "" else cell for cell in row] for row in table]
    reading = rows.read(Book([Sheet("", kept)]), Options(**options))
    return _run(app, community, reading, options, run)


def outlines(app: Flask, community: int, *features: dict[str, Any], **options: Any) -> Outcome:
    data = json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
    return _run(app, community, rows.read(read_tables(data), Options(**options)), options, {})


def _run(app: Flask, community: int, reading: Any, options: Any, run: Any) -> Outcome:
    with app.app_context():
        return engine.run(
            reading,
            community_id=community,
            now=product_clock.now(),
            generate=options.get("generate", False),
            **run,
        )


def feature(lon: Any = 106.0, **properties: Any) -> dict[str, Any]:
    ring = [[lon, 30], [lon + 0.001, 30], [lon + 0.001, 30.001], [lon, 30]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def buildings(app: Flask, community: int) -> list[Building]:
    query = select(Building).where(Building.community_id == community).order_by(Building.name)
    with app.app_context(), db.reading() as session:
        return list(session.scalars(query))


def doors(app: Flask, community: int) -> list[Household]:
    query = select(Household).where(Household.community_id == community)
    with app.app_context(), db.reading() as session:
        return sorted(session.scalars(query), key=lambda door: (door.unit_key, door.room_key))


def change(app: Flask, statement: Any) -> None:
    with app.app_context(), db.writing() as session:
        session.execute(statement)


def counts(outcome: Outcome) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    b, h = outcome.buildings, outcome.households
    return (b.created, b.updated, b.unchanged), (h.created, h.updated, h.unchanged)


def codes(outcome: Outcome) -> set[str]:
    return {finding.code for finding in outcome.notices}


LIST = (
    HEAD,
    ["甲苑", "3", "1", "101", "1"],
    ["甲苑", "3", "1", "0201", "2"],
    ["乙苑", "3", "2", "101", "1"],
)


@pytest.mark.both_engines
def test_a_list_is_imported_and_the_same_list_again_changes_nothing(
    app: Flask, community: int
) -> None:
    assert counts(bring(app, community, *LIST)) == ((2, 0, 0), (3, 0, 0))
    before = [(b.id, b.seq) for b in buildings(app, community)]
    assert counts(bring(app, community, *LIST)) == ((0, 0, 2), (0, 0, 3))
    assert [(b.id, b.seq) for b in buildings(app, community)] == before


def test_a_list_that_changes_nothing_draws_no_numbers(app: Flask, community: int) -> None:
    bring(app, community, *LIST)
    query = select(CommunitySeq.seq).where(CommunitySeq.community_id == community)
    with app.app_context(), db.reading() as session:
        before = session.scalar(query)
    bring(app, community, *LIST)
    with app.app_context(), db.reading() as session:
        assert session.scalar(query) == before


def test_a_dry_run_says_the_same_and_writes_nothing(app: Flask, community: int) -> None:
    assert counts(bring(app, community, *LIST, write=False)) == ((2, 0, 0), (3, 0, 0))
    assert buildings(app, community) == []


def test_every_changed_row_gets_a_number_of_its_own(app: Flask, community: int) -> None:
    bring(app, community, *LIST)
    numbers = [building.seq for building in buildings(app, community)]
    numbers += [door.seq for door in doors(app, community)]
    assert len(set(numbers)) == len(numbers)
    assert 0 not in numbers


def test_a_changed_list_updates_and_deletes_nothing(app: Flask, community: int) -> None:
    bring(app, community, ["楼号", "总层数", "网格"], ["3", "18", "一格"], ["4", "6", "一格"])
    outcome = bring(app, community, ["楼号", "总层数", "网格"], ["3", "20", "二格"])
    assert counts(outcome) == ((0, 1, 0), (0, 0, 0))
    found = {b.name: (b.floors, b.grid) for b in buildings(app, community)}
    assert found == {"3号楼": (20, "二格"), "4号楼": (6, "一格")}


def test_a_door_added_in_the_field_is_adopted(app: Flask, community: int) -> None:
    bring(app, community, *LIST)
    door = doors(app, community)[0]
    change(app, update(Household).where(Household.id == door.id).values(listed=False))
    assert counts(bring(app, community, *LIST))[1] == (0, 1, 2)
    assert all(door.listed for door in doors(app, community))


def test_a_renamed_door_is_known_by_its_lists_key(app: Flask, community: int) -> None:
    bring(app, community, *LIST)
    door = doors(app, community)[0]
    renamed = {"room": "1A", "room_key": "1A", "source_key": "1|101"}
    change(app, update(Household).where(Household.id == door.id).values(**renamed))
    assert counts(bring(app, community, *LIST))[1] == (0, 0, 3)


def test_a_retired_door_stays_retired_and_the_notice_says_so(app: Flask, community: int) -> None:
    bring(app, community, *LIST)
    door = doors(app, community)[0]
    change(app, update(Household).where(Household.id == door.id).values(retired_at=1))
    outcome = bring(app, community, *LIST)
    assert counts(outcome)[1] == (0, 0, 3)
    assert "doors_retired" in codes(outcome)
    assert doors(app, community)[0].retired_at == 1


def test_a_door_retired_for_want_of_a_list_is_back_when_a_list_has_it(
    app: Flask, community: int
) -> None:
    bring(app, community, *LIST)
    door = doors(app, community)[0]
    values = {"retired_at": 1, "listed": False}
    change(app, update(Household).where(Household.id == door.id).values(**values))
    assert "door_back" in codes(bring(app, community, *LIST))
    assert doors(app, community)[0].retired_at is None


def test_a_renamed_building_keeps_its_name(app: Flask, community: int) -> None:
    bring(app, community, *LIST)
    renamed = buildings(app, community)[0]
    change(app, update(Building).where(Building.id == renamed.id).values(name="红楼"))
    assert counts(bring(app, community, *LIST))[0] == (0, 0, 2)
    assert "红楼" in {b.name for b in buildings(app, community)}


def test_a_number_alone_leads_only_to_the_one_building_that_has_it(
    app: Flask, community: int
) -> None:
    bring(app, community, ["小区", "楼号"], ["甲苑", "3"], ["甲苑", "5"], ["乙苑", "5"])
    outcome = bring(app, community, ["楼号", "房号"], ["3", "101"], ["5", "101"], ["5", "102"])
    assert counts(outcome) == ((0, 0, 1), (1, 0, 0))
    assert "taken_by_number" in codes(outcome)
    found = [(finding.code, finding.row) for finding in outcome.problems]
    assert found == [("which_compound", 3), ("which_compound", 4)]


def test_a_missing_unit_is_that_of_a_building_with_one(app: Flask, community: int) -> None:
    bring(app, community, ["楼号", "单元", "房号"], ["3", "1", "101"])
    outcome = bring(app, community, ["楼号", "房号"], ["3", "101"], ["3", "102"])
    assert counts(outcome)[1] == (1, 0, 1)
    assert {door.unit for door in doors(app, community)} == {"1"}


def test_a_missing_unit_is_a_problem_for_a_building_with_several(
    app: Flask, community: int
) -> None:
    bring(app, community, ["楼号", "单元", "房号"], ["3", "1", "101"], ["3", "2", "101"])
    outcome = bring(app, community, ["楼号", "房号"], ["3", "102"])
    assert [(f.code, f.row, f.column) for f in outcome.problems] == [("no_unit", 2, "房号")]


# -- outlines ----------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_unnamed_outlines_get_labels_and_are_known_by_their_own_ids(
    app: Flask, community: int
) -> None:
    features = [feature(106 + n / 100, id=n + 1, community="甲苑") for n in range(3)]
    outcome = outlines(app, community, *features)
    assert counts(outcome)[0] == (3, 0, 0)
    found = buildings(app, community)
    assert all(b.provisional and b.outline for b in found)
    assert len({b.name for b in found}) == 3
    assert gathered(outcome.notices)[0].params["count"] == 3
    assert counts(outlines(app, community, *reversed(features)))[0] == (0, 0, 3)


def test_an_outline_that_somebody_named_keeps_its_name(app: Flask, community: int) -> None:
    outlines(app, community, feature(id=7))
    named = {"name": "3号楼", "provisional": False}
    change(app, update(Building).where(Building.community_id == community).values(**named))
    assert counts(outlines(app, community, feature(id=7)))[0] == (0, 0, 1)
    assert [b.name for b in buildings(app, community)] == ["3号楼"]


def test_a_source_that_learns_a_name_gives_it(app: Flask, community: int) -> None:
    outlines(app, community, feature(id=7, community="甲苑"))
    outlines(app, community, feature(id=7, community="甲苑", name="3号楼"))
    found = buildings(app, community)[0]
    assert (found.name, found.provisional, found.key) == ("3号楼", False, "甲苑|3")


def test_an_outline_joins_the_building_of_a_list(app: Flask, community: int) -> None:
    bring(app, community, ["小区", "楼号", "总层数"], ["甲苑", "3", "18"])
    tags: dict[str, Any] = {"id": 7, "community": "甲苑", "name": "3号楼", "levels": 15.8}
    assert counts(outlines(app, community, feature(**tags)))[0] == (0, 1, 0)
    found = buildings(app, community)
    assert (len(found), found[0].floors, found[0].outline is not None) == (1, 18, True)
    assert counts(outlines(app, community, feature(**tags)))[0] == (0, 0, 1)


def test_two_outlines_with_the_same_number_are_two_buildings(app: Flask, community: int) -> None:
    twins = feature(106.0, id=1, name="3号楼"), feature(106.1, id=2, name="3号楼")
    assert counts(outlines(app, community, *twins))[0] == (2, 0, 0)
    assert counts(outlines(app, community, *twins))[0] == (0, 0, 2)


def test_the_same_small_id_far_away_is_another_building(app: Flask, community: int) -> None:
    outlines(app, community, feature(106.0, id=1, community="甲苑"))
    assert counts(outlines(app, community, feature(107.0, id=1, community="乙苑")))[0] == (1, 0, 0)


# -- generated doors ---------------------------------------------------------------------------

TOTALS = ["blk_no", "street", "max_floor_lvl", "total_dwelling_units"]


def test_doors_are_made_from_floors_and_totals(app: Flask, community: int) -> None:
    table = TOTALS, ["1", "BEACH RD", "16", "142"], ["2", "BEACH RD", "1", "0"]
    outcome = bring(app, community, *table, generate=True)
    assert counts(outcome) == ((2, 0, 0), (142, 0, 0))
    assert {door.floor for door in doors(app, community)} == set(range(1, 17))
    again = bring(app, community, *table, generate=True)
    assert counts(again) == ((0, 0, 2), (0, 0, 142))


def test_a_larger_total_adds_doors_and_a_smaller_one_deletes_none(
    app: Flask, community: int
) -> None:
    bring(app, community, TOTALS, ["1", "A ST", "4", "10"], generate=True)
    more = bring(app, community, TOTALS, ["1", "A ST", "4", "11"], generate=True)
    assert counts(more)[1] == (1, 0, 10)
    fewer = bring(app, community, TOTALS, ["1", "A ST", "4", "8"], generate=True)
    assert (counts(fewer)[1][0], "more_doors" in codes(fewer)) == (0, True)
    assert len(doors(app, community)) == 11


def test_without_a_total_nothing_is_made_up(app: Flask, community: int) -> None:
    outcome = bring(app, community, ["楼号", "总层数"], ["3", "18"], generate=True)
    assert counts(outcome) == ((1, 0, 0), (0, 0, 0))
    assert "not_generated" in codes(outcome)


def test_rooms_per_floor_make_doors_in_every_unit(app: Flask, community: int) -> None:
    head = ["楼号", "单元数", "总层数", "每层户数"]
    assert counts(bring(app, community, head, ["3", "2", "6", "2"], generate=True))[1] == (24, 0, 0)


# -- transactions ------------------------------------------------------------------------------


def many(count: int) -> list[list[Any]]:
    return [["blk_no", "street", "max_floor_lvl", "total_dwelling_units"]] + [
        [str(n), "A ST", "10", "40"] for n in range(1, count + 1)
    ]


class Crash(Exception):
    """The machine goes down."""


def test_a_crash_leaves_whole_buildings_and_running_again_finishes(
    app: Flask, community: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "FIRST_DOORS", 100)
    monkeypatch.setattr(engine, "MOST_DOORS", 100)

    def crash(_session: Session, step: Step) -> None:
        if step.at > 10:
            raise Crash

    with pytest.raises(Crash):
        bring(app, community, *many(30), generate=True, on_step=crash)
    per_building = select(func.count()).select_from(Household).group_by(Household.building_id)
    with app.app_context(), db.reading() as session:
        sizes = session.scalars(per_building).all()
    assert 0 < len(sizes) == len(buildings(app, community)) < 30
    assert set(sizes) == {40}
    outcome = bring(app, community, *many(30), generate=True)
    assert outcome.buildings.created + outcome.buildings.unchanged == 30
    assert len(doors(app, community)) == 1_200


def test_the_counters_of_coverage_follow_in_the_same_transactions(
    app: Flask, community: int
) -> None:
    bring(app, community, *many(3), generate=True)
    query = select(func.sum(BuildingCount.households)).where(
        BuildingCount.community_id == community
    )
    with app.app_context(), db.reading() as session:
        assert session.scalar(query) == 120


def test_listeners_hear_of_every_new_door_once(
    app: Flask, community: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[announce.DoorEvent] = []
    monkeypatch.setattr(announce, "_listeners", [lambda _change, events: heard.extend(events)])
    bring(app, community, *LIST)
    bring(app, community, *LIST)
    assert [(event.was, event.now) for event in heard] == [(None, "live")] * 3


def test_a_building_made_in_the_meantime_is_adopted(
    app: Flask, community: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = KnownBuildings.__init__

    def then_another(self: Any, session: Any, community_id: int) -> None:
        original(self, session, community_id)
        monkeypatch.setattr(KnownBuildings, "__init__", original)
        bring(app, community, ["小区", "楼号"], ["甲苑", "3"])

    monkeypatch.setattr(KnownBuildings, "__init__", then_another)
    assert counts(bring(app, community, *LIST)) == ((1, 1, 0), (3, 0, 0))


def test_practice_buildings_belong_to_no_list(app: Flask, community: int) -> None:
    row = Building(
        community_id=community, id=new_id(), key="practice", name="3号楼", compound="甲苑",
        practice=True, created_at=1,
    )  # fmt: skip
    with app.app_context(), db.writing() as session:
        session.add(row)
    assert counts(bring(app, community, *LIST))[0] == (2, 0, 0)
