"""The files that people really have: each imported correctly, or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.factories.accounts import make_community
from webapp.core import db
from webapp.places.imports import engine, gazetteer, rows, tables
from webapp.places.imports.findings import Unreadable, gathered, sentence
from webapp.places.imports.options import Options
from webapp.places.imports.planning import size
from webapp.places.imports.records import Reading
from webapp.places.models import Building

MESSY = (
    "messy_fr_merged-cells.xlsx",
    "messy_fr_multiline-headers.xlsx",
    "messy_fr_skip-rows.xlsx",
    "messy_mt_mixedGLB.csv",
    "messy_mt_span_rich.xls",
    "messy_mt_utf-16le_encoded.csv",
    "messy_mt_weird_head_padding.csv",
)


def real(data_dir: Path, name: str) -> bytes:
    path = data_dir / name
    if not path.is_file():
        pytest.skip(f"{name} is not there")
    return path.read_bytes()


def read(data_dir: Path, name: str, **options: object) -> Reading:
    return rows.read(tables.read(real(data_dir, name)), Options(**options))  # type: ignore[arg-type]  # options by name


@pytest.mark.parametrize("name", MESSY)
def test_messy_files_are_refused_with_a_sentence_that_names_what_was_seen(
    data_dir: Path, context: Flask, name: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data_dir, name)
    text = sentence(caught.value.finding)
    assert caught.value.finding.code == "no_columns"
    assert caught.value.finding.params["found"] in text
    assert "import." not in text


@pytest.mark.parametrize(
    ("name", "column", "buildings"),
    [
        ("messy_mt_utf-16le_encoded.csv", "Organisation_code", 260),
        ("messy_mt_mixedGLB.csv", "Year", 133),
        ("messy_fr_multiline-headers.xlsx", "Region", 1),
        ("messy_fr_skip-rows.xlsx", "A", 1),
        ("messy_mt_span_rich.xls", "I", 5),
    ],
)
def test_messy_files_are_read_when_somebody_says_where_the_building_is(
    data_dir: Path, name: str, column: str, buildings: int
) -> None:
    reading = read(data_dir, name, mapping=(("building", column),))
    assert len(reading.buildings) >= buildings


def test_kunming_has_140_outlines_in_16_compounds_of_which_132_wait_for_a_name(
    data_dir: Path,
) -> None:
    reading = read(data_dir, "osm_kunming_jinjianglu_buildings.geojson")
    assert len(reading.buildings) == 140
    assert len({b.compound for b in reading.buildings}) == 16
    assert sum(b.provisional for b in reading.buildings) == 132
    assert not reading.problems
    said = {f.code: f.params.get("count") for f in gathered(reading.notices)}
    assert said["floors_rounded"] == 134
    assert all(b.outline and b.lat and 25.0 < b.lat < 25.2 for b in reading.buildings)


def test_the_list_of_singapore_has_every_block_and_every_dwelling(data_dir: Path) -> None:
    reading = read(data_dir, "hdb_property_info_A.csv", generate=True)
    assert len({b.key for b in reading.buildings}) == 6_387
    assert sum(b.dwellings or 0 for b in reading.buildings) == 590_530
    assert not reading.problems
    first = reading.buildings[0]
    assert (first.name, first.floors, size(first, generate=True)) == ("1 BEACH RD", 16, 142)


def test_outlines_of_sengkang_join_the_blocks_of_the_list(data_dir: Path) -> None:
    listed = {b.key for b in read(data_dir, "hdb_property_info_A.csv").buildings}
    drawn = [b.key for b in read(data_dir, "osm_sengkang_hdb_buildings.geojson").buildings]
    assert len(drawn) == 114
    assert sum(key in listed for key in drawn) == 67


def test_a_property_managers_workbook_gives_buildings_units_and_rooms(data_dir: Path) -> None:
    reading = read(data_dir, "xlsx_property_template_hc.xlsx")
    assert len(reading.buildings) == 13
    assert {b.floors for b in reading.buildings} == {33}
    assert all(list(b.unit_names) == ["1", "2"] for b in reading.buildings)
    assert [d.room for d in reading.buildings[0].doors.values()] == [
        "1011", "1012", "1013", "1014", "1021", "1022", "1023", "1024",
    ]  # fmt: skip
    assert not reading.problems
    assert "sheets_unused" in {f.code for f in reading.notices}


def test_a_single_sheet_of_a_workbook_can_be_chosen(data_dir: Path) -> None:
    reading = read(data_dir, "xlsx_property_template_hc.xlsx", sheet="楼栋单元")
    assert (len(reading.buildings), reading.doors) == (13, 0)


def test_a_flat_list_of_rooms_leaves_people_out(data_dir: Path) -> None:
    reading = read(data_dir, "xlsx_property_import_room.xlsx", wants="households")
    assert [(b.name, list(b.doors)) for b in reading.buildings] == [("1号楼", [("1", "1001")])]
    said = {f.code: f.params["columns"] for f in reading.notices if "columns" in f.params}
    assert said["columns_personal"] == "业主名称, 性别, 手机号, 身份证号, 业主类型"
    assert said["columns_state"] == "房屋状态"


def test_dormitories_are_named_after_their_outlines(data_dir: Path) -> None:
    reading = read(data_dir, "osm_tsinghua_dorms.geojson")
    assert len(reading.buildings) == 73
    assert not any(b.provisional for b in reading.buildings)
    by_name = {b.name: b for b in reading.buildings}
    assert by_name["紫荆学生公寓1号楼"].key == "紫荆学生公寓|1"
    assert by_name["紫荆学生公寓1号楼"].floors == 7


def test_free_addresses_give_what_can_be_read_and_say_what_cannot(data_dir: Path) -> None:
    reading = read(data_dir, "cn_addresses_unlabelled_A.csv")
    assert len(reading.buildings) > 1_300
    assert {f.code for f in reading.problems} <= {"no_building", "no_unit"}
    assert all(f.row for f in reading.problems)


def test_hong_kongs_addresses_are_placed(data_dir: Path) -> None:
    reading = read(data_dir, "hk_ogcio_addresses.csv")
    assert not reading.problems
    assert all(b.lat and b.lon for b in reading.buildings)


def test_points_that_are_no_buildings_are_problems_by_row(data_dir: Path) -> None:
    reading = read(data_dir, "osm_kunming_jinjianglu_communities.geojson")
    assert [f.row for f in reading.problems] == list(range(1, 17))


TRIPLE = ("osm_triple_map.osm", "osm_triple_map.overpass.json", "osm_triple_map.expected.geojson")


def test_the_same_map_in_three_formats_is_the_same(data_dir: Path) -> None:
    xml, overpass, expected = (
        {b.source_id: (b.key, b.name, b.address, b.floors, b.outline, b.lat, b.lon)
         for b in read(data_dir, name).buildings}
        for name in TRIPLE
    )  # fmt: skip
    assert len(expected) == 4
    assert xml == overpass == expected
    kinds = {source_id: said[4]["type"] for source_id, said in xml.items()}
    assert kinds["relation/1562147"] == "Polygon"


def test_beijings_university_has_its_buildings_names_and_stairwells(data_dir: Path) -> None:
    reading = read(data_dir, "osm_bupt_beijing.osm")
    assert len(reading.buildings) == 111
    assert sum(not b.provisional for b in reading.buildings) == 78
    # the 2 multipolygons have entrances, too; 103 entrances are drawn, 11 of them on no building
    assert sum(b.units or 0 for b in reading.buildings) == 92
    with_entrances = [b for b in reading.buildings if b.units]
    assert len(with_entrances) == 62
    assert len({b.name for b in with_entrances if b.source_id and "way" in b.source_id}) == 56
    assert [b.name for b in reading.buildings].count("7号楼") == 2
    assert [f.params["count"] for f in reading.notices if f.code == "map_points"] == [3]
    assert not reading.problems


def test_tsinghuas_raw_answer_has_its_buildings_and_courtyards(data_dir: Path) -> None:
    reading = read(data_dir, "osm_tsinghua_overpass_buildings.json")
    assert len(reading.buildings) == 626
    assert sum(not b.provisional for b in reading.buildings) == 386
    assert sum(b.floors is not None for b in reading.buildings) == 46
    by_id = {b.source_id: b for b in reading.buildings}
    assert by_id["relation/15536989"].name == "FIT楼（信息科学技术大楼）"
    outline = by_id["relation/18997426"].outline
    assert outline is not None
    assert len(outline["coordinates"]) == 7  # six courtyards
    assert not reading.problems


def test_a_small_map_has_a_building_of_which_only_the_name_is_in_it(data_dir: Path) -> None:
    reading = read(data_dir, "osm_osmnx_small.osm")
    assert len(reading.buildings) == 34
    assert sum(not b.provisional for b in reading.buildings) == 17
    assert sum(b.floors is not None for b in reading.buildings) == 11
    assert [b.name for b in reading.buildings if b.lat is None] == ["75 Mauerstraße"]


def test_two_thousand_outlines_of_finland_are_read(data_dir: Path) -> None:
    reading = read(data_dir, "osm_pyrosm_test_finland.osm.pbf")
    assert len(reading.buildings) == 2_219
    assert all(b.lat and b.lon for b in reading.buildings)
    said = {f.code: f.params["count"] for f in gathered(reading.notices)}
    assert said["map_outline_cut"] == 48
    assert not reading.problems


@pytest.mark.parametrize(
    ("first", "then", "doubles"),
    [
        (TRIPLE[0], TRIPLE[1], 4),
        (TRIPLE[1], TRIPLE[2], 4),
        (TRIPLE[2], TRIPLE[0], 4),
        ("osm_tsinghua_overpass_buildings.json", "osm_tsinghua_dorms.geojson", 73),
        ("osm_tsinghua_dorms.geojson", "osm_tsinghua_overpass_buildings.json", 73),
        ("osm_bupt_beijing.osm", "osm_bupt_beijing.osm", 111),
        ("osm_pyrosm_test_finland.osm.pbf", "osm_pyrosm_test_finland.osm.pbf", 2_219),
    ],
)
def test_a_second_import_of_the_same_outlines_makes_no_second_buildings(
    data_dir: Path, context: Flask, first: str, then: str, doubles: int
) -> None:
    community = make_community(context)
    for name in (first, then):
        reading = read(data_dir, name)
        outcome = engine.run(reading, community_id=community, now=0)
    assert outcome.buildings.unchanged + outcome.buildings.updated == doubles
    assert outcome.buildings.created == len(reading.buildings) - doubles
    assert outcome.buildings.updated == 0


@pytest.mark.parametrize("list_first", [True, False])
def test_outlines_of_sengkang_find_their_blocks_in_the_database(
    data_dir: Path, context: Flask, list_first: bool
) -> None:
    community = make_community(context)
    names = ["hdb_property_info_A.csv", "osm_sengkang_hdb_buildings.geojson"]
    for name in names if list_first else reversed(names):
        engine.run(read(data_dir, name), community_id=community, now=0)
    with db.reading() as session:
        total = session.scalar(select(func.count()).select_from(Building))
        drawn = session.scalar(select(func.count()).where(Building.outline.is_not(None)))
    assert (total, drawn) == (6_387 + 114 - 67, 114)


def test_the_gazetteer_is_the_same_in_both_encodings(data_dir: Path) -> None:
    first, second = (
        gazetteer.read(tables.read(real(data_dir, name))).entries
        for name in ("cn_hechuan_communities.csv", "cn_hechuan_communities_gbk_crlf.csv")
    )
    assert first == second
    assert len(first) == 419
    assert first[0].region == "重庆市/合川区/合阳城街道"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("basemap_stamen_toner_raster_z3.pmtiles", "no_text"),
        ("facts_scam_types.csv", "no_columns"),
        ("README.md", "no_columns"),
    ],
)
def test_other_files_are_refused_by_what_they_are(
    data_dir: Path, context: Flask, name: str, code: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(data_dir, name)
    assert caught.value.finding.code == code
    assert "import." not in sentence(caught.value.finding)
