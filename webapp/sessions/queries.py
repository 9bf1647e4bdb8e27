"""What sessions there were, and what they add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.accounts.models import Member, Person
from webapp.core import clock
from webapp.operations.models import OperationText
from webapp.sessions.models import TrainingSession

SHOWN = 500


@dataclass(frozen=True, slots=True)
class Totals:
    """Of some sessions: how many there were, residents and workers present, leaflets."""

    sessions: int = 0
    residents: int = 0
    workers: int = 0
    leaflets: int = 0


def held(
    session: Session, community_id: int, start: int, end: int
) -> Sequence[tuple[TrainingSession, str, str | None]]:
    """Those of `start` ≤ moment < `end` (ms) with who recorded them and the note, if there is one
    (it can be erased), the latest first."""
    statement = (
        select(TrainingSession, Person.name, OperationText.text)
        .outerjoin(
            OperationText,
            (OperationText.community_id == TrainingSession.community_id)
            & (OperationText.operation_id == TrainingSession.operation_id),
        )
        .join(
            Member,
            (Member.community_id == TrainingSession.community_id)
            & (Member.id == TrainingSession.member_id),
        )
        .join(Person, Person.id == Member.person_id)
        .where(
            TrainingSession.community_id == community_id,
            TrainingSession.taken_back.is_(False),
            TrainingSession.moment >= start,
            TrainingSession.moment < end,
        )
        .order_by(TrainingSession.moment.desc(), TrainingSession.operation_id)
        .limit(SHOWN)
    )
    return [(row, name, note) for row, name, note in session.execute(statement)]


def totals(
    session: Session,
    community_id: int,
    start: int = 0,
    end: int | None = None,
    *,
    by: InstrumentedAttribute[Any] = TrainingSession.partner,
) -> dict[str, Totals]:
    """By partner, or another column ("" for none)."""
    conditions = [
        TrainingSession.community_id == community_id,
        TrainingSession.taken_back.is_(False),
        TrainingSession.moment >= start,
    ]
    if end is not None:
        conditions.append(TrainingSession.moment < end)
    statement = (
        select(
            func.coalesce(by, ""),
            func.count(),
            func.sum(TrainingSession.residents),
            func.sum(TrainingSession.workers),
            func.sum(TrainingSession.leaflets),
        )
        .where(*conditions)
        .group_by(by)
        .order_by(by)
    )
    return {row[0]: Totals(*map(int, row[1:])) for row in session.execute(statement)}


def leaflets_by_day(
    session: Session, community_id: int, start: int, timezone: str
) -> dict[date, int]:
    """Leaflets handed out in sessions from `start` (ms) on, by day."""
    statement = select(TrainingSession.moment, TrainingSession.leaflets).where(
        TrainingSession.community_id == community_id,
        TrainingSession.taken_back.is_(False),
        TrainingSession.moment >= start,
        TrainingSession.leaflets > 0,
    )
    found: Counter[date] = Counter()
    for moment, leaflets in session.execute(statement):
        found[clock.day_of(moment, timezone)] += leaflets
    return found


def together(by_partner: dict[str, Totals]) -> Totals:
    """The sum."""
    found = by_partner.values()
    return Totals(
        sum(one.sessions for one in found),
        sum(one.residents for one in found),
        sum(one.workers for one in found),
        sum(one.leaflets for one in found),
    )
