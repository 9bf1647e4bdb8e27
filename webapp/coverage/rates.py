"""Rates and distances to a target in whole numbers: nothing is ever rounded up (design 3.3)."""

from __future__ import annotations

WHOLE = 10_000
"""100 % in basis points."""


def rate(part: int, whole: int) -> int | None:
    """Basis points rounded down; none over zero doors."""
    return part * WHOLE // whole if whole > 0 else None


def to_target(part: int, whole: int, target: int) -> int:
    """How many more doors bring part / whole to at least `target` basis points."""
    needed = -(-target * whole // WHOLE)
    return max(0, needed - part)
