"""The overview: right figures, whatever is sorted, filtered or paged, at a constant price."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from tests.conftest import Clock, Statements
from tests.factories.accounts import make_member, make_person, sign_in
from tests.factories.field import DAY, HOUR, NOW, op, visit
from tests.factories.places import Estate, estate, many_buildings
from webapp.accounts.models import Community, Device
from webapp.core import db

Counting = Callable[[], AbstractContextManager[Statements]]
MOST_STATEMENTS = 14


def names(page: str) -> list[str]:
    """The buildings of the table, in order."""
    return re.findall(r'<th scope="row"><a href="/coverage/buildings/[^"]+">([^<]+)</a>', page)


def cells(page: str, name: str) -> list[str]:
    """A table row's texts without markup."""
    row = re.search(rf'<tr>\s*<th scope="row"><a [^>]*>{name}</a>.*?</tr>', page, re.DOTALL)
    assert row is not None, name
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row[0])]


def three_buildings(place: Estate) -> None:
    """9, 10 and 2: reached 1 of 3, 0 of 2, 2 of 2."""
    wanted = (("9", "甲苑", 3, 1), ("10", "甲苑", 2, 0), ("2", "乙苑", 2, 2))
    for name, compound, doors, reached in wanted:
        building = place.building(name, compound=compound, grid=f"{compound[0]}网格")
        ids = place.doors(building, range(101, 101 + doors))
        phone = place.volunteer(building)
        place.push(phone, *(visit(door, leaflets={"general": 1}) for door in ids[:reached]))


def test_a_community_without_buildings_is_shown_the_way_to_the_import(place: Estate) -> None:
    page = place.desk.get("/coverage").text
    assert "还没有楼栋" in page
    assert 'href="/import"' in page


@pytest.mark.both_engines
def test_the_headline_says_how_far_it_is_to_the_target(place: Estate) -> None:
    three_buildings(place)
    page = place.desk.get("/coverage").text
    assert "42.8" in page  # 3 of 7, rounded down
    assert "3 / 7 户" in page
    assert "再做 3 户达标" in page  # 6 of 7 is the first over 85 %


def test_a_community_that_measures_the_app_sees_the_app_first(place: Estate) -> None:
    three_buildings(place)
    with place.context(), db.writing() as session:
        session.get_one(Community, place.community_id).headline = "app"
    page = place.desk.get("/coverage").text
    figures = page[page.index('class="card ledger"') :]
    assert figures.index("App 覆盖") < figures.index("宣传覆盖")
    assert "每周 App 覆盖" in page


def test_whoever_is_furthest_from_the_headline_comes_first(place: Estate) -> None:
    told, fitted = place.building("1"), place.building("2")
    place.push(place.volunteer(told), visit(place.doors(told, [101])[0]))
    installed = visit(place.doors(fitted, [101])[0], "refused", app="installed")
    place.push(place.volunteer(fitted), installed)
    assert names(place.desk.get("/coverage").text) == ["2", "1"]
    with place.context(), db.writing() as session:
        session.get_one(Community, place.community_id).headline = "app"
    assert names(place.desk.get("/coverage").text) == ["1", "2"]


def test_the_table_shows_counts_rounded_down(place: Estate) -> None:
    three_buildings(place)
    row = cells(place.desk.get("/coverage").text, "9")
    assert row[1:5] == ["3", "33%", "33%", "0%"]


def test_a_building_without_doors_has_no_rates(place: Estate) -> None:
    place.building("5")
    assert cells(place.desk.get("/coverage").text, "5")[:4] == ["0", "–", "–", "–"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["10", "9", "2"]),
        ("sort=publicity&order=desc", ["2", "9", "10"]),
        ("sort=name", ["2", "9", "10"]),
        ("sort=households", ["2", "10", "9"]),
        ("sort=leaflets&order=desc", ["2", "9", "10"]),
        ("sort=nonsense", ["10", "9", "2"]),
        ("compound=甲苑", ["10", "9"]),
        ("grid=乙网格", ["2"]),
        ("q=甲苑+1", ["10"]),
        ("q=%25", []),
        ("compound=没有", []),
    ],
)
def test_buildings_are_sorted_and_filtered(place: Estate, query: str, expected: list[str]) -> None:
    three_buildings(place)
    assert names(place.desk.get(f"/coverage?{query}").text) == expected


@pytest.mark.both_engines
def test_a_filter_changes_the_total_and_the_headline(place: Estate) -> None:
    three_buildings(place)
    page = place.desk.get("/coverage?compound=乙苑").text
    assert "2 / 2 户" in page
    assert "已达标" in page


@pytest.mark.parametrize(("by", "label"), [("compound", "甲苑"), ("grid", "乙网格")])
def test_buildings_can_be_grouped(place: Estate, by: str, label: str) -> None:
    three_buildings(place)
    page = place.desk.get(f"/coverage?by={by}").text
    assert re.search(rf'<th scope="row"><a href="[^"]+">{label}</a>', page)
    assert names(page) == []


def test_practice_buildings_count_nowhere_and_are_not_listed(place: Estate) -> None:
    three_buildings(place)
    practice = place.building("练习楼", practice=True)
    door, *_rest = place.doors(practice, [101, 102])
    place.push(place.volunteer(practice), visit(door))
    page = place.desk.get("/coverage").text
    assert "练习楼" not in names(page)
    assert "3 / 7 户" in page


@pytest.mark.both_engines
def test_pages_show_fifty_each_and_the_last_the_rest(place: Estate) -> None:
    many_buildings(place, 120)
    seen = [name for n in (1, 2, 3) for name in names(place.desk.get(f"/coverage?page={n}").text)]
    assert len(seen) == len(set(seen)) == 120
    assert len(names(place.desk.get("/coverage?page=3").text)) == 20


@pytest.mark.parametrize("page", ["99", "0", "-1", "x", "9" * 30])
def test_a_page_that_is_not_there_is_the_nearest(place: Estate, page: str) -> None:
    many_buildings(place, 60)
    assert names(place.desk.get(f"/coverage?page={page}").text)


@pytest.mark.parametrize("query", ["", "q=1", "compound=小区1", "by=compound", "page=2"])
def test_more_buildings_cost_no_more_statements(
    app: Flask, place: Estate, query_count: Counting, query: str
) -> None:
    many_buildings(place, 10)
    with query_count() as few:
        place.desk.get(f"/coverage?{query}")
    many_buildings(estate(app, "另一个社区"), 500)
    crowded = estate(app, "大社区")
    many_buildings(crowded, 1_000)
    with query_count() as many:
        crowded.desk.get(f"/coverage?{query}")
    assert many.count <= few.count <= MOST_STATEMENTS


def test_nobody_sees_the_buildings_of_another_community(app: Flask, place: Estate) -> None:
    other = estate(app, "另一个社区")
    other.building("隔壁楼")
    place.building("自家楼")
    assert names(place.desk.get("/coverage").text) == ["自家楼"]


def test_a_building_s_name_is_text_and_nothing_else(place: Estate) -> None:
    place.building("<script>alert(1)</script>")
    assert "<script>alert" not in place.desk.get("/coverage").text


def test_a_phone_that_was_silent_for_two_hours_is_listed_with_what_it_holds(
    place: Estate,
) -> None:
    phones = [place.volunteer() for _ in range(3)]
    for phone, ago, waiting in zip(phones, (3 * HOUR, HOUR, HOUR), (0, 7, 0), strict=True):
        place.set(Device, phone.device_id or "", synced_at=NOW - ago, waiting=waiting)
    page = place_with_building(place)
    assert "1 台设备 2 小时未同步" in page
    assert "手机里还有 7 条" in page
    assert page.count("手机里还有") == 2


def test_a_revoked_phone_is_not_waited_for(place: Estate) -> None:
    phone = place.volunteer()
    place.set(Device, phone.device_id or "", revoked_at=NOW)
    assert "未同步" not in place_with_building(place)


def place_with_building(place: Estate) -> str:
    """The page, once there is anything to show."""
    place.building("1")
    return str(place.desk.get("/coverage").text)


def test_held_operations_are_counted_apart(place: Estate) -> None:
    building = place.building("1")
    door = place.doors(building, [101])[0]
    stranger = place.volunteer()
    with place.context():
        assert stranger.statuses(visit(door)) == ["held:not_yours"]
    page = place.desk.get("/coverage").text
    assert "待核对 1 条" in page
    assert "0 / 1 户" in page


@pytest.mark.both_engines
def test_one_door_counts_once_a_day_for_a_volunteer(place: Estate) -> None:
    building = place.building("1")
    doors = place.doors(building, [101, 102])
    phone = place.volunteer(building)
    place.push(phone, *(visit(door) for door in (*doors, doors[0])))
    place.push(phone, visit(doors[0], at=NOW - DAY), now=NOW)
    page = place.desk.get("/coverage").text
    row = re.search(r'<section class="card sec activity">.*?<tbody>(.*?)</tbody>', page, re.DOTALL)
    assert row is not None
    assert re.findall(r'data-level="\d">(\d+)<', row[1]) == ["1", "2"]


@pytest.mark.parametrize("role", ["volunteer", "supervisor", "admin"])
def test_only_coordinators_see_it(app: Flask, place: Estate, role: str) -> None:
    user = (
        make_member(app, place.community_id)
        if role == "volunteer"
        else make_person(app, role=role, region="重庆市")
    )
    assert sign_in(app, user).get("/coverage").status_code == 403


def test_it_speaks_english_as_well(place: Estate) -> None:
    three_buildings(place)
    page = place.desk.get("/coverage?lang=en").text
    assert "Publicity coverage" in page
    assert "coverage." not in re.sub(r'(href|src|action)="[^"]*"', "", page)


def test_the_definitions_stand_on_the_page(place: Estate) -> None:
    three_buildings(place)
    page = place.desk.get("/coverage").text
    assert "已宣传 / 应访" in page
    assert "已装 / 应访" in page
    assert "之后不再改写" in page


def test_moments_follow_the_clock(place: Estate, clock: Clock) -> None:
    three_buildings(place)
    clock.advance(days=1)
    assert cells(place.desk.get("/coverage").text, "9")[-1] == "昨天"


def test_leaflets_of_sessions_are_added_for_the_whole_community_only(place: Estate) -> None:
    for compound in ("甲苑", "乙苑"):
        place.building("1号楼", compound=compound)
    sent = op("session_log", place="广场", leaflets={"general": 50})
    place.push(place.volunteer(), sent)
    assert "合计 50 份" in place.desk.get("/coverage").text
    assert "合计 50 份" not in place.desk.get("/coverage?compound=甲苑").text


@pytest.mark.both_engines
@pytest.mark.parametrize("address", ["/coverage", "/buildings", "/turf"])
def test_what_no_column_can_hold_is_told_and_breaks_nothing(place: Estate, address: str) -> None:
    """PostgreSQL takes no NUL in a text; SQLite finds nothing under it."""
    assert place.desk.get(f"{address}?compound=%00").status_code in {200, 400}
    assert place.desk.get(address).status_code == 200
