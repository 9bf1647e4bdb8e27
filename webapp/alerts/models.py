"""Alerts, the persons they are about, who works them, and when to ask again."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
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


class Alert(Base):
    """One alert, without any personal data (that is in AlertPerson). Moments in ms, amounts in fen.

    The first half is what the desk says: `status` is draft, open, closed or dropped; `deadline` and
    `follow_up_days` follow from the settings when it was received; `offered`: anybody may take it;
    `household_id` is any of the door's ids; `listed`: phones of the team have it; `amount` is what
    the message said.
    The second half is derived from its operations (fold.py) and kept by refold.py.
    """

    __tablename__ = "alert"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "building_id"], ["building.community_id", "building.id"]
        ),
        UniqueConstraint("community_id", "number"),
        UniqueConstraint("community_id", "source", "reference"),
        Index("ix_alert_seq", "community_id", "seq"),
        Index("ix_alert_status", "community_id", "status", "deadline"),
        Index("ix_alert_received", "community_id", "received_at"),
        Index("ix_alert_household", "community_id", "household_id"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(8), default="draft")
    source: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str | None] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[int] = mapped_column(BigInteger)
    deadline: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[str | None] = mapped_column(Id)
    confirmed_at: Mapped[int | None] = mapped_column(BigInteger)
    confirmed_by: Mapped[str | None] = mapped_column(Id)
    scam_type: Mapped[str | None] = mapped_column(String(20))
    channel: Mapped[str | None] = mapped_column(String(16))
    bucket: Mapped[str] = mapped_column(String(20), default="other")
    building_id: Mapped[str | None] = mapped_column(Id)
    household_id: Mapped[str | None] = mapped_column(Id)
    age_band: Mapped[str | None] = mapped_column(String(8))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    repeat: Mapped[bool] = mapped_column(Boolean, default=False)
    offered: Mapped[bool] = mapped_column(Boolean, default=False)
    listed: Mapped[bool] = mapped_column(Boolean, default=False)
    escalated: Mapped[str | None] = mapped_column(String(12))
    late_reason: Mapped[str | None] = mapped_column(String(200))
    follow_up_days: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    erased_at: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)

    step: Mapped[str] = mapped_column(String(8), default="new")
    working: Mapped[list[str]] = mapped_column(JSON, default=list)
    help: Mapped[bool] = mapped_column(Boolean, default=False)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    attempts_by: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    last: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    first_at: Mapped[int | None] = mapped_column(BigInteger)
    in_contact_at: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str | None] = mapped_column(String(16))
    outcome_at: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[int | None] = mapped_column(BigInteger)
    settled_at: Mapped[int | None] = mapped_column(BigInteger)
    reopened: Mapped[bool] = mapped_column(Boolean, default=False)
    look_again: Mapped[bool] = mapped_column(Boolean, default=False)
    again: Mapped[bool] = mapped_column(Boolean, default=False)
    avoided: Mapped[int | None] = mapped_column(BigInteger)
    recovered: Mapped[int | None] = mapped_column(BigInteger)
    stopped: Mapped[int | None] = mapped_column(BigInteger)
    lost: Mapped[int | None] = mapped_column(BigInteger)
    grade: Mapped[str | None] = mapped_column(String(8))
    case: Mapped[bool] = mapped_column(Boolean, default=False)
    helped_by: Mapped[list[str]] = mapped_column(JSON, default=list)
    at_risk: Mapped[int | None] = mapped_column(BigInteger)
    remaining: Mapped[int | None] = mapped_column(BigInteger)
    frozen: Mapped[bool | None] = mapped_column(Boolean)
    stop_payment: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    suspected: Mapped[str | None] = mapped_column(String(20))
    confirmed: Mapped[str | None] = mapped_column(String(20))
    reactions: Mapped[list[str]] = mapped_column(JSON, default=list)
    residency: Mapped[str | None] = mapped_column(String(8))
    risk: Mapped[str | None] = mapped_column(String(8))
    gift_declined: Mapped[bool] = mapped_column(Boolean, default=False)
    thanked: Mapped[bool] = mapped_column(Boolean, default=False)


class AlertPerson(Base):
    """Whom an alert is about, and the message as it came: erased by retention.

    `resident_name` is surname and title; `sex` f or m; `contacts` are people who may help, each
    with role, name, phone; `minor`: somebody has to speak to the guardian too.
    """

    __tablename__ = "alert_person"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id, primary_key=True)
    resident_name: Mapped[str] = mapped_column(String(40), default="")
    sex: Mapped[str | None] = mapped_column(String(1))
    age: Mapped[int | None] = mapped_column(Integer)
    minor: Mapped[bool] = mapped_column(Boolean, default=False)
    phone: Mapped[str] = mapped_column(String(32), default="")
    unit: Mapped[str] = mapped_column(String(20), default="")
    room: Mapped[str] = mapped_column(String(40), default="")
    place_text: Mapped[str] = mapped_column(String(240), default="")
    original: Mapped[str] = mapped_column(Text, default="")
    contacts: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)


class AlertWorker(Base):
    """Who was given an alert, from when to when: the right to record, and the data on the phone.

    `how`: dispatched, taken, handed, follow_up. `ended_at`: the desk, a hand-over or the end of the
    membership; `left_at` is derived from the member's own operations. Live while both are none.
    """

    __tablename__ = "alert_worker"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_alert_worker_member", "community_id", "member_id", "seq"),
        Index("ix_alert_worker_alert", "community_id", "alert_id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id)
    member_id: Mapped[str] = mapped_column(Id)
    how: Mapped[str] = mapped_column(String(12))
    since: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    left_at: Mapped[int | None] = mapped_column(BigInteger)
    given_by: Mapped[str | None] = mapped_column(Id)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class AlertRuling(Base):
    """An operation that was recorded with a coordinator's right: roles change, rulings stay."""

    __tablename__ = "alert_ruling"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "operation_id"], ["operation.community_id", "operation.id"]
        ),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)


class AlertChange(Base):
    """What the desk changed of an alert: field, before, after; the values of personal fields are
    erased with the person."""

    __tablename__ = "alert_change"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
        Index("ix_alert_change_alert", "community_id", "alert_id", "at"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    member_id: Mapped[str | None] = mapped_column(Id)
    what: Mapped[str] = mapped_column(String(24))
    before: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    after: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    personal: Mapped[bool] = mapped_column(Boolean, default=False)


class AlertReport(Base):
    """Another message about an alert that was open already: its text is added to the original.

    `reference` is the sender's own: the same one from the same source is the same report.
    """

    __tablename__ = "alert_report"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
        UniqueConstraint("community_id", "source", "reference"),
        Index("ix_alert_report_alert", "community_id", "alert_id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    source: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str | None] = mapped_column(String(80))
    member_id: Mapped[str | None] = mapped_column(Id)


class AlertReveal(Base):
    """A look at the person of an alert on a page: by whom, when, until when (ms)."""

    __tablename__ = "alert_reveal"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_alert_reveal_member", "community_id", "member_id", "alert_id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id)
    member_id: Mapped[str] = mapped_column(Id)
    at: Mapped[int] = mapped_column(BigInteger)
    until: Mapped[int] = mapped_column(BigInteger)


class Handover(Base):
    """An alert that one community of the installation offers to another. Outside the tenants.

    `status`: offered, accepted, declined, withdrawn. `sealed` is the person as JSON, sealed under
    a key outside the database and gone once it is decided; the rest has no person. `by`, `to_by`
    name who offered and who decided, `taken_as` the alert that it became there.
    """

    __tablename__ = "handover"
    __table_args__ = (
        Index("ix_handover_to", "to_community", "status"),
        Index("ix_handover_from", "from_community", "alert_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    from_community: Mapped[int] = mapped_column(ForeignKey("community.id"))
    to_community: Mapped[int] = mapped_column(ForeignKey("community.id"))
    alert_id: Mapped[str] = mapped_column(Id)
    number: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(10), default="offered")
    level: Mapped[str] = mapped_column(String(10))
    received_at: Mapped[int] = mapped_column(BigInteger)
    scam_type: Mapped[str | None] = mapped_column(String(20))
    channel: Mapped[str | None] = mapped_column(String(16))
    amount: Mapped[int | None] = mapped_column(BigInteger)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    offered_at: Mapped[int] = mapped_column(BigInteger)
    offered_by: Mapped[str] = mapped_column(Id)
    by: Mapped[str] = mapped_column(String(80))
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    to_by: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(String(200))
    taken_as: Mapped[str | None] = mapped_column(Id)


class FollowUpDue(Base):
    """A day on which to ask again; derived from the alert's outcome and follow-ups (follow_ups.py).

    `step` counts from 1. `given_to`: whose it is, none: the desk's. `opened_at`: since when that
    member's phone has the person's data. `done_by` is the operation that settled it, `gone_at`
    when it fell away.
    """

    __tablename__ = "follow_up_due"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
        Index("ix_follow_up_due_alert", "community_id", "alert_id"),
        Index("ix_follow_up_due_on", "community_id", "due_on"),
        Index("ix_follow_up_due_member", "community_id", "given_to", "seq"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id)
    step: Mapped[int] = mapped_column(Integer)
    due_on: Mapped[date] = mapped_column(Date)
    risk: Mapped[str] = mapped_column(String(8))
    given_to: Mapped[str | None] = mapped_column(Id)
    given_at: Mapped[int | None] = mapped_column(BigInteger)
    opened_at: Mapped[int | None] = mapped_column(BigInteger)
    done_at: Mapped[int | None] = mapped_column(BigInteger)
    done_by: Mapped[str | None] = mapped_column(Id)
    gone_at: Mapped[int | None] = mapped_column(BigInteger)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)


class AlertMonth(Base):
    """What the desk notes of a calendar month (`2026-11`): the police's number of cases in the
    community, and what is planned for the month after it."""

    __tablename__ = "alert_month"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    cases: Mapped[int | None] = mapped_column(Integer)
    plan: Mapped[str] = mapped_column(Text, default="")


class AlertEscalation(Base):
    """Who was called because an alert was overdue: lead, deputy, coordinator; each once."""

    __tablename__ = "alert_escalation"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "alert_id"], ["alert.community_id", "alert.id"]),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    alert_id: Mapped[str] = mapped_column(Id, primary_key=True)
    rung: Mapped[str] = mapped_column(String(12), primary_key=True)
    at: Mapped[int] = mapped_column(BigInteger)
    members: Mapped[list[str]] = mapped_column(JSON, default=list)


class Robot(Base):
    """Where a community's alerts are told: a group robot or a mailbox. `address` is sealed under
    SECRET_KEY, for whoever has it can write to the group; `per_minute`: what the service bears."""

    __tablename__ = "robot"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(12))
    address: Mapped[bytes] = mapped_column(LargeBinary)
    events: Mapped[list[str]] = mapped_column(JSON, default=list)
    levels: Mapped[list[str]] = mapped_column(JSON, default=list)
    per_minute: Mapped[int] = mapped_column(Integer)
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)


class RobotDelivery(Base):
    """One message to one robot: number, level and deadline, or a `text` that is about no alert; no
    person, no place.

    `key` names what it is about, so that it is queued once. `status`: queued, sending (until
    `leased_until`), sent, failed (given up), unclear (it may have arrived: not sent again).
    """

    __tablename__ = "robot_delivery"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "robot_id"], ["robot.community_id", "robot.id"]),
        UniqueConstraint("community_id", "robot_id", "key"),
        Index("ix_robot_delivery_due", "status", "next_at"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    robot_id: Mapped[str] = mapped_column(Id)
    key: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(String(12))
    number: Mapped[int | None] = mapped_column(Integer)
    level: Mapped[str | None] = mapped_column(String(10))
    deadline: Mapped[int | None] = mapped_column(BigInteger)
    text: Mapped[str | None] = mapped_column(String(1000))
    created_at: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(8), default="queued")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[int] = mapped_column(BigInteger)
    tried_at: Mapped[int | None] = mapped_column(BigInteger)
    leased_until: Mapped[int | None] = mapped_column(BigInteger)


class Duty(Base):
    """When a member is on duty: every week on `weekday` (Monday is 0), or on one `day`; from
    `start` to `end` in minutes of the community's day, over midnight when `end` is not later."""

    __tablename__ = "duty"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    weekday: Mapped[int | None] = mapped_column(Integer)
    day: Mapped[date | None] = mapped_column(Date)
    start: Mapped[int] = mapped_column(Integer)
    end: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[int] = mapped_column(BigInteger)
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
