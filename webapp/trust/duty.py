"""Who is on duty, and since when: by their own shift, or by the rota."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.alerts import rota
from webapp.trust.models import Shift
from webapp.trust.shifts import Duty


@dataclass(frozen=True)
class OnDuty:
    """`since` in milliseconds UTC; none when only the rota says so."""

    since: int | None


def members(session: Session, community_id: int, now: int) -> set[str]:
    """All members whose shift covers this moment."""
    statement = select(Shift.member_id).where(
        Shift.community_id == community_id, Shift.since <= now, Shift.until > now
    )
    return set(session.scalars(statement))


def of(session: Session, community_id: int, member_id: str, *, now: int) -> OnDuty | None:
    """Whether a member is on duty at this moment; none when nobody knows of it."""
    shift = shift_of(session, community_id, member_id, now=now)
    if shift is not None:
        return OnDuty(shift.since)
    if member_id in rota.on_duty(session, community_id, now):
        return OnDuty(None)
    return None


def shift_of(session: Session, community_id: int, member_id: str, *, now: int) -> Duty | None:
    """The member's own shift that covers this moment."""
    row = session.execute(
        select(Shift.since, Shift.until).where(
            Shift.community_id == community_id, Shift.member_id == member_id
        )
    ).one_or_none()
    if row is None or row.since is None or row.until is None:
        return None
    duty = Duty(row.since, row.until)
    return duty if duty.covers(now) else None
