"""One building and one door at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from tests.conftest import Statements
from tests.factories.field import DAY, NOW, visit, void, wish
from tests.factories.places import Estate, estate
from webapp.accounts.models import Person
from webapp.core import db
from webapp.core.ids import new_id
from webapp.places.models import Household

Counting = Callable[[], AbstractContextManager[Statements]]


def states(page: str) -> dict[str, str]:
    """Room → display state, as the grid shows it."""
    found = re.findall(r'<a class="hh" data-s="(\w+)"[^>]*title="(\S+) ', page)
    return {room: state for state, room in found}


@pytest.mark.both_engines
def test_every_door_shows_its_state(place: Estate) -> None:
    building = place.building("3号楼")
    rooms = ["101", "102", "201", "202", "301", "302", "401"]
    doors = place.doors(building, rooms)
    place.push(
        place.volunteer(building),
        visit(doors[1], "no_answer"),
        visit(doors[2]),
        visit(doors[3], app="installed"),
        visit(doors[4], "refused"),
        visit(doors[5], "come_back"),
        visit(doors[6], "vacant"),
    )
    page = place.desk.get(f"/coverage/buildings/{building}").text
    assert states(page) == {
        "101": "untouched",
        "102": "no_answer",
        "201": "informed",
        "202": "installed",
        "301": "refused",
        "302": "follow_up",
        "401": "vacant",
    }
    assert "无人 1 次" in page


def test_floors_stand_from_the_top_down_and_units_beside_each_other(place: Estate) -> None:
    building = place.building("3号楼")
    for unit in ("2", "1"):
        for floor in (1, 2, 11):
            place.doors(building, [f"{floor}01", f"{floor}02"], unit=unit, floor=floor)
    page = place.desk.get(f"/coverage/buildings/{building}").text
    assert re.findall(r'<th scope="row">(\d+)</th>', page) == ["11", "2", "1"] * 2
    assert page.index("1单元") < page.index("2单元")


def test_a_retired_door_is_not_in_the_grid(place: Estate) -> None:
    building = place.building("3号楼")
    door, _other = place.doors(building, [101, 102])
    place.desk.submit(f"/buildings/{building}/doors/{door}/retire")
    assert set(states(place.desk.get(f"/coverage/buildings/{building}").text)) == {"102"}


def test_who_walks_is_shown_with_the_last_door_and_no_position(place: Estate) -> None:
    building = place.building("3号楼")
    doors = place.doors(building, [101, 102, 103], unit="2")
    phone = place.volunteer(building)
    place.push(phone, visit(doors[0], at=NOW - DAY), visit(doors[1]))
    page = place.desk.get(f"/coverage/buildings/{building}").text
    assert "最后记的是 2-102，09:00" in page
    assert "1 户未访" in page


@pytest.mark.both_engines
def test_the_history_counts_a_door_once_a_day(place: Estate) -> None:
    building = place.building("3号楼")
    doors = place.doors(building, [101, 102])
    phone = place.volunteer(building)
    place.push(phone, visit(doors[0]), visit(doors[0]), visit(doors[1]))
    page = place.desk.get(f"/coverage/buildings/{building}").text
    assert re.search(r"11月23日</time>.*<b>2</b> 户", page)


def test_a_building_without_doors_says_what_to_do(place: Estate) -> None:
    building = place.building("3号楼")
    assert "添加门牌" in place.desk.get(f"/coverage/buildings/{building}").text


def test_a_building_costs_the_same_with_many_doors(place: Estate, query_count: Counting) -> None:
    small, large = place.building("1"), place.building("2")
    place.doors(small, [101])
    place.doors(large, range(101, 601))
    with query_count() as few:
        place.desk.get(f"/coverage/buildings/{small}")
    with query_count() as many:
        place.desk.get(f"/coverage/buildings/{large}")
    assert many.count == few.count <= 15


@pytest.mark.both_engines
def test_a_door_shows_who_came_when_and_what_became_of_it(place: Estate) -> None:
    building = place.building("3号楼")
    door = place.doors(building, [101])[0]
    phone = place.volunteer(building)
    rename(place, phone.person_id, "吴小乙")
    place.push(
        phone,
        visit(door, "no_answer", at=NOW - DAY),
        visit(door, app="helped", leaflets={"general": 2}, note="女儿周末在家"),
    )
    page = place.desk.get(f"/coverage/buildings/{building}/doors/{door}").text
    assert page.index("11月23日 09:00") < page.index("11月22日 09:00")
    for text in ("吴小乙", "帮他装好", "女儿周末在家", "无人应门"):
        assert text in page


def test_a_voided_visit_is_struck_out(place: Estate) -> None:
    building = place.building("3号楼")
    door = place.doors(building, [101])[0]
    phone = place.volunteer(building)
    wrong = visit(door, "refused")
    place.push(phone, wrong, void(wrong))
    page = place.desk.get(f"/coverage/buildings/{building}/doors/{door}").text
    assert "<s>拒绝</s>" in page
    assert "已作废" in page


def test_outcome_only_hides_flags_and_notes(place: Estate) -> None:
    building = place.building("3号楼")
    door = place.doors(building, [101])[0]
    phone = place.volunteer(building)
    place.push(
        phone,
        visit(door, flags=["lives_alone"], agreed=True, note="门口有花"),
        wish(door, outcome_only=True),
    )
    page = place.desk.get(f"/coverage/buildings/{building}/doors/{door}").text
    assert "门口有花" not in page
    assert "独居老人" not in page
    assert "只记结果" in page


def test_a_building_of_another_community_is_not_there(app: Flask, place: Estate) -> None:
    other = estate(app, "另一个社区")
    building = other.building("隔壁楼")
    door = other.doors(building, [101])[0]
    assert place.desk.get(f"/coverage/buildings/{building}").status_code == 404
    assert place.desk.get(f"/coverage/buildings/{building}/doors/{door}").status_code == 404


def test_a_door_is_found_only_in_its_own_building(place: Estate) -> None:
    one, other = place.building("1"), place.building("2")
    door = place.doors(one, [101])[0]
    assert place.desk.get(f"/coverage/buildings/{other}/doors/{door}").status_code == 404
    assert place.desk.get("/coverage/buildings/not-an-id").status_code == 404
    assert place.desk.get(f"/coverage/buildings/{new_id()}").status_code == 404


def test_a_door_without_a_floor_stands_in_a_row_of_its_own(place: Estate) -> None:
    building = place.building("3号楼")
    door, _other = place.doors(building, ["101", "传达室"])
    place.set(Household, door, floor=1)
    page = place.desk.get(f"/coverage/buildings/{building}").text
    assert page.index('<th scope="row">1</th>') < page.index('<th scope="row">其他</th>')


def rename(place: Estate, person_id: int, name: str) -> None:
    """Give a volunteer a name that the page can be searched for."""
    with place.context(), db.writing() as session:
        session.get_one(Person, person_id).name = name


@pytest.mark.both_engines
def test_where_nobody_opens_another_part_of_the_week_is_proposed(place: Estate) -> None:
    building = place.building("3号楼")
    mornings, mixed, opened = place.doors(building, [401, 402, 403], unit="2")
    phone = place.volunteer(building)
    for day in range(3):  # Monday, Sunday, Saturday, backwards
        place.push(phone, visit(mornings, "no_answer", at=NOW - day * DAY))
    place.push(phone, visit(mixed, "no_answer", at=NOW), visit(mixed, "no_answer", at=NOW - DAY))
    for at in (NOW - 2 * DAY, NOW - DAY):
        place.push(phone, visit(opened, "no_answer", at=at))
    place.push(phone, visit(opened, "come_back", at=NOW))
    page = place.desk.get(f"/coverage/buildings/{building}").text
    assert "3 次无人" in page
    assert "2-401 换工作日晚上去" in page
    assert "周末上午 2 次" in page
    assert page.count("换工作日晚上去") == 2
    assert "2-403 换" not in page
