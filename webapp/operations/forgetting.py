"""Tombstones are not kept for ever: a phone that was away for longer starts afresh (design 4)."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.models import CommunitySeq
from webapp.core.clock import DAY
from webapp.operations.models import Tombstone

KEPT = 180 * DAY


def old_tombstones(session: Session, community_id: int, *, now: int) -> int:
    """How many could be forgotten."""
    statement = select(func.count()).where(
        Tombstone.community_id == community_id, Tombstone.at < now - KEPT
    )
    return session.scalar(statement) or 0


def forget_tombstones(session: Session, community_id: int, *, now: int) -> int:
    """Forget tombstones of more than 180 days ago; returns how many.

    Cursors from before the latest of them begin anew: who has not asked since then may have rows
    that are gone.
    """
    sequence.draw(session, community_id)
    old = (Tombstone.community_id == community_id) & (Tombstone.at < now - KEPT)
    latest = session.scalar(select(func.max(Tombstone.seq)).where(old))
    if latest is None:
        return 0
    count = session.scalar(select(func.count()).where(old)) or 0
    session.execute(delete(Tombstone).where(old))
    session.execute(
        update(CommunitySeq)
        .where(CommunitySeq.community_id == community_id, CommunitySeq.forgotten < latest)
        .values(forgotten=latest)
    )
    return count
