"""Tells robots what is queued: beside everything else, each robot in a thread of its own.

A message is claimed in one transaction before it is sent and written down in another after. Who
says no, or is not there, is asked again later; who does not answer may have heard it, so that
message is not sent again: a group that reads an alert twice stops reading. At most once, then,
where the answer is lost, and until it is taken everywhere else.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Final

from apprise import Apprise
from flask import Flask, current_app
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.alerts.models import Robot, RobotDelivery
from webapp.alerts.robots.desk import PURPOSE
from webapp.core import clock, db, sealing
from webapp.core.clock import DAY, HOUR, MINUTE, SECOND
from webapp.core.i18n import _
from webapp.core.settings import Settings

CONNECT, READ = 5, 40
"""Seconds to reach a robot's service, and to wait for its answer."""

LEASE = 90 * SECOND
PAUSES: Final = (10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR)
KEPT = 180 * DAY
log = logging.getLogger(__name__)

_busy: dict[tuple[int, str], Thread] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent, and where to."""

    community_id: int
    id: str
    address: str
    text: str
    tries: int


def deliver(now: int) -> None:
    """The worker's step: see that every robot with something to hear has a thread that tells it."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    for robot in _waiting(now):
        with _lock:
            if robot in _busy and _busy[robot].is_alive():
                continue
            thread = Thread(target=_tell, args=(app, *robot), name=f"robot {robot[1]}")
            _busy[robot] = thread
            thread.start()


def settle(timeout: float = 60) -> None:
    """Wait until nobody is being told anything."""
    until = time.monotonic() + timeout
    for thread in list(_busy.values()):
        thread.join(max(0, until - time.monotonic()))


def forget(now: int) -> None:
    """Old lines of the log go."""
    with db.writing() as session:
        session.execute(
            RobotDelivery.__table__.delete().where(  # type: ignore[attr-defined]
                RobotDelivery.created_at < now - KEPT
            )
        )


def _waiting(now: int) -> list[tuple[int, str]]:
    """Robots with something to hear now. What was being sent when a worker died may have
    arrived: it is written down as unclear."""
    stale = (RobotDelivery.status == "sending") & (RobotDelivery.leased_until < now)
    due = (RobotDelivery.status == "queued") & (RobotDelivery.next_at <= now)
    with db.reading() as session:
        found = session.execute(
            select(RobotDelivery.community_id, RobotDelivery.robot_id, RobotDelivery.status)
            .where(or_(stale, due))
            .distinct()
        ).all()
    if any(row.status == "sending" for row in found):
        with db.writing() as session:
            session.execute(update(RobotDelivery).where(stale).values(status="unclear"))
    return sorted({(row.community_id, row.robot_id) for row in found if row.status == "queued"})


def _tell(app: Flask, community_id: int, robot_id: str) -> None:
    with app.app_context():
        try:
            while message := _claim(community_id, robot_id):
                _write(message, _send(message))
        except Exception:
            log.exception("robot %s could not be told", robot_id)


def _claim(community_id: int, robot_id: str) -> Message | None:
    """The oldest message that is due, unless the robot has heard enough in this minute."""
    now = clock.now()
    with db.writing() as session:
        robot = session.get(Robot, (community_id, robot_id))
        if robot is None or robot.ended_at is not None or not robot.enabled:
            _give_up(session, community_id, robot_id)
            return None
        if _told_lately(session, robot, now) >= robot.per_minute:
            return None
        statement = (
            select(RobotDelivery)
            .where(
                RobotDelivery.community_id == community_id,
                RobotDelivery.robot_id == robot_id,
                RobotDelivery.status == "queued",
                RobotDelivery.next_at <= now,
            )
            .order_by(RobotDelivery.created_at, RobotDelivery.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = session.scalars(statement).one_or_none()
        if row is None:
            return None
        row.status, row.tries, row.tried_at = "sending", row.tries + 1, now
        row.leased_until = now + LEASE
        settings: Settings = current_app.extensions["qiaomen.settings"]
        address = sealing.unseal(settings.secret_key, PURPOSE, robot.address).decode()
        community = session.get_one(Community, community_id)
        return Message(community_id, row.id, address, text_of(row, community), row.tries)


def _told_lately(session: Session, robot: Robot, now: int) -> int:
    statement = select(func.count()).where(
        RobotDelivery.community_id == robot.community_id,
        RobotDelivery.robot_id == robot.id,
        RobotDelivery.tried_at > now - MINUTE,
    )
    return session.scalar(statement) or 0


def _give_up(session: Session, community_id: int, robot_id: str) -> None:
    """A robot that is switched off is not told later what it missed."""
    session.execute(
        update(RobotDelivery)
        .where(
            RobotDelivery.community_id == community_id,
            RobotDelivery.robot_id == robot_id,
            RobotDelivery.status == "queued",
        )
        .values(status="failed")
    )


def text_of(row: RobotDelivery, community: Community) -> str:
    """Number, level, deadline, or figures: nobody's name, nobody's place."""
    if row.text is not None:
        return row.text
    if row.number is None or row.deadline is None:
        return _(
            "alerts.robot.test_text" if row.what == "test" else f"alerts.robot.text.{row.what}"
        )
    until = clock.local(row.deadline, community.timezone)
    return _(
        f"alerts.robot.text.{row.what}",
        number=row.number,
        level=_(f"alerts.level.{row.level}"),
        until=f"{until:%m-%d %H:%M}",
    )


def _send(message: Message) -> str:
    """sent, failed, or unclear when no answer came in time."""
    joined = "&" if "?" in message.address else "?"
    robot = Apprise()
    robot.add(f"{message.address}{joined}cto={CONNECT}&rto={READ}&retry=0")
    started = time.monotonic()
    if robot.notify(body=message.text, title=""):
        return "sent"
    return "unclear" if time.monotonic() - started >= READ else "failed"


def _write(message: Message, outcome: str) -> None:
    """What became of it; a no is tried again after a while, a few times."""
    now = clock.now()
    values: dict[str, object] = {"status": outcome, "leased_until": None}
    if outcome == "failed" and message.tries <= len(PAUSES):
        values |= {"status": "queued", "next_at": now + PAUSES[message.tries - 1]}
    with db.writing() as session:
        session.execute(
            update(RobotDelivery)
            .where(
                RobotDelivery.community_id == message.community_id, RobotDelivery.id == message.id
            )
            .values(**values)
        )
