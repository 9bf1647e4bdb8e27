"""What the server has from a device: a count and a digest that the phone compares with its log.

The digest is the sum of the SHA-256 hashes modulo 2^256: it grows by addition, in any order, and
a phone that pruned old operations adds what it pruned (design 4, Receipt).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Integer, LargeBinary, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core import db
from webapp.core.db import Base, Id
from webapp.operations.models import Operation, OperationRival

MODULUS = 1 << 256
NOTHING = (0).to_bytes(32, "big")


class DeviceReceipt(Base):
    """Count and digest over every operation stored from a device, whatever became of it."""

    __tablename__ = "device_receipt"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "device_id"], ["device.community_id", "device.id"]),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))


@dataclass(frozen=True, slots=True)
class Receipt:
    """`digest` in 64 lower-case hex digits."""

    count: int
    digest: str


def add(session: Session, community_id: int, device_id: str, hashes: Sequence[bytes]) -> None:
    """Count operations that were just stored; in their transaction, under the community's lock."""
    if not hashes:
        return
    count, digest = _row(session, community_id, device_id) or (0, NOTHING)
    row = {
        "community_id": community_id,
        "device_id": device_id,
        "count": count + len(hashes),
        "digest": total([digest, *hashes]),
    }
    keys = ["community_id", "device_id"]
    db.upsert(session, DeviceReceipt, [row], keys=keys, columns=["count", "digest"])


def of_device(session: Session, community_id: int, device_id: str) -> Receipt:
    """The device's receipt; zero of everything before its first push."""
    count, digest = _row(session, community_id, device_id) or (0, NOTHING)
    return Receipt(count, digest.hex())


def held_for(session: Session, community_id: int, device_id: str, code: str) -> int:
    """How many operations of a device are held for this reason."""
    statement = select(func.count()).where(
        Operation.community_id == community_id,
        Operation.device_id == device_id,
        Operation.code == code,
    )
    return session.scalar(statement) or 0


def total(hashes: Iterable[bytes]) -> bytes:
    """The sum of hashes modulo 2^256, in 32 bytes."""
    return (sum(int.from_bytes(h, "big") for h in hashes) % MODULUS).to_bytes(32, "big")


def compare(
    session: Session, community_id: int, pairs: Sequence[tuple[str, bytes]]
) -> tuple[list[str], list[str]]:
    """Of a phone's (id, hash) pairs: ids that are `missing`, ids stored with `different` bytes.

    It does not matter by which way an operation came, a push or a rescue file; but what is nobody's
    yet, because its file was not signed, is missing: only its phone can say whose it is.
    """
    stored: dict[str, set[bytes]] = {}
    for ids in db.chunks({operation_id for operation_id, _ in pairs}):
        for table, id_column in (
            (Operation, Operation.id),
            (OperationRival, OperationRival.operation_id),
        ):
            statement = select(id_column.label("id"), table.hash).where(
                table.community_id == community_id,
                id_column.in_(ids),
                table.device_id.is_not(None),
            )
            for row in session.execute(statement):
                stored.setdefault(row.id, set()).add(row.hash)
    missing = [operation_id for operation_id, _ in pairs if operation_id not in stored]
    different = [
        operation_id
        for operation_id, digest in pairs
        if operation_id in stored and digest not in stored[operation_id]
    ]
    return missing, different


_RECEIPTS = DeviceReceipt.__table__.c
_OF_DEVICE = db.Query(
    select(_RECEIPTS.count, _RECEIPTS.digest).where(
        _RECEIPTS.community_id == bindparam("of"), _RECEIPTS.device_id == bindparam("device")
    )
)


def _row(session: Session, community_id: int, device_id: str) -> Any:
    return _OF_DEVICE.first(session, of=community_id, device=device_id)
