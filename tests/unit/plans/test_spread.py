"""A year's number over months and days: exact, even, and as on the phone."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.plans.spread import by_months, of_day, until, works

CASES = json.loads(
    (Path(__file__).parents[2] / "vectors" / "spread.json").read_text(encoding="utf-8")
)["cases"]
weekdays = st.integers(1, 127)
years = st.integers(2024, 2032)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['day']} {case['weekdays']}")
def test_a_days_share_is_that_of_the_shared_vectors(case: dict[str, Any]) -> None:
    day = date.fromisoformat(case["day"])
    assert of_day(case["months"], case["weekdays"], day) == case["share"]


@given(st.integers(0, 9_999_999), years, weekdays, st.integers(1, 12))
def test_months_add_up_to_the_year(total: int, year: int, days: int, first: int) -> None:
    months = by_months(total, year, days, first)
    assert len(months) == 12
    assert sum(months) == total
    assert not any(months[: first - 1])
    assert min(months) >= 0


@given(st.lists(st.integers(0, 5_000), min_size=12, max_size=12), years, weekdays)
def test_days_add_up_to_their_months_evenly(months: list[int], year: int, mask: int) -> None:
    shares = {day: of_day(months, mask, day) for day in days_of(year)}
    for month, total in enumerate(months, 1):
        of_month = [n for day, n in shares.items() if day.month == month and works(day, mask)]
        assert sum(of_month) == total
        assert max(of_month) - min(of_month) <= 1
    assert not any(n for day, n in shares.items() if not works(day, mask))
    running = 0
    for day, n in shares.items():
        running += n
        assert until(months, mask, day) == running


def test_a_shorter_month_has_less_to_do() -> None:
    assert by_months(365, 2026, 127) == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert by_months(100, 2026, 0b0011111, first=12) == [0] * 11 + [100]
