"""When a number is reached: by hand, by simulation, and what has to hold of any forecast."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from webapp.plans.forecast import FEWEST, Forecast, forecast

dailies = st.lists(st.integers(-3, 60), min_size=FEWEST, max_size=28)


def test_a_steady_pace_has_no_range() -> None:
    assert forecast(95, [10] * 28) == Forecast(10, 10, 10)
    assert forecast(1, [10] * 28) == Forecast(1, 1, 1)


def test_by_hand() -> None:
    # m = 10, s = 10.1835 (14 days of 0, 14 of 20); 100 = 10 d ± 13.0512 √d: √d = 2.576, 3.881
    found = forecast(100, [0, 20] * 14)
    assert found == Forecast(10, 7, 16)


def test_what_gives_no_date() -> None:
    assert forecast(5, [3] * (FEWEST - 1)) is None
    assert forecast(5, [0] * 28) is None
    assert forecast(5, [-1] * 28) is None
    assert forecast(1_000_000, [1] * 28) is None
    assert forecast(0, []) == Forecast(0, 0, 0)


@given(st.integers(1, 5_000), dailies)
def test_the_likely_day_lies_in_its_range(missing: int, daily: list[int]) -> None:
    found = forecast(missing, daily)
    if found is not None:
        assert 1 <= found.early <= found.likely
        assert found.late is None or found.likely <= found.late


@given(st.integers(1, 5_000), st.integers(0, 500), dailies)
def test_more_to_do_never_comes_sooner(missing: int, more: int, daily: list[int]) -> None:
    near, far = forecast(missing, daily), forecast(missing + more, daily)
    if near is not None and far is not None:
        assert near.likely <= far.likely
        assert near.early <= far.early
        assert far.late is None or (near.late is not None and near.late <= far.late)


def test_the_range_holds_about_four_times_out_of_five() -> None:
    """Days drawn from a known distribution: the range is that of the sum, not a decoration."""
    rng = random.Random(7)
    daily = [rng.choice((0, 0, 5, 12, 20)) for _ in range(28)]
    found = forecast(400, daily)
    assert found is not None
    assert found.late is not None
    inside, runs = 0, 2_000
    for _ in range(runs):
        left, days = 400, 0
        while left > 0:
            left -= rng.choice(daily)
            days += 1
        inside += found.early <= days <= found.late
    assert 0.74 <= inside / runs <= 0.88
