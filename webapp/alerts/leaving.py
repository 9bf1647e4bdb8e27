"""When a membership ends, alerts go on: nobody keeps a resident's data, and nobody waits for who
has left."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.alerts import dues, leases
from webapp.alerts.change import begin
from webapp.alerts.dispatching import withdraw
from webapp.alerts.models import Alert, AlertWorker


def member_ended(session: Session, community_id: int, member_id: str, now: int) -> None:
    """Take all alerts and follow-ups away from a member."""
    change = begin(session, community_id, now)
    session.flush()
    having = (
        select(Alert.id, Alert.status)
        .join(
            AlertWorker,
            (AlertWorker.community_id == Alert.community_id) & (AlertWorker.alert_id == Alert.id),
        )
        .where(
            AlertWorker.community_id == community_id,
            AlertWorker.member_id == member_id,
            AlertWorker.ended_at.is_(None),
        )
        .order_by(Alert.number)
    )
    for alert_id, status in session.execute(having).all():
        if status == "open":
            withdraw(session, community_id, alert_id, member_id, who=None, now=now)
        for row in leases.workers(session, community_id, alert_id):
            if row.member_id == member_id and row.ended_at is None:
                row.ended_at = now
    dues.pass_on(change, member_id)
