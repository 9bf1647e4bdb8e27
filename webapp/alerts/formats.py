"""How money is written on desk pages: fen as yuan, in the language's own units."""

from __future__ import annotations

from flask import Flask

from webapp.core.i18n import _, choose

YUAN = 100
WAN = 10_000 * YUAN


def init_app(app: Flask) -> None:
    """Give templates the filter `money`."""
    app.jinja_env.filters["money"] = money


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
