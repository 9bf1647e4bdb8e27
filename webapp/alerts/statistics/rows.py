"""What is read for the statistics: one narrow row an alert, and what was done by whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from webapp.alerts.codes import FACE_TO_FACE
from webapp.alerts.models import Alert, FollowUpDue
from webapp.alerts.refold import STANDING
from webapp.alerts.statistics.period import Period
from webapp.operations.batch import ACCEPTED
from webapp.operations.models import Operation
from webapp.places.models import Building

COLUMNS = (
    "id",
    "status",
    "received_at",
    "deadline",
    "level",
    "scam_type",
    "confirmed",
    "channel",
    "bucket",
    "age_band",
    "attempts",
    "attempts_by",
    "in_contact_at",
    "settled_at",
    "outcome",
    "avoided",
    "recovered",
    "stopped",
    "lost",
    "grade",
    "at_risk",
    "remaining",
    "stop_payment",
    "case",
    "repeat",
    "again",
    "gift_declined",
    "thanked",
)


class Row(NamedTuple):
    """An alert as it counts: columns of `alert`, its building's grid, and its follow-ups.

    `due`: follow-ups that had to be done by today, `done`: those that were.
    """

    id: str
    status: str
    received_at: int
    deadline: int
    level: str
    scam_type: str | None
    confirmed: str | None
    channel: str | None
    bucket: str
    age_band: str | None
    attempts: int
    attempts_by: dict[str, int]
    in_contact_at: int | None
    settled_at: int | None
    outcome: str | None
    avoided: int | None
    recovered: int | None
    stopped: int | None
    lost: int | None
    grade: str | None
    at_risk: int | None
    remaining: int | None
    stop_payment: dict[str, Any] | None
    case: bool
    repeat: bool
    again: bool
    gift_declined: bool
    thanked: bool
    grid: str | None
    done: int
    due: int

    @property
    def type(self) -> str | None:
        """What was confirmed, else what the message said."""
        return self.confirmed or self.scam_type

    @property
    def face_to_face(self) -> int:
        """How often somebody went to see the person."""
        return sum(self.attempts_by.get(channel, 0) for channel in FACE_TO_FACE)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a member recorded of an alert; `face_to_face`: they went there."""

    alert_id: str
    member_id: str
    type: str
    face_to_face: bool


class _Attempt(msgspec.Struct):
    channel: str = ""


def read(session: Session, community_id: int, period: Period, today: date) -> list[Row]:
    """All confirmed alerts that were received in the period."""
    dues = _follow_ups(community_id, today)
    statement = (
        select(
            *(getattr(Alert, name) for name in COLUMNS),
            Building.grid,
            func.coalesce(dues.c.done, 0),
            func.coalesce(dues.c.due, 0),
        )
        .join(
            Building,
            (Building.community_id == Alert.community_id) & (Building.id == Alert.building_id),
            isouter=True,
        )
        .join(dues, dues.c.alert_id == Alert.id, isouter=True)
        .where(*within(community_id, period))
        .order_by(Alert.received_at, Alert.number)
    )
    return [Row._make(row) for row in session.execute(statement)]


def within(community_id: int, period: Period) -> tuple[Any, ...]:
    """What a confirmed alert of the period fulfils."""
    return (
        Alert.community_id == community_id,
        Alert.status.in_(STANDING),
        Alert.received_at >= period.start,
        Alert.received_at < period.end,
    )


def deeds(session: Session, community_id: int, period: Period) -> Iterator[Deed]:
    """Attempts and follow-ups of these alerts that hold, whoever recorded them."""
    statement = (
        select(Operation.subject_id, Operation.member_id, Operation.type, Operation.body)
        .join(
            Alert,
            (Alert.community_id == Operation.community_id) & (Alert.id == Operation.subject_id),
        )
        .where(
            *within(community_id, period),
            Operation.type.in_(("alert_attempt", "follow_up")),
            Operation.status == ACCEPTED,
            Operation.voided.is_(False),
        )
    )
    decode = msgspec.json.Decoder(_Attempt).decode
    for alert_id, member_id, kind, body in session.execute(statement):
        went = kind == "alert_attempt" and decode(body).channel in FACE_TO_FACE
        yield Deed(alert_id or "", member_id, kind, went)


def _follow_ups(community_id: int, today: date) -> Any:
    done = case((FollowUpDue.done_at.is_not(None), 1), else_=0)
    had_to = case((FollowUpDue.done_at.is_not(None) | (FollowUpDue.due_on <= today), 1), else_=0)
    return (
        select(FollowUpDue.alert_id, func.sum(done).label("done"), func.sum(had_to).label("due"))
        .where(FollowUpDue.community_id == community_id, FollowUpDue.gone_at.is_(None))
        .group_by(FollowUpDue.alert_id)
        .subquery()
    )
