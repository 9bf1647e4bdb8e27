"""Tokens of programs that post alerts: shown once, kept as a hash, limited, revocable."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import ActingMember
from webapp.alerts.fields import wrong
from webapp.alerts.intake.models import ApiToken
from webapp.core import db, limits
from webapp.core.clock import HOUR, MINUTE
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.operations.decode import plain

CREATE, STATUS = "alerts:create", "alerts:status"
SCOPES: Final = (CREATE, STATUS)
NAME_LENGTH = 60
MOST = 50
"""Tokens that are in force at once."""

POSTS = limits.Rule("alert_api", 60, MINUTE, MINUTE)
"""Requests of one token in a minute."""
GUESSES = limits.Rule("alert_api_wrong", 30, HOUR, HOUR)
"""Wrong tokens of one address in an hour."""

_TOKEN = re.compile(r"qm_(\d{1,12})_([A-Za-z0-9_-]{43})")
_NOTED_EVERY = MINUTE


@dataclass(frozen=True, slots=True)
class Bearer:
    """The program that is asking."""

    community_id: int
    token_id: str
    name: str
    scopes: frozenset[str]


def make(
    session: Session, who: ActingMember, name: str, scopes: Sequence[str], *, now: int
) -> tuple[ApiToken, str]:
    """A new token and its text, which nobody will see again.

    Problem `alert_invalid` or `text_long` with the field, `too_many_tokens`.
    """
    name = name.strip()
    if len(name) > NAME_LENGTH:
        raise wrong("text_long", "token_name", most=NAME_LENGTH)
    if not name or not plain(name):
        raise wrong("alert_invalid", "token_name")
    chosen = [scope for scope in SCOPES if scope in scopes]
    if not chosen:
        raise wrong("alert_invalid", "scopes")
    if sum(token.revoked_at is None for token in all_of(session, who.community_id)) >= MOST:
        raise Problem("too_many_tokens", most=MOST)
    secret = secrets.token_urlsafe(32)
    text = f"qm_{who.community_id}_{secret}"
    token = ApiToken(
        community_id=who.community_id,
        id=new_id(),
        name=name,
        hint=secret[-4:],
        hash=_hash(text),
        scopes=chosen,
        created_at=now,
        created_by=who.member_id,
    )
    session.add(token)
    audit.note(session, who.community_id, who, "api_token", token.id, now=now, name=name)
    return token, text


def revoke(session: Session, who: ActingMember, token_id: str, *, now: int) -> None:
    """End a token at once. NotFound `token_unknown`."""
    token = session.get(ApiToken, (who.community_id, token_id))
    if token is None:
        raise NotFound("token_unknown")
    if token.revoked_at is None:
        token.revoked_at = now
        audit.note(session, who.community_id, who, "api_token_revoke", token.id, now=now)


def all_of(session: Session, community_id: int) -> Sequence[ApiToken]:
    """The community's tokens, those in force first, the newest on top."""
    statement = (
        select(ApiToken)
        .where(ApiToken.community_id == community_id)
        .order_by(ApiToken.revoked_at.is_not(None), ApiToken.created_at.desc())
    )
    return session.scalars(statement).all()


def authenticate(header: str, scope: str, *, address: str, now: int) -> Bearer:
    """The program behind `Authorization: Bearer …`, counted against its limit.

    Problem 401 `token_wrong`, 403 `scope_missing`, 429 `locked` with `retry_after`.
    """
    where = limits.neighbourhood(address)
    with db.writing() as session:
        limits.take(session, GUESSES, where, now=now)
    token = _find(header.removeprefix("Bearer ").strip())
    if token is None or token.revoked_at is not None:
        raise Problem("token_wrong", status=401)
    with db.writing() as session:
        limits.give_back(session, GUESSES, where)
        limits.take(session, POSTS, token.id, now=now)
        if token.last_used_at is None or token.last_used_at < now - _NOTED_EVERY:
            of = (ApiToken.community_id == token.community_id) & (ApiToken.id == token.id)
            session.execute(update(ApiToken).where(of).values(last_used_at=now))
    if scope not in token.scopes:
        raise Problem("scope_missing", status=403, scope=scope)
    return Bearer(token.community_id, token.id, token.name, frozenset(token.scopes))


def _find(text: str) -> ApiToken | None:
    match = _TOKEN.fullmatch(text)
    if match is None:
        return None
    digest = _hash(text)
    with db.reading() as session:
        statement = select(ApiToken).where(
            ApiToken.community_id == int(match[1]), ApiToken.hash == digest
        )
        token = session.scalars(statement).one_or_none()
        if token is None or not hmac.compare_digest(token.hash, digest):
            return None
        session.expunge(token)
    return token


def _hash(text: str) -> bytes:
    """256 random bits need no slow hash."""
    return sha256(text.encode()).digest()
