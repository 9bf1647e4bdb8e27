"""A walk cut into shares: as even as whole stairwells allow, each share one stretch of the way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def cut(weights: Sequence[float], shares: int) -> list[int]:
    """For each piece of the way, in order, which share (from 0) it falls to.

    Every cut is made where the sum so far is nearest to its even part, so that no share differs
    from the mean by more than the heaviest piece: each of its ends is off by at most half of that.
    """
    sums = [0.0, *accumulate(weights)]
    ends = [0]
    for share in range(1, shares):
        wanted = sums[-1] * share / shares
        place = min(range(len(sums)), key=lambda at: (abs(sums[at] - wanted), at))
        ends.append(max(place, ends[-1]))
    ends.append(len(weights))
    return [
        share
        for share, (begin, end) in enumerate(zip(ends, ends[1:], strict=False))
        for _piece in range(end - begin)
    ]
