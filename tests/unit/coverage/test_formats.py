"""How figures and moments are written."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests.conftest import Clock
from webapp.core import clock as product_clock
from webapp.coverage import formats

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("points", "whole", "fine"),
    [(None, "–", "–"), (0, "0%", "0.0%"), (8499, "84%", "84.9%"), (10_000, "100%", "100.0%")],
)
def test_rates_are_written_rounded_down(points: int | None, whole: str, fine: str) -> None:
    assert formats.whole_rate(points) == whole
    assert formats.fine_rate(points) == fine


def test_thousands_are_set_apart() -> None:
    assert formats.num(590_530) == "590,530"


@pytest.mark.parametrize(
    ("at", "text"),
    [
        ("2026-11-23T08:05:00+08:00", "08:05"),
        ("2026-11-23T00:30:00+08:00", "00:30"),
        ("2026-11-22T23:59:00+08:00", "昨天"),
        ("2026-11-09T12:00:00+08:00", "11月9日"),
        ("2024-11-09T12:00:00+08:00", "2024年11月9日"),
    ],
)
def test_a_moment_is_told_in_the_community_s_own_days(
    context: Flask, clock: Clock, at: str, text: str
) -> None:
    assert formats.moment(product_clock.parse(at), SHANGHAI) == text


def test_nothing_yet_is_a_dash(context: Flask) -> None:
    assert formats.moment(None, SHANGHAI) == "–"
    assert formats.day(None) == "–"


def test_days_follow_the_language(app: Flask, clock: Clock) -> None:
    with app.test_request_context("/?lang=en"):
        assert formats.day(date(2026, 11, 9)) == "9 Nov"
    with app.test_request_context("/?lang=zh"):
        assert formats.day(date(2026, 11, 9)) == "11月9日"
