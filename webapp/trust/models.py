"""Badges, their numbers, who checked them, and who is on duty."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id

NOBODYS = 0
"""The community of checks whose number nobody has: they are written down like all others."""


class BadgeNumber(Base):
    """Which community a number belongs to. Outside the tenants: who types one does not know.

    A number is never given out again.
    """

    __tablename__ = "badge_number"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))


class Badge(Base):
    """A member's badge. `status`: active, suspended, revoked.

    `sealed` is the key of the phone `device_id`, sealed under SECRET_KEY; none until a phone has
    fetched one. `mark` stands before the number, for people only. `work_phone` may be handed on.
    """

    __tablename__ = "badge"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        ForeignKeyConstraint(["community_id", "device_id"], ["device.community_id", "device.id"]),
        UniqueConstraint("community_id", "number"),
        Index("ix_badge_member", "community_id", "member_id"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    number: Mapped[int] = mapped_column(Integer)
    mark: Mapped[str] = mapped_column(String(4))
    status: Mapped[str] = mapped_column(String(10), default="active")
    device_id: Mapped[str | None] = mapped_column(Id)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary(80))
    work_phone: Mapped[str | None] = mapped_column(String(32))
    issued_at: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class BadgePhoto(Base):
    """The face on a badge: a small JPEG that this server encoded itself."""

    __tablename__ = "badge_photo"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "badge_id"], ["badge.community_id", "badge.id"]),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    badge_id: Mapped[str] = mapped_column(Id, primary_key=True)
    jpeg: Mapped[bytes] = mapped_column(LargeBinary(200_000))
    digest: Mapped[str] = mapped_column(String(16))


class BadgeCheck(Base):
    """Somebody wanted to know who is at the door. No trace of who that was is kept.

    `way`: typed, building, qr. `result`: confirmed, off_duty, suspended, expired, wrong, closed
    (too many wrong ones before). A check of a number that nobody has belongs to NOBODYS.
    """

    __tablename__ = "badge_check"
    __table_args__ = (
        Index("ix_badge_check_badge", "community_id", "badge_id", "at"),
        Index("ix_badge_check_at", "community_id", "at"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    way: Mapped[str] = mapped_column(String(8))
    result: Mapped[str] = mapped_column(String(10))
    number: Mapped[int | None] = mapped_column(Integer)
    badge_id: Mapped[str | None] = mapped_column(Id)
    building_id: Mapped[str | None] = mapped_column(Id)


class Shift(Base):
    """Whether a member is on duty, folded from their `shift` operations (see `shifts.py`).

    `since`, `until` in milliseconds UTC, none when they are not. `warned_at`: when it was noticed
    that the end is missing.
    """

    __tablename__ = "shift"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_shift_until", "until"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    since: Mapped[int | None] = mapped_column(BigInteger)
    until: Mapped[int | None] = mapped_column(BigInteger)
    warned_at: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class KnownPerson(Base):
    """A caretaker who agreed that residents are shown their name and role (and photo, if any).

    They stand at buildings as `caretaker_name`, `caretaker_role`; whoever has no row here is shown
    to the team only.
    """

    __tablename__ = "known_person"
    __table_args__ = (UniqueConstraint("community_id", "name", "role"),)

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(80))
    agreed_at: Mapped[int] = mapped_column(BigInteger)
    noted_by: Mapped[str | None] = mapped_column(Id)
    jpeg: Mapped[bytes | None] = mapped_column(LargeBinary(200_000))
