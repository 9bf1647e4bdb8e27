"""The week, told to a group on this machine over HTTP: once, at its hour, without a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import Clock
from tests.factories.field import HOUR, NOW, Phone, op, visit
from tests.factories.groups import Group, group_chat
from tests.factories.places import Estate
from webapp.alerts.models import RobotDelivery
from webapp.alerts.robots import worker
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.clock import DAY
from webapp.reports import weekly

MONDAY_NINE = product_clock.parse("2026-11-30T09:00:00.000+08:00")


@pytest.fixture
def group() -> Iterator[Group]:
    with group_chat() as made:
        yield made


@pytest.fixture
def walked(place: Estate) -> Phone:
    """Two of three homes informed on Monday, one app; a session."""
    building = place.building("3号楼")
    doors = place.doors(building, [101, 102, 103])
    phone = place.volunteer(building)
    place.push(
        phone,
        visit(doors[0], app="helped", leaflets={"general": 2}, note="王女士"),
        visit(doors[1]),
        op("session_log", place="广场", residents=30, leaflets={"general": 20}),
    )
    return phone


def listen(place: Estate, group: Group, *events: str) -> None:
    answer = place.desk.submit(
        "/settings/robots",
        name="工作群",
        address=f"json://127.0.0.1:{group.port}/",
        event=list(events),
        enabled="on",
    )
    assert answer.status_code in (302, 303)


def tell(place: Estate, now: int) -> None:
    with place.context():
        weekly.send_due(now)
        worker.deliver(now)
        worker.settle()


@pytest.mark.both_engines
def test_the_week_is_told_once_at_its_hour(
    place: Estate, group: Group, walked: Phone, clock: Clock
) -> None:
    listen(place, group, "weekly")
    for now in (MONDAY_NINE - 1, MONDAY_NINE, MONDAY_NINE + HOUR):
        clock.set(now)
        tell(place, now)
        assert len(group.texts) == (0 if now < MONDAY_NINE else 1)
    text = group.texts[0]
    assert "紫荆园社区，11/23–11/29" in text
    assert "新敲门 2 户，新宣传 2 户，新装 App 1 户，发传单 22 份" in text
    assert "宣传覆盖 66.6%，目标 85.0%，还差 1 户" in text
    assert "App 覆盖 33.3%，目标 85.0%，还差 2 户" in text
    assert "宣讲 1 场，居民 30 人次" in text
    assert "王女士" not in text
    clock.set(MONDAY_NINE + 7 * DAY)
    tell(place, MONDAY_NINE + 7 * DAY)
    assert "新敲门 0 户" in group.texts[1]


def test_a_worker_that_was_away_for_days_does_not_tell_old_news(
    place: Estate, group: Group, walked: Phone, clock: Clock
) -> None:
    listen(place, group, "weekly")
    for hours, told in ((24, 0), (23, 1)):
        clock.set(MONDAY_NINE + hours * HOUR)
        tell(place, MONDAY_NINE + hours * HOUR)
        assert len(group.texts) == told


def test_only_who_asks_for_it_is_told(
    place: Estate, group: Group, walked: Phone, clock: Clock
) -> None:
    listen(place, group, "new", "overdue")
    clock.set(MONDAY_NINE)
    tell(place, MONDAY_NINE)
    assert group.texts == []
    answer = place.desk.submit("/reports/weekly", now="yes")
    assert "还没有机器人或邮箱勾选" in place.desk.get(answer.location).text


def test_the_desk_chooses_the_hour_and_can_send_it_now(
    place: Estate, group: Group, walked: Phone, clock: Clock
) -> None:
    listen(place, group, "weekly")
    place.desk.submit("/reports/weekly", weekday="4", hour="17")
    page = place.desk.get("/reports").text
    assert '<option value="4" selected>' in page
    assert '<option value="17" selected>' in page
    assert "新敲门 0 户" in page  # of the week before this one
    clock.set(MONDAY_NINE)
    tell(place, MONDAY_NINE)
    assert group.texts == []
    friday = MONDAY_NINE + 4 * DAY + 8 * HOUR
    clock.set(friday)
    tell(place, friday)
    assert len(group.texts) == 1
    place.desk.submit("/reports/weekly", now="yes")
    tell(place, friday)
    assert len(group.texts) == 2
    for weekday, hour in (("7", "9"), ("x", "9"), ("1", "24"), ("", "")):
        wrong = place.desk.submit("/reports/weekly", weekday=weekday, hour=hour)
        assert "请选星期几和几点" in place.desk.get(wrong.location).text
    with place.context(), db.reading() as session:
        assert {row.status for row in session.query(RobotDelivery)} == {"sent"}


def test_in_english_for_who_reads_english(place: Estate, walked: Phone) -> None:
    page = place.desk.get("/reports?lang=en").text
    assert "Qiaomen, the week of 11/16–11/22" in page


def test_the_clock_of_the_test_is_a_monday() -> None:
    assert product_clock.local(NOW, "Asia/Shanghai").weekday() == 0
