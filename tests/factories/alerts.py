"""Alerts for tests, entered and worked the way the product does it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests.factories.field import NOW, Neighbourhood, Op, Phone, op
from webapp.accounts.actor import ActingMember
from webapp.alerts import actions
from webapp.alerts.fields import AlertFields
from webapp.alerts.models import Alert, AlertWorker, FollowUpDue
from webapp.core import db

PERSON: dict[str, Any] = {
    "resident_name": "何女士",
    "sex": "f",
    "age": 58,
    "phone": "13812345678",
    "original": "合川紫荆园社区，某小区3幢2单元1204何女士，58岁，疑似被骗",
}


def acting(phone: Phone, role: str = "volunteer") -> ActingMember:
    """The member of a phone as the routes see them."""
    return ActingMember(
        session_hash=b"",
        seen_at=NOW,
        person_id=phone.person_id,
        name="Person",
        community_id=phone.community_id,
        community_name="Ziyuan",
        timezone="Asia/Shanghai",
        member_id=phone.member_id,
        member_role=role,
        member_status="active",
    )


def make_alert(
    hood: Neighbourhood,
    door: str | None = None,
    *,
    to: tuple[Phone, ...] = (),
    draft: bool = False,
    now: int = NOW,
    **fields: Any,
) -> str:
    """An alert that is open, received now, given to these members; its id."""
    values: dict[str, Any] = {"level": "high", "received_at": now, "household_id": door}
    source = fields.pop("source", "form")
    reference = fields.pop("reference", None)
    with db.writing() as session:
        alert_id = actions.create(
            session,
            hood.community_id,
            AlertFields(**{**values, **PERSON, **fields}),
            who=None,
            now=now,
            source=source,
            reference=reference,
            draft=draft,
        )
        if to:
            ids = [phone.member_id for phone in to]
            actions.dispatch(session, hood.community_id, alert_id, ids, who=None, now=now)
    return alert_id


def take(phone: Phone, alert: str, *, now: int = NOW) -> None:
    """A member takes it on line."""
    with db.writing() as session:
        actions.take(session, phone.community_id, alert, who=acting(phone), now=now)


def hand_over(phone: Phone, alert: str, to: Phone, *, now: int = NOW) -> None:
    """A member gives it to another."""
    with db.writing() as session:
        actions.hand_over(
            session, phone.community_id, alert, to.member_id, who=acting(phone), now=now
        )


def attempt(alert: str, channel: str = "call", result: str = "no_answer", **fields: Any) -> Op:
    """A step on the ladder."""
    return op("alert_attempt", alert=alert, channel=channel, result=result, **fields)


def outcome(alert: str, what: str = "dissuaded", **fields: Any) -> Op:
    """How it ended."""
    return op("alert_outcome", alert=alert, outcome=what, **fields)


def join(alert: str, action: str = "on", **fields: Any) -> Op:
    """On, off, help."""
    return op("alert_join", alert=alert, action=action, **fields)


def follow_up(alert: str, due: str | None = None, *, reached: bool = True, **fields: Any) -> Op:
    """Asked again."""
    if due is not None:
        fields["follow_up"] = due
    return op("follow_up", **{"alert": alert, "how": "call", "reached": reached, **fields})


def row(alert: str) -> Alert:
    """The alert as it stands."""
    with db.reading() as session:
        return session.scalars(select(Alert).where(Alert.id == alert)).one()


def dues(alert: str) -> list[FollowUpDue]:
    """Its follow-ups that have not fallen away, by day."""
    with db.reading() as session:
        statement = (
            select(FollowUpDue)
            .where(FollowUpDue.alert_id == alert, FollowUpDue.gone_at.is_(None))
            .order_by(FollowUpDue.due_on, FollowUpDue.step)
        )
        return list(session.scalars(statement))


def workers(alert: str) -> list[AlertWorker]:
    """Who was given it."""
    with db.reading() as session:
        statement = (
            select(AlertWorker).where(AlertWorker.alert_id == alert).order_by(AlertWorker.since)
        )
        return list(session.scalars(statement))


def listed(phone: Phone) -> dict[str, dict[str, Any]]:
    """The team's list as a phone has it after a pull."""
    phone.pull()
    return {key[1]: row for key, row in phone.rows["community"].items() if key[0] == "alert"}


def mine(phone: Phone, kind: str = "my_alert") -> dict[str, dict[str, Any]]:
    """The phone's own alerts (or follow-ups) after a pull."""
    phone.pull()
    return {key[1]: row for key, row in phone.rows["me"].items() if key[0] == kind}
