"""Wrong tries in windows that slide, counted in the database: the same for every process.

`limits` counts in windows that start with the first attempt, which lets twice as many through
around a window's end. Here the moments themselves are kept: never more than the rule says in any
hour, in any day. An attempt is counted before it is made and given back when it was right, so that
a burst of parallel guesses gets no more than a row of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import JSON, BigInteger, String, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.core import clock, db
from webapp.core.db import Base

KEPT = clock.DAY


class RecentTries(Base):
    """The moments of recent tries of one thing, oldest first; outside the tenants."""

    __tablename__ = "recent_tries"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    latest: Mapped[int] = mapped_column(BigInteger, index=True)
    moments: Mapped[list[int]] = mapped_column(JSON)


@dataclass(frozen=True)
class Bound:
    """At most `count` tries in any `window` of milliseconds."""

    count: int
    window: int


@dataclass(frozen=True)
class Rule:
    """All bounds hold at once; no window longer than KEPT."""

    name: str
    bounds: tuple[Bound, ...]


def take(session: Session, rule: Rule, what: str, *, now: int) -> bool:
    """Count one try of `what`, unless a bound is reached: then nothing is counted, and False.

    `what` is hashed: it may be as long as an attacker likes.
    """
    key = _key(rule, what)
    moments = [moment for moment in _lock(session, key, now) if moment > now - KEPT]
    open_ = all(
        sum(moment > now - bound.window for moment in moments) < bound.count
        for bound in rule.bounds
    )
    if open_:
        moments.append(now)
    _write(session, key, moments, now)
    return open_


def give_back(session: Session, rule: Rule, what: str, *, taken: int) -> None:
    """Take back the try that was counted at the moment `taken`: it was right."""
    key = _key(rule, what)
    moments = _lock(session, key, taken)
    if taken in moments:
        moments.remove(taken)
    _write(session, key, moments, taken)


def _key(rule: Rule, what: str) -> str:
    return f"{rule.name}:{sha256(what.encode(errors='replace')).hexdigest()[:40]}"


def _lock(session: Session, key: str, now: int) -> list[int]:
    """The key's moments; nobody else changes them until the transaction ends."""
    row = {"key": key, "latest": now, "moments": []}
    made = session.execute(
        db.insert(session, RecentTries)
        .values(row)
        .on_conflict_do_nothing()
        .returning(RecentTries.key)
    ).first()
    if made:  # only a new row makes the table longer, so only then is there something to sweep
        session.execute(delete(RecentTries).where(RecentTries.latest < now - KEPT))
    statement = select(RecentTries.moments).where(RecentTries.key == key).with_for_update()
    return list(session.execute(statement).scalar_one())


def _write(session: Session, key: str, moments: list[int], now: int) -> None:
    values = {"moments": moments, "latest": max([now, *moments])}
    session.execute(
        update(RecentTries).where(RecentTries.key == key).values(values),
        execution_options={"synchronize_session": False},
    )
