"""Days and times as lists write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from webapp.core import clock
from webapp.places.writing import fold

_DATE = re.compile(
    r"(?P<y>20\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?"
    r"(?:[\sT]*(?P<h>\d{1,2})\s*[:时点]\s*(?P<min>\d{1,2})?(?:\s*[:分]\s*\d{0,2}(?:\.\d+)?)?\s*[分秒]?)?"
)


def moment_of(text: str, timezone: str) -> int | None:
    """A day and time of the community as lists write them, in ms; a day alone is its midnight.

    None for what is no moment.
    """
    plain = fold(text).text.strip()
    match = _DATE.match(plain)
    if match is None:
        return None
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    hour, minute = int(match["h"] or 0), int(match["min"] or 0)
    try:
        local = datetime(year, month, day, hour, minute, tzinfo=clock.zone(timezone))
    except ValueError:
        return None
    return round(local.astimezone(UTC).timestamp() * 1000)
