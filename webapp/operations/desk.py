"""The desk's decisions on what is held: let it in, or set it aside with a reason.

Also shows what has waited for its subject for more than a day. Nothing is deleted: a dismissed
operation keeps its row, and its author learns what became of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Device
from webapp.accounts.queries import names_of
from webapp.core import db
from webapp.core.clock import DAY
from webapp.core.errors import NotFound, Problem
from webapp.operations.batch import ACCEPTED, DISMISSED, HELD, WAITING, Batch, Item
from webapp.operations.decode import understand
from webapp.operations.models import NOT_ACCEPTED, Operation, OperationRival, OperationText
from webapp.operations.push import finish, settle
from webapp.operations.registry import Described, registry

WAITING_SHOWN_AFTER = DAY
REASON_LENGTH = 200
RIVAL = "id_taken"


@dataclass(frozen=True, slots=True)
class Case:
    """One operation that needs a look. `hash` names the bytes: an id may have come with several."""

    id: str
    hash: str
    type: str
    status: str
    code: str | None
    field: str | None
    author: str
    device: str | None
    moment: int
    received_at: int
    described: Described


def cases(session: Session, community_id: int, *, now: int, limit: int = 200) -> list[Case]:
    """What is held, and what has waited for over a day; oldest first."""
    old = Operation.received_at < now - WAITING_SHOWN_AFTER
    statement = (
        select(Operation)
        .where(
            Operation.community_id == community_id,
            Operation.status.in_((HELD, WAITING)),  # named, so that the index of the few is taken
            NOT_ACCEPTED,
            or_(Operation.status == HELD, old),
        )
        .order_by(Operation.received_at, Operation.id)
        .limit(limit)
    )
    rivals = (
        select(OperationRival)
        .where(OperationRival.community_id == community_id, OperationRival.status == HELD)
        .order_by(OperationRival.received_at)
        .limit(limit)
    )
    rows: list[Operation | OperationRival] = [
        *session.scalars(statement),
        *session.scalars(rivals),
    ]
    names = names_of(session, community_id, {row.member_id for row in rows})
    devices = _devices(session, community_id, {row.device_id for row in rows if row.device_id})
    texts = texts_of(session, community_id, [row.id for row in rows if isinstance(row, Operation)])
    return [_case(session, item_of(row, texts), row, names, devices) for row in rows]


def release(
    session: Session,
    who: ActingMember,
    operation_id: str,
    digest: bytes,
    timezone: str,
    *,
    now: int,
) -> Item:
    """Let a held operation in, whatever right it lacked; it may still wait for its subject.

    Raises NotFound, or Problem `not_releasable` when the server still cannot make sense of it.
    """
    numbers = sequence.draw(session, who.community_id, 16)
    batch = Batch(session, who.community_id, timezone, numbers, now)
    row = _held(session, who.community_id, operation_id, digest)
    texts = texts_of(session, who.community_id, [operation_id])
    item = item_of(row, texts)
    understand(item)
    if item.status:
        raise Problem("not_releasable", status=409)
    item.released = True
    settle(batch, item, new=isinstance(row, OperationRival))
    if item.status == HELD:
        raise Problem("not_releasable", status=409)
    if isinstance(row, OperationRival):
        row.status, row.result_seq = ACCEPTED, next(numbers)
    finish(batch)
    audit.note(
        session,
        who.community_id,
        who,
        "operation_released",
        operation_id,
        now=now,
        code=row_code(row),
    )
    return item


def dismiss(
    session: Session, who: ActingMember, operation_id: str, digest: bytes, reason: str, *, now: int
) -> None:
    """Set a held or waiting operation aside. Raises Problem `reason_missing`, NotFound."""
    reason = reason.strip()[:REASON_LENGTH]
    if not reason:
        raise Problem("reason_missing", field="reason")
    numbers = sequence.draw(session, who.community_id)
    row = _held(session, who.community_id, operation_id, digest)
    row.status, row.result_seq = DISMISSED, next(numbers)
    audit.note(
        session,
        who.community_id,
        who,
        "operation_dismissed",
        operation_id,
        now=now,
        code=row_code(row),
        reason=reason,
    )


def row_code(row: Operation | OperationRival) -> str | None:
    """Why it is held."""
    return row.code if isinstance(row, Operation) else RIVAL


def _held(
    session: Session, community_id: int, operation_id: str, digest: bytes
) -> Operation | OperationRival:
    row: Operation | OperationRival | None = session.get(Operation, (community_id, operation_id))
    if row is None or row.hash != digest:
        row = session.get(OperationRival, (community_id, operation_id, digest))
    if row is None or row.status not in (HELD, WAITING):
        raise NotFound("operation_not_open")
    return row


def texts_of(session: Session, community_id: int, ids: Sequence[str]) -> dict[str, str]:
    """What these operations say in words, where it was taken apart and not erased since."""
    found: dict[str, str] = {}
    for some in db.chunks(ids):
        statement = select(OperationText.operation_id, OperationText.text).where(
            OperationText.community_id == community_id, OperationText.operation_id.in_(some)
        )
        found |= {row.operation_id: row.text for row in session.execute(statement)}
    return found


def item_of(row: Operation | OperationRival, texts: Mapping[str, str]) -> Item:
    """A stored operation as it was recorded, to be judged again; `texts` as of `texts_of`. A rival
    is whole, and gets an id of its own, made from its bytes: the first one keeps the taken id."""
    body, kind = row.body, registry.kinds.get(row.type)
    if isinstance(row, Operation) and kind is not None and row.id in texts:
        body = kind.with_text(body, texts[row.id])
    return Item(
        id=row.id if isinstance(row, Operation) else _derived_id(row.hash),
        type=row.type,
        text=body,
        hash=row.hash,
        member_id=row.member_id,
        device_id=row.device_id,
        received_at=row.received_at,
        voided=isinstance(row, Operation) and row.voided,
    )


def _derived_id(digest: bytes) -> str:
    """A UUIDv8 (RFC 9562) of the operation's hash: the same bytes always get the same id."""
    text = sha256(digest).hexdigest()
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-a{text[17:20]}-{text[20:32]}"


def _case(
    session: Session,
    item: Item,
    row: Operation | OperationRival,
    names: dict[str, str],
    devices: dict[str, str],
) -> Case:
    understand(item)
    kind = registry.kinds.get(row.type)
    described = (
        kind.describe(session, row.community_id, item.operation)
        if kind is not None and item.operation is not None
        else Described()
    )
    return Case(
        id=row.id if isinstance(row, Operation) else row.operation_id,
        hash=row.hash.hex(),
        type=row.type,
        status=row.status,
        code=row_code(row),
        field=row.field if isinstance(row, Operation) else None,
        author=names.get(row.member_id, ""),
        device=devices.get(row.device_id or ""),
        moment=row.moment if isinstance(row, Operation) else row.received_at,
        received_at=row.received_at,
        described=described,
    )


def _devices(session: Session, community_id: int, ids: Sequence[str] | set[str]) -> dict[str, str]:
    statement = select(Device.id, Device.name).where(
        Device.community_id == community_id, Device.id.in_(ids)
    )
    return {row.id: row.name for row in session.execute(statement)}
