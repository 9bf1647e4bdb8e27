"""Recognised tables → buildings and doors, with every problem by row and column."""

from __future__ import annotations

import json
from typing import Any

import pytest

from webapp.places.imports import rows
from webapp.places.imports.findings import Unreadable, gathered
from webapp.places.imports.options import Options, WrongUse
from webapp.places.imports.records import Reading
from webapp.places.imports.sheets import Book, Sheet
from webapp.places.imports.tables import read as read_tables

HEAD = ["小区", "楼号", "单元", "房号", "楼层"]


def read(*table: list[Any], **options: Any) -> Reading:
    kept = [[None if cell == "" else cell for cell in row] for row in table]
    return rows.read(Book([Sheet("", kept)]), Options(**options))


def shapes(*features: dict[str, Any], **options: Any) -> Reading:
    data = json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()
    return rows.read(read_tables(data), Options(**options))


def square(lon: float = 106.0, lat: float = 30.0, size: float = 0.001) -> dict[str, Any]:
    ring = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry or square()}


def doors(reading: Reading) -> dict[str, list[tuple[str, str]]]:
    return {building.key: list(building.doors) for building in reading.buildings}


def problems(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    return [(f.code, f.row, f.column) for f in reading.problems]


def codes(reading: Reading) -> set[str]:
    return {finding.code for finding in reading.notices}


# -- headings ----------------------------------------------------------------------------------


def test_a_list_of_doors_is_read() -> None:
    reading = read(HEAD, ["甲苑", "3号楼", "2单元", "1403", "14"], ["甲苑", 3, 2, 1404, 14])
    assert doors(reading) == {"甲苑|3": [("2", "1403"), ("2", "1404")]}
    assert reading.buildings[0].name == "3号楼"
    assert not reading.problems


def test_titles_above_remarks_beside_and_notes_below_are_left_alone() -> None:
    reading = read(
        ["甲苑小区住户名册", "", "", "", "", "", "", ""],
        ["填表日期：2026年11月", "", "", "", "", "", "", ""],
        [*HEAD, "", "说明", "请一定看下面说明"],
        ["甲苑", "3", "2", "1403", "14", "", "楼号", "楼栋编号"],
        ["", "", "", "", "", "", "单元", "没有时填 0"],
        ["甲苑", "3", "2", "1404", "14", "", "", ""],
        ["合计", "", "", "2", "", "", "", ""],
        ["注：每户一行", "", "", "", "", "", "", ""],
    )
    assert doors(reading) == {"甲苑|3": [("2", "1403"), ("2", "1404")]}
    assert not reading.problems


def test_headings_in_two_lines_with_merged_cells_are_read() -> None:
    sheet = Sheet(
        "",
        [
            ["小区", "位置", None, None, "住户"],
            [None, "楼号", "单元", "房号", "姓名"],
            ["甲苑", "3", "2", "1403", "某人"],
        ],
        merged=[(0, 0, 1, 0), (0, 1, 0, 3)],
    )
    reading = rows.read(Book([sheet]), Options())
    assert doors(reading) == {"甲苑|3": [("2", "1403")]}
    assert "columns_personal" in codes(reading)


def test_cells_merged_downwards_count_for_all_their_rows() -> None:
    sheet = Sheet(
        "",
        [["楼号", "单元", "房号"], ["3", "1", "101"], [None, None, "102"], [None, None, "103"]],
        merged=[(1, 0, 3, 0), (1, 1, 3, 1)],
    )
    reading = rows.read(Book([sheet]), Options())
    assert doors(reading) == {"|3": [("1", "101"), ("1", "102"), ("1", "103")]}


def test_cells_that_were_merged_before_saving_as_text_are_filled() -> None:
    reading = read(
        ["楼号", "单元", "房号"], ["3", "1", "101"], ["", "", "102"], ["", "", "103"],
        ["4", "1", "101"], ["", "", "102"],
    )  # fmt: skip
    assert {key: len(found) for key, found in doors(reading).items()} == {"|3": 3, "|4": 2}
    assert "filled_down" in codes(reading)


@pytest.mark.parametrize(
    "head",
    [
        ["楼栋", "单元", "房间"],
        ["幢", "单元号", "室号"],
        ["楼栋编号（必填）", "单元编号*", "房屋编号"],
        ["所在楼栋号", "所在单元", "户室号"],
        ["building", "stairwell", "room"],
        ["Block No.", "Unit", "Flat"],
        ["栋", "單元", "房號"],
    ],
)
def test_columns_are_known_by_many_names(head: list[str]) -> None:
    assert list(doors(read(head, ["3", "2", "1403"])).values()) == [[("2", "1403")]]


def test_a_list_without_headings_that_we_know_is_refused_and_says_what_it_saw() -> None:
    with pytest.raises(Unreadable) as caught:
        read(["Year", "Jan"], ["1880", "-43"])
    assert caught.value.finding.code == "no_columns"
    assert caught.value.finding.params["found"] == "Year, Jan"


def test_a_list_of_buildings_is_no_list_of_doors() -> None:
    with pytest.raises(Unreadable) as caught:
        read(["楼号", "总层数"], ["3", "18"], wants="households")
    assert caught.value.finding.code == "no_rooms"


def test_somebody_may_say_which_column_is_what() -> None:
    mapping = (("building", "Haus"), ("房号", "Tür"))
    reading = read(["Haus", "Tür"], ["3", "101"], mapping=mapping)
    assert doors(reading) == {"|3": [("", "101")]}


def test_a_column_may_be_named_by_its_letter() -> None:
    reading = read(["x1", "x2"], ["3", "101"], mapping=(("building", "A"), ("room", "b")))
    assert doors(reading) == {"|3": [("", "101")]}


@pytest.mark.parametrize(
    ("mapping", "code"),
    [((("colour", "楼号"),), "unknown_field"), ((("room", "没有"),), "unknown_column")],
)
def test_a_wrong_mapping_is_wrong_use(mapping: tuple[tuple[str, str], ...], code: str) -> None:
    with pytest.raises(WrongUse) as caught:
        read(["楼号"], ["3"], mapping=mapping)
    assert caught.value.code == code


def test_a_sheet_that_is_not_there_is_wrong_use() -> None:
    with pytest.raises(WrongUse):
        read(["楼号"], ["3"], sheet="别的")


# -- what is left out --------------------------------------------------------------------------


def test_people_and_states_are_recognised_and_left_out() -> None:
    head = ["楼号", "单元", "房号", "业主姓名", "手机", "身份证号", "是否空置", "备注"]
    row = ["3", "2", "1403", "某人", "13800000000", "500117199001011234", "否", "独居"]
    reading = read(head, row)
    said = {f.code: f.params["columns"] for f in reading.notices}
    assert said["columns_personal"] == "业主姓名, 手机, 身份证号"
    assert said["columns_state"] == "是否空置, 备注"
    assert not reading.problems


def test_numbers_that_look_like_phones_are_personal_whatever_the_heading_says() -> None:
    rows_ = ["3", "101", "13912345678"], ["3", "102", "13812345678"]
    reading = read(["楼号", "房号", "资料"], *rows_)
    assert {f.params["columns"] for f in reading.notices} == {"资料"}
    assert "columns_personal" in codes(reading)


def test_a_name_beside_a_room_is_a_persons() -> None:
    reading = read(["building", "room", "name"], ["3", "101", "Zhang San"])
    assert reading.buildings[0].name == "3"
    assert "columns_personal" in codes(reading)


# -- numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["3幢2单元1403", "3-2-1403", "３号楼２单元1403室", "甲苑3幢2单元1403"]
)
def test_a_whole_door_in_one_cell_is_taken_apart(cell: str) -> None:
    reading = read(["小区", "房屋坐落"], ["甲苑", cell])
    assert doors(reading) == {"甲苑|3": [("2", "1403")]}


def test_an_address_alone_is_enough() -> None:
    reading = read(["地址"], ["合川区甲苑3幢2单元1403室"], ["合川区某处"])
    assert doors(reading) == {"合川区甲苑|3": [("2", "1403")]}
    assert reading.buildings[0].address == "合川区甲苑3幢"
    assert problems(reading) == [("no_building", 3, "地址")]


def test_the_same_number_in_two_compounds_is_two_buildings() -> None:
    reading = read(HEAD, ["甲苑", "3", "1", "101", ""], ["乙苑", "3", "1", "101", ""])
    assert set(doors(reading)) == {"甲苑|3", "乙苑|3"}


def test_the_floor_is_taken_from_the_room_where_none_is_given() -> None:
    reading = read(["楼号", "房号"], ["3", "1403"], ["3", "0302"], ["3", "12-3"])
    assert [d.floor for d in reading.buildings[0].doors.values()] == [14, 3, 12]


def test_the_given_floor_counts_even_where_rooms_are_numbered_otherwise() -> None:
    reading = read(HEAD, ["甲苑", "1", "1", "1011", "1"], ["甲苑", "1", "1", "1021", "2"])
    assert [d.floor for d in reading.buildings[0].doors.values()] == [1, 2]
    assert not reading.problems


def test_a_door_in_two_rows_is_one_door() -> None:
    reading = read(HEAD, ["甲苑", "3", "1", "0302", "3"], ["甲苑", "3号楼", "1单元", "302室", "3"])
    assert doors(reading) == {"甲苑|3": [("1", "302")]}
    assert "rows_merged" in codes(reading)


def test_units_are_counted_from_a_list_of_units_or_given_as_a_number() -> None:
    named = read(["楼栋号", "单元编号", "总层数"], ["1", "1", "33"], ["1", "2", "33"])
    assert (list(named.buildings[0].unit_names), named.buildings[0].floors) == (["1", "2"], 33)
    counted = read(["楼栋", "单元", "楼层"], ["1", "3", "18"], ["2", "2", "11"])
    assert [(b.units, b.floors) for b in counted.buildings] == [(3, 18), (2, 11)]


def test_totals_of_units_add_up_to_the_buildings() -> None:
    head = ["楼号", "单元", "总层数", "户数"]
    reading = read(head, ["1", "1", "11", "22"], ["1", "2", "11", "44"])
    assert reading.buildings[0].dwellings == 66


def test_the_building_may_stand_in_the_title_or_the_sheets_name() -> None:
    by_title = read(["甲苑3幢住户登记表", ""], ["单元", "房号"], ["2", "1403"])
    assert doors(by_title) == {"甲苑|3": [("2", "1403")]}
    sheet = Sheet("5号楼", [["单元", "房号"], ["2", "1403"]])
    by_sheet = rows.read(Book([sheet]), Options())
    assert doors(by_sheet) == {"|5": [("2", "1403")]}


def test_a_list_without_compound_takes_the_given_one() -> None:
    assert set(doors(read(["楼号", "房号"], ["3", "101"], compound="甲苑"))) == {"甲苑|3"}


# -- problems ----------------------------------------------------------------------------------


def test_every_problem_is_named_by_row_and_column() -> None:
    reading = read(
        HEAD,
        ["甲苑", "3", "2", "14O3", "14"],
        ["甲苑", "", "1", "0102", "1"],
        ["甲苑", "7", "1", "", "8"],
        ["甲苑", "12", "1", "0000", ""],
        ["甲苑", "2026-03-02", "1", "101", ""],
        ["甲苑", "3", "2", "1404", "14"],
    )
    assert problems(reading) == [
        ("letter_in_room", 2, "房号"),
        ("no_building", 3, "楼号"),
        ("no_room", 4, "房号"),
        ("room_wrong", 5, "房号"),
        ("a_date", 6, "楼号"),
    ]
    assert reading.problems[0].params["mended"] == "1403"
    assert doors(reading) == {"甲苑|3": [("2", "1404")]}


def test_a_missing_unit_is_a_problem_where_the_building_has_some() -> None:
    reading = read(HEAD, ["甲苑", "7", "1", "101", ""], ["甲苑", "7", "", "801", ""])
    assert problems(reading) == [("no_unit", 3, "房号")]


def test_a_floor_that_slipped_is_a_problem_where_all_others_fit() -> None:
    good = [["甲苑", "10", "1", f"{floor}01", str(floor)] for floor in range(1, 9)]
    reading = read(HEAD, *good, ["甲苑", "10", "1", "2203", "2"])
    assert problems(reading) == [("floor_differs", 10, "楼层")]


def test_a_room_above_the_roof_is_a_problem() -> None:
    head = ["楼号", "房号", "总层数"]
    good = [["3", f"{floor}01", "18"] for floor in range(1, 10)]
    reading = read(head, *good, ["3", "1905", "18"])
    assert problems(reading) == [("floor_too_high", 11, "房号")]


def test_a_count_that_is_no_number_is_a_problem() -> None:
    reading = read(["楼号", "总层数"], ["3", "十八层"], ["4", "很多"])
    assert problems(reading) == [("no_number", 3, "总层数")]
    assert reading.buildings[0].floors == 18


def test_fractions_are_rounded_and_said_once() -> None:
    reading = read(["楼号", "层数"], ["1", 15.8], ["2", "9.3"], ["3", 0.2])
    assert [building.floors for building in reading.buildings] == [16, 9, 1]
    notice = gathered(reading.notices)[0]
    assert (notice.code, notice.params["count"]) == ("floors_rounded", 3)


# -- where -------------------------------------------------------------------------------------


def test_an_outline_without_a_name_goes_by_its_own_id() -> None:
    reading = shapes(feature(id=322667424, name="", community="甲苑", levels=15.8))
    building = reading.buildings[0]
    assert (building.key, building.provisional, building.compound) == ("#322667424", True, "甲苑")
    assert building.outline is not None
    assert (building.lat, building.lon) == (30.0005, 106.0005)


def test_the_kind_of_a_building_is_not_its_number() -> None:
    tags = {"building": "apartments", "addr:housenumber": "308"}
    tags["addr:street"] = "Anchorvale Rd"
    assert shapes(feature(**tags)).buildings[0].name == "308 Anchorvale Rd"


def test_roads_of_a_map_are_left_out_with_a_notice() -> None:
    road = feature(highway="residential", name="甲路")
    reading = shapes(feature(building="yes", name="1号楼"), road)
    assert [building.name for building in reading.buildings] == ["1号楼"]
    assert "not_buildings" in codes(reading)
    assert not reading.problems


def test_a_point_needs_a_name_and_many_polygons_are_one_outline() -> None:
    point = {"type": "Point", "coordinates": [106.1, 30.1]}
    many = {"type": "MultiPolygon", "coordinates": [square()["coordinates"]] * 2}
    reading = shapes(feature(point, id=1, name="2号楼"), feature(point, id=2), feature(many, id=3))
    assert problems(reading) == [("no_building", 2, "name")]
    outlines = [building.outline for building in reading.buildings]
    assert outlines[0] is None
    assert outlines[1] is not None
    assert outlines[1]["type"] == "MultiPolygon"


def test_damaged_shapes_are_problems_and_nothing_worse() -> None:
    bad = [
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[["a", "b"]]]},
        {"type": "Point", "coordinates": [None, 1]},
        {"type": "Circle"},
    ]
    reading = shapes(*(feature(geometry, id=n, name=f"{n}号楼") for n, geometry in enumerate(bad)))
    assert [finding.code for finding in reading.problems] == ["no_shape"] * 4


def test_coordinates_are_taken_from_two_columns_or_one() -> None:
    two = read(["楼号", "经度", "纬度"], ["3", "106.27", "29.97"])
    one = read(["楼号", "经纬度"], ["3", "106.27,29.97"])
    for reading in (two, one):
        assert (reading.buildings[0].lon, reading.buildings[0].lat) == (106.27, 29.97)


def test_exchanged_columns_are_recognised_and_nonsense_is_a_notice() -> None:
    reading = read(["楼号", "经度", "纬度"], ["3", "29.97", "106.27"], ["4", "x", "29"])
    assert (reading.buildings[0].lon, reading.buildings[0].lat) == (106.27, 29.97)
    assert reading.buildings[1].lat is None
    assert "location_unread" in codes(reading)


def test_coordinates_of_chinese_maps_are_stored_in_wgs84() -> None:
    row = ["3", "116.41024449916938", "39.91640428150164"]
    reading = read(["楼号", "经度", "纬度"], row, crs="gcj02")
    assert reading.buildings[0].lon == pytest.approx(116.404, abs=1e-6)
    assert reading.buildings[0].lat == pytest.approx(39.915, abs=1e-6)


# -- found in review ---------------------------------------------------------------------------


def test_one_column_of_whole_doors_is_enough() -> None:
    reading = read(["房屋"], ["3幢2单元1204"], ["7-6-1046"], ["8号楼1单元102"])
    assert doors(reading) == {"|3": [("2", "1204")], "|7": [("6", "1046")], "|8": [("1", "102")]}


@pytest.mark.parametrize(
    ("heading", "value"),
    [("总层数", "-3"), ("总层数", "99999"), ("单元数", "1000"), ("总户数", "99999999")],
)
def test_a_number_that_no_building_can_have_is_a_problem_of_its_row(
    heading: str, value: str
) -> None:
    reading = read(["小区", "楼号", heading], ["甲苑", "1幢", value], ["甲苑", "2幢", "2"])
    assert problems(reading) == [("number_range", 2, heading)]
    assert [building.name for building in reading.buildings] == ["2幢"]


def test_a_list_of_headings_alone_is_refused_with_a_sentence() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(HEAD)
    assert refusal.value.finding.code == "no_rows"


def test_the_mark_by_which_spreadsheets_keep_text_is_not_part_of_a_room() -> None:
    reading = read(HEAD, ["甲苑", "3号楼", "'02", "'0303", ""])
    assert doors(reading) == {"甲苑|3": [("2", "303")]}


def test_a_feature_that_comes_twice_leaves_the_ids_of_the_others_alone() -> None:
    once, twice = feature(square(106.1), id="way/1"), feature(square(106.2), id="way/2")
    reading = shapes(once, twice, twice)
    assert [building.source_id for building in reading.buildings] == ["way/1", "way/2"]


def test_an_id_that_two_different_features_share_names_neither() -> None:
    others = [feature(square(106.5 + n / 10), id=f"way/{n}", name=f"{n}幢") for n in range(3, 9)]
    same = [feature(square(106.0 + n / 10), id="way/1", name=f"{n}幢") for n in (1, 2)]
    reading = shapes(*others, *same)
    assert [b.source_id for b in reading.buildings[-3:]] == ["way/8", None, None]
    assert len(reading.buildings) == 8


def test_a_shape_beyond_the_earth_is_a_problem() -> None:
    metres = {"type": "Point", "coordinates": [11_830_000.0, 3_490_000.0]}
    assert problems(shapes(feature(metres, name="1幢"))) == [("no_shape", 1, None)]
