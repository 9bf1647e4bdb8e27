"""Communities, the persons and members in them, their devices, sessions and invites."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id


class Community(Base):
    """The tenant. Targets are basis points; `headline` is `publicity` or `app`."""

    __tablename__ = "community"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(240), index=True)
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    publicity_target: Mapped[int] = mapped_column(Integer, default=8500)
    app_target: Mapped[int] = mapped_column(Integer, default=8500)
    headline: Mapped[str] = mapped_column(String(12), default="publicity")
    phone: Mapped[str | None] = mapped_column(String(32))
    leaflet_default: Mapped[int] = mapped_column(Integer, default=1)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[int] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class CommunitySeq(Base):
    """The counter and the lock of a community's changes (design 4, seq).

    `forgotten` is the highest seq whose tombstones were purged: older cursors start afresh.
    """

    __tablename__ = "community_seq"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    forgotten: Mapped[int] = mapped_column(BigInteger, default=0)


class Installation(Base):
    """Facts of this database as a whole: one row per name, such as `epoch`."""

    __tablename__ = "installation"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Person(Base):
    """Somebody who can sign in; once per installation. `role` is admin, supervisor or none."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    login: Mapped[str | None] = mapped_column(String(80), unique=True)
    phone: Mapped[str | None] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str | None] = mapped_column(String(12))
    region: Mapped[str | None] = mapped_column(String(240))
    locale: Mapped[str | None] = mapped_column(String(8))
    created_at: Mapped[int] = mapped_column(BigInteger)


class Member(Base):
    """A person in a community. `status`: pending until confirmed, active, ended."""

    __tablename__ = "member"
    __table_args__ = (UniqueConstraint("community_id", "person_id"),)

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(8), default="pending")
    lead: Mapped[bool] = mapped_column(Boolean, default=False)
    deputy: Mapped[bool] = mapped_column(Boolean, default=False)
    joined_at: Mapped[int] = mapped_column(BigInteger)
    confirmed_at: Mapped[int | None] = mapped_column(BigInteger)
    confirmed_by: Mapped[str | None] = mapped_column(Id)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class Device(Base):
    """One phone's database of one member. The id is made on the phone.

    `waiting` is what the phone last said is still unsent; `synced_at` its last complete pull.
    """

    __tablename__ = "device"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_device_member", "community_id", "member_id"),
        # A phone that claims somebody else's id is found out across communities.
        Index("ix_device_id", "id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[int] = mapped_column(BigInteger)
    synced_at: Mapped[int | None] = mapped_column(BigInteger)
    waiting: Mapped[int] = mapped_column(Integer, default=0)
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)


class DeviceKey(Base):
    """A device's earlier keys: what they signed stays valid. `device.key` is the present one."""

    __tablename__ = "device_key"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "device_id"], ["device.community_id", "device.id"]),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    replaced_at: Mapped[int] = mapped_column(BigInteger)


class SignIn(Base):
    """A session: the hash of a cookie's token, and who it stands for. Outside the tenants.

    With a device it is a phone's session, without one a browser's on the coordinator pages.
    """

    __tablename__ = "sign_in"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        ForeignKeyConstraint(["community_id", "device_id"], ["device.community_id", "device.id"]),
        Index("ix_sign_in_device", "device_id"),
    )

    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(Integer)
    member_id: Mapped[str | None] = mapped_column(Id)
    device_id: Mapped[str | None] = mapped_column(Id)
    created_at: Mapped[int] = mapped_column(BigInteger)
    seen_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger)
    agent: Mapped[str] = mapped_column(String(200), default="")


class Invite(Base):
    """A way in: a link of 128 bits for 7 days and a typed code for 15 minutes, as hashes.

    `purpose` is `join` or `reset` (a new password for `person_id`). Like sessions it stands
    outside the tenants: who types a code does not know the community yet.
    `created_by` is a person: an administrator is no member.
    """

    __tablename__ = "invite"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(8), default="join")
    role: Mapped[str] = mapped_column(String(12), default="volunteer")
    name: Mapped[str | None] = mapped_column(String(80))
    phone: Mapped[str | None] = mapped_column(String(20))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    code_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    code_expires_at: Mapped[int | None] = mapped_column(BigInteger)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[int | None] = mapped_column(BigInteger)
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class Audit(Base):
    """Who did what to whom inside a community; kept at least six months."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_at", "community_id", "at"),)

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    member_id: Mapped[str | None] = mapped_column(Id)
    person_id: Mapped[int | None] = mapped_column(Integer)
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str | None] = mapped_column(String(80))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
