"""The board and the page of one alert: what stands where, who may see what, what the desk does."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock, Statements
from tests.factories.alerts import attempt, dues, make_alert, outcome, row, workers
from tests.factories.field import DAY, MINUTE, NOW, Phone
from tests.factories.places import Estate, estate

Counting = Callable[[], AbstractContextManager[Statements]]
MOST_STATEMENTS = 12


def column(page: str, name: str) -> str:
    """The HTML of one column."""
    parts = re.split(r'<section class="col" aria-label="([^"]+)">', page)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[name]


def alert(place: Estate, to: tuple[Phone, ...] = (), **fields: Any) -> str:
    with place.context():
        return make_alert(place.hood, to=to, **fields)


def push(place: Estate, phone: Phone, *operations: Any, now: int = NOW) -> None:
    place.push(phone, *operations, now=now)


def test_an_empty_board_says_what_belongs_there(place: Estate) -> None:
    page = place.desk.get("/alerts").text
    for words in ("没有待核实的预警", "没有正在上门的", "还没有预警"):
        assert words in page


@pytest.mark.both_engines
def test_alerts_stand_in_the_column_of_their_step(place: Estate) -> None:
    phone = place.volunteer()
    alert(place, resident_name="孙先生", draft=True)
    calling, there, over = (
        alert(place, (phone,), resident_name=n) for n in ("李女士", "何女士", "罗女士")
    )
    push(place, phone, attempt(calling, "call", "busy"), attempt(there, "door", "no_answer"))
    push(place, phone, outcome(over, risk="high", avoided=15_000_000))
    page = place.desk.get("/alerts").text
    assert "孙先生" in column(page, "待核实")
    assert "待确认" in column(page, "待核实")
    assert "李女士" in column(page, "电话、短信")
    assert "占线" in column(page, "电话、短信")
    assert "何女士" in column(page, "上门")
    closed = column(page, "已办结，待回访")
    assert "罗女士" in closed
    assert "保住 15 万元" in closed
    assert "11月24日回访" in closed


@pytest.mark.both_engines
def test_what_is_overdue_stands_first_and_says_by_how_much(place: Estate, clock: Clock) -> None:
    alert(place, resident_name="钱先生")
    alert(place, resident_name="孙先生", received_at=NOW - 66 * MINUTE)
    page = column(place.desk.get("/alerts").text, "待核实")
    assert page.index("孙先生") < page.index("钱先生")
    assert "+6" in page
    assert "已超时 6 分钟" in page


def test_a_full_name_and_a_phone_number_are_not_on_the_board(place: Estate) -> None:
    alert(place, resident_name="何丽娟")
    page = place.desk.get("/alerts").text
    assert "何*" in page
    for secret in ("何丽娟", "13812345678"):
        assert secret not in page


def test_the_board_can_be_searched_and_narrowed_to_a_grid(place: Estate) -> None:
    for name, grid in (("1", "一网格"), ("2", "二网格")):
        building = place.building(name, grid=grid)
        (door,) = place.doors(building, [101])
        alert(place, door=door, resident_name=f"{'何李'[int(name) - 1]}女士")
    assert "李女士" not in place.desk.get("/alerts?grid=一网格").text
    assert "何女士" not in place.desk.get("/alerts?q=李").text
    assert "何女士" in place.desk.get("/alerts?q=1 何").text


def test_the_columns_alone_are_sent_again_only_when_something_changed(place: Estate) -> None:
    alert(place)
    first = place.desk.get("/alerts/board")
    assert first.status_code == 200
    assert "<html" not in first.text
    tag = {"If-None-Match": first.headers["ETag"]}
    assert place.desk.client.get("/alerts/board", headers=tag).status_code == 304
    alert(place)
    assert place.desk.client.get("/alerts/board", headers=tag).status_code == 200


def test_the_board_costs_the_same_for_one_alert_and_for_many(
    place: Estate, query_count: Counting
) -> None:
    alert(place)
    with query_count() as few:
        place.desk.get("/alerts")
    for _ in range(12):
        alert(place)
    with query_count() as many:
        place.desk.get("/alerts")
    assert few.count == many.count <= MOST_STATEMENTS


def test_the_side_bar_counts_what_is_open(place: Estate) -> None:
    assert re.search(r"data-alerts-open hidden>0<", place.desk.get("/coverage").text)
    alert(place, draft=True)
    alert(place)
    assert re.search(r"data-alerts-open>2<", place.desk.get("/coverage").text)


@pytest.mark.both_engines
def test_the_page_masks_the_person_until_somebody_looks_and_notes_who(
    place: Estate, clock: Clock
) -> None:
    found = alert(place, resident_name="何丽娟")
    page = place.desk.get(f"/alerts/{found}").text
    assert "138****5678" in page
    assert "13812345678" not in page
    place.desk.submit(f"/alerts/{found}/reveal")
    page = place.desk.get(f"/alerts/{found}").text
    assert "13812345678" in page
    assert "何丽娟" in page
    assert "查看了个人信息" in page
    clock.advance(minutes=11)
    assert "13812345678" not in place.desk.get(f"/alerts/{found}").text


@pytest.mark.both_engines
def test_all_that_happened_stands_in_the_timeline(place: Estate) -> None:
    phone = place.volunteer()
    found = alert(place, (phone,))
    requested = {"decision": "requested", "via": "bank", "amount": 500_000}
    push(
        place,
        phone,
        attempt(found, "call", "denied", note="说在上班", reaction=["denies"]),
        attempt(found, "bank", "at_bank", stop_payment=requested, separate=True),
        outcome(found, avoided=7_800_000, grade="bank", case=True),
    )
    page = place.desk.get(f"/alerts/{found}").text
    for words in (
        "否认转账",
        "说在上班",
        "不承认转账",
        "分开谈过",
        "5,000 元",
        "7.8 万元",
        "协助破案",
    ):
        assert words in page


def test_a_number_in_a_note_is_masked_in_the_timeline(place: Estate) -> None:
    phone = place.volunteer()
    found = alert(place, (phone,))
    push(place, phone, attempt(found, "family", "family_reached", note="女儿 13900001111"))
    assert "13900001111" not in place.desk.get(f"/alerts/{found}").text


@pytest.mark.both_engines
def test_the_desk_confirms_gives_offers_and_takes_away(place: Estate) -> None:
    phone = place.volunteer()
    found = alert(place, draft=True)
    place.desk.submit(f"/alerts/{found}/confirm")
    place.desk.submit(f"/alerts/{found}/dispatch", member=[phone.member_id])
    with place.context():
        assert row(found).status == "open"
        assert [one.member_id for one in workers(found)] == [phone.member_id]
    place.desk.submit(f"/alerts/{found}/withdraw", member=phone.member_id)
    place.desk.submit(f"/alerts/{found}/offer")
    with place.context():
        assert workers(found)[0].ended_at is not None
        assert row(found).offered


def test_giving_it_to_nobody_is_said_and_changes_nothing(place: Estate) -> None:
    found = alert(place)
    place.desk.submit(f"/alerts/{found}/dispatch")
    assert 'data-tone="error"' in place.desk.get(f"/alerts/{found}").text


def test_a_draft_that_is_dropped_leaves_the_board(place: Estate) -> None:
    found = alert(place, draft=True, resident_name="孙先生")
    place.desk.submit(f"/alerts/{found}/drop", reason="发错群")
    assert "孙先生" not in place.desk.get("/alerts").text


@pytest.mark.both_engines
def test_an_edit_keeps_what_was_there_before(place: Estate) -> None:
    found = alert(place, level="medium")
    place.desk.submit(f"/alerts/{found}/edit", level="very_high", received_at="2026-11-23T08:30")
    with place.context():
        assert row(found).deadline == NOW
    page = place.desk.get(f"/alerts/{found}").text
    assert "改了「等级」" in page or "预警等级" in page
    assert "较急 → 特急" in page


def test_the_desk_records_through_the_same_operations(place: Estate) -> None:
    found = alert(place)
    place.desk.submit(
        f"/alerts/{found}/record", type="alert_attempt", channel="call", result="denied",
        at_risk="1.5万", note="说没有转账",
    )  # fmt: skip
    place.desk.submit(
        f"/alerts/{found}/record", type="alert_outcome", outcome="not_ours", office="隔壁社区",
        signed_by="林警官", signed_at="2026-11-23T09:00",
    )  # fmt: skip
    with place.context():
        stands = row(found)
        assert (stands.at_risk, stands.attempts, stands.status) == (1_500_000, 1, "closed")


def test_a_follow_up_at_the_desk_settles_its_day(place: Estate, clock: Clock) -> None:
    phone = place.volunteer()
    found = alert(place, (phone,))
    push(place, phone, outcome(found, risk="low"))
    clock.advance(days=7)
    page = place.desk.get("/alerts/follow-ups").text
    assert "今天该做的" in page
    place.desk.submit(
        f"/alerts/{found}/record", type="follow_up", how="call", reached="1", risk="low"
    )
    with place.context():
        assert all(one.done_at for one in dues(found))
    assert "没有要回访的" in place.desk.get("/alerts/follow-ups").text


@pytest.mark.parametrize(
    "fields",
    [
        {"type": "visit"},
        {"type": "alert_attempt", "channel": "pigeon", "result": "met"},
        {"type": "alert_attempt", "channel": "call", "result": "met", "at_risk": "很多"},
        {"type": "alert_outcome", "outcome": "dissuaded", "avoided": "-1"},
        {"type": "alert_outcome", "outcome": "dissuaded", "avoided": "9" * 40},
        {
            "type": "alert_attempt",
            "channel": "call",
            "result": "met",
            "note": "4111 1111 1111 1111",
        },
    ],
)
def test_what_cannot_be_recorded_is_said_on_the_page(place: Estate, fields: dict[str, str]) -> None:
    found = alert(place)
    assert place.desk.submit(f"/alerts/{found}/record", **fields).status_code == 302
    assert 'data-tone="error"' in place.desk.get(f"/alerts/{found}").text
    with place.context():
        assert row(found).attempts == 0


def test_why_it_is_late_stands_beside_the_figure(place: Estate, clock: Clock) -> None:
    found = alert(place, received_at=NOW - 2 * DAY)
    place.desk.submit(f"/alerts/{found}/lateness", reason="电话一直占线")
    page = place.desk.get(f"/alerts/{found}").text
    assert "电话一直占线" in page
    assert "已超时" in page


def test_another_communitys_alert_is_not_found(app: Flask, place: Estate) -> None:
    other = estate(app, "别的社区")
    found = alert(other)
    assert place.desk.get(f"/alerts/{found}").status_code == 404
    for act in ("reveal", "confirm", "drop", "dispatch", "offer", "withdraw", "edit", "lateness"):
        assert (
            place.desk.submit(f"/alerts/{found}/{act}", member="x", reason="x").status_code == 404
        )
