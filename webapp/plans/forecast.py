"""When a number will be reached if the days go on like the last ones.

The sum of d days is taken as normal with mean d·m and deviation s·√d, m and s being those of the
days looked at; days are taken as independent of each other. The range holds four times out of five:
z = 1.2816 is the 90 % quantile of the normal distribution, so one in ten falls on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from statistics import fmean, stdev

DAYS = 28
"""So many days are looked at: four of each weekday."""

FEWEST = 7
Z = 1.2816
FURTHEST = 3_650
"""Days; what lies beyond is no forecast."""


@dataclass(frozen=True, slots=True)
class Forecast:
    """Days from today: most likely, and the range's ends. `late` none: beyond all reckoning."""

    likely: int
    early: int
    late: int | None


def forecast(missing: int, daily: Sequence[int]) -> Forecast | None:
    """When `missing` more are reached; none when the days say nothing or there is no progress.

    `daily`: what was added on each of the last days, in any order.
    """
    if missing <= 0:
        return Forecast(0, 0, 0)
    if len(daily) < FEWEST:
        return None
    mean = fmean(daily)
    if mean <= 0:
        return None
    spread = Z * stdev(daily)
    likely = ceil(missing / mean)
    if likely > FURTHEST:
        return None
    late = _days(missing, mean, -spread)
    return Forecast(
        likely, min(likely, _days(missing, mean, spread)), late if late <= FURTHEST else None
    )


def _days(missing: int, mean: float, spread: float) -> int:
    """The d at which d·mean + spread·√d is `missing`: a quadratic equation in √d."""
    root = (-spread + sqrt(spread * spread + 4 * missing * mean)) / (2 * mean)
    return max(1, ceil(root * root - 1e-9))
