"""Programs that may post alerts, and what they have posted."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class ApiToken(Base):
    """A program's right to post alerts into one community. Only the token's SHA-256 is kept.

    `hint` are its last four signs, to tell tokens apart; `scopes`: alerts:create, alerts:status.
    """

    __tablename__ = "api_token"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "created_by"], ["member.community_id", "member.id"]),
        UniqueConstraint("community_id", "hash"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    hint: Mapped[str] = mapped_column(String(4))
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    scopes: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[str | None] = mapped_column(Id)
    last_used_at: Mapped[int | None] = mapped_column(BigInteger)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)


class ApiDelivery(Base):
    """What a program posted under a reference of its own: the same body again is the same alert,
    another body under it is a mistake. `body_hash` is the SHA-256 of the bytes as they came."""

    __tablename__ = "api_delivery"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "token_id"], ["api_token.community_id", "api_token.id"]
        ),
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
        UniqueConstraint("community_id", "token_id", "reference"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_id: Mapped[str] = mapped_column(Id)
    reference: Mapped[str] = mapped_column(String(64))
    body_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    alert_id: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
