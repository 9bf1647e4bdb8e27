"""What is known of a door, derived from its visits and kept beside it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, of_few


class DoorState(Base):
    """The fold of a door's visits (design 3.1). A door without a row was never visited.

    `packed` is the JSON that the door's row carries to phones: visits in columns, older visits as
    one carried state, and the wish.
    """

    __tablename__ = "door_state"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "household_id"], ["household.community_id", "household.id"]
        ),
        Index(
            "ix_door_state_follow_up",
            "community_id",
            "follow_up_on",
            **of_few("follow_up_on IS NOT NULL"),
        ),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    household_id: Mapped[str] = mapped_column(Id, primary_key=True)
    building_id: Mapped[str] = mapped_column(Id)
    knocks: Mapped[int] = mapped_column(Integer, default=0)
    leaflets: Mapped[int] = mapped_column(Integer, default=0)
    last_at: Mapped[int | None] = mapped_column(BigInteger)
    contact: Mapped[str | None] = mapped_column(String(12))
    tries: Mapped[int] = mapped_column(Integer, default=0)
    reached: Mapped[bool] = mapped_column(Boolean, default=False)
    vacant: Mapped[bool] = mapped_column(Boolean, default=False)
    app: Mapped[str | None] = mapped_column(String(16))
    flags: Mapped[str] = mapped_column(String(160), default="")
    follow_up_on: Mapped[date | None] = mapped_column(Date)
    display: Mapped[str] = mapped_column(String(12), default="untouched")
    no_visits_until: Mapped[date | None] = mapped_column(Date)
    outcome_only: Mapped[bool] = mapped_column(Boolean, default=False)
    packed: Mapped[str] = mapped_column(Text, default="{}")
