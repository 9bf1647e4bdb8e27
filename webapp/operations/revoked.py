"""A device that was shut out hands over its last work, not any amount of it (design 4)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.core.errors import Problem
from webapp.operations import receipt
from webapp.operations.batch import Item
from webapp.operations.models import Operation
from webapp.operations.push import REVOKED

MOST = 5_000


def bound(session: Session, community_id: int, device_id: str, items: Sequence[Item]) -> None:
    """Problem `revoked_full` (429) for something new when so much of it is held already, by push or
    rescue file. What is known is answered all the same: its answer may have been lost."""
    if receipt.held_for(session, community_id, device_id, REVOKED) < MOST:
        return
    ids = {item.id for item in items if item.id}
    known = select(func.count()).where(
        Operation.community_id == community_id,
        db.among(Operation.__table__.c.id, "ids", ids),
    )
    if session.scalar(known) != len(ids):
        raise Problem("revoked_full", status=429)
