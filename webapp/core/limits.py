"""How often something may be tried, counted in the database: the same for every process.

An attempt is counted before it is made and given back when it was no failure. Counting afterwards
would let a burst of parallel guesses through before the first of them is written down.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import BigInteger, Integer, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core import clock, db
from webapp.core.db import Base
from webapp.core.errors import Problem

KEPT = clock.DAY


class Limit(Base):
    """How often something was tried in a window: shared by all processes, outside the tenants."""

    __tablename__ = "limit_window"

    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    started_at: Mapped[int] = mapped_column(BigInteger, index=True)
    count: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[int] = mapped_column(BigInteger, default=0)


@dataclass(frozen=True)
class Rule:
    """At most `count` failures in `window` milliseconds, then closed for `lock` milliseconds."""

    name: str
    count: int
    window: int
    lock: int


class Locked(Problem):
    """Too many tries; `retry_after` is in seconds."""

    status = 429

    def __init__(self, wait: int) -> None:
        seconds = max(1, -(-wait // clock.SECOND))
        super().__init__("locked", retry_after=seconds, minutes=-(-seconds // 60))


def take(session: Session, rule: Rule, what: str, *, now: int) -> None:
    """Count one attempt of `what`; raises Locked when there were too many.

    `what` is hashed: it may be as long as an attacker likes, and a table of limits is no place
    for logins in the clear.
    """
    key = _key(rule, what)
    _make_room(session, key, now)
    row = session.execute(
        select(Limit.started_at, Limit.count.label("tried"), Limit.locked_until)
        .where(Limit.key == key)
        .with_for_update()
    ).one()
    if row.locked_until > now:
        raise Locked(row.locked_until - now)
    fresh = row.locked_until > 0 or row.started_at + rule.window <= now
    count = 1 if fresh else row.tried + 1
    session.execute(
        update(Limit)
        .where(Limit.key == key)
        .values(
            started_at=now if fresh else row.started_at,
            count=count,
            locked_until=now + rule.lock if count >= rule.count else 0,
        )
    )


def give_back(session: Session, rule: Rule, what: str) -> None:
    """Take back one attempt that was no failure; opens what it had just closed."""
    session.execute(
        update(Limit)
        .where(Limit.key == _key(rule, what), Limit.count > 0)
        .values(count=Limit.count - 1, locked_until=0)
    )


def clear(session: Session, rule: Rule, what: str) -> None:
    """Forget the failures so far, for who has just proved to be the right person."""
    session.execute(delete(Limit).where(Limit.key == _key(rule, what)))


def neighbourhood(address: str | None) -> str:
    """What counts as one address: an IPv4 address, an IPv6 network of 64 bits (one subscriber)."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _key(rule: Rule, what: str) -> str:
    return f"{rule.name}:{sha256(what.encode(errors='replace')).hexdigest()[:40]}"


def _make_room(session: Session, key: str, now: int) -> None:
    row = {"key": key, "started_at": now, "count": 0, "locked_until": 0}
    made = session.execute(
        db.insert(session, Limit).values(row).on_conflict_do_nothing().returning(Limit.key)
    ).first()
    if made:  # only a new row makes the table longer, so only then is there something to sweep
        session.execute(
            delete(Limit).where(Limit.started_at < now - KEPT, Limit.locked_until < now)
        )
