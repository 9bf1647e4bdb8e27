"""What the worker does for trust: notice whose shift did not end, forget old checks.

People walk alone in the evening: when somebody's planned end has passed by GRACE and no word came,
whoever leads the team hears of it, on the phone, at the desk, and by the group's robots (which say
that somebody is late, not who). Once.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.alerts.robots import outbox
from webapp.core import clock, db
from webapp.trust.models import BadgeCheck, Shift
from webapp.trust.shifts import GRACE

KEPT = 400 * clock.DAY
"""How long checks are kept: longer than the six months that logs have to be."""


def warn_of_late(now: int) -> None:
    """Mark every shift whose end is overdue; running it twice warns once."""
    with db.reading() as session:
        late = _late(session, now)
    for community_id in sorted({row.community_id for row in late}):
        with db.writing() as session:
            _warn(session, community_id, now)


def forget_checks(now: int) -> None:
    """Old checks go; what is counted of them is shown for a day and a week only."""
    with db.writing() as session:
        session.execute(delete(BadgeCheck).where(BadgeCheck.at < now - KEPT))


def _late(session: Session, now: int, community_id: int | None = None) -> Sequence[Shift]:
    statement = select(Shift).where(Shift.until < now - GRACE, Shift.warned_at.is_(None))
    if community_id is not None:
        statement = statement.where(Shift.community_id == community_id)
    return session.scalars(statement).all()


def _warn(session: Session, community_id: int, now: int) -> None:
    seqs = sequence.draw(session, community_id)
    for shift in _late(session, now, community_id):
        shift.warned_at, shift.seq = now, next(seqs)
        key = f"late {shift.member_id} {shift.until}"
        outbox.queue_plain(session, community_id, "late_shift", key, now)
