"""Who did what to whom: written in the transaction that does it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.accounts.actor import Actor
from webapp.accounts.models import Audit
from webapp.core.ids import new_id


def note(
    session: Session,
    community_id: int,
    who: Actor | None,
    action: str,
    subject: object = None,
    *,
    now: int,
    **detail: str | int | bool | None,
) -> None:
    """Write an act down; `who` is none for the command line."""
    session.add(
        Audit(
            community_id=community_id,
            id=new_id(),
            at=now,
            # An administrator acts on a community without being a member of it.
            member_id=who.member_id if who and who.community_id == community_id else None,
            person_id=who.person_id if who else None,
            action=action,
            subject=None if subject is None else str(subject)[:80],
            detail=detail,
        )
    )
