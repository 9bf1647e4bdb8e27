"""Buildings, their doors, and who is asked to walk them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id, of_few


class Building(Base):
    """A block. `lat`, `lon` are WGS-84 degrees, `outline` a GeoJSON geometry in WGS-84.

    `key` is the normalised (compound, street, number) that an import finds it by; `source`,
    `source_id` name it where the list has ids of its own. `provisional`: its label was made up
    and it waits to be named. `practice`: it counts nowhere. `merged_into`: another row stands for
    it since `merged_at`, and shows its doors (see `merging.py`); lists still find it.

    `origins` says of "floors", "units" and "location" who said them last where that is not
    `source`: another source, or "desk" when a person decided. `attribution` is what has to stand
    beside the data, a line for each publisher.
    """

    __tablename__ = "building"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "merged_into"], ["building.community_id", "building.id"]
        ),
        UniqueConstraint("community_id", "key"),
        Index("ix_building_source", "community_id", "source", "source_id"),
        Index("ix_building_seq", "community_id", "seq"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[str] = mapped_column(String(300))
    name: Mapped[str] = mapped_column(String(120))
    compound: Mapped[str] = mapped_column(String(120), default="")
    grid: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(240), default="")
    lat: Mapped[float | None] = mapped_column(Float)
    lon: Mapped[float | None] = mapped_column(Float)
    outline: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    units: Mapped[int | None] = mapped_column(Integer)
    floors: Mapped[int | None] = mapped_column(Integer)
    caretaker_name: Mapped[str] = mapped_column(String(80), default="")
    caretaker_role: Mapped[str] = mapped_column(String(80), default="")
    access_note: Mapped[str] = mapped_column(String(240), default="")
    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(120))
    origins: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    attribution: Mapped[str] = mapped_column(String(240), default="", server_default="")
    provisional: Mapped[bool] = mapped_column(Boolean, default=False)
    practice: Mapped[bool] = mapped_column(Boolean, default=False)
    merged_into: Mapped[str | None] = mapped_column(Id)
    merged_at: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class BuildingClaim(Base):
    """What a source says of a building otherwise than the building has it.

    Nobody guesses who is right: it waits until a person decides (`settled_at`), and stays after
    that, so that the same source does not ask again. `field` is "floors" or "units" (`value` a
    number) or "location" (`{"lat", "lon"}` in WGS-84, with an "outline" or a "label" if it has
    one).
    """

    __tablename__ = "building_claim"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "building_id"], ["building.community_id", "building.id"]
        ),
        UniqueConstraint("community_id", "building_id", "field", "source"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    building_id: Mapped[str] = mapped_column(Id)
    field: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(80))
    value: Mapped[Any] = mapped_column(JSON)
    said_at: Mapped[int] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)
    settled_by: Mapped[str | None] = mapped_column(Id)


class Household(Base):
    """One door. Its key in the building is (unit_key, room_key), see `numbers.py`.

    `listed`: a list, the generator or the desk knows it; otherwise it lives by the
    `household_add` operations that are not voided. `source_key` is the key under which a list
    knew it before it was renamed. `unit`, `room` are as shown; an unknown unit is "".

    Merging changes only what follows from it (see `arrange.py`); all of these are none for a door
    that stands by itself. `merged_into`: the door that the desk said it is. `door_id`: the door
    that shows for it, whose other id this one is now; such a row counts nowhere. `home_id`: the
    building of its own, while another shows it. `retired_alone`: since when it is out of use by
    itself, while a door that was merged into it keeps it in use.
    """

    __tablename__ = "household"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "building_id"], ["building.community_id", "building.id"]
        ),
        ForeignKeyConstraint(["community_id", "home_id"], ["building.community_id", "building.id"]),
        ForeignKeyConstraint(
            ["community_id", "merged_into"], ["household.community_id", "household.id"]
        ),
        ForeignKeyConstraint(
            ["community_id", "door_id"], ["household.community_id", "household.id"]
        ),
        UniqueConstraint("community_id", "building_id", "unit_key", "room_key"),
        Index("ix_household_feed", "community_id", "building_id", "seq"),
        Index(
            "ix_household_merged",
            "community_id",
            "building_id",
            **of_few("merged_into IS NOT NULL"),
        ),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    building_id: Mapped[str] = mapped_column(Id)
    unit: Mapped[str] = mapped_column(String(20), default="")
    floor: Mapped[int | None] = mapped_column(Integer)
    room: Mapped[str] = mapped_column(String(40))
    unit_key: Mapped[str] = mapped_column(String(20), default="")
    room_key: Mapped[str] = mapped_column(String(40))
    source_key: Mapped[str | None] = mapped_column(String(64))
    listed: Mapped[bool] = mapped_column(Boolean, default=True)
    retired_at: Mapped[int | None] = mapped_column(BigInteger)
    merged_into: Mapped[str | None] = mapped_column(Id)
    door_id: Mapped[str | None] = mapped_column(Id)
    home_id: Mapped[str | None] = mapped_column(Id)
    retired_alone: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


STANDS = Building.merged_into.is_(None)
"""A building that is shown: no other one stands for it."""

IS_DOOR = Household.door_id.is_(None)
"""A row that is a door, not another id of one."""


class HouseholdAlias(Base):
    """Another id of the same door: two phones added it, or two rows were merged.

    `home_id` is the door that it belongs to by itself: `household_id`, unless that is merged.
    """

    __tablename__ = "household_alias"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "household_id"], ["household.community_id", "household.id"]
        ),
        ForeignKeyConstraint(
            ["community_id", "home_id"], ["household.community_id", "household.id"]
        ),
        Index("ix_household_alias_household", "community_id", "household_id"),
        Index("ix_household_alias_home", "community_id", "home_id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    household_id: Mapped[str] = mapped_column(Id)
    home_id: Mapped[str] = mapped_column(Id)


class Assignment(Base):
    """Who walks a building, from when to when; `units` is none for all of them.

    Kept after its end: a right is judged at the moment of an operation (design 4). `home_id` is the
    building that it was given for, while that is merged into another.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "building_id"], ["building.community_id", "building.id"]
        ),
        ForeignKeyConstraint(["community_id", "home_id"], ["building.community_id", "building.id"]),
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_assignment_member", "community_id", "member_id", "seq"),
        Index("ix_assignment_building", "community_id", "building_id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    building_id: Mapped[str] = mapped_column(Id)
    member_id: Mapped[str] = mapped_column(Id)
    units: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    assigned_at: Mapped[int] = mapped_column(BigInteger)
    assigned_by: Mapped[str | None] = mapped_column(Id)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    home_id: Mapped[str | None] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class Gazetteer(Base):
    """Names of communities with their region path: to complete forms and match messages.

    Public geography, no tenants.
    """

    __tablename__ = "gazetteer"
    __table_args__ = (UniqueConstraint("region", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    region: Mapped[str] = mapped_column(String(240))
    name: Mapped[str] = mapped_column(String(120), index=True)
    code: Mapped[str | None] = mapped_column(String(24))
