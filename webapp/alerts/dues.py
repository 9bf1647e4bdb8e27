"""The rows of follow-ups: kept equal to the plan, given to somebody, opened when they are due."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.alerts import leases
from webapp.alerts.change import Change
from webapp.alerts.follow_ups import Due
from webapp.alerts.models import Alert, AlertWorker, FollowUpDue


def dues_of(session: Session, community_id: int, alert_id: str) -> list[FollowUpDue]:
    """All follow-ups of an alert, also those that fell away, by day."""
    statement = (
        select(FollowUpDue)
        .where(FollowUpDue.community_id == community_id, FollowUpDue.alert_id == alert_id)
        .order_by(FollowUpDue.due_on, FollowUpDue.id)
    )
    return list(session.scalars(statement))


def is_open(row: FollowUpDue) -> bool:
    """Whether it is still to be done."""
    return row.done_at is None and row.gone_at is None


def keep_dues(change: Change, alert: Alert, plan: Sequence[Due]) -> None:
    """Make the rows what the plan says; phones that lose one are told to forget it."""
    rows = {row.id: row for row in dues_of(change.session, alert.community_id, alert.id)}
    wanted = {due.id: due for due in plan}
    for due in plan:
        row = rows.get(due.id)
        if row is None:
            _insert(change, alert, due)
        elif (row.done_by, row.gone_at) != (due.done_by, None):
            _change(change, row, due)
    for row_id, row in rows.items():
        if row_id not in wanted and row.gone_at is None:
            row.gone_at = change.now
            row.done_at = row.done_by = None
            _forget(change, row)


def _insert(change: Change, alert: Alert, due: Due) -> None:
    owner = owner_of(change.session, alert) if due.done_by is None else None
    change.session.add(
        FollowUpDue(
            community_id=alert.community_id,
            id=due.id,
            alert_id=alert.id,
            step=due.step,
            due_on=due.due_on,
            risk=due.risk,
            given_to=owner,
            given_at=change.now if owner else None,
            done_at=due.done_at,
            done_by=due.done_by,
            seq=next(change.numbers),
        )
    )


def _change(change: Change, row: FollowUpDue, due: Due) -> None:
    row.done_at, row.done_by, row.gone_at = due.done_at, due.done_by, None
    row.seq = next(change.numbers)
    if due.done_by is not None:
        _forget(change, row)


def _forget(change: Change, row: FollowUpDue) -> None:
    row.opened_at = None
    if row.given_to is not None:
        leases.forget(change, row.id, row.given_to)


def owner_of(session: Session, alert: Alert) -> str | None:
    """Whose a follow-up is: the member who worked the alert last, else the team leader, else the
    deputy; none: the desk's."""
    active = (
        select(Member.id, Member.lead, Member.deputy)
        .where(Member.community_id == alert.community_id, Member.status == "active")
        .order_by(Member.lead.desc(), Member.deputy.desc(), Member.joined_at, Member.id)
    )
    team = {row.id: row for row in session.execute(active)}
    worked = (
        select(AlertWorker.member_id)
        .where(AlertWorker.community_id == alert.community_id, AlertWorker.alert_id == alert.id)
        .order_by(AlertWorker.since.desc(), AlertWorker.id.desc())
    )
    for member_id in session.scalars(worked):
        if member_id in team:
            return str(member_id)
    return next((row.id for row in team.values() if row.lead or row.deputy), None)
