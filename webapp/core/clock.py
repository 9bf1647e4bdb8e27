"""The one place that asks what time it is, so that tests and the demo can move it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def _system() -> int:
    return time.time_ns() // 1_000_000


_source: Callable[[], int] = _system


def now() -> int:
    """Milliseconds since 1970 UTC."""
    return _source()


@contextmanager
def moved_to(source: Callable[[], int] | int) -> Iterator[None]:
    """Answer `now()` from a fixed moment or another source while the block runs."""
    global _source
    before, _source = _source, source if callable(source) else lambda: source
    try:
        yield
    finally:
        _source = before


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name; ZoneInfoNotFoundError if there is none."""
    return ZoneInfo(name)


def local(moment: int, timezone: str) -> datetime:
    """A moment as a wall clock in the community's time zone."""
    return datetime.fromtimestamp(moment / 1000, zone(timezone))


def day_of(moment: int, timezone: str) -> date:
    """The calendar day of a moment in the community's time zone (design 3.2)."""
    return local(moment, timezone).date()


def days_in(timezone: str) -> Callable[[int], date]:
    """`day_of` for many moments of one time zone."""
    inside, moment_of = zone(timezone), datetime.fromtimestamp
    return lambda moment: moment_of(moment / 1000, inside).date()


def span_of(first: date, last: date, timezone: str) -> tuple[int, int]:
    """From the first moment of one calendar day to the end of another (not included)."""
    after = last + timedelta(days=1)
    return typed(f"{first}T00:00", timezone), typed(f"{after}T00:00", timezone)


def iso(moment: int) -> str:
    """ISO 8601 in UTC with milliseconds: `2026-11-22T02:31:05.120+00:00`."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=moment)).isoformat(
        timespec="milliseconds"
    )


def iso_in(moment: int, timezone: str) -> str:
    """The same as a wall clock there: `2026-11-22T10:31:05.120+08:00`."""
    return local(moment, timezone).isoformat(timespec="milliseconds")


def typed(text: str, timezone: str) -> int:
    """Milliseconds of a wall clock in that time zone (`2026-11-23T09:00`), or of a moment with its
    own offset; ValueError for anything else."""
    local_time = datetime.fromisoformat(text)
    if local_time.tzinfo is None:
        local_time = local_time.replace(tzinfo=zone(timezone))
    try:
        return round(local_time.timestamp() * 1000)
    except OverflowError as error:
        raise ValueError(text) from error


def parse(text: str) -> int:
    """Milliseconds of an ISO 8601 moment with offset; ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no offset")
    return round((moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(milliseconds=1))
