"""Who is on duty, and since when: by their own shift, or by the rota."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.trust.models import Shift
from webapp.trust.shifts import Duty


def of(session: Session, community_id: int, member_id: str, *, now: int) -> Duty | None:
    """The member's shift that covers this moment; none when nobody knows of any."""
    row = session.execute(
        select(Shift.since, Shift.until).where(
            Shift.community_id == community_id, Shift.member_id == member_id
        )
    ).one_or_none()
    if row is None or row.since is None or row.until is None:
        return None
    duty = Duty(row.since, row.until)
    return duty if duty.covers(now) else None
