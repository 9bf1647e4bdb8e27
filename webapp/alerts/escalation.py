"""An alert that is overdue calls the lead, then the deputy, then the coordinators (design 5.2).

Each rung once, by the worker; whoever of the team is free may take the alert from then on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.alerts import settings
from webapp.alerts.announce import tell
from webapp.alerts.change import Change
from webapp.alerts.models import Alert, AlertEscalation
from webapp.alerts.refold import event
from webapp.alerts.worker import each_community
from webapp.core.clock import MINUTE

Rung = Literal["lead", "deputy", "coordinator"]
RUNGS: Final[tuple[Rung, ...]] = ("lead", "deputy", "coordinator")


def escalate(now: int) -> None:
    """The worker's step: call whoever has to be called now, in every community."""
    each_community(
        now,
        lambda session, community_id, _timezone: bool(_due(session, community_id, now)),
        call_due,
    )


def call_due(change: Change) -> None:
    """The same for one community, whose lock is held."""
    for alert, rung in _due(change.session, change.community_id, change.now):
        _call(change, alert, rung)


def of_alert(session: Session, community_id: int, alert_id: str) -> Sequence[AlertEscalation]:
    """Who was called, in order."""
    statement = (
        select(AlertEscalation)
        .where(AlertEscalation.community_id == community_id, AlertEscalation.alert_id == alert_id)
        .order_by(AlertEscalation.at)
    )
    return session.scalars(statement).all()


def _due(session: Session, community_id: int, now: int) -> list[tuple[Alert, Rung]]:
    """Overdue alerts that nobody is in contact with, and the rungs that are due and not done."""
    overdue = session.scalars(
        select(Alert).where(
            Alert.community_id == community_id,
            Alert.status == "open",
            Alert.deadline < now,
            Alert.in_contact_at.is_(None),
        )
    ).all()
    if not overdue:
        return []
    waits = settings.of(session, community_id).escalation
    done = {
        (row.alert_id, row.rung)
        for row in session.scalars(
            select(AlertEscalation).where(
                AlertEscalation.community_id == community_id,
                AlertEscalation.alert_id.in_([alert.id for alert in overdue]),
            )
        )
    }
    return [
        (alert, rung)
        for alert in overdue
        for rung in RUNGS
        if (alert.id, rung) not in done and alert.deadline + getattr(waits, rung) * MINUTE <= now
    ]


def _call(change: Change, alert: Alert, rung: Rung) -> None:
    members = _members(change.session, change.community_id, rung)
    change.session.add(
        AlertEscalation(
            community_id=change.community_id,
            alert_id=alert.id,
            rung=rung,
            at=change.now,
            members=members,
        )
    )
    alert.offered, alert.escalated = True, rung
    alert.seq = next(change.numbers)
    tell(change.session, event(alert, "overdue", members), change.now)


def _members(session: Session, community_id: int, rung: Rung) -> list[str]:
    is_on = {
        "lead": Member.lead.is_(True),
        "deputy": Member.deputy.is_(True),
        "coordinator": Member.role == "coordinator",
    }[rung]
    statement = (
        select(Member.id)
        .where(Member.community_id == community_id, Member.status == "active", is_on)
        .order_by(Member.joined_at, Member.id)
    )
    return list(session.scalars(statement))
