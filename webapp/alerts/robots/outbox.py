"""What robots have to be told: queued in the transaction in which it happens, once each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.alerts.announce import AlertEvent
from webapp.alerts.models import Robot, RobotDelivery
from webapp.core import db
from webapp.core.ids import new_id

TOLD: Final = {"confirmed": "new", "help": "help", "overdue": "overdue", "closed": "closed"}
"""Which of what happens robots are told of, and under which name."""


def queue(session: Session, event: AlertEvent, now: int) -> None:
    """The listener: one message for each robot that wants to hear of such an alert."""
    what = TOLD.get(event.what)
    if what is None:
        return
    _queue(
        session,
        [
            _row(robot, event, what, now)
            for robot in listening(session, event.community_id, what)
            if event.level in robot.levels
        ],
    )


def queue_plain(
    session: Session,
    community_id: int,
    what: str,
    key: str,
    now: int,
    *,
    event: str = "overdue",
    text: str | None = None,
) -> None:
    """A message about no alert, once a `key`, for robots that hear of such an `event`; its `text`,
    where that is not the same each time, without anybody's name."""
    _queue(
        session,
        [
            {
                "community_id": community_id,
                "id": new_id(),
                "robot_id": robot.id,
                "key": key,
                "what": what,
                "text": text,
                "created_at": now,
                "status": "queued",
                "tries": 0,
                "next_at": now,
            }
            for robot in listening(session, community_id, event)
        ],
    )


def listening(session: Session, community_id: int, event: str) -> list[Robot]:
    """The robots that hear of such an event."""
    robots = session.scalars(
        select(Robot).where(
            Robot.community_id == community_id,
            Robot.enabled.is_(True),
            Robot.ended_at.is_(None),
        )
    )
    return [robot for robot in robots if event in robot.events]


def _queue(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.flush()
        session.execute(db.insert(session, RobotDelivery).on_conflict_do_nothing(), list(rows))


def _row(robot: Robot, event: AlertEvent, what: str, now: int) -> dict[str, Any]:
    """Overdue is told again for each rung that is called, at its own minute; all else once."""
    again = f" {now}" if what in ("overdue", "help") else ""
    return {
        "community_id": event.community_id,
        "id": new_id(),
        "robot_id": robot.id,
        "key": f"{what} {event.alert_id}{again}",
        "what": what,
        "number": event.number,
        "level": event.level,
        "deadline": event.deadline,
        "created_at": now,
        "status": "queued",
        "tries": 0,
        "next_at": now,
    }
