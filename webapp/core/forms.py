"""What is typed into forms."""

from __future__ import annotations


def whole(text: str, digits: int) -> int | None:
    """A whole number of at most so many digits; none for anything else."""
    typed = text.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= digits else None
