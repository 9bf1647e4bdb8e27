"""On whose phones an alert's person is: those who were given it, until it closes or they leave."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.alerts.change import Change
from webapp.alerts.fold import State
from webapp.alerts.models import Alert, AlertWorker
from webapp.core.ids import new_id
from webapp.operations.feeds import ME, bury


def workers(session: Session, community_id: int, alert_id: str) -> list[AlertWorker]:
    """Everybody who was ever given an alert, in order."""
    statement = (
        select(AlertWorker)
        .where(AlertWorker.community_id == community_id, AlertWorker.alert_id == alert_id)
        .order_by(AlertWorker.since, AlertWorker.id)
    )
    return list(session.scalars(statement))


def live(rows: list[AlertWorker]) -> list[AlertWorker]:
    """Those who have it now."""
    return [row for row in rows if row.ended_at is None and row.left_at is None]


def held(change: Change, alert: Alert) -> set[str]:
    """On whose phones it is now: the members' ids."""
    if alert.status != "open":
        return set()
    return {row.member_id for row in live(workers(change.session, alert.community_id, alert.id))}


def follow(change: Change, alert: Alert, state: State, before: set[str]) -> None:
    """Bring the leases up to date with who has left; phones that lose it are told to forget."""
    rows = workers(change.session, alert.community_id, alert.id)
    for row in rows:
        if row.ended_at is None:
            row.left_at = left_at(row, state)
    settle(change, alert, rows, before)


def left_at(row: AlertWorker, state: State) -> int | None:
    """When the member left this turn, by their own account; none: they have not."""
    left = state.left.get(row.member_id)
    return left if left is not None and left >= row.since else None


def settle(change: Change, alert: Alert, rows: list[AlertWorker], before: set[str]) -> None:
    """Number the leases that are new on a phone, and bury those that are gone from one."""
    now_live = {row.member_id: row for row in live(rows)} if alert.status == "open" else {}
    for member_id, row in now_live.items():
        if member_id not in before:
            row.seq = next(change.numbers)
    for member_id in sorted(before - now_live.keys()):
        forget(change, alert.id, member_id)


def forget(change: Change, row_id: str, member_id: str) -> None:
    """Have a member's phones forget a row of their own bucket."""
    bucket = f"{ME}:{member_id}"
    bury(change.session, change.numbers, change.community_id, bucket, row_id, change.now)


def give(
    change: Change, alert: Alert, rows: list[AlertWorker], member_id: str, how: str, by: str | None
) -> None:
    """Give an alert to a member; who has it keeps it as it is. Call `settle` afterwards."""
    for row in rows:
        if row.member_id != member_id or row.ended_at is not None:
            continue
        if row.left_at is None:
            return
        row.ended_at = row.left_at  # that was an earlier turn
    made = AlertWorker(
        community_id=alert.community_id,
        id=new_id(),
        alert_id=alert.id,
        member_id=member_id,
        how=how,
        since=change.now,
        given_by=by,
    )
    change.session.add(made)
    rows.append(made)


def take_away(rows: list[AlertWorker], member_id: str, now: int) -> None:
    """End a member's turn, for good. Call `settle` afterwards."""
    for row in live(rows):
        if row.member_id == member_id:
            row.ended_at = now
