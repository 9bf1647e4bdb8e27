"""How fresh the figures are: phones that have not synced, and operations that wait or are held."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Device, Member, Person
from webapp.core.clock import HOUR
from webapp.operations.models import NOT_ACCEPTED, Operation

STALE = 2 * HOUR


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone as the server knows it; `waiting` is what it last said was still unsent."""

    name: str
    owner: str
    synced_at: int | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Freshness:
    """`phones`: those silent for over two hours or with something unsent; `held`, `waiting`:
    operations on the server that need a look, or whose subject has not arrived."""

    phones: tuple[Phone, ...]
    stale: int
    unsent: int
    waiting: int
    held: int


def freshness(session: Session, community_id: int, now: int) -> Freshness:
    """What the figures do not contain yet, as far as the server can know (two statements)."""
    found = _phones(session, community_id)
    old = [phone for phone in found if phone.synced_at is None or now - phone.synced_at > STALE]
    listed = [phone for phone in found if phone in old or phone.waiting]
    states = _undecided(session, community_id)
    return Freshness(
        phones=tuple(listed),
        stale=len(old),
        unsent=sum(phone.waiting for phone in found),
        waiting=states.get("waiting", 0),
        held=states.get("held", 0),
    )


def _phones(session: Session, community_id: int) -> list[Phone]:
    statement = (
        select(Device.name, Person.name, Device.synced_at, Device.waiting)
        .join(
            Member, (Member.community_id == Device.community_id) & (Member.id == Device.member_id)
        )
        .join(Person, Person.id == Member.person_id)
        .where(
            Device.community_id == community_id,
            Device.revoked_at.is_(None),
            Member.status == "active",
        )
        .order_by(Device.waiting.desc(), Device.synced_at, Person.name)
    )
    return [Phone(*row) for row in session.execute(statement)]


def _undecided(session: Session, community_id: int) -> dict[str, int]:
    statement = (
        select(Operation.status, func.count())
        .where(
            Operation.community_id == community_id,
            Operation.status.in_(["waiting", "held"]),
            NOT_ACCEPTED,
        )
        .group_by(Operation.status)
    )
    return {status: count for status, count in session.execute(statement)}
