"""Rates and distances in whole numbers, by the vectors that the phone is tested against too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.accounts.models import Community
from webapp.coverage import tally
from webapp.coverage.rates import WHOLE, rate, to_target
from webapp.coverage.tally import Tally, total

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "coverage.json").read_text()
)["cases"]
counts = st.integers(min_value=0, max_value=10**6)


def tally_of(case: dict[str, Any]) -> Tally:
    expected = dict(case["expect"])
    occupied = expected.pop("occupied")
    return Tally(vacant=expected["households"] - occupied, **expected)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_rates_are_those_of_the_vectors(case: dict[str, Any]) -> None:
    counted = tally_of(case)
    assert {
        "knocked": counted.knocked_rate,
        "publicity": counted.publicity_rate,
        "app": counted.app_rate,
        "app_of_smartphones": counted.app_rate_smartphone,
    } == case["rates"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_the_distance_to_the_targets_is_that_of_the_vectors(case: dict[str, Any]) -> None:
    counted = tally_of(case)
    community = Community(
        publicity_target=case["targets"]["publicity"], app_target=case["targets"]["app"]
    )
    assert {
        "publicity": tally.publicity(counted, community).missing,
        "app": tally.app(counted, community).missing,
    } == case["to_target"]


def test_a_rate_is_never_rounded_up() -> None:
    assert rate(2, 3) == 6666
    assert rate(8499, 10_000) == 8499


def test_there_is_no_rate_over_no_doors() -> None:
    assert rate(0, 0) is None
    assert to_target(0, 0, 8500) == 0


@given(whole=counts, part=counts, target=st.integers(1, WHOLE))
def test_the_missing_homes_reach_the_target_and_one_fewer_does_not(
    whole: int, part: int, target: int
) -> None:
    part = min(part, whole)
    missing = to_target(part, whole, target)
    assert (part + missing) * WHOLE >= target * whole
    assert missing == 0 or (part + missing - 1) * WHOLE < target * whole


@given(st.lists(st.tuples(*[counts] * 8), max_size=5))
def test_a_sum_is_the_same_in_any_order(rows: list[tuple[int, ...]]) -> None:
    tallies = [Tally(*row) for row in rows]
    assert total(tallies) == total(reversed(tallies))
    assert total(tallies) - total(tallies) == Tally()


def test_the_headline_is_the_one_that_the_community_chose() -> None:
    counted = Tally(households=10, reached=9, installed=3)
    community = Community(headline="app", publicity_target=8500, app_target=3000)
    assert tally.headline(counted, community).rate == 3000
    assert tally.headline(counted, community).met
    community.headline = "publicity"
    assert tally.headline(counted, community).rate == 9000


def test_a_target_over_no_doors_is_not_met() -> None:
    assert not tally.publicity(Tally(), Community(publicity_target=8500)).met
