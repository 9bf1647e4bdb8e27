"""The harness's own clockwork: moments, ISO texts, UUIDs of version 7, from the design's text."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from random import Random
from zoneinfo import ZoneInfo

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
OFFSETS = tuple(timezone(timedelta(minutes=m)) for m in (480, 480, 480, 0, -330, 765))


def now() -> int:
    """Milliseconds since 1970; the server runs on the same machine, by the same clock."""
    return time.time_ns() // 1_000_000


def iso(moment: int, rng: Random) -> str:
    """A phone's way of writing it: milliseconds and the offset of wherever it thinks it is."""
    stamp = _EPOCH + timedelta(milliseconds=moment)
    return stamp.astimezone(rng.choice(OFFSETS)).isoformat(timespec="milliseconds")


def parse(text: str) -> int:
    """Milliseconds of an ISO 8601 text with offset."""
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)


def day_of(moment: int) -> date:
    """The calendar day in the communities' zone."""
    return (_EPOCH + timedelta(milliseconds=moment)).astimezone(ZONE).date()


def uuid7(moment: int, rng: Random) -> str:
    """An id as phones make them: the moment, then chance."""
    value = (max(moment, 0) << 80) | rng.getrandbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
