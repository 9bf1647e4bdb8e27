"""What a coordinator does with robots: add, change, try, take away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import Actor
from webapp.alerts import codes
from webapp.alerts.models import Robot, RobotDelivery
from webapp.alerts.robots.addresses import PER_MINUTE, understand
from webapp.core import sealing
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id

EVENTS = ("new", "help", "overdue", "closed", "weekly")
PURPOSE = "robot address"
LONGEST_NAME, MOST, MOST_PER_MINUTE = 60, 20, 1_000


@dataclass(frozen=True, slots=True)
class RobotFields:
    """A robot as it is entered. An empty address leaves the one there is."""

    name: str
    address: str
    secret: str
    events: Sequence[str]
    levels: Sequence[str]
    per_minute: int | None
    enabled: bool


def robots(session: Session, community_id: int) -> Sequence[Robot]:
    """Those there are, in the order in which they came."""
    statement = (
        select(Robot)
        .where(Robot.community_id == community_id, Robot.ended_at.is_(None))
        .order_by(Robot.created_at, Robot.id)
    )
    return session.scalars(statement).all()


def deliveries(session: Session, community_id: int, most: int = 100) -> Sequence[RobotDelivery]:
    """What was told lately, newest first."""
    statement = (
        select(RobotDelivery)
        .where(RobotDelivery.community_id == community_id)
        .order_by(RobotDelivery.created_at.desc(), RobotDelivery.id.desc())
        .limit(most)
    )
    return session.scalars(statement).all()


def save(
    session: Session,
    community_id: int,
    robot_id: str | None,
    fields: RobotFields,
    *,
    secret_key: str,
    local: bool,
    who: Actor,
    now: int,
) -> str:
    """Add a robot, or change one; returns its id.

    Problem `robot_name`, `robot_address`, `robot_rate` with the field, `robots_full`; NotFound.
    """
    name = fields.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Problem("robot_name", field="name", most=LONGEST_NAME)
    rate = fields.per_minute
    if rate is not None and not 1 <= rate <= MOST_PER_MINUTE:
        raise Problem("robot_rate", field="per_minute", most=MOST_PER_MINUTE)
    row = _row(session, community_id, robot_id, now)
    if fields.address or robot_id is None:
        row.kind, address = understand(fields.address, secret=fields.secret, local=local)
        row.address = sealing.seal(secret_key, PURPOSE, address.encode())
    row.name, row.enabled = name, fields.enabled
    row.events = [event for event in EVENTS if event in fields.events]
    row.levels = [level for level in codes.LEVELS if level in fields.levels]
    row.per_minute = rate or PER_MINUTE[row.kind]
    session.add(row)
    audit.note(session, community_id, who, "robot_save", row.id, now=now, kind=row.kind)
    return row.id


def try_out(session: Session, community_id: int, robot_id: str, *, who: Actor, now: int) -> None:
    """Queue a message that says it is a trial; the log tells what became of it."""
    get_robot(session, community_id, robot_id)
    session.add(
        RobotDelivery(
            community_id=community_id,
            id=new_id(),
            robot_id=robot_id,
            key=f"test {new_id()}",
            what="test",
            created_at=now,
            next_at=now,
        )
    )
    audit.note(session, community_id, who, "robot_test", robot_id, now=now)


def end(session: Session, community_id: int, robot_id: str, *, who: Actor, now: int) -> None:
    """Take a robot away: its address is gone, its log stays; what was queued is not sent."""
    row = get_robot(session, community_id, robot_id)
    row.ended_at, row.enabled, row.address = now, False, b""
    session.execute(
        update(RobotDelivery)
        .where(
            RobotDelivery.community_id == community_id,
            RobotDelivery.robot_id == robot_id,
            RobotDelivery.status == "queued",
        )
        .values(status="failed")
    )
    audit.note(session, community_id, who, "robot_end", robot_id, now=now)


def get_robot(session: Session, community_id: int, robot_id: str) -> Robot:
    """A robot of this community; NotFound `robot_unknown`."""
    row = session.get(Robot, (community_id, robot_id))
    if row is None or row.ended_at is not None:
        raise NotFound("robot_unknown")
    return row


def _row(session: Session, community_id: int, robot_id: str | None, now: int) -> Robot:
    if robot_id is not None:
        return get_robot(session, community_id, robot_id)
    count = session.scalar(
        select(func.count())
        .select_from(Robot)
        .where(Robot.community_id == community_id, Robot.ended_at.is_(None))
    )
    if (count or 0) >= MOST:
        raise Problem("robots_full", most=MOST)
    return Robot(community_id=community_id, id=new_id(), created_at=now)
