"""Every movement, from where to where."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class LeafletMove(Base):
    """So many leaflets from `source` to `target`: each stock, bag, outside (a delivery, a loss).

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
    count: Mapped[int] = mapped_column(Integer)
    member_id: Mapped[str | None] = mapped_column(Id)
    by: Mapped[str | None] = mapped_column(Id)
    note: Mapped[str] = mapped_column(String(200), default="")
    taken_back: Mapped[bool] = mapped_column(Boolean, default=False)
