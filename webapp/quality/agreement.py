"""What re-checks say of the record: how often they agree, and within which bounds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, sqrt

from webapp.coverage.rates import WHOLE

Z = 1.959_964
"""The normal distribution's bound of 95 %."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """So many of `asked` doors agreed."""

    agreed: int
    asked: int

    @property
    def rate(self) -> int | None:
        """Basis points, rounded down; none over nothing."""
        return self.agreed * WHOLE // self.asked if self.asked else None

    @property
    def bounds(self) -> tuple[int, int] | None:
        """The 95 % interval of Wilson (1927) in basis points, rounded outwards; none over
        nothing."""
        return wilson(self.agreed, self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class Checked:
    """A re-check that met somebody. `app`: it counted as installed; `found_app`: it was seen to be,
    none when not asked."""

    of_member: str
    answer: str
    app: bool
    found_app: bool | None


def wilson(agreed: int, asked: int) -> tuple[int, int]:
    """The score interval for `agreed` of `asked` (> 0)."""
    share, z2 = agreed / asked, Z * Z
    middle = share + z2 / (2 * asked)
    half = Z * sqrt(share * (1 - share) / asked + z2 / (4 * asked * asked))
    low, high = ((middle + side * half) / (1 + z2 / asked) * WHOLE for side in (-1, 1))
    # At the ends the interval is exact; what a float is off by must not move it.
    return (0 if agreed == 0 else floor(low)), (WHOLE if agreed == asked else ceil(high))


def visited(checks: Iterable[Checked]) -> Agreement:
    """Doors where they remember the visit, of those that answered."""
    said = [one.answer == "visited" for one in checks if one.answer in ("visited", "not_visited")]
    return Agreement(sum(said), len(said))


def app_there(checks: Iterable[Checked]) -> Agreement:
    """Doors where the app was found, of those that counted as installed and were asked."""
    said = [one.found_app for one in checks if one.app and one.found_app is not None]
    return Agreement(sum(said), len(said))


def margin(installed: int, occupied: int, found: Agreement) -> tuple[int, int] | None:
    """App coverage as far as re-checks bear it out, in basis points: the recorded share times the
    bounds of `found`. None when there is nothing to say.

    One-sided on purpose: apps that nobody recorded do not make up for those that are not there.
    """
    if not occupied or found.bounds is None:
        return None
    low, high = found.bounds
    return installed * low // occupied, -(-installed * high // occupied)
