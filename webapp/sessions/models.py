"""What was held where, for how many."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, ForeignKeyConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class TrainingSession(Base):
    """One session, as its operation says; `leaflets` over all kinds, `topics` are scam types,
    `moment` in ms. `taken_back`: its operation was voided."""

    __tablename__ = "training_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "operation_id"], ["operation.community_id", "operation.id"]
        ),
        Index("ix_training_session_moment", "community_id", "moment"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    moment: Mapped[int] = mapped_column(BigInteger)
    place: Mapped[str] = mapped_column(String(120))
    partner: Mapped[str | None] = mapped_column(String(12))
    residents: Mapped[int] = mapped_column(Integer)
    workers: Mapped[int] = mapped_column(Integer)
    leaflets: Mapped[int] = mapped_column(Integer)
    topics: Mapped[list[str]] = mapped_column(JSON)
    campaign: Mapped[str] = mapped_column(String(60), default="", server_default="")
    taken_back: Mapped[bool] = mapped_column(Boolean, default=False)
