"""A device that was shut out hands over its last work, not any amount of it (design 4)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.core.errors import Problem
from webapp.operations import receipt
from webapp.operations.push import REVOKED

MOST = 5_000


def bound(session: Session, community_id: int, device_id: str) -> None:
    """Problem `revoked_full` (429) when so much of it is held already, by push or rescue file."""
    if receipt.held_for(session, community_id, device_id, REVOKED) >= MOST:
        raise Problem("revoked_full", status=429)
