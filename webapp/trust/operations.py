"""`shift`: a volunteer goes on duty, or off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import select

from webapp.accounts.models import Member
from webapp.core import clock
from webapp.operations.batch import ACCEPTED, Batch, Item
from webapp.operations.decode import Moment, Recorded
from webapp.operations.models import Operation
from webapp.operations.registry import Described, Kind
from webapp.trust import shifts
from webapp.trust.models import Shift
from webapp.trust.shifts import Step


class ShiftChange(Recorded, kw_only=True):
    """On or off duty; `until` is when a shift that starts is meant to end (phone's clock)."""

    action: Literal["start", "end"]
    until: Moment | None = None


class ShiftKind(Kind):
    """Everybody's own; its subject is the member, so that a fold finds its operations."""

    name = "shift"
    schema = ShiftChange
    stage = 20

    def subject(self, operation: Any) -> str | None:
        """Only whoever pushes it knows the member: `judge` writes it down."""
        return None

    def check(self, operation: ShiftChange) -> str | None:
        """An end plans nothing, and a planned end lies ahead, within a day's work."""
        if operation.until is None:
            return None
        ahead = (operation.until - operation.at).total_seconds() * clock.SECOND
        within = operation.action == "start" and 0 < ahead <= shifts.LONGEST
        return None if within else "until"

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """Whoever was confirmed at some time; what came late still tells when somebody was out."""
        confirmed = set(
            batch.session.scalars(
                select(Member.id).where(
                    Member.community_id == batch.community_id,
                    Member.id.in_({item.member_id for item in items}),
                    Member.confirmed_at.is_not(None),
                )
            )
        )
        for item in items:
            item.subject_id = item.member_id
            if item.member_id in confirmed or item.released:
                item.accept()
            else:
                item.hold("not_yours")

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Fold each member's shifts anew."""
        _refold(batch, {item.member_id for item in items})

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """The same: the fold leaves out what was voided."""
        self.apply(batch, items)

    def describe(self, session: Any, community_id: int, operation: ShiftChange) -> Described:
        """Start or end."""
        return Described(facts=(("operation.shift", operation.action),))


def _refold(batch: Batch, members: Iterable[str]) -> None:
    for member_id in sorted(members):
        duty = shifts.fold(_steps(batch, member_id))
        since, until = (duty.since, duty.until) if duty else (None, None)
        row = batch.session.get(Shift, (batch.community_id, member_id))
        if row is None:
            row = Shift(community_id=batch.community_id, member_id=member_id)
            batch.session.add(row)
        if row.until != until:
            row.warned_at = None
        row.since, row.until, row.seq = since, until, next(batch.numbers)
    batch.session.flush()


def _steps(batch: Batch, member_id: str) -> list[Step]:
    statement = select(Operation.id, Operation.moment, Operation.body).where(
        Operation.community_id == batch.community_id,
        Operation.subject_id == member_id,
        Operation.type == ShiftKind.name,
        Operation.status == ACCEPTED,
        Operation.voided.is_(False),
    )
    return [_step(row) for row in batch.session.execute(statement)]


def _step(row: Any) -> Step:
    """The planned end is shifted like the moment: both were read from the same clock."""
    told = msgspec.json.decode(row.body, type=ShiftChange)
    if told.until is None:
        return Step(row.moment, row.id, told.action == "start")
    ahead = round((told.until - told.at).total_seconds() * clock.SECOND)
    return Step(row.moment, row.id, told.action == "start", row.moment + ahead)
