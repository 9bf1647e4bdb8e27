"""Which days a report is about, and those before it to compare with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

Kind = Literal["day", "week", "month", "days"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 731


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both included, in the community's calendar."""

    kind: Kind
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> Period:
        """The day, week or month before; of any days as many before them."""
        last = self.first - timedelta(days=1)
        if self.kind == "month":
            return Period("month", last.replace(day=1), last)
        return Period(self.kind, self.first - timedelta(days=self.days), last)


def period_of(kind: Kind, day: date) -> Period:
    """The day, the week from Monday or the month that a day lies in."""
    if kind == "week":
        monday = day - timedelta(days=day.isoweekday() - 1)
        return Period(kind, monday, monday + timedelta(days=6))
    if kind == "month":
        first = day.replace(day=1)
        return Period(kind, first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))
    return Period(kind, day, day)


def read_period(kind: str, first: str, last: str, today: date) -> Period:
    """From a form; what makes no sense is the present month."""
    chosen: Kind = next((one for one in KINDS if one == kind), "month")
    begin = _day(first) or today
    if chosen != "days":
        return period_of(chosen, begin)
    end = _day(last) or begin
    begin, end = min(begin, end), max(begin, end)
    return Period(chosen, max(begin, end - timedelta(days=LONGEST - 1)), end)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
