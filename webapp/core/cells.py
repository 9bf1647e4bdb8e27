"""Texts in files that spreadsheets open."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe(value: str) -> str:
    """A text that no spreadsheet takes for a formula, and no control characters."""
    plain = "".join(c for c in value if c >= " " or c in "\t\r\n")
    return "'" + plain if plain.lstrip(" ").startswith(FORMULA) else plain
