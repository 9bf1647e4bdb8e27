"""What is typed into forms."""

from __future__ import annotations

import pytest

from webapp.core import clock
from webapp.core.forms import usual_time, whole


@pytest.mark.parametrize(
    ("text", "digits", "number"),
    [("7", 2, 7), (" 42 ", 2, 42), ("007", 3, 7), ("100", 2, None), ("", 2, None), ("-1", 2, None),
     ("٣", 2, None), ("1.5", 3, None), ("x", 2, None)],
)  # fmt: skip
def test_a_whole_number_of_so_many_digits(text: str, digits: int, number: int | None) -> None:
    assert whole(text, digits) == number


@pytest.mark.parametrize(
    ("now", "time"), [("03:15", "03:15"), ("12:00", "12:00"), ("18:40", "12:00")]
)
def test_the_usual_time_is_noon_and_never_to_come(now: str, time: str) -> None:
    moment = clock.parse(f"2026-11-27T{now}:30+08:00")
    assert usual_time(moment, "Asia/Shanghai") == time
