"""Sessions: a random token in a cookie, its hash in the database, revocable one by one."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember, Actor
from webapp.accounts.models import Community, Device, Member, Person, SignIn
from webapp.core import clock, db

LIFETIME = 180 * clock.DAY
NOTED_EVERY = 5 * clock.MINUTE
TOKEN_BYTES = 32


def open_session(
    session: Session,
    person_id: int,
    *,
    now: int,
    agent: str = "",
    community_id: int | None = None,
    member_id: str | None = None,
    device_id: str | None = None,
) -> str:
    """Write a session down and return its token. A device has one session at a time."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    if device_id is not None:
        session.execute(
            delete(SignIn).where(SignIn.community_id == community_id, SignIn.device_id == device_id)
        )
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.expires_at <= now))
    session.add(
        SignIn(
            token_hash=hash_token(token),
            person_id=person_id,
            community_id=community_id,
            member_id=member_id,
            device_id=device_id,
            created_at=now,
            seen_at=now,
            expires_at=now + LIFETIME,
            agent=agent[:200].replace("\x00", ""),
        )
    )
    return token


def find(token: str, *, now: int) -> Actor | None:
    """Who a token stands for, by one statement in a snapshot of its own."""
    with db.reading() as session:
        row = _OF_TOKEN.first(session, token_hash=hash_token(token), now=now)
    return None if row is None else _actor(row._asdict())


def close(session: Session, token_hash: bytes) -> None:
    """End one session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


def close_all(session: Session, *conditions: ColumnElement[bool]) -> None:
    """End the sessions that fulfil all conditions on SignIn."""
    session.execute(delete(SignIn).where(and_(*conditions)))


def note_contact(actor: Actor, *, now: int) -> None:
    """Write down that a session was used, which keeps it alive; a transaction of its own."""
    with db.writing() as session:
        session.execute(
            update(SignIn)
            .where(SignIn.token_hash == actor.session_hash)
            .values(seen_at=now, expires_at=now + LIFETIME)
        )
        if actor.device_id is not None:
            session.execute(
                update(Device)
                .where(Device.community_id == actor.community_id, Device.id == actor.device_id)
                .values(seen_at=now)
            )


def hash_token(token: str) -> bytes:
    """What the database keeps: a stolen copy of it opens nothing."""
    return sha256(token.encode(errors="replace")).digest()


_OF_TOKEN = db.Query(
    select(
        SignIn.token_hash.label("session_hash"),
        SignIn.seen_at,
        SignIn.device_id,
        Person.id.label("person_id"),
        Person.name,
        Person.locale,
        Person.role,
        Person.region,
        Member.community_id,
        Member.id.label("member_id"),
        Member.role.label("member_role"),
        Member.status.label("member_status"),
        Member.lead,
        Member.deputy,
        Community.name.label("community_name"),
        Community.timezone,
        Device.name.label("device_name"),
        Device.revoked_at,
    )
    .join(Person, Person.id == SignIn.person_id)
    .outerjoin(
        Member, and_(Member.community_id == SignIn.community_id, Member.id == SignIn.member_id)
    )
    .outerjoin(Community, Community.id == SignIn.community_id)
    .outerjoin(
        Device, and_(Device.community_id == SignIn.community_id, Device.id == SignIn.device_id)
    )
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.expires_at > bindparam("now"))
)


def _actor(fields: dict[str, Any]) -> Actor:
    fields["device_revoked"] = fields.pop("revoked_at") is not None
    if fields["member_id"] is None:
        fields["lead"] = fields["deputy"] = False
        return Actor(**fields)
    return ActingMember(**fields)
