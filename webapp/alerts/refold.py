"""Keep alerts up to date: fold their operations, write what follows, and tell who listens.

Called at the end of a push for the alerts it touched, and by the desk's actions; always inside the
transaction that holds the community's lock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from sqlalchemy import select

from webapp.alerts import follow_ups, leases
from webapp.alerts.announce import AlertEvent, Happened, tell
from webapp.alerts.change import Change
from webapp.alerts.codes import bucket_of
from webapp.alerts.dues import keep_dues
from webapp.alerts.fold import State, fold
from webapp.alerts.models import Alert
from webapp.alerts.reading import facts_of, read_alerts
from webapp.alerts.settings import FollowUpDays
from webapp.operations.batch import Batch

STANDING = ("open", "closed")
"""What the operations decide between; drafts and what was dropped is up to the desk."""

DIRECT = (
    "step",
    "working",
    "help",
    "first_at",
    "in_contact_at",
    "outcome",
    "outcome_at",
    "closed_at",
    "settled_at",
    "reopened",
    "look_again",
    "again",
    "avoided",
    "recovered",
    "stopped",
    "lost",
    "grade",
    "case",
    "helped_by",
    "at_risk",
    "remaining",
    "frozen",
    "suspected",
    "confirmed",
    "reactions",
    "residency",
    "risk",
    "gift_declined",
    "thanked",
)
"""Columns that are fields of the fold's state as they are."""


def refold_touched(batch: Batch) -> None:
    """The push's finisher: bring the alerts that it touched up to date, each once."""
    touched = batch.again.pop(Alert.__tablename__, set())
    if touched:
        change = Change(batch.session, batch.community_id, batch.timezone, batch.numbers, batch.now)
        refold(change, touched)


def refold(change: Change, alert_ids: Collection[str]) -> None:
    """Fold these alerts anew from their operations, and write what follows."""
    statement = select(Alert).where(
        Alert.community_id == change.community_id, Alert.id.in_(set(alert_ids))
    )
    alerts = change.session.scalars(statement.order_by(Alert.number)).all()
    noted = read_alerts(change.session, change.community_id, [alert.id for alert in alerts])
    for alert in alerts:
        facts = facts_of(noted[alert.id])
        state = fold(facts)
        held = leases.held(change, alert)
        before = alert.status, alert.help
        write(alert, state)
        alert.seq = next(change.numbers)
        leases.follow(change, alert, state, held)
        days = msgspec.convert(alert.follow_up_days, FollowUpDays)
        keep_dues(change, alert, follow_ups.plan(facts, days, change.timezone))
        _announce(change, alert, *before)


def derived(alert: Alert, state: State) -> dict[str, Any]:
    """What the columns of an alert should be after this state."""
    values: dict[str, Any] = {name: getattr(state, name) for name in DIRECT}
    values["attempts"] = sum(state.attempts.values())
    values["attempts_by"] = state.attempts
    values["last"] = msgspec.to_builtins(state.last)
    values["stop_payment"] = msgspec.to_builtins(state.stop_payment)
    values["bucket"] = bucket_of(state.confirmed or alert.scam_type, alert.channel)
    if alert.status in STANDING:
        values["status"] = "closed" if state.closed else "open"
    return values


def write(alert: Alert, state: State) -> None:
    """Set the derived columns."""
    for name, value in derived(alert, state).items():
        setattr(alert, name, value)
    if alert.status == "open":
        alert.listed = True


def event(alert: Alert, what: Happened, members: Sequence[str] = ()) -> AlertEvent:
    """What others hear of an alert."""
    return AlertEvent(
        what,
        alert.community_id,
        alert.id,
        alert.number,
        alert.level,
        alert.deadline,
        tuple(members),
    )


def _announce(change: Change, alert: Alert, status: str, help_wanted: bool) -> None:
    if alert.status != status and status in STANDING:
        what: Happened = "closed" if alert.status == "closed" else "reopened"
        tell(change.session, event(alert, what), change.now)
    if alert.help and not help_wanted:
        tell(change.session, event(alert, "help", alert.working), change.now)
