"""Three weeks of walks: never in the future, never at night, and each a shift that one can walk."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from webapp.core import clock
from webapp.demo.blocks import Block, make_blocks
from webapp.demo.loading import HABITS, ROUTES, SEED, TIMEZONE
from webapp.demo.made import rng_of
from webapp.demo.walks import DAYS, Push, Street, Turf, three_weeks

SUNDAY_EVENING = clock.parse("2026-11-22T21:40:00.000+08:00")
WEEK = [SUNDAY_EVENING + day * clock.DAY for day in range(7)]
HOURS = ("00:03", "06:00", "09:10", "13:00", "18:30", "23:59")


def _walk(now: int, seed: int = SEED) -> tuple[list[Block], list[Push]]:
    rng = rng_of(seed)
    blocks = make_blocks(rng, now - DAYS * clock.DAY)
    turfs = [[Turf(blocks[place], units) for place, units in route] for route in ROUTES]
    return blocks, three_weeks(Street(TIMEZONE, rng), turfs, list(HABITS), blocks[-1], now)


def _moment(operation: dict[str, Any]) -> int:
    return clock.parse(operation["at"]) + int(operation["skew_ms"])


def _all(pushes: list[Push], kind: str = "visit") -> list[tuple[int, dict[str, Any]]]:
    return [
        (push.volunteer, operation)
        for push in pushes
        for operation in push.operations
        if operation["type"] == kind
    ]


@pytest.fixture(scope="module")
def pushes() -> list[Push]:
    return _walk(SUNDAY_EVENING)[1]


@pytest.mark.parametrize("now", [clock.parse(f"2026-11-24T{hour}:00.000+08:00") for hour in HOURS])
def test_nothing_happens_in_the_future_at_any_hour_of_loading(now: int) -> None:
    _, pushes = _walk(now)
    assert max(push.received_at for push in pushes) <= now
    for push in pushes:
        assert max(map(_moment, push.operations)) <= push.received_at


@pytest.mark.parametrize("now", WEEK)
def test_three_busy_weeks_end_today_on_any_day_of_the_week(now: int) -> None:
    _, pushes = _walk(now)
    days = {clock.day_of(push.received_at, TIMEZONE) for push in pushes}
    today = clock.day_of(now, TIMEZONE)
    assert today in days
    assert min(days) == today - timedelta(days=DAYS - 1)
    assert len(days) >= 14
    assert 2_000 <= len(_all(pushes)) <= 3_500


def test_the_same_seed_and_moment_make_the_same_operations(pushes: list[Push]) -> None:
    assert _walk(SUNDAY_EVENING)[1] == pushes
    assert _walk(SUNDAY_EVENING, seed=2)[1] != pushes


def test_pushes_come_in_the_order_of_receipt_and_no_larger_than_allowed(pushes: list[Push]) -> None:
    received = [push.received_at for push in pushes]
    assert received == sorted(received)
    assert max(len(push.operations) for push in pushes) <= 500


def test_everybody_goes_out_and_nobody_at_night(pushes: list[Push]) -> None:
    assert {volunteer for volunteer, _visit in _all(pushes)} == set(range(len(HABITS)))
    walls = [clock.local(_moment(visit), TIMEZONE) for _volunteer, visit in _all(pushes)]
    assert {wall.hour for wall in walls} <= set(range(8, 22))


def test_a_shift_has_at_most_some_110_doors(pushes: list[Push]) -> None:
    doors = Counter(
        (volunteer, clock.day_of(_moment(visit), TIMEZONE)) for volunteer, visit in _all(pushes)
    )
    assert max(doors.values()) <= 115
    assert sum(50 <= n <= 110 for n in doors.values()) > len(doors) / 2


def test_two_talks_of_one_volunteer_are_never_within_a_minute(pushes: list[Push]) -> None:
    talks: dict[int, list[int]] = {}
    practice = {door.id for door in _walk(SUNDAY_EVENING)[0][-1].doors}
    for volunteer, visit in _all(pushes):
        if visit["outcome"] == "informed" and visit["household"] not in practice:
            talks.setdefault(volunteer, []).append(_moment(visit))
    for moments in talks.values():
        moments.sort()
        assert min(b - a for a, b in zip(moments, moments[1:], strict=False)) >= clock.MINUTE


def test_doors_where_nobody_was_home_are_tried_again(pushes: list[Push]) -> None:
    tries = Counter(
        visit["household"] for _volunteer, visit in _all(pushes) if visit["outcome"] == "no_answer"
    )
    assert max(tries.values()) >= 3


def test_every_kind_of_operation_and_outcome_occurs(pushes: list[Push]) -> None:
    kinds = Counter(operation["type"] for push in pushes for operation in push.operations)
    assert set(kinds) == {"visit", "void", "household_add", "door_wish"}
    outcomes = Counter(visit["outcome"] for _volunteer, visit in _all(pushes))
    assert outcomes["informed"] > outcomes["no_answer"] / 2 > 0
    assert min(outcomes[name] for name in ("refused", "come_back", "vacant")) >= 20
    apps = Counter(visit.get("app") for _volunteer, visit in _all(pushes))
    assert min(apps[name] for name in ("installed", "helped", "declined", "no_smartphone")) >= 20


def test_a_void_follows_what_it_takes_back(pushes: list[Push]) -> None:
    seen: set[str] = set()
    for push in pushes:
        for operation in push.operations:
            if operation["type"] == "void":
                assert operation["operation"] in seen
            seen.add(operation["id"])


def test_volunteers_stay_on_their_turf(pushes: list[Push]) -> None:
    blocks, _ = _walk(SUNDAY_EVENING)
    where = {door.id: (block, door.unit) for block in blocks for door in block.doors}
    for volunteer, visit in _all(pushes):
        block, unit = where.get(visit["household"], (None, ""))
        if block is None or block.practice:
            continue
        own = {blocks[place].id: units for place, units in ROUTES[volunteer]}
        assert block.id in own
        assert own[block.id] is None or unit in (own[block.id] or ())


def test_one_phone_hands_a_whole_shift_over_on_the_next_morning(pushes: list[Push]) -> None:
    late = [
        push for push in pushes if push.received_at - _moment(push.operations[-1]) > 10 * clock.HOUR
    ]
    days = {clock.day_of(_moment(push.operations[-1]), TIMEZONE) for push in late}
    assert len(days) <= 1
