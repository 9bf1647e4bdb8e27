"""The desk records through the same operations as phones do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.actor import Actor
from webapp.accounts.models import Community
from webapp.alerts.fields import wrong
from webapp.core import clock
from webapp.core.errors import Problem
from webapp.core.ids import new_id
from webapp.core.personal import account_number
from webapp.operations import recording
from webapp.operations.batch import ACCEPTED
from webapp.operations.push import Result


def record(
    session: Session, community_id: int, operation: dict[str, Any], *, who: Actor, now: int
) -> Result:
    """Record one operation as this member. `id`, `at` and `skew_ms` are filled in if not given.

    Raises Problem `card_typed` for a text with the number of a card, `alert_not_yours`, and
    `alert_invalid` with the `field` when it is not accepted.
    """
    text = msgspec.json.encode(operation).decode()
    if account_number(text):
        raise wrong("card_typed", "note")
    if who.member_id is None:
        raise Problem("forbidden", status=403)
    result = record_all(session, community_id, [operation], member_id=who.member_id, now=now)[0]
    if result.status != ACCEPTED:
        if result.code == "not_yours":
            raise Problem("alert_not_yours", status=403)
        field = result.field or ""
        raise Problem("alert_invalid", field=field, label=field)
    return result


def record_all(
    session: Session,
    community_id: int,
    operations: Sequence[dict[str, Any]],
    *,
    member_id: str,
    now: int,
) -> list[Result]:
    """The same for many of one member at once; says what became of each."""
    timezone = session.scalars(select(Community.timezone).where(Community.id == community_id)).one()
    whole = [_whole(operation, now) for operation in operations]
    return recording.record_all(
        session, community_id, timezone, whole, member_id=member_id, now=now
    )


def _whole(operation: dict[str, Any], now: int) -> dict[str, Any]:
    return {"id": new_id(), "at": clock.iso(now), "skew_ms": 0, **operation}
