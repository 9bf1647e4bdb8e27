"""Whose badge may be meant by a number or at a building: what a check compares a code with."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Device, Member, Person
from webapp.core import sealing
from webapp.places.models import Assignment, Building
from webapp.trust import totp
from webapp.trust.badges import ACTIVE, PURPOSE, REVOKED
from webapp.trust.models import NOBODYS, Badge, BadgeNumber
from webapp.trust.numbers import Typed, shown

MOST_CANDIDATES = 5


@dataclass(frozen=True)
class Bearer:
    """Who carries a badge. `valid`: it is not suspended, its phone not lost, they are still of
    the community."""

    community_id: int
    badge_id: str
    member_id: str
    number: int
    shown_number: str
    name: str
    role: str
    valid: bool


@dataclass(frozen=True)
class Candidate:
    """A sealed key and whose it is; nobody's is a stand-in that takes as long and never fits."""

    sealed: bytes
    bearer: Bearer | None


def by_number(session: Session, typed: Typed, secret_key: str) -> Candidate:
    """The badge of a number; for one that nobody has, a stand-in after the same statements."""
    values = {"number": typed.number}
    community_id = session.connection().execute(_COMMUNITY, values).scalar()
    values["of"] = NOBODYS if community_id is None else community_id
    row = session.connection().execute(_OF_NUMBER, values).one_or_none()
    return _candidate(row if row and typed.mark in ("", row.mark) else None, secret_key)


def at_building(session: Session, building: Building, secret_key: str) -> list[Candidate] | None:
    """The badges assigned to a building, filled up with stand-ins; none when there are more than
    a code alone may stand for."""
    values = {"of": building.community_id, "building": building.id}
    rows = session.connection().execute(_ASSIGNED, values).all()
    if len(rows) > MOST_CANDIDATES:
        return None
    missing = [None] * (MOST_CANDIDATES - len(rows))
    return [_candidate(row, secret_key) for row in [*rows, *missing]]


def asks_number(session: Session, building: Building) -> bool:
    """Whether more badges belong to a building than a code alone may stand for."""
    values = {"of": building.community_id, "building": building.id}
    return len(session.connection().execute(_ASSIGNED, values).all()) > MOST_CANDIDATES


@lru_cache(maxsize=4)
def _stand_in(secret_key: str) -> bytes:
    """A key that nobody holds, sealed like all others."""
    return sealing.seal(secret_key, PURPOSE, secrets.token_bytes(totp.KEY_BYTES))


def _candidate(row: Any, secret_key: str) -> Candidate:
    stand_in = _stand_in(secret_key)  # made before it matters, so that no first check is slower
    if row is None or row.sealed is None:
        return Candidate(stand_in, None)
    bearer = Bearer(
        community_id=row.community_id,
        badge_id=row.id,
        member_id=row.member_id,
        number=row.number,
        shown_number=shown(row.mark, row.number),
        name=row.name,
        role=row.role,
        valid=row.status == ACTIVE and row.member_status == "active" and row.revoked_at is None,
    )
    return Candidate(row.sealed, bearer)


_COMMUNITY = select(BadgeNumber.community_id).where(BadgeNumber.number == bindparam("number"))
_BEARERS = (
    select(
        Badge.community_id,
        Badge.id,
        Badge.member_id,
        Badge.number,
        Badge.mark,
        Badge.status,
        Badge.sealed,
        Person.name,
        Member.role,
        Member.status.label("member_status"),
        Device.revoked_at,
    )
    .join(Member, and_(Member.community_id == Badge.community_id, Member.id == Badge.member_id))
    .join(Person, Person.id == Member.person_id)
    .outerjoin(
        Device, and_(Device.community_id == Badge.community_id, Device.id == Badge.device_id)
    )
    .where(Badge.community_id == bindparam("of"), Badge.status != REVOKED)
)
_OF_NUMBER = _BEARERS.where(Badge.number == bindparam("number"))
_ASSIGNED = (
    _BEARERS.join(
        Assignment,
        and_(
            Assignment.community_id == Badge.community_id,
            Assignment.member_id == Badge.member_id,
        ),
    )
    .where(
        Assignment.building_id == bindparam("building"),
        Assignment.ended_at.is_(None),
        Badge.sealed.is_not(None),
    )
    .distinct()
    .limit(MOST_CANDIDATES + 1)
)
