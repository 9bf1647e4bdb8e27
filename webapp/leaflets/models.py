"""Every movement, from where to where."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id

GENERAL = "general"
"""The kind that is there without being entered: what phones hand out unless told otherwise."""


class LeafletKind(Base):
    """A kind of leaflet. `id` is what operations call it, `picture` a small WebP. `low`: a stock
    below that is pointed out. What is `retired` is not offered any more, and still counted."""

    __tablename__ = "leaflet_kind"

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)
    low: Mapped[int] = mapped_column(Integer, default=0)
    retired: Mapped[bool] = mapped_column(Boolean, default=False)
    seq: Mapped[int] = mapped_column(BigInteger)


class LeafletBag(Base):
    """What went into a member's bag and out of it, of one kind: kept up to date in the transactions
    that move leaflets or hand them out (`bags.py`)."""

    __tablename__ = "leaflet_bag"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    into: Mapped[int] = mapped_column(Integer, default=0)
    out: Mapped[int] = mapped_column(Integer, default=0)
    at_doors: Mapped[int] = mapped_column(Integer, default=0)
    in_sessions: Mapped[int] = mapped_column(Integer, default=0)
    seq: Mapped[int] = mapped_column(BigInteger)

    @property
    def left(self) -> int:
        """What must be in it; below zero more was handed out than is known to have been taken."""
        return self.into - self.out - self.at_doors - self.in_sessions


class LeafletMove(Base):
    """So many leaflets of a kind from `source` to `target`: each stock, bag, outside (a delivery,
    a loss).

    `member_id`: whose bag, where one is meant. `id` is the operation's for what a phone recorded;
    `taken_back`: that was voided. What is handed out at doors and sessions has no row here: it is
    counted where it is recorded.
    """

    __tablename__ = "leaflet_move"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_leaflet_move_moment", "community_id", "moment"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    moment: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(8))
    target: Mapped[str] = mapped_column(String(8))
    kind: Mapped[str] = mapped_column(String(40), default=GENERAL, server_default=GENERAL)
    count: Mapped[int] = mapped_column(Integer)
    member_id: Mapped[str | None] = mapped_column(Id)
    by: Mapped[str | None] = mapped_column(Id)
    note: Mapped[str] = mapped_column(String(200), default="")
    taken_back: Mapped[bool] = mapped_column(Boolean, default=False)
