"""A year's number as months and days: whole numbers that add up to it exactly.

The phone spreads a month over its days in the same way (`static/app/features/plans/spread.ts`, held
together by `tests/vectors/spread.json`).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

MONTHS = 12
EVERY_DAY = 0b1111111


def share(total: int, whole: int, before: int, after: int) -> int:
    """What falls on the piece from `before` to `after` of a `whole`: shares of pieces side by side
    add up to `total`, and those of pieces of one differ by one at most."""
    return total * after // whole - total * before // whole


def works(day: date, weekdays: int) -> bool:
    """Whether there is work on the day's weekday; bit 0 is Monday."""
    return bool(weekdays >> day.weekday() & 1)


def working_days(year: int, month: int, weekdays: int, last: int | None = None) -> int:
    """How many days of the month have work, up to and with the day `last`."""
    days = range(1, (monthrange(year, month)[1] if last is None else last) + 1)
    return sum(works(date(year, month, day), weekdays) for day in days)


def by_months(total: int, year: int, weekdays: int, first: int = 1) -> list[int]:
    """The year's number over the months from `first` on, by their days with work."""
    days = [working_days(year, month, weekdays) for month in range(first, MONTHS + 1)]
    whole, before, found = sum(days), 0, [0] * (first - 1)
    for n in days:
        found.append(share(total, whole, before, before + n))
        before += n
    return found


def of_day(months: Sequence[int], weekdays: int, day: date) -> int:
    """What falls on one day; nothing on a day without work."""
    if not works(day, weekdays):
        return 0
    days = working_days(day.year, day.month, weekdays)
    done = working_days(day.year, day.month, weekdays, day.day)
    return share(months[day.month - 1], days, done - 1, done)


def until(months: Sequence[int], weekdays: int, day: date) -> int:
    """What should be done at the end of that day."""
    days = working_days(day.year, day.month, weekdays)
    done = working_days(day.year, day.month, weekdays, day.day)
    return sum(months[: day.month - 1]) + share(months[day.month - 1], days, 0, done)
