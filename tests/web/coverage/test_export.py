"""The overview as a file."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.factories.field import visit
from tests.factories.places import Estate
from webapp.core.cells import safe


def lines(place: Estate, query: str = "") -> list[list[str]]:
    """The CSV as a spreadsheet reads it."""
    answer = place.desk.get(f"/coverage/export.csv{query}")
    assert answer.status_code == 200
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def two_buildings(place: Estate) -> None:
    """One of 3 doors, of which 1 was reached and has the app; one without doors."""
    building = place.building("3号楼", compound="甲苑", grid="一网格")
    doors = place.doors(building, [101, 102, 103])
    place.push(place.volunteer(building), visit(doors[0], app="installed", leaflets={"general": 2}))
    place.building("空地", compound="乙苑")


@pytest.mark.both_engines
def test_the_csv_has_a_head_every_building_and_the_total(place: Estate) -> None:
    two_buildings(place)
    head, first, second, total = lines(place, "?sort=name&order=desc")
    assert head[:4] == ["楼栋", "小区", "网格", "户数"]
    assert first[:12] == ["3号楼", "甲苑", "一网格", "3", "0", "3", "1", "1", "1", "0", "0", "2"]
    assert first[12:16] == ["33.33", "33.33", "33.33", "33.33"]
    assert first[16] == "2026-11-23 09:00"
    assert second[12:17] == ["", "", "", "", ""]
    assert total[0] == "合计"
    assert total[3] == "3"


def test_the_export_honours_the_filter(place: Estate) -> None:
    two_buildings(place)
    assert [line[0] for line in lines(place, "?compound=乙苑")] == ["楼栋", "空地", "合计"]


def test_the_workbook_holds_the_same_figures_as_numbers(place: Estate) -> None:
    two_buildings(place)
    answer = place.desk.get("/coverage/export.xlsx?sort=name&order=desc")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "3号楼"
    assert rows[1][3] == 3
    assert rows[1][13] == 33.33
    assert "filename" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1+1", "=cmd|' /C calc'!A0"]
)
def test_no_name_becomes_a_formula(name: str) -> None:
    assert safe(name).startswith("'")


def test_ordinary_names_stay_as_they_are() -> None:
    assert safe("3号楼 (A-2)") == "3号楼 (A-2)"


def test_an_imported_formula_leaves_as_text(place: Estate) -> None:
    place.building('=HYPERLINK("http://x")', compound="+甲苑")
    row = lines(place)[1]
    assert row[0].startswith("'=")
    assert row[1].startswith("'+")
    answer = place.desk.get("/coverage/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert sheet["A2"].data_type == "s"


def test_a_control_character_does_not_break_the_workbook(place: Estate) -> None:
    place.building("3\x00\x08号楼")
    assert place.desk.get("/coverage/export.xlsx").status_code == 200


def test_geojson_has_the_placed_buildings_with_their_coverage(place: Estate) -> None:
    one = place.building("1号楼", compound="甲苑", lat=29.97, lon=106.27)
    outline = {
        "type": "Polygon",
        "coordinates": [[[106.27, 29.97], [106.271, 29.97], [106.271, 29.971], [106.27, 29.97]]],
    }
    two = place.building("2号楼", compound="甲苑", lat=29.9705, lon=106.2705, outline=outline)
    place.building("3号楼")
    doors = place.doors(one, range(101, 104))
    place.push(place.volunteer(one), visit(doors[0], app="installed"))
    answer = place.desk.get("/coverage/export.geojson")
    assert answer.content_type == "application/geo+json"
    first, second = answer.json["features"]
    assert first["geometry"] == {"type": "Point", "coordinates": [106.27, 29.97]}
    assert first["properties"]["publicity_rate"] == 33.33
    assert (first["properties"]["households"], first["id"]) == (3, one)
    assert (second["geometry"], second["id"]) == (outline, two)
    assert second["properties"]["app_rate"] is None
