"""Counters kept up to date in the transaction that accepts the operations (design 3.3)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
)
from sqlalchemy.orm import Mapped, declarative_mixin, mapped_column

from webapp.core.db import IN_ORDER_OF_KEY, Base, Id

COUNTS = (
    "households",
    "vacant",
    "knocked",
    "reached",
    "installed",
    "no_smartphone",
    "refused",
    "leaflets",
)


DONE = ("doors", "leaflets", "helped")
"""What a member did on a day."""


@declarative_mixin
class Counts:
    """The counts of design 3.3; `occupied` = households − vacant."""

    households: Mapped[int] = mapped_column(Integer, default=0)
    vacant: Mapped[int] = mapped_column(Integer, default=0)
    knocked: Mapped[int] = mapped_column(Integer, default=0)
    reached: Mapped[int] = mapped_column(Integer, default=0)
    installed: Mapped[int] = mapped_column(Integer, default=0)
    no_smartphone: Mapped[int] = mapped_column(Integer, default=0)
    refused: Mapped[int] = mapped_column(Integer, default=0)
    leaflets: Mapped[int] = mapped_column(Integer, default=0)


class BuildingCount(Counts, Base):
    """The counts of one building now. `last_at` is the latest moment of a visit ever counted."""

    __tablename__ = "building_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "building_id"], ["building.community_id", "building.id"]
        ),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    building_id: Mapped[str] = mapped_column(Id, primary_key=True)
    last_at: Mapped[int | None] = mapped_column(BigInteger)


class BuildingDay(Counts, Base):
    """A building's counts as they were known at the end of that day of receipt; never rewritten."""

    __tablename__ = "building_day"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "building_id"], ["building.community_id", "building.id"]
        ),
        Index("ix_building_day_day", "community_id", "day"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    building_id: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)


class CommunityDay(Counts, Base):
    """The sum over a community's buildings at the end of that day: the trend in one row a day."""

    __tablename__ = "community_day"

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)


class KnockDay(Base):
    """A door visited by a member on a day (of the moment): counts once, however many `visits`.
    At `helped` of them the member installed the app with the resident.

    Kept in the order of its key, without a row's number and the index from one to the other.
    """

    __tablename__ = "knock_day"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "household_id"], ["household.community_id", "household.id"]
        ),
        Index("ix_knock_day_member", "community_id", "member_id", "day"),
        IN_ORDER_OF_KEY,
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    household_id: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    visits: Mapped[int] = mapped_column(Integer)
    leaflets: Mapped[int] = mapped_column(Integer, default=0)
    helped: Mapped[int] = mapped_column(Integer, default=0, server_default="0")


class MemberDay(Base):
    """What a member did on a day: distinct doors, leaflets handed out, doors `helped` at."""

    __tablename__ = "member_day"
    __table_args__ = (Index("ix_member_day_day", "community_id", "day"),)

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    doors: Mapped[int] = mapped_column(Integer, default=0)
    leaflets: Mapped[int] = mapped_column(Integer, default=0)
    helped: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
