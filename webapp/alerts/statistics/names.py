"""What the groups of the report are called."""

from __future__ import annotations

from webapp.core.i18n import _

_CATALOGUE = {
    "bucket": "alerts.bucket",
    "type": "alerts.scam",
    "level": "alerts.level",
    "channel": "alerts.channel",
    "age": "alerts.age",
}


def group_name(grouping: str, code: str) -> str:
    """In the person's language; grids are called what they are called."""
    if not code:
        return _("alerts.report.unknown")
    return code if grouping == "grid" else _(f"{_CATALOGUE[grouping]}.{code}")
