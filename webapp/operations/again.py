"""After an upgrade: what an older server did not understand, or took for wrong, is judged again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.models import Community
from webapp.core import db
from webapp.operations.batch import HELD, Batch
from webapp.operations.decode import understand
from webapp.operations.desk import item_of, texts_of
from webapp.operations.models import NOT_ACCEPTED, Operation
from webapp.operations.push import finish, judge, settle
from webapp.operations.registry import registry

CODES = ("not_understood", "invalid")
"""A newer phone's type or field; a newer phone's value of a known field."""

AT_ONCE = 500
_CONDITIONS = (Operation.status == HELD, Operation.code.in_(CODES), NOT_ACCEPTED)


def try_everywhere(now: int) -> None:
    """In every community, some hundreds in a transaction; harmless to repeat.

    `flask db upgrade` does it, and the worker when it starts and once a day.
    """
    with db.reading() as session:
        found = candidates(session)
    for (community_id, timezone), ids in found.items():
        for some in db.chunks(ids, AT_ONCE):
            with db.writing() as session:
                try_again(session, community_id, timezone, some, now=now)


def candidates(session: Session) -> dict[tuple[int, str], list[str]]:
    """(community, its time zone) → ids of what may be understood by now, oldest first."""
    statement = (
        select(Operation.community_id, Community.timezone, Operation.id)
        .join(Community, Community.id == Operation.community_id)
        .where(*_CONDITIONS, Operation.type.in_(set(registry.kinds)))
        .order_by(Operation.community_id, Operation.received_at, Operation.id)
    )
    found: dict[tuple[int, str], list[str]] = {}
    for community_id, timezone, operation_id in session.execute(statement):
        found.setdefault((community_id, timezone), []).append(operation_id)
    return found


def try_again(
    session: Session, community_id: int, timezone: str, ids: Sequence[str], *, now: int
) -> int:
    """Take in those of these operations that can be now; the others stay held as they were.
    Returns how many were taken."""
    numbers = sequence.draw(session, community_id, 3 * len(ids) + 8)
    batch = Batch(session, community_id, timezone, numbers, now)
    statement = select(Operation).where(
        Operation.community_id == community_id, Operation.id.in_(ids), *_CONDITIONS
    )
    taken = 0
    texts = texts_of(session, community_id, ids)
    for row in session.scalars(statement.order_by(Operation.received_at, Operation.id)).all():
        item = item_of(row, texts)
        understand(item)
        if not item.status:
            judge(batch, [item])
        if item.status == HELD and item.code in CODES:
            continue
        settle(batch, item, new=False)
        taken += 1
    finish(batch)
    return taken
