"""Recompute every alert from its operations, compare, and repair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.alerts import leases
from webapp.alerts.change import begin
from webapp.alerts.dues import dues_of
from webapp.alerts.fold import Fact, State, fold
from webapp.alerts.follow_ups import plan
from webapp.alerts.models import Alert
from webapp.alerts.reading import facts_of, read_alerts
from webapp.alerts.refold import derived, refold
from webapp.alerts.settings import FollowUpDays
from webapp.core import db

READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept value that is not what the operations say. `subject` is the alert."""

    table: str
    subject: str
    field: str
    kept: Any
    computed: Any


def verify(session: Session, community_id: int) -> list[Difference]:
    """Every difference between what is kept of alerts and what their operations say."""
    timezone = session.scalars(select(Community.timezone).where(Community.id == community_id)).one()
    return [
        difference
        for alert, facts in _alerts(session, community_id)
        for difference in _compare(session, alert, facts, timezone)
    ]


def rebuild(session: Session, community_id: int, *, now: int) -> list[Difference]:
    """Repair what `verify` finds; phones get the alerts that change. Returns what differed."""
    change = begin(session, community_id, now)
    found = verify(session, community_id)
    refold(change, {difference.subject for difference in found})
    return found


def _alerts(session: Session, community_id: int) -> Iterator[tuple[Alert, list[Fact]]]:
    statement = select(Alert).where(Alert.community_id == community_id).order_by(Alert.number)
    for alerts in db.chunks(session.scalars(statement).all(), READ_AT_ONCE):
        noted = read_alerts(session, community_id, [alert.id for alert in alerts])
        for alert in alerts:
            yield alert, facts_of(noted[alert.id])


def _compare(
    session: Session, alert: Alert, facts: Sequence[Fact], timezone: str
) -> Iterator[Difference]:
    state = fold(facts)
    for name, computed in derived(alert, state).items():
        kept = getattr(alert, name)
        if kept != computed:
            yield Difference("alert", alert.id, name, kept, computed)
    yield from _compare_leases(session, alert, state)
    yield from _compare_dues(session, alert, facts, timezone)


def _compare_leases(session: Session, alert: Alert, state: State) -> Iterator[Difference]:
    for turn in leases.workers(session, alert.community_id, alert.id):
        computed = leases.left_at(turn, state)
        if turn.ended_at is None and turn.left_at != computed:
            yield Difference("alert_worker", alert.id, "left_at", turn.left_at, computed)


def _compare_dues(
    session: Session, alert: Alert, facts: Sequence[Fact], timezone: str
) -> Iterator[Difference]:
    days = msgspec.convert(alert.follow_up_days, FollowUpDays)
    computed = {
        due.id: (due.step, due.due_on, due.risk, due.done_by) for due in plan(facts, days, timezone)
    }
    kept = {
        row.id: (row.step, row.due_on, row.risk, row.done_by)
        for row in dues_of(session, alert.community_id, alert.id)
        if row.gone_at is None
    }
    for due_id in sorted(kept.keys() | computed.keys()):
        if kept.get(due_id) != computed.get(due_id):
            yield Difference(
                "follow_up_due", alert.id, due_id, kept.get(due_id), computed.get(due_id)
            )
