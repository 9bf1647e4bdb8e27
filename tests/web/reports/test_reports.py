"""Reports of walking: days, groups, files, templates."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.conftest import Clock
from tests.factories.field import DAY, NOW, visit
from tests.factories.places import Estate, estate
from webapp.core import clock as clocks
from webapp.reports.period import KINDS, Period, period_of, read_period

LATER = NOW + DAY
TODAY = clocks.day_of(LATER, "Asia/Shanghai")


@pytest.fixture
def walked(place: Estate, clock: Clock) -> Estate:
    """Two grids; yesterday two doors were informed, today one more, and one leaflet each."""
    one = place.building("1号楼", compound="甲苑", grid="一网格")
    two = place.building("2号楼", compound="甲苑", grid="二网格")
    doors, others = place.doors(one, range(101, 105)), place.doors(two, range(101, 103))
    phone = place.volunteer(one, two)
    place.push(
        phone,
        visit(doors[0], at=NOW, leaflets={"general": 1}),
        visit(doors[1], at=NOW, app="installed", leaflets={"general": 1}),
        now=NOW,
    )
    clock.set(LATER)
    place.push(phone, visit(others[0], at=LATER, leaflets={"general": 1}), now=LATER)
    return place


def table(place: Estate, **asked: object) -> list[dict[str, str]]:
    query = "&".join(
        f"{name}={one}"
        for name, value in asked.items()
        for one in (value if isinstance(value, list) else [value])
    )
    answer = place.desk.get(f"/reports/file.csv?{query}")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


@pytest.mark.both_engines
def test_a_day_is_what_it_added_and_the_day_before_stands_beside(walked: Estate) -> None:
    wanted = ["name", "households", "reached", "new_reached", "new_reached_before", "new_leaflets"]
    lines = table(walked, group="grid", kind="day", first=TODAY, column=wanted)
    assert [list(line.values()) for line in lines] == [
        ["一网格", "4", "2", "0", "2", "0"],
        ["二网格", "2", "1", "1", "0", "1"],
        ["合计", "6", "3", "1", "2", "1"],
    ]


def test_a_week_takes_both_and_rates_are_rounded_down(walked: Estate) -> None:
    wanted = ["name", "new_reached", "publicity_rate", "app_rate"]
    first, last = TODAY.replace(day=TODAY.day - 1), TODAY
    lines = table(walked, group="compound", kind="days", first=first, last=last, column=wanted)
    assert [list(line.values()) for line in lines] == [
        ["甲苑", "3", "50.0", "16.66"],
        ["合计", "3", "50.0", "16.66"],
    ]


@pytest.mark.both_engines
def test_people_with_the_doors_of_each_day(walked: Estate) -> None:
    lines = table(walked, group="member", kind="month", first=TODAY)
    assert list(lines[0].values())[1:] == ["2", "3", "0", "3"]


def test_the_file_is_what_the_page_shows(walked: Estate) -> None:
    page = walked.desk.get("/reports?group=building&kind=month").text
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.DOTALL)
    assert body is not None
    shown = [
        [
            re.sub(r"<[^>]+>", "", cell).strip()
            for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)
        ]
        for row in re.findall(r"<tr>(.*?)</tr>", body[1], re.DOTALL)
    ]
    answer = walked.desk.get("/reports/file.xlsx?group=building&kind=month")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert [row[:5] for row in shown] == [[str(cell) for cell in row[:5]] for row in rows[:-1]]
    assert rows[-1][:3] == ["合计", 6, 3]
    assert isinstance(rows[0][5], int | float), "a percentage is a number"


@pytest.mark.both_engines
def test_a_template_is_kept_with_its_columns_names_and_order(walked: Estate) -> None:
    fields = {
        "name": " 给街道的  表 ",
        "group": "grid",
        "kind": "month",
        "column": ["households", "name", "reached"],
        "place-name": "1",
        "place-reached": "2",
        "place-households": "3",
        "head-reached": "=已宣传户",
    }
    answer = walked.desk.submit("/reports/templates", **fields)
    template = answer.headers["Location"].rpartition("=")[2]
    lines = table(walked, template=template)
    assert list(lines[0]) == ["名称", "'=已宣传户", "总户数"], "and no formula"
    assert "给街道的 表" in walked.desk.get("/reports").text
    walked.desk.submit("/reports/templates", **(fields | {"column": ["name"]}))
    assert list(table(walked, template=template)[0]) == ["名称"], (
        "the same name is the same template"
    )
    walked.desk.submit(f"/reports/templates/{template}/delete")
    assert walked.desk.get(f"/reports?template={template}").status_code == 404


def test_a_template_needs_a_name_and_belongs_to_its_community(walked: Estate) -> None:
    walked.desk.submit("/reports/templates", name=" ", group="grid", kind="month")
    assert "请给模板起个名字" in walked.desk.get("/reports").text
    answer = walked.desk.submit(
        "/reports/templates", name="a", group="grid", kind="month", column=["name"]
    )
    template = answer.headers["Location"].rpartition("=")[2]
    other = estate(walked.app, "别的社区")
    assert other.desk.get(f"/reports?template={template}").status_code == 404
    assert other.desk.submit(f"/reports/templates/{template}/delete").status_code == 404
    assert walked.desk.get(f"/reports?template={template}").status_code == 200


@pytest.mark.parametrize(
    "odd", ["kind=x", "first=2026-99-99", "group=zz&column=zz", "last=0001-01-01&kind=days"]
)
def test_what_makes_no_sense_in_an_address_is_the_usual_report(walked: Estate, odd: str) -> None:
    assert walked.desk.get(f"/reports?{odd}").status_code == 200
    assert walked.desk.get(f"/reports/file.xlsx?{odd}").status_code == 200
    assert walked.desk.get("/reports/file.exe").status_code == 404


def test_periods() -> None:
    day = date(2026, 3, 31)
    assert period_of("month", day).before == Period("month", date(2026, 2, 1), date(2026, 2, 28))
    assert period_of("week", day) == Period("week", date(2026, 3, 30), date(2026, 4, 5))
    assert period_of("week", day).before.first == date(2026, 3, 23)
    assert read_period("days", "2026-03-05", "2026-03-01", day).days == 5
    assert read_period("days", "1990-01-01", "2026-03-01", day).days == 731
    assert all(read_period(kind, "", "", day).first <= day for kind in KINDS)
