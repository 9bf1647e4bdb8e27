"""Limits that all processes share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from webapp.core import clock, db, limits
from webapp.core.limits import Limit, Locked, Rule

RULE = Rule("test", 3, 10 * clock.MINUTE, 5 * clock.MINUTE)
NOW = 1_800_000_000_000


def tries(app: Flask, count: int, now: int = NOW, what: str = "x") -> int:
    """How many of so many attempts were let through."""
    through = 0
    with app.app_context():
        for _ in range(count):
            try:
                with db.writing() as session:
                    limits.take(session, RULE, what, now=now)
                through += 1
            except Locked:
                pass
    return through


@pytest.mark.both_engines
def test_as_many_as_the_rule_says_and_then_none(app: Flask) -> None:
    assert tries(app, 5) == 3
    assert tries(app, 1, NOW + RULE.lock - 1) == 0
    assert tries(app, 5, NOW + RULE.lock) == 3


def test_others_are_not_concerned(app: Flask) -> None:
    tries(app, 5)
    assert tries(app, 1, what="y") == 1


def test_a_window_that_is_over_starts_anew(app: Flask) -> None:
    tries(app, 2)
    assert tries(app, 5, NOW + RULE.window) == 3


def test_what_was_no_failure_is_given_back(app: Flask) -> None:
    tries(app, 3)
    with app.app_context(), db.writing() as session:
        limits.give_back(session, RULE, "x")
    assert tries(app, 5) == 1


def test_the_wait_is_told_in_whole_seconds(app: Flask) -> None:
    tries(app, 3)
    with app.app_context(), pytest.raises(Locked) as locked, db.writing() as session:
        limits.take(session, RULE, "x", now=NOW + 1)
    assert locked.value.params["retry_after"] == 300
    assert locked.value.params["minutes"] == 5


@pytest.mark.both_engines
def test_a_burst_of_parallel_tries_gets_no_more_than_a_row_of_them(app: Flask) -> None:
    with ThreadPoolExecutor(8) as pool:
        through = sum(pool.map(lambda _: tries(app, 1), range(24)))
    assert through == RULE.count


def test_old_rows_are_swept_away(app: Flask) -> None:
    tries(app, 1, what="old")
    tries(app, 1, NOW + limits.KEPT + 1, what="new")
    with app.app_context(), db.reading() as session:
        assert session.query(Limit).count() == 1


def test_the_table_holds_no_login_in_the_clear(app: Flask) -> None:
    tries(app, 1, what="13800000002")
    with app.app_context(), db.reading() as session:
        assert "13800000002" not in session.query(Limit).one().key


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("", "unknown"),
    ],
)
def test_one_subscriber_counts_as_one_address(address: str | None, near: str) -> None:
    assert limits.neighbourhood(address) == near
