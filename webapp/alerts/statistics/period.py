"""Whole months of the community's calendar, from the first to the last."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import total_ordering

from webapp.core import clock

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")


@total_ordering
@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month; written `2026-11`."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    def __lt__(self, other: Month) -> bool:
        return (self.year, self.month) < (other.year, other.month)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def after(self, months: int = 1) -> Month:
        """So many months later, or earlier."""
        index = self.year * 12 + self.month - 1 + months
        return Month(index // 12, index % 12 + 1)

    def start(self, timezone: str) -> int:
        """Its first moment (ms) in that time zone."""
        first = datetime(self.year, self.month, 1, tzinfo=clock.zone(timezone))
        return round(first.timestamp() * 1000)


def month_of(moment: int, timezone: str) -> Month:
    """The month in which a moment (ms) falls."""
    day = clock.day_of(moment, timezone)
    return Month(day.year, day.month)


def read_month(text: str | None) -> Month | None:
    """The month that is written, or none."""
    found = _WRITTEN.fullmatch(text or "")
    if found is None or not 1 <= int(found[2]) <= 12 or not 2000 <= int(found[1]) <= 2999:
        return None
    return Month(int(found[1]), int(found[2]))


def months(first: Month, last: Month) -> list[Month]:
    """All from the first to the last, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [first.after(n) for n in range(count + 1)]


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day of `first` to the last of `last`."""

    first: Month
    last: Month
    timezone: str

    @property
    def start(self) -> int:
        """Its first moment (ms)."""
        return self.first.start(self.timezone)

    @property
    def end(self) -> int:
        """The first moment (ms) after it."""
        return self.last.after().start(self.timezone)
