"""Wrong tries in windows that slide."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select

from webapp.core import clock, db, tries
from webapp.core.tries import Bound, RecentTries, Rule

RULE = Rule("test", (Bound(3, clock.HOUR), Bound(5, clock.DAY)))
NOW = 1_800_000_000_000
MINUTE = clock.MINUTE


def attempt(app: Flask, minute: float, what: str = "x") -> bool:
    """One try so many minutes after NOW; whether it was let through."""
    with app.app_context(), db.writing() as session:
        return tries.take(session, RULE, what, now=NOW + round(minute * MINUTE))


@pytest.mark.both_engines
def test_as_many_as_a_bound_says_and_then_none(app: Flask) -> None:
    assert [attempt(app, minute) for minute in (0, 1, 2, 3, 59)] == [True] * 3 + [False] * 2


def test_the_window_slides(app: Flask) -> None:
    """A window that starts with the first try would let four through in five minutes here."""
    assert [attempt(app, minute) for minute in (0, 57, 58)] == [True] * 3
    assert [attempt(app, minute) for minute in (61, 62)] == [True, False]
    assert attempt(app, 117.5)


def test_what_is_refused_does_not_keep_it_closed(app: Flask) -> None:
    for minute in (0, 1, 2, 3, 30, 59):
        attempt(app, minute)
    assert attempt(app, 61)


def test_all_bounds_hold(app: Flask) -> None:
    through = [attempt(app, minute) for minute in range(0, 24 * 60, 30)]
    assert sum(through) == 5
    assert attempt(app, 24 * 60 + 1)


def test_what_was_right_is_given_back(app: Flask) -> None:
    for minute in (0, 1, 2):
        attempt(app, minute)
    with app.app_context(), db.writing() as session:
        tries.give_back(session, RULE, "x", taken=NOW + MINUTE)
        tries.give_back(session, RULE, "x", taken=NOW + MINUTE)  # once only
    assert [attempt(app, 3), attempt(app, 4)] == [True, False]


def test_others_are_not_concerned(app: Flask) -> None:
    for minute in range(4):
        attempt(app, minute)
    assert attempt(app, 5, "y")


@pytest.mark.both_engines
def test_a_burst_of_parallel_tries_gets_no_more_than_a_row_of_them(app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        through = sum(pool.map(lambda _: attempt(app, 0), range(24)))
    assert through == 3


def test_old_rows_are_swept_away_and_none_tells_of_what(app: Flask) -> None:
    attempt(app, 0, "13800000002")
    attempt(app, 24 * 60 + 1, "new")
    with app.app_context(), db.reading() as session:
        keys = session.scalars(select(RecentTries.key)).all()
    assert len(keys) == 1
    assert "new" not in keys[0]
