"""Numbers of buildings, units and rooms: one key for everything that is one door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.places.numbers import (
    building_key,
    compound_key,
    floor_of,
    numeral,
    room_key,
    shown_room,
    street_key,
    unit_key,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "door_key.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["name"]))
def test_a_doors_key_is_that_of_the_shared_vectors(case: dict[str, object]) -> None:
    expected = case["expect"]
    got = {"unit": unit_key(str(case["unit"])), "room": room_key(str(case["room"]))}
    assert got == expected


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("8号楼", "8"), ("2#楼", "2"), ("C幢", "C"), ("一号楼", "1"), ("十二栋", "12"),
        ("０８幢", "8"), ("8", "8"), ("08", "8"), ("第3幢", "3"), ("A座", "A"), ("8 号 楼", "8"),
        ("Blk 12A", "12A"), ("二十一栋", "21"), ("3＃", "3"), ("12號樓", "12"),
    ],
)  # fmt: skip
def test_a_building_has_one_key_however_it_is_written(text: str, key: str) -> None:
    assert building_key(text) == key


@pytest.mark.parametrize("text", ["2单元", "02", "二单元", "２", " 2 ", "第2单元", "2單元"])
def test_a_unit_has_one_key_however_it_is_written(text: str) -> None:
    assert unit_key(text) == "2"


@pytest.mark.parametrize("text", ["302", "0302", "302室", "３０２", " 302 ", "302号", "#302"])
def test_a_room_has_one_key_however_it_is_written(text: str) -> None:
    assert room_key(text) == "302"


@pytest.mark.parametrize(
    ("room", "floor"),
    [
        ("1403", 14), ("0302", 3), ("12-3", 12), ("302", 3), ("12-03室", 12), ("A1203", 12),
        ("1203B", 12), ("１４０３", 14), ("5", None), ("12", None), ("", None), ("门卫室", None),
        ("99901", None), ("0000", None),
    ],
)  # fmt: skip
def test_the_floor_is_taken_from_the_room(room: str, floor: int | None) -> None:
    assert floor_of(room) == floor


def test_a_number_above_the_roof_tells_no_floor() -> None:
    assert floor_of("1011", highest=6) is None


def test_a_room_is_shown_with_its_zeros() -> None:
    assert shown_room("0302室") == "0302"


def test_the_word_for_compound_does_not_matter() -> None:
    assert compound_key("金色年华小区") == compound_key("金色年华 ")


def test_a_street_is_the_same_abbreviated() -> None:
    assert street_key("BEDOK STH AVE 1") == street_key("Bedok South Avenue 1")


@pytest.mark.parametrize(
    ("text", "number"), [("十", 10), ("一百零三", 103), ("二〇", 20), ("号", None)]
)
def test_chinese_numerals_are_read(text: str, number: int | None) -> None:
    assert numeral(text) == number


@given(st.text(max_size=60))
def test_keys_never_fail(text: str) -> None:
    for key in (unit_key, room_key, building_key, compound_key, street_key):
        assert isinstance(key(text), str)
    floor_of(text)


@given(st.integers(1, 9999))
def test_leading_zeros_never_make_another_door(number: int) -> None:
    assert room_key(f"0{number}") == room_key(str(number)) == room_key(f"{number}室")
