"""Wrong tries in windows that slide, counted in the database: the same for every process.

`limits` counts in windows that start with the first attempt, which lets twice as many through
around a window's end. Here the moments themselves are kept: never more than the rule says in any
hour, in any day. An attempt is counted before it is made and given back when it was right, so that
a burst of parallel guesses gets no more than a row of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import JSON, BigInteger, String, bindparam, delete, select, update
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
    known = _locked(session, key)
    if known is None and _begin(session, key, now):
        return True
    moments = [one for one in (known or _locked(session, key) or []) if one > now - KEPT]
    if any(_within(moments, bound, now) >= bound.count for bound in rule.bounds):
        return False
    _write(session, key, [*moments, now])
    return True


def give_back(session: Session, rule: Rule, what: str, *, taken: int) -> None:
    """Take back the try that was counted at the moment `taken`: it was right."""
    key = _key(rule, what)
    moments = _locked(session, key) or []
    if taken in moments:
        moments.remove(taken)
        _write(session, key, moments)


def _key(rule: Rule, what: str) -> str:
    return f"{rule.name}:{sha256(what.encode(errors='replace')).hexdigest()[:40]}"


def _within(moments: list[int], bound: Bound, now: int) -> int:
    return sum(moment > now - bound.window for moment in moments)


def _locked(session: Session, key: str) -> list[int] | None:
    """The key's moments, which nobody else changes until the transaction ends; none: no row."""
    return session.connection().execute(_READ, {"name": key}).scalar_one_or_none()


def _begin(session: Session, key: str, now: int) -> bool:
    """Keep the first try; False if somebody else has just done so."""
    row = {"key": key, "latest": now, "moments": [now]}
    insert = db.insert(session, RecentTries).values(row).on_conflict_do_nothing()
    made = session.connection().execute(insert.returning(_ROWS.key)).first()
    if made:  # only a new row makes the table longer, so only then is there something to sweep
        session.connection().execute(_SWEEP, {"before": now - KEPT})
    return made is not None


def _write(session: Session, key: str, moments: list[int]) -> None:
    values = {"name": key, "moments": moments, "latest": max(moments, default=0)}
    session.connection().execute(_CHANGE, values)


_ROWS = RecentTries.__table__.c
_READ = select(_ROWS.moments).where(_ROWS.key == bindparam("name")).with_for_update()
_CHANGE = (
    update(RecentTries.__table__)  # type: ignore[arg-type]  # the table: past the ORM
    .where(_ROWS.key == bindparam("name"))
    .values(moments=bindparam("moments"), latest=bindparam("latest"))
)
_SWEEP = delete(RecentTries.__table__).where(  # type: ignore[arg-type]
    _ROWS.latest < bindparam("before")
)
