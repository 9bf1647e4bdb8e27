"""Doors at the desk: by hand, by a rule, renamed, out of use. Their history always stays."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.factories.field import differences, visit
from tests.factories.places import Estate
from webapp.core import db
from webapp.coverage.models import BuildingCount
from webapp.places.models import Household


def doors(place: Estate, building: str) -> dict[str, Household]:
    """The building's doors in use by `unit-room`."""
    with place.context(), db.reading() as session:
        statement = select(Household).where(
            Household.community_id == place.community_id,
            Household.building_id == building,
            Household.retired_at.is_(None),
        )
        return {f"{door.unit}-{door.room}": door for door in session.scalars(statement)}


def households(place: Estate, building: str) -> int:
    """How many doors are counted, after checking that the counters are right."""
    with place.context():
        assert differences(place.hood) == []
    count = place.row(BuildingCount, building)
    return count.households if count else 0


def add(place: Estate, building: str, rooms: str, unit: str = "1", floor: str = "") -> str:
    """The form for doors by hand; what the page then says."""
    answer = place.desk.submit(f"/buildings/{building}/doors", unit=unit, rooms=rooms, floor=floor)
    return str(place.desk.get(answer.location).text)


def test_doors_typed_one_after_the_other_are_added(place: Estate) -> None:
    building = place.building("1")
    add(place, building, "101、102, 0203 1104", unit="2单元")
    assert sorted(doors(place, building)) == ["2-0203", "2-101", "2-102", "2-1104"]
    assert doors(place, building)["2-1104"].floor == 11
    assert households(place, building) == 4


def test_a_floor_that_is_given_holds(place: Estate) -> None:
    building = place.building("1")
    add(place, building, "门卫", floor="-1")
    assert doors(place, building)["1-门卫"].floor == -1


def test_a_door_that_is_there_is_not_added_again(place: Estate) -> None:
    building = place.building("1")
    add(place, building, "101")
    page = add(place, building, "0101室 102")
    assert sorted(doors(place, building)) == ["1-101", "1-102"]
    assert "新添 1 户" in page


def test_adding_a_retired_door_brings_it_back_with_its_history(place: Estate) -> None:
    building = place.building("1")
    door = place.doors(building, [101])[0]
    place.push(place.volunteer(building), visit(door))
    place.desk.submit(f"/buildings/{building}/doors/{door}/retire")
    assert households(place, building) == 0
    assert "恢复 1 户" in add(place, building, "101")
    assert households(place, building) == 1
    assert place.row(BuildingCount, building).reached == 1


@pytest.mark.parametrize(("rooms", "floor"), [("101", "abc"), ("101", "9999"), ("", "")])
def test_what_makes_no_door_is_told_or_ignored(place: Estate, rooms: str, floor: str) -> None:
    building = place.building("1")
    add(place, building, rooms, floor=floor)
    assert doors(place, building) == {}


# --- rename, retire -------------------------------------------------------------------------


@pytest.mark.both_engines
def test_a_renamed_door_keeps_its_visits_and_remembers_its_list(place: Estate) -> None:
    building = place.building("1")
    door = place.doors(building, [101])[0]
    place.push(place.volunteer(building), visit(door))
    place.desk.submit(f"/buildings/{building}/doors/{door}/rename", unit="2", room="1103", floor="")
    row = place.row(Household, door)
    assert (row.unit, row.room, row.floor, row.source_key) == ("2", "1103", 11, "1|101")
    assert (row.unit_key, row.room_key) == ("2", "1103")
    assert households(place, building) == 1
    assert place.row(BuildingCount, building).reached == 1


def test_renaming_twice_remembers_the_first_name(place: Estate) -> None:
    building = place.building("1")
    door = place.doors(building, [101])[0]
    for room in ("102", "103"):
        place.desk.submit(f"/buildings/{building}/doors/{door}/rename", unit="1", room=room)
    assert place.row(Household, door).source_key == "1|101"


def test_a_door_cannot_take_another_door_s_number(place: Estate) -> None:
    building = place.building("1")
    door, _other = place.doors(building, [101, 102])
    answer = place.desk.submit(f"/buildings/{building}/doors/{door}/rename", unit="1", room="0102")
    assert place.row(Household, door).room == "101"
    assert "已经有这个房号" in place.desk.get(answer.location).text


@pytest.mark.parametrize("room", ["", "  ", "室"])
def test_a_door_needs_a_number(place: Estate, room: str) -> None:
    building = place.building("1")
    door = place.doors(building, [101])[0]
    place.desk.submit(f"/buildings/{building}/doors/{door}/rename", unit="1", room=room)
    assert place.row(Household, door).room in {"101", room.strip()}
    assert place.row(Household, door).room


def test_phones_learn_that_a_door_was_renamed_and_retired(place: Estate) -> None:
    building = place.building("1")
    door = place.doors(building, [101])[0]
    phone = place.volunteer(building)
    place.desk.submit(f"/buildings/{building}/doors/{door}/rename", unit="1", room="201")
    place.desk.submit(f"/buildings/{building}/doors/{door}/retire")
    with place.context():
        phone.pull()
    row = phone.door(building, door)
    assert (row["room"], row["retired"]) == ("201", True)


@pytest.mark.both_engines
def test_retiring_and_bringing_back_are_harmless_to_repeat(place: Estate) -> None:
    building = place.building("1")
    door, _other = place.doors(building, [101, 102])
    place.push(place.volunteer(building), visit(door, leaflets={"general": 1}))
    for _ in range(2):
        place.desk.submit(f"/buildings/{building}/doors/{door}/retire")
    assert households(place, building) == 1
    assert place.row(BuildingCount, building).leaflets == 1  # leaflets stay counted
    for _ in range(2):
        place.desk.submit(f"/buildings/{building}/doors/{door}/unretire")
    assert households(place, building) == 2
    assert place.row(BuildingCount, building).reached == 1


# --- by a rule ------------------------------------------------------------------------------

RULE = {"units": "2", "floors": "3", "rooms": "2", "example": "0101"}


def query(rule: dict[str, str]) -> str:
    """A rule as an address carries it."""
    return "&".join(f"{name}={value}" for name, value in rule.items())


def test_a_preview_shows_the_doors_and_writes_nothing(place: Estate) -> None:
    building = place.building("1")
    add(place, building, "101")
    page = place.desk.get(f"/buildings/{building}?{query(RULE)}").text
    assert "新添 11 户" in page
    assert "已有 1 户" in page
    assert re.search(r">0302<", page)
    assert len(doors(place, building)) == 1


@pytest.mark.both_engines
def test_the_rule_makes_what_the_preview_showed(place: Estate) -> None:
    building = place.building("1")
    add(place, building, "101")
    for _ in range(2):
        place.desk.submit(f"/buildings/{building}/generate", **RULE)
    assert len(doors(place, building)) == 12
    assert "2-0302" in doors(place, building)
    assert households(place, building) == 12


def test_a_rule_has_exceptions(place: Estate) -> None:
    building = place.building("1")
    rule = RULE | {"skipped": "2", "missing": "1-0101、0302", "other": "3:3"}
    place.desk.submit(f"/buildings/{building}/generate", **rule)
    assert sorted(doors(place, building)) == [
        "1-0102", "1-0301", "1-0303", "2-0101", "2-0102", "2-0301", "2-0303"
    ]  # fmt: skip


def test_an_exception_that_names_no_door_is_pointed_out(place: Estate) -> None:
    building = place.building("1")
    page = place.desk.get(f"/buildings/{building}?{query(RULE)}&missing=9901").text
    assert "9901" in page[page.index("对不上") :]


def test_the_rule_leaves_retired_doors_alone(place: Estate) -> None:
    building = place.building("1")
    place.desk.submit(f"/buildings/{building}/generate", **RULE)
    gone = doors(place, building)["1-0101"].id
    place.desk.submit(f"/buildings/{building}/doors/{gone}/retire")
    place.desk.submit(f"/buildings/{building}/generate", **RULE)
    assert "1-0101" not in doors(place, building)


@pytest.mark.parametrize(
    "wrong",
    [
        {"floors": "x"},
        {"floors": "0"},
        {"floors": "999"},
        {"rooms": "-1"},
        {"rooms": "9999"},
        {"units": "0"},
        {"units": "99"},
        {"units": "A、A"},
        {"example": "??"},
        {"other": "3"},
        {"skipped": "vier"},
    ],
)
def test_a_rule_that_makes_no_sense_is_explained(place: Estate, wrong: dict[str, str]) -> None:
    building = place.building("1")
    page = place.desk.get(f"/buildings/{building}?{query(RULE | wrong)}").text
    assert 'role="alert"' in page
    assert "building.rule" not in page
    answer = place.desk.submit(f"/buildings/{building}/generate", **(RULE | wrong))
    assert answer.status_code == 303
    assert doors(place, building) == {}


def test_doors_of_another_community_are_out_of_reach(place: Estate) -> None:
    other = "01990000-0000-7000-8000-000000000000"
    building = place.building("1")
    for act in ("rename", "retire", "unretire"):
        answer = place.desk.submit(f"/buildings/{building}/doors/{other}/{act}", room="1")
        assert answer.status_code == 404
    assert place.desk.submit(f"/buildings/{other}/generate", **RULE).status_code == 404
