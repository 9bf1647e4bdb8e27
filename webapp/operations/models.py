"""The one table of what was recorded, and what stands beside it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    literal_column,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, of_few


class Operation(Base):
    """An immutable fact. Only `status`, `voided` and what follows from them ever change.

    `body` is the recorded JSON without its free text (that is in OperationText); for what is held
    it is the element as it came. `hash` is the SHA-256 of the bytes as they came.
    `subject_id` is what it is about: a door, an alert, or a void's target.
    `result_seq` numbers a later change of status for the author's `me` bucket.
    """

    __tablename__ = "operation"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        ForeignKeyConstraint(["community_id", "device_id"], ["device.community_id", "device.id"]),
        Index("ix_operation_subject", "community_id", "subject_id"),
        Index("ix_operation_device", "community_id", "device_id", **of_few("code IS NOT NULL")),
        Index(
            "ix_operation_result",
            "community_id",
            "member_id",
            "result_seq",
            **of_few("result_seq IS NOT NULL"),
        ),
        Index("ix_operation_status", "community_id", "status", **of_few("status <> 'accepted'")),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[str] = mapped_column(Id)
    device_id: Mapped[str | None] = mapped_column(Id)
    subject_id: Mapped[str | None] = mapped_column(Id)
    moment: Mapped[int] = mapped_column(BigInteger)
    capped: Mapped[bool] = mapped_column(Boolean, default=False)
    received_at: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(10))
    code: Mapped[str | None] = mapped_column(String(24))
    field: Mapped[str | None] = mapped_column(String(60))
    voided: Mapped[bool] = mapped_column(Boolean, default=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    body: Mapped[str] = mapped_column(Text)
    result_seq: Mapped[int | None] = mapped_column(BigInteger)


NOT_ACCEPTED = Operation.status != literal_column("'accepted'")
"""Beside the status that a query asks for: from a parameter alone engines cannot tell that the
index of the few holds what it wants."""


class OperationText(Base):
    """Free text of an operation; erasable by retention or on a resident's request."""

    __tablename__ = "operation_text"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "operation_id"], ["operation.community_id", "operation.id"]
        ),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class OperationRival(Base):
    """Another operation that came under a taken id with other bytes: held, never overwritten."""

    __tablename__ = "operation_rival"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "operation_id"], ["operation.community_id", "operation.id"]
        ),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    member_id: Mapped[str] = mapped_column(Id)
    device_id: Mapped[str | None] = mapped_column(Id)
    received_at: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(10), default="held")
    body: Mapped[str] = mapped_column(Text)
    result_seq: Mapped[int | None] = mapped_column(BigInteger)


class Tombstone(Base):
    """A row that left a bucket; phones that had it forget it. Kept 180 days."""

    __tablename__ = "tombstone"
    __table_args__ = (Index("ix_tombstone_seq", "community_id", "bucket", "seq"),)

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    bucket: Mapped[str] = mapped_column(String(60), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[int] = mapped_column(BigInteger)
