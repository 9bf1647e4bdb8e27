"""How money is written on desk pages: fen as yuan, in the language's own units."""

from __future__ import annotations

from typing import Any

from flask import Flask

from webapp.core import clock
from webapp.core.i18n import _, choose

YUAN = 100
WAN = 10_000 * YUAN
NAMED = {
    "level": "alerts.level",
    "channel": "alerts.channel",
    "scam_type": "alerts.scam",
    "sex": "alerts.sex",
}
"""Fields whose values are codes, and where their names stand."""


def init_app(app: Flask) -> None:
    """Give templates the filter `money`."""
    app.jinja_env.filters["money"] = money
    app.jinja_env.filters["local_field"] = local_time


def money(fen: int | None) -> str:
    """`412.6 万元`, `3,200 元`; `¥4,126,000`. Rounded down, never up."""
    if fen is None:
        return "–"
    yuan = fen // YUAN
    if choose() == "zh" and fen >= WAN:
        tenths = fen * 10 // WAN
        whole, tenth = divmod(tenths, 10)
        number = f"{whole:,}.{tenth}" if tenth else f"{whole:,}"
        return _("alerts.money.wan", n=number)
    return _("alerts.money.yuan", n=f"{yuan:,}")


def local_time(moment: int, timezone: str) -> str:
    """A moment (ms) as a browser's field for day and time has it: `2026-11-23T09:00`."""
    return f"{clock.local(moment, timezone):%Y-%m-%dT%H:%M}"


def told(field: str, value: Any, timezone: str) -> str:
    """The value of an alert's field in words, for its history."""
    if value is None or value == "":
        return "–"
    if field in NAMED:
        return _(f"{NAMED[field]}.{value}")
    if field == "received_at":
        return f"{clock.local(value, timezone):%Y-%m-%d %H:%M}"
    if field == "amount":
        return money(value)
    if isinstance(value, bool):
        return _("alerts.yes" if value else "alerts.no")
    if field == "contacts":
        return " · ".join(f"{c.get('name', '')} {c.get('phone', '')}".strip() for c in value)
    return str(value)
