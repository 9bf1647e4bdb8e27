"""How figures, rates and moments are written on desk pages, as Jinja filters."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from babel.dates import format_date, format_datetime
from flask import Flask

from webapp.core import clock
from webapp.core.i18n import _, choose

NONE = "–"
FILTERS = ("num", "whole_rate", "fine_rate", "moment", "full_moment", "day", "short_day")


def init_app(app: Flask) -> None:
    """Give templates the filters below under their own names."""
    for name in FILTERS:
        app.jinja_env.filters[name] = globals()[name]


def num(value: int) -> str:
    """`1,281`."""
    return f"{value:,}"


def whole_rate(points: int | None) -> str:
    """Basis points in whole percent, rounded down: `67%`, or a dash over zero doors."""
    return NONE if points is None else f"{points // 100}%"


def fine_rate(points: int | None) -> str:
    """Basis points with one decimal, rounded down: `67.9%`, or a dash over zero doors."""
    return NONE if points is None else f"{points // 100}.{points % 100 // 10}%"


def moment(value: int | None, timezone: str) -> str:
    """When in a few letters: the time today, "yesterday", or the day."""
    if value is None:
        return NONE
    then, today = clock.local(value, timezone), clock.day_of(clock.now(), timezone)
    if then.date() == today:
        return f"{then:%H:%M}"
    if then.date() == today - timedelta(days=1):
        return str(_("format.yesterday"))
    return day(then.date())


def full_moment(value: int | None, timezone: str) -> str:
    """Day and time: `11月18日 11:24`, `18 Nov 11:24`."""
    if value is None:
        return NONE
    then = clock.local(value, timezone)
    pattern = _("format.moment" if _this_year(then.date()) else "format.moment_of_year")
    return str(format_datetime(then.replace(tzinfo=None), pattern, locale=choose()))


def day(value: date | None) -> str:
    """`11月18日`, `18 Nov`; with the year when it is not about now."""
    if value is None:
        return NONE
    pattern = _("format.day" if _this_year(value) else "format.day_of_year")
    return _written(value, pattern, choose())


def short_day(value: date) -> str:
    """`11/18`: for axes and column heads."""
    return f"{value.month}/{value.day}"


@lru_cache(maxsize=512)
def _written(value: date, pattern: str, locale: str) -> str:
    """Kept, because a table writes the same few days again and again."""
    return str(format_date(value, pattern, locale=locale))


def _this_year(value: date) -> bool:
    today = clock.day_of(clock.now(), "UTC")
    return abs((value - today).days) < 300
