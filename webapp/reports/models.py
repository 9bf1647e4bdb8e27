"""What a department wants to see again and again."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class ReportTemplate(Base):
    """A name, a grouping, a kind of period and columns in their order. `heads`: what the
    department calls a column, where that is not its usual name; `made_at` in ms."""

    __tablename__ = "report_template"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    grouping: Mapped[str] = mapped_column(String(12))
    period: Mapped[str] = mapped_column(String(8))
    columns: Mapped[list[str]] = mapped_column(JSON)
    heads: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    made_at: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[str | None] = mapped_column(Id)
