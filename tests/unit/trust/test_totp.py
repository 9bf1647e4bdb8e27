"""Codes as RFC 6238 has them; the phone is held to the same file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from webapp.trust import totp

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "badge.json").read_text(encoding="utf-8")
)
KEY = bytes.fromhex(VECTORS["keys"]["sha1"])


@pytest.mark.parametrize(
    "vector", VECTORS["rfc6238"], ids=lambda v: f"{v['algorithm']} {v['time']}"
)
def test_codes_are_those_of_the_rfc(vector: dict[str, Any]) -> None:
    key = bytes.fromhex(VECTORS["keys"][vector["algorithm"]])
    step = totp.step_of(vector["time"] * 1000)
    assert totp.code(key, step, digits=8, algorithm=vector["algorithm"]) == vector["code"]


@pytest.mark.parametrize("vector", VECTORS["badge"], ids=lambda v: str(v["time"]))
def test_badges_show_six_digits_and_prove_with_80_bits(vector: dict[str, Any]) -> None:
    step = totp.step_of(vector["time"] * 1000)
    assert step == vector["step"]
    assert totp.code(KEY, step) == vector["code"]
    assert totp.mark(KEY, vector["number"], step) == vector["mark"]


def test_a_code_counts_for_the_steps_beside_its_own_and_no_others() -> None:
    step = 41152263
    typed = totp.code(KEY, step)
    counts = [totp.any_matches([KEY], typed, step + late) for late in (-2, -1, 0, 1, 2)]
    assert counts == [[False], [True], [True], [True], [False]]


def test_each_key_is_told_from_the_others() -> None:
    other = bytes(20)
    typed = totp.code(other, 7)
    assert totp.any_matches([KEY, other], typed, 7) == [False, True]


def test_a_mark_belongs_to_its_number_and_step() -> None:
    assert len({totp.mark(KEY, 218, 7), totp.mark(KEY, 219, 7), totp.mark(KEY, 218, 8)}) == 3
    assert totp.mark(KEY, 21, 87) != totp.mark(KEY, 218, 7)
