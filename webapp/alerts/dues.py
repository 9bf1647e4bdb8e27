"""The rows of follow-ups: kept equal to the plan, given to somebody, opened when they are due."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import Actor
from webapp.accounts.models import Member
from webapp.alerts import leases, settings
from webapp.alerts.change import Change, begin, check_members
from webapp.alerts.follow_ups import Due
from webapp.alerts.models import Alert, AlertWorker, FollowUpDue
from webapp.core import clock, db
from webapp.core.errors import NotFound
from webapp.core.ids import new_id

ASKING = "follow_up"
"""How a member had an alert: to ask again. Such turns are written down when they are over."""


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
        elif row.gone_at is not None or _kept(row) != (due.step, due.due_on, due.risk, due.done_by):
            _change(change, row, due)
    for row_id, row in rows.items():
        if row_id not in wanted and row.gone_at is None:
            row.gone_at = change.now
            row.done_at = row.done_by = None
            _forget(change, row)


def _insert(change: Change, alert: Alert, due: Due) -> None:
    owner = owner_of(change.session, alert)
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


def _kept(row: FollowUpDue) -> tuple[int, date, str, str | None]:
    return row.step, row.due_on, row.risk, row.done_by


def _change(change: Change, row: FollowUpDue, due: Due) -> None:
    row.step, row.due_on, row.risk = due.step, due.due_on, due.risk
    row.done_at, row.done_by, row.gone_at = due.done_at, due.done_by, None
    row.seq = next(change.numbers)
    if due.done_by is not None:
        _forget(change, row)


def _forget(change: Change, row: FollowUpDue) -> None:
    row.opened_at = None
    if row.given_to is not None:
        leases.forget(change, row.id, row.given_to)


def owner_of(session: Session, alert: Alert) -> str | None:
    """Whose a follow-up is: the member who worked the alert last (if the community wants it so),
    else the team leader, else the deputy; none: the desk's."""
    active = (
        select(Member.id, Member.lead, Member.deputy)
        .where(Member.community_id == alert.community_id, Member.status == "active")
        .order_by(Member.lead.desc(), Member.deputy.desc(), Member.joined_at, Member.id)
    )
    team = {row.id: row for row in session.execute(active)}
    leader = next((row.id for row in team.values() if row.lead or row.deputy), None)
    if settings.of(session, alert.community_id).follow_ups_by == "lead":
        return leader
    worked = (
        select(AlertWorker.member_id)
        .where(
            AlertWorker.community_id == alert.community_id,
            AlertWorker.alert_id == alert.id,
            AlertWorker.how != ASKING,
        )
        .order_by(AlertWorker.since.desc(), AlertWorker.id.desc())
    )
    for member_id in session.scalars(worked):
        if member_id in team:
            return str(member_id)
    return leader


def give(
    session: Session,
    community_id: int,
    due_id: str,
    member_id: str | None,
    *,
    who: Actor | None,
    now: int,
) -> None:
    """Give a follow-up to another member, or to the desk (none). NotFound `follow_up_unknown`,
    `member_unknown`, Problem `member_not_active`."""
    change = begin(session, community_id, now)
    row = session.get(FollowUpDue, (community_id, due_id), populate_existing=True)
    if row is None or not is_open(row):
        raise NotFound("follow_up_unknown")
    if member_id is not None:
        check_members(session, community_id, [member_id])
    if row.given_to != member_id:
        _give(change, row, member_id)
        audit.note(
            session, community_id, who, "follow_up_give", row.alert_id, now=now, to=member_id
        )


def pass_on(change: Change, member_id: str) -> None:
    """Give what a member leaves behind to whoever is next."""
    statement = select(FollowUpDue).where(
        FollowUpDue.community_id == change.community_id,
        FollowUpDue.given_to == member_id,
        FollowUpDue.done_at.is_(None),
        FollowUpDue.gone_at.is_(None),
    )
    for row in change.session.scalars(statement).all():
        alert = change.session.get_one(Alert, (change.community_id, row.alert_id))
        _give(change, row, owner_of(change.session, alert))


def _give(change: Change, row: FollowUpDue, member_id: str | None) -> None:
    if row.given_to is not None:
        leases.forget(change, row.id, row.given_to)
        change.session.add(_turn(row, change.now))  # what they recorded without signal counts
    row.given_to, row.given_at = member_id, change.now if member_id else None
    row.seq = next(change.numbers)
    change.session.flush()


def _turn(row: FollowUpDue, now: int) -> AlertWorker:
    return AlertWorker(
        community_id=row.community_id,
        id=new_id(),
        alert_id=row.alert_id,
        member_id=row.given_to,
        how=ASKING,
        since=row.given_at,
        ended_at=now,
    )


def open_due(change: Change) -> int:
    """Let the person's data go to the phones of those whose follow-up is due today or was;
    returns how many were opened."""
    today = clock.day_of(change.now, change.timezone)
    rows = change.session.scalars(_closed_until(change.community_id, today)).all()
    for row in rows:
        row.opened_at, row.seq = change.now, next(change.numbers)
    return len(rows)


def close(change: Change, alert_ids: Collection[str]) -> None:
    """Take the person off the phones of those who were to ask again, and never did."""
    for ids in db.chunks(alert_ids):
        statement = select(FollowUpDue).where(
            FollowUpDue.community_id == change.community_id,
            FollowUpDue.alert_id.in_(ids),
            FollowUpDue.opened_at.is_not(None),
        )
        for row in change.session.scalars(statement):
            row.opened_at, row.seq = None, next(change.numbers)


def any_due(session: Session, community_id: int, today: date) -> bool:
    """Whether there is anything to open."""
    return session.scalars(_closed_until(community_id, today).limit(1)).first() is not None


def _closed_until(community_id: int, today: date) -> Select[FollowUpDue]:
    return select(FollowUpDue).where(
        FollowUpDue.community_id == community_id,
        FollowUpDue.due_on <= today,
        FollowUpDue.opened_at.is_(None),
        FollowUpDue.given_to.is_not(None),
        FollowUpDue.done_at.is_(None),
        FollowUpDue.gone_at.is_(None),
    )
