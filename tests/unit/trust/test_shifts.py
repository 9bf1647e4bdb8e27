"""On duty and off: the fold, the operation, and the warning when an end is missing."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.factories.field import HOUR, MINUTE, NOW, Neighbourhood, Phone, op, void
from tests.factories.trust import Resident, checks, issue, shift
from webapp.accounts.models import Community, Member
from webapp.alerts.models import Robot, RobotDelivery
from webapp.alerts.robots.worker import text_of
from webapp.core import db
from webapp.core.ids import new_id
from webapp.trust import duty, shifts, watch
from webapp.trust.shifts import Duty, Step

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "shift.json").read_text(encoding="utf-8")
)
steps = st.builds(
    Step,
    moment=st.integers(0, 50),
    id=st.uuids().map(str),
    starts=st.booleans(),
    until=st.none() | st.integers(0, 60),
)


def on_duty(phone: Phone, now: int) -> Duty | None:
    """What a resident's check would find."""
    with db.reading() as session:
        return duty.shift_of(session, phone.community_id, phone.member_id, now=now)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_the_fold_agrees_with_the_vectors(case: dict[str, Any]) -> None:
    minute = VECTORS["minute"]
    given_steps = [
        Step(
            step["moment"] * minute,
            step["id"],
            step["starts"],
            step["until"] * minute if "until" in step else None,
        )
        for step in case["steps"]
    ]
    expected = case["expect"] and Duty(**{k: v * minute for k, v in case["expect"].items()})
    for order in permutations(given_steps):
        assert shifts.fold(order) == expected
    found = shifts.fold(given_steps)
    for moment, covered in case.get("covered", {}).items():
        assert bool(found and found.covers(int(moment) * minute)) is covered


@given(st.lists(steps, max_size=8))
def test_neither_order_nor_repeats_matter(taken: list[Step]) -> None:
    assert shifts.fold(reversed(taken)) == shifts.fold(taken)
    assert shifts.fold([*taken, *taken]) == shifts.fold(taken)


@pytest.mark.both_engines
def test_a_start_makes_on_duty_and_an_end_makes_off(hood: Neighbourhood) -> None:
    phone = hood.volunteer()
    assert on_duty(phone, NOW) is None
    phone.send(shift("start", at=NOW, until=NOW + 2 * HOUR))
    assert on_duty(phone, NOW + MINUTE) == Duty(NOW, NOW + 2 * HOUR)
    assert on_duty(phone, NOW + 2 * HOUR + 29 * MINUTE)
    assert on_duty(phone, NOW + 2 * HOUR + 30 * MINUTE) is None
    phone.send(shift("end", at=NOW + HOUR), now=NOW + HOUR)
    assert on_duty(phone, NOW + HOUR) is None


@pytest.mark.both_engines
def test_operations_may_come_in_any_order_and_twice(hood: Neighbourhood) -> None:
    phone = hood.volunteer()
    start, end = shift("start", at=NOW), shift("end", at=NOW + HOUR)
    later = NOW + 2 * HOUR
    assert phone.statuses(end, start, end, now=later) == ["accepted", "accepted", "duplicate"]
    assert on_duty(phone, later) is None


def test_a_start_that_was_taken_back_never_was(hood: Neighbourhood) -> None:
    phone = hood.volunteer()
    start = shift("start")
    phone.push(start, void(start))
    assert on_duty(phone, NOW) is None
    end = shift("end", at=NOW + MINUTE)
    phone.push(shift("start"), end, now=NOW + MINUTE)
    phone.push(void(end), now=NOW + 2 * MINUTE)
    assert on_duty(phone, NOW + 2 * MINUTE) == Duty(NOW, NOW + shifts.USUAL)


def test_the_planned_end_is_read_from_the_same_clock_as_the_start(hood: Neighbourhood) -> None:
    """The phone's clock is an hour slow: its corrected moment moves the end too."""
    phone = hood.volunteer()
    slow = op(
        "shift",
        at=NOW - HOUR,
        skew_ms=HOUR,
        action="start",
        until="2026-11-23T10:00:00.000+08:00",  # two hours after what it takes for now
    )
    assert phone.send(slow).status == "accepted"
    assert on_duty(phone, NOW) == Duty(NOW, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"action": "start"}, "accepted"),
        ({"action": "pause"}, "held:invalid:action"),
        ({}, "held:invalid:action"),
        ({"action": "end", "until": "2026-11-23T10:00:00+08:00"}, "held:invalid:until"),
        ({"action": "start", "until": "2026-11-23T08:00:00+08:00"}, "held:invalid:until"),
        ({"action": "start", "until": "2026-11-24T02:00:00+08:00"}, "held:invalid:until"),
        ({"action": "start", "until": "2026-11-23T10:00:00"}, "held:invalid:until"),
        ({"action": "start", "where": "gate"}, "held:not_understood"),
    ],
)
def test_what_does_not_go_together_is_held(
    hood: Neighbourhood, fields: dict[str, Any], status: str
) -> None:
    assert hood.volunteer().statuses(op("shift", **fields)) == [status]


def test_nobody_is_on_duty_before_they_were_confirmed(hood: Neighbourhood) -> None:
    phone = hood.member(status="pending")
    assert phone.statuses(shift("start")) == ["held:not_yours"]
    assert on_duty(phone, NOW) is None


def test_the_phone_learns_its_shift_in_its_own_bucket(hood: Neighbourhood) -> None:
    phone = hood.volunteer()
    phone.send(shift("start", until=NOW + HOUR))
    phone.pull()
    row = phone.rows["me"]["shift", phone.member_id]
    assert (row["since"], row["until"]) == (NOW, NOW + HOUR)
    phone.send(shift("end", at=NOW + MINUTE), now=NOW + MINUTE)
    phone.pull()
    assert phone.rows["me"]["shift", phone.member_id]["since"] is None


def late_rows(phone: Phone) -> list[tuple[str, int | None]]:
    """Whom this phone is told of, and what their planned end was."""
    phone.pull()
    rows = [row for (kind, _), row in phone.rows["me"].items() if kind == "late_shift"]
    return [(row["name"], row["until"]) for row in rows]


@pytest.mark.both_engines
def test_a_shift_that_does_not_end_is_told_to_those_who_lead(hood: Neighbourhood) -> None:
    walker, colleague = hood.volunteer(), hood.volunteer()
    desk, lead = hood.member("coordinator"), hood.volunteer()
    with db.writing() as session:
        session.get_one(Member, (lead.community_id, lead.member_id)).lead = True
    walker.send(shift("start", until=NOW + HOUR))
    watch.warn_of_late(NOW + HOUR + 30 * MINUTE)
    assert late_rows(lead) == []
    watch.warn_of_late(NOW + HOUR + 31 * MINUTE)
    assert [until for _, until in late_rows(lead)] == [NOW + HOUR]
    assert [until for _, until in late_rows(desk)] == [NOW + HOUR]
    assert late_rows(colleague) == []
    assert late_rows(walker) == []


@pytest.mark.both_engines
def test_the_warning_goes_when_word_comes(hood: Neighbourhood) -> None:
    walker, lead = hood.volunteer(), hood.member("coordinator")
    walker.send(shift("start", until=NOW + HOUR))
    watch.warn_of_late(NOW + 2 * HOUR)
    assert late_rows(lead)[0][1] == NOW + HOUR
    walker.send(shift("end", at=NOW + HOUR), now=NOW + 3 * HOUR)
    assert late_rows(lead)[0][1] is None
    watch.warn_of_late(NOW + 4 * HOUR)
    fresh = hood.member("coordinator")
    assert late_rows(fresh) == []


def test_it_is_told_once_and_again_only_for_another_end(hood: Neighbourhood) -> None:
    walker, lead = hood.volunteer(), hood.member("coordinator")
    walker.send(shift("start", until=NOW + HOUR))
    watch.warn_of_late(NOW + 2 * HOUR)
    lead.pull()
    before = lead.cursors["me"]
    watch.warn_of_late(NOW + 3 * HOUR)
    lead.pull()
    assert lead.cursors["me"] == before
    old = shift("start", at=NOW - 24 * HOUR)  # comes late, changes nothing
    walker.send(old, now=NOW + 3 * HOUR)
    assert late_rows(lead)[0][1] == NOW + HOUR
    walker.send(shift("start", at=NOW + 3 * HOUR, until=NOW + 4 * HOUR), now=NOW + 3 * HOUR)
    assert late_rows(lead)[0][1] is None
    watch.warn_of_late(NOW + 5 * HOUR)
    assert late_rows(lead)[0][1] == NOW + 4 * HOUR


def test_old_checks_are_forgotten_and_others_kept(hood: Neighbourhood) -> None:
    badge = issue(hood)
    Resident().types(badge.number, badge.code())
    watch.forget_checks(NOW + watch.KEPT)
    assert len(checks("id")) == 1
    watch.forget_checks(NOW + watch.KEPT + 1)
    assert checks("id") == []


def test_the_groups_robots_say_that_somebody_is_late_and_not_who(hood: Neighbourhood) -> None:
    walker = hood.volunteer()
    with db.writing() as session:
        for events in (["overdue"], ["new"]):
            session.add(
                Robot(
                    community_id=hood.community_id,
                    id=new_id(),
                    name="group",
                    kind="wecom",
                    address=b"sealed",
                    events=events,
                    levels=["high"],
                    per_minute=20,
                    created_at=NOW,
                )
            )
    walker.send(shift("start", until=NOW + HOUR))
    watch.warn_of_late(NOW + 2 * HOUR)
    watch.warn_of_late(NOW + 3 * HOUR)
    with db.reading() as session:
        [row] = session.scalars(select(RobotDelivery)).all()
        text = text_of(row, session.get_one(Community, hood.community_id))
    assert "收工" in text
    assert "Person" not in text
