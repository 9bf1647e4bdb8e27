"""What a community, a grid or a person is to do in a year."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, CheckConstraint, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class Plan(Base):
    """One target. Its `id` follows from year, scope, who and measure: there is one of each.

    `who`: a grid's name, a member's id, or empty for the whole community. `months`: twelve numbers,
    January first; what is done counts from the month `first` (1 … 12) on. `weekdays`: on which days
    there is work, a bit each, Monday lowest. A plan that was withdrawn stays as one of nothing, so
    that phones hear of it.
    """

    __tablename__ = "plan"
    __table_args__ = (
        Index("ix_plan_seq", "community_id", "who", "seq"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    year: Mapped[int] = mapped_column(Integer)
    scope: Mapped[str] = mapped_column(String(10))
    who: Mapped[str] = mapped_column(String(120), default="")
    measure: Mapped[str] = mapped_column(String(10))
    months: Mapped[list[int]] = mapped_column(JSON)
    first: Mapped[int] = mapped_column(Integer)
    weekdays: Mapped[int] = mapped_column(Integer)
    campaign: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[str] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(BigInteger)

    @property
    def target(self) -> int:
        """Of the whole year."""
        return sum(self.months)
