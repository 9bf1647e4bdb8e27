"""Doors from a rule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.places.generator import (
    DoorPlan,
    NewDoor,
    Numbering,
    RuleError,
    from_total,
    generate,
    unused_exceptions,
)


def rooms(plan: DoorPlan) -> list[str]:
    return [door.room for door in generate(plan)]


def test_units_times_floors_times_rooms() -> None:
    doors = generate(DoorPlan(units=("1", "2"), floors=3, rooms=2))
    assert len(doors) == 12
    assert doors[0] == NewDoor("1", 1, "101")
    assert doors[-1] == NewDoor("2", 3, "302")


@pytest.mark.parametrize(
    ("example", "room"),
    [("1203", "304"), ("0302", "0304"), ("12-3", "3-4"), ("#12-03", "#3-04"), ("12A", "3D")],
)
def test_numbers_follow_the_example(example: str, room: str) -> None:
    assert Numbering.like(example).room(3, 4) == room


@pytest.mark.parametrize("example", ["", "12", "abc", "一二"])
def test_what_is_no_number_is_refused(example: str) -> None:
    with pytest.raises(RuleError):
        Numbering.like(example)


def test_skipped_floors_do_not_exist() -> None:
    plan = DoorPlan(floors=15, rooms=1, skipped=frozenset({4, 13, 14}))
    assert {door.floor for door in generate(plan)} == set(range(1, 16)) - {4, 13, 14}


def test_a_floor_is_like_the_one_below_unless_something_else_is_said() -> None:
    plan = DoorPlan(floors=4, rooms=2, by_floor={1: 1, 3: 3})
    assert rooms(plan) == ["101", "201", "301", "302", "303", "401", "402", "403"]


def test_missing_doors_are_left_out_and_extra_ones_added() -> None:
    plan = DoorPlan(
        floors=2,
        rooms=2,
        units=("1", "2"),
        missing=(("", "102"), ("2", "0201")),
        extra=(NewDoor("1", 1, "101A"),),
    )
    keys = {door.key for door in generate(plan)}
    assert keys == {
        ("1", "101"), ("1", "201"), ("1", "202"), ("2", "101"), ("2", "202"), ("1", "101A"),
    }  # fmt: skip


def test_an_exception_that_names_no_door_is_shown() -> None:
    plan = DoorPlan(floors=2, rooms=2, missing=(("", "909"), ("", "101")))
    assert unused_exceptions(plan) == [("", "909")]


def test_places_can_run_on_from_unit_to_unit() -> None:
    plan = DoorPlan(floors=1, rooms=2, units=("1", "2"), running=True)
    assert rooms(plan) == ["101", "102", "103", "104"]


def test_cellars_have_negative_floors_and_there_is_no_floor_zero() -> None:
    plan = DoorPlan(floors=1, first_floor=-2, rooms=1)
    assert [(door.floor, door.room) for door in generate(plan)] == [
        (-2, "-201"), (-1, "-101"), (1, "101"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "plan",
    [
        DoorPlan(floors=0, rooms=1),
        DoorPlan(floors=500, rooms=1),
        DoorPlan(floors=2, rooms=-1),
        DoorPlan(floors=2, rooms=1, units=()),
        DoorPlan(floors=2, rooms=1, units=("1", "1")),
        DoorPlan(floors=100, rooms=101, units=("1", "2")),
    ],
)
def test_impossible_rules_are_refused(plan: DoorPlan) -> None:
    with pytest.raises(RuleError):
        generate(plan)


@given(st.integers(1, 60), st.integers(0, 600), st.integers(1, 6))
def test_a_total_is_met_exactly_with_doors_that_differ(floors: int, total: int, units: int) -> None:
    names = tuple(str(n + 1) for n in range(units))
    doors = generate(from_total(floors, total, units=names))
    assert len(doors) == len({door.key for door in doors}) == total


@given(st.integers(1, 40), st.integers(1, 300))
def test_a_larger_total_only_adds_doors(floors: int, total: int) -> None:
    before = {door.key for door in generate(from_total(floors, total))}
    after = {door.key for door in generate(from_total(floors, total + 1))}
    wide = total // floors >= 98  # three digits for the room: all numbers are others
    assert before < after or wide
