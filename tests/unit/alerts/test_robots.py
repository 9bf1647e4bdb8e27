"""Robots against a real HTTP server that takes, refuses and dawdles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.alerts import PERSON, acting, attempt, make_alert
from tests.factories.field import HOUR, MINUTE, NOW, Neighbourhood
from tests.factories.groups import Group, group_chat
from webapp.alerts import escalation
from webapp.alerts.models import Robot, RobotDelivery
from webapp.alerts.robots import desk, worker
from webapp.alerts.robots.addresses import understand
from webapp.alerts.robots.desk import RobotFields
from webapp.core import db
from webapp.core.errors import NotFound, Problem


@pytest.fixture
def group() -> Iterator[Group]:
    with group_chat() as made:
        yield made


def add(hood: Neighbourhood, group: Group, **fields: Any) -> str:
    values: dict[str, Any] = {
        "name": "群",
        "address": f"json://127.0.0.1:{group.port}/",
        "secret": "",
        "events": desk.EVENTS,
        "levels": ("very_high", "high", "medium", "low"),
        "per_minute": None,
        "enabled": True,
    }
    coordinator = acting(hood.member("coordinator"), "coordinator")
    with db.writing() as session:
        return desk.save(
            session,
            hood.community_id,
            None,
            RobotFields(**(values | fields)),
            secret_key="only-for-tests",
            local=True,
            who=coordinator,
            now=NOW,
        )


def tell(clock: Clock) -> None:
    """One round of the worker, to its end."""
    worker.deliver(clock.moment)
    worker.settle()


def log() -> list[RobotDelivery]:
    with db.reading() as session:
        return list(session.scalars(select(RobotDelivery).order_by(RobotDelivery.created_at)))


@pytest.mark.both_engines
def test_a_new_alert_is_told_once_with_number_level_and_deadline_and_no_person(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group)
    make_alert(hood, hood.door(hood.building("3号楼"), "1204"))
    assert group.heard == []  # nothing leaves the machine while somebody waits for a page
    tell(clock)
    tell(clock)
    (text,) = group.texts
    assert "预警 1" in text
    assert "紧急" in text
    assert "11-23 10:00" in text
    for secret in (PERSON["resident_name"], PERSON["phone"], "1204", "3号楼", "58"):
        assert str(secret) not in text
    assert [(one.status, one.tries) for one in log()] == [("sent", 1)]


def test_a_draft_is_told_when_it_is_confirmed(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group)
    make_alert(hood, draft=True)
    tell(clock)
    assert group.heard == []


def test_only_the_events_and_levels_that_were_chosen_are_told(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group, events=("overdue",))
    add(hood, group, levels=("very_high",))
    make_alert(hood, level="low")
    make_alert(hood, level="very_high")
    tell(clock)
    assert len(group.heard) == 1


@pytest.mark.both_engines
def test_a_robot_that_says_no_is_asked_again_later_until_it_takes_it(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group)
    make_alert(hood)
    group.status = 500
    tell(clock)
    tell(clock)  # not yet
    assert (len(group.heard), log()[0].status) == (1, "queued")
    clock.advance(11_000)
    tell(clock)
    assert len(group.heard) == 2
    group.status = 200
    clock.advance(minutes=1)
    tell(clock)
    assert (log()[0].status, log()[0].tries) == ("sent", 3)


def test_a_robot_that_never_takes_it_is_given_up_in_the_end(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group)
    make_alert(hood)
    group.status = 403
    for _ in range(len(worker.PAUSES) + 3):
        tell(clock)
        clock.advance(HOUR + 1)
    assert (log()[0].status, len(group.heard)) == ("failed", len(worker.PAUSES) + 1)


def test_a_robot_that_dawdles_keeps_nobody_waiting_and_hears_it_once(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group)
    group.gate = Event()
    make_alert(hood)
    worker.deliver(clock.moment)
    worker.deliver(clock.moment)
    make_alert(hood)  # the desk goes on
    group.gate.set()
    worker.settle()
    tell(clock)
    assert len(group.heard) == 2
    assert len(set(group.texts)) == 2


def test_a_slow_robot_does_not_hold_up_another(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    quick = Group()
    add(hood, group)
    group.gate = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            quick.heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    quick.port = server.server_address[1]
    thread = Thread(target=server.serve_forever)
    thread.start()
    add(hood, quick)
    make_alert(hood)
    worker.deliver(clock.moment)
    for _ in range(100):
        if quick.heard:
            break
        Event().wait(0.1)
    assert (len(quick.heard), len(group.heard)) == (1, 0)
    group.gate.set()
    worker.settle()
    server.shutdown()
    server.server_close()
    thread.join()


def test_what_was_being_sent_when_a_worker_died_is_not_sent_again(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group)
    make_alert(hood)
    with db.writing() as session:
        row = session.scalars(select(RobotDelivery)).one()
        row.status, row.leased_until = "sending", clock.moment - 1
    tell(clock)
    assert (group.heard, log()[0].status) == ([], "unclear")


def test_no_more_is_told_in_a_minute_than_the_service_bears(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group, per_minute=2)
    for _ in range(5):
        make_alert(hood)
    tell(clock)
    assert len(group.heard) == 2
    clock.advance(minutes=2)
    tell(clock)
    assert len(group.heard) == 4


def test_a_trial_says_that_it_is_one(hood: Neighbourhood, group: Group, clock: Clock) -> None:
    robot, coordinator = add(hood, group), acting(hood.member("coordinator"), "coordinator")
    with db.writing() as session:
        desk.try_out(session, hood.community_id, robot, who=coordinator, now=NOW)
    tell(clock)
    assert "试发" in group.texts[0]


def test_a_robot_that_was_taken_away_is_told_nothing_more_and_its_address_is_gone(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    robot, coordinator = add(hood, group), acting(hood.member("coordinator"), "coordinator")
    make_alert(hood)
    with db.writing() as session:
        desk.end(session, hood.community_id, robot, who=coordinator, now=NOW)
    make_alert(hood)
    tell(clock)
    assert group.heard == []
    with db.reading() as session:
        assert session.scalars(select(Robot.address)).one() == b""
        with pytest.raises(NotFound):
            desk.get_robot(session, hood.community_id, robot)


def test_an_address_is_kept_sealed(hood: Neighbourhood, group: Group) -> None:
    add(hood, group)
    with db.reading() as session:
        assert b"127.0.0.1" not in session.scalars(select(Robot.address)).one()


@pytest.mark.parametrize(
    ("typed", "kind", "address"),
    [
        (
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2",
            "wecom",
            "wecombot://693a91f6-7xxx-4bc4-97a0-0ec2",
        ),
        (
            "https://oapi.dingtalk.com/robot/send?access_token=66d9b8e0c9b6",
            "dingtalk",
            "dingtalk://66d9b8e0c9b6",
        ),
        (
            "https://open.feishu.cn/open-apis/bot/v2/hook/0f9c8b7a-1234",
            "feishu",
            "feishu://0f9c8b7a-1234",
        ),
        (" wecombot://693a91f67 ", "wecom", "wecombot://693a91f67"),
        ("mailtos://u:p@example.com?to=a@example.cn", "mail", "mailtos://u:p@example.com?to=a@example.cn"),
    ],
)  # fmt: skip
def test_addresses_are_taken_as_the_chat_shows_them(typed: str, kind: str, address: str) -> None:
    assert understand(typed) == (kind, address)


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "file:///etc/passwd", "http://10.0.0.1/", "json://127.0.0.1:1/", "syslog://",
     "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "wecombot://", "x" * 9_999],
)  # fmt: skip
def test_what_is_no_robot_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as refused:
        understand(typed)
    assert refused.value.code == "robot_address"


@pytest.mark.both_engines
def test_an_overdue_alert_calls_lead_deputy_and_coordinators_each_once(
    hood: Neighbourhood, group: Group, clock: Clock
) -> None:
    add(hood, group, events=("overdue",))
    alert = make_alert(hood)
    for minutes, rungs in ((60, []), (61, ["lead"]), (65, ["lead"]), (71, ["lead", "deputy"]),
                           (200, ["lead", "deputy", "coordinator"])):  # fmt: skip
        clock.set(NOW + minutes * MINUTE)
        escalation.escalate(clock.moment)
        escalation.escalate(clock.moment)
        with db.reading() as session:
            called = escalation.of_alert(session, hood.community_id, alert)
            assert [one.rung for one in called] == rungs
    tell(clock)
    assert len(group.heard) == 3
    assert all("超时" in text for text in group.texts)


@pytest.mark.both_engines
def test_who_is_in_contact_calls_nobody(hood: Neighbourhood, clock: Clock) -> None:
    volunteer = hood.volunteer()
    alert = make_alert(hood, to=(volunteer,))
    volunteer.push(attempt(alert, "call", "denied", at=NOW + 1), now=NOW + 1)
    clock.set(NOW + 5 * HOUR)
    escalation.escalate(clock.moment)
    with db.reading() as session:
        assert escalation.of_alert(session, hood.community_id, alert) == []
