"""What is typed into forms."""

from __future__ import annotations

from webapp.core import clock

NOON = "12:00"


def whole(text: str, digits: int) -> int | None:
    """A whole number of at most so many digits; none for anything else."""
    typed = text.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= digits else None


def usual_time(now: int, timezone: str) -> str:
    """What a field for the time of day begins with: noon, or now before noon, so that who only says
    "today" names no moment to come."""
    return min(NOON, f"{clock.local(now, timezone):%H:%M}")
