"""What residents say of themselves: "we have installed the app".

Counted apart and shown beside the app coverage, never mixed into it: nobody was at the door.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core.db import Base, Id
from webapp.core.ids import new_id


class SelfReport(Base):
    """One household's word, by building and unit only: no door, no name, no address."""

    __tablename__ = "self_report"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "building_id"], ["building.community_id", "building.id"]
        ),
        Index("ix_self_report_building", "community_id", "building_id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    building_id: Mapped[str] = mapped_column(Id)
    unit: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[int] = mapped_column(BigInteger)


def add(session: Session, community_id: int, building_id: str, unit: str, *, now: int) -> None:
    """Write one down; the caller has made sure that the building is there."""
    session.add(
        SelfReport(
            community_id=community_id, id=new_id(), building_id=building_id, unit=unit, at=now
        )
    )


def count(session: Session, community_id: int, building_id: str | None = None) -> int:
    """How many households said so, in the community or in one building."""
    statement = (
        select(func.count()).select_from(SelfReport).where(SelfReport.community_id == community_id)
    )
    if building_id is not None:
        statement = statement.where(SelfReport.building_id == building_id)
    return session.scalar(statement) or 0
