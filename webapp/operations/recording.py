"""What the desk records: the same operations as a phone's, by the same way in, of no device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.operations.decode import decode
from webapp.operations.push import Result, push

AT_ONCE = 500


def record_all(
    session: Session,
    community_id: int,
    timezone: str,
    operations: Sequence[Mapping[str, Any]],
    *,
    member_id: str,
    now: int,
) -> list[Result]:
    """Record these as this member; says what became of each, in the same order."""
    elements = [msgspec.json.encode(operation) for operation in operations]
    items = decode(elements, member_id=member_id, device_id=None, now=now)
    return [
        result
        for some in db.chunks(items, AT_ONCE)
        for result in push(session, community_id, timezone, some, now=now)
    ]
