"""Ways in: a link with 128 bits, or a code to type, and what comes of using them.

The database keeps hashes only. Link and code are derived from the invite's id under the secret
key, so that the page can show them again (and a QR code of them) without storing them.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.accounts import audit, queries
from webapp.accounts.actor import Actor
from webapp.accounts.identity import plain, read_name, read_phone
from webapp.accounts.members import ROLES
from webapp.accounts.models import Community, Invite, Person
from webapp.core import clock, db, limits
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.core.limits import Rule

LIFETIME = 7 * clock.DAY
CODE_LIFETIME = 15 * clock.MINUTE
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
CODE_LENGTH = 8
TOKEN_BYTES = 16
PER_ADDRESS = Rule("invite_code", 10, clock.HOUR, clock.HOUR)


@dataclass(frozen=True)
class Ways:
    """What to show of an invite: the link's token and, while it lives, the code."""

    id: str
    token: str
    code: str
    code_expires_at: int
    expires_at: int


@dataclass(frozen=True)
class Found:
    """An open invite as the invited person sees it."""

    id: str
    token: str
    purpose: str
    community_id: int
    community_name: str
    invited_by: str
    role: str
    name: str | None
    phone: str | None
    person_id: int | None


class Maker:
    """Derives tokens and codes under the installation's secret key."""

    def __init__(self, secret: str) -> None:
        self._key = hmac.digest(secret.encode(), b"qiaomen invite", "sha256")

    def token(self, invite_id: str) -> str:
        """The link's token: 128 bits."""
        return (
            urlsafe_b64encode(self._bits(f"token {invite_id}")[:TOKEN_BYTES]).decode().rstrip("=")
        )

    def code(self, invite_id: str, expires_at: int) -> str:
        """The code that lives until then: 40 bits, as eight characters without look-alikes."""
        bits = int.from_bytes(self._bits(f"code {invite_id} {expires_at}")[:5], "big")
        return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(CODE_LENGTH))

    def code_hash(self, code: str) -> bytes:
        """What the database keeps of a code; keyed, because 40 bits alone can be tried out."""
        return self._bits(f"hash {code}")

    def _bits(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(errors="replace"), "sha256")


def invite(
    session: Session,
    maker: Maker,
    who: Actor,
    community_id: int,
    *,
    role: str,
    name: str | None = None,
    phone: str | None = None,
    now: int,
) -> Ways:
    """Invite somebody into a community. Problem for a role that members do not have."""
    if role not in ROLES:
        raise Problem("invalid", field="role")
    row = Invite(
        id=new_id(),
        community_id=community_id,
        purpose="join",
        role=role,
        name=read_name(name) if name and plain(name) else None,
        phone=read_phone(phone) if phone and plain(phone) else None,
    )
    audit.note(session, community_id, who, "invite", row.id, now=now, role=role)
    return _keep(session, maker, who, row, now)


def invite_to_reset(
    session: Session, maker: Maker, who: Actor, community_id: int, member_id: str, *, now: int
) -> Ways:
    """Let a member set a new password.

    A coordinator may do so only for who has nothing beyond this community: a new password opens
    all that the person has. Problem `reset_by_admin` (403) otherwise.
    """
    member = queries.get_member(session, community_id, member_id)
    person = session.get_one(Person, member.person_id)
    elsewhere = [
        place
        for place in queries.memberships(session, person.id)
        if place.community_id != community_id
    ]
    if who.role != "admin" and (person.role is not None or elsewhere):
        raise Problem("reset_by_admin", status=403)
    if member.status == "ended":
        raise Problem("membership_ended", status=409)
    session.execute(
        delete(Invite).where(
            Invite.person_id == person.id, Invite.purpose == "reset", Invite.used_at.is_(None)
        )
    )
    row = Invite(
        id=new_id(),
        community_id=community_id,
        purpose="reset",
        role=member.role,
        name=person.name,
        phone=person.phone,
        person_id=person.id,
    )
    audit.note(session, community_id, who, "invite_reset", member_id, now=now)
    return _keep(session, maker, who, row, now)


def redraw(session: Session, maker: Maker, community_id: int, invite_id: str, *, now: int) -> Ways:
    """Draw a new code for 15 minutes. NotFound, or Problem `invite_used` (410)."""
    row = _own(session, community_id, invite_id, now)
    _draw_code(session, maker, row, now)
    return _ways(maker, row)


def withdraw(session: Session, who: Actor, community_id: int, invite_id: str, *, now: int) -> None:
    """Take an invite back. Repeats change nothing."""
    session.execute(
        delete(Invite).where(
            Invite.community_id == community_id, Invite.id == invite_id, Invite.used_at.is_(None)
        )
    )
    audit.note(session, community_id, who, "invite_withdraw", invite_id, now=now)


def show(session: Session, maker: Maker, community_id: int, invite_id: str, *, now: int) -> Ways:
    """Link and code of an open invite; NotFound, or Problem `invite_used` (410)."""
    return _ways(maker, _own(session, community_id, invite_id, now))


def find_by_token(session: Session, token: str, *, now: int) -> Found:
    """The open invite of a link. Problem `invite_unknown` (404), `invite_used`, `invite_expired`
    (410).
    """
    row = session.scalars(select(Invite).where(Invite.token_hash == hash_token(token))).first()
    if row is None:
        raise NotFound("invite_unknown")
    if row.used_at is not None:
        raise Problem("invite_used", status=410)
    if row.expires_at <= now:
        raise Problem("invite_expired", status=410)
    return _found(session, row, token)


def find_by_code(maker: Maker, code: str, *, address: str | None, now: int) -> Found:
    """The open invite of a typed code. NotFound `invite_code_wrong`; Locked after ten wrong."""
    near = limits.neighbourhood(address)
    with db.writing() as session:
        limits.take(session, PER_ADDRESS, near, now=now)
    with db.reading() as session:
        row = session.scalars(
            select(Invite).where(
                Invite.code_hash == maker.code_hash(fold_code(code)),
                Invite.code_expires_at > now,
                Invite.expires_at > now,
                Invite.used_at.is_(None),
            )
        ).first()
        if row is None:
            raise NotFound("invite_code_wrong")
        found = _found(session, row, maker.token(row.id))
    with db.writing() as session:
        limits.give_back(session, PER_ADDRESS, near)
    return found


def use(session: Session, found: Found, person_id: int, *, now: int) -> None:
    """Mark an invite as used, once. Problem `invite_used` (410) for who comes second."""
    done = session.execute(
        update(Invite)
        .where(Invite.id == found.id, Invite.used_at.is_(None))
        .values(used_at=now, used_by=person_id, code_hash=None, code_expires_at=None)
        .returning(Invite.id)
    ).first()
    if done is None:
        raise Problem("invite_used", status=410)


def used_by(session: Session, token: str, *, now: int) -> tuple[int, int] | None:
    """(person, community) of who used this link within the last day: their answer may be lost."""
    row = session.execute(
        select(Invite.used_by, Invite.community_id).where(
            Invite.token_hash == hash_token(token), Invite.used_at > now - clock.DAY
        )
    ).first()
    return (row.used_by, row.community_id) if row and row.used_by is not None else None


def hash_token(token: str) -> bytes:
    """What the database keeps of a link."""
    return sha256(token.encode(errors="replace")).digest()


def fold_code(code: str) -> str:
    """A code as it was drawn: upper case, without spaces and dashes."""
    return plain(code).upper().replace(" ", "").replace("-", "")[:40]


def _keep(session: Session, maker: Maker, who: Actor, row: Invite, now: int) -> Ways:
    row.token_hash = hash_token(maker.token(row.id))
    row.created_by, row.created_at, row.expires_at = who.person_id, now, now + LIFETIME
    _draw_code(session, maker, row, now)
    session.add(row)
    session.flush()
    return _ways(maker, row)


def _draw_code(session: Session, maker: Maker, row: Invite, now: int) -> None:
    """Codes are short, so another invite may have the same one by chance: then draw again."""
    expires_at = now + CODE_LIFETIME
    while True:
        code_hash = maker.code_hash(maker.code(row.id, expires_at))
        with session.no_autoflush:
            other = session.scalar(
                select(Invite.id).where(Invite.code_hash == code_hash, Invite.id != row.id)
            )
        if other is None:
            row.code_hash, row.code_expires_at = code_hash, expires_at
            return
        expires_at += 1


def _own(session: Session, community_id: int, invite_id: str, now: int) -> Invite:
    row = session.get(Invite, invite_id)
    if row is None or row.community_id != community_id:
        raise NotFound("invite_unknown")
    if row.used_at is not None:
        raise Problem("invite_used", status=410)
    if row.expires_at <= now:
        raise NotFound("invite_unknown")
    return row


def _ways(maker: Maker, row: Invite) -> Ways:
    expires_at = row.code_expires_at or 0
    return Ways(
        id=row.id,
        token=maker.token(row.id),
        code=maker.code(row.id, expires_at),
        code_expires_at=expires_at,
        expires_at=row.expires_at,
    )


def _found(session: Session, row: Invite, token: str) -> Found:
    community = session.get_one(Community, row.community_id)
    inviter = session.get(Person, row.created_by) if row.created_by else None
    return Found(
        id=row.id,
        token=token,
        purpose=row.purpose,
        community_id=row.community_id,
        community_name=community.name,
        invited_by=inviter.name if inviter else "",
        role=row.role,
        name=row.name,
        phone=row.phone,
        person_id=row.person_id,
    )
