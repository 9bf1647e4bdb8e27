"""When to try again where nobody opened: in another part of the week than before, and why.

Working people are home in the evening and at weekends, retired people by day; the first tries'
hours matter most. The same is worked out on phones (`features/visits/when.ts`), tested against
`tests/vectors/when.json`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from webapp.core import clock

NOON, EVENING = 12, 18
SATURDAY = 6
ORDER = (
    "weekday_evening",
    "weekend_afternoon",
    "weekend_morning",
    "weekday_morning",
    "weekday_afternoon",
    "weekend_evening",
)
"""Which part of the week is proposed first."""


@dataclass(frozen=True, slots=True)
class Again:
    """`tried`: how often in which part, the most first; `go`: the part to try next."""

    tried: tuple[tuple[str, int], ...]
    go: str

    @property
    def one_part(self) -> bool:
        """Whether it was always the same."""
        return len(self.tried) == 1


def part_of(at: datetime) -> str:
    """The part of the week of a wall clock."""
    day = "weekend" if at.isoweekday() >= SATURDAY else "weekday"
    hour = "morning" if at.hour < NOON else "afternoon" if at.hour < EVENING else "evening"
    return f"{day}_{hour}"


def when_to_go(parts: Iterable[str]) -> Again | None:
    """From the parts in which nobody opened: the first of `ORDER` that was tried least; none
    without a try."""
    counts = Counter(parts)
    if not counts:
        return None
    tried = sorted(counts.items(), key=lambda pair: (-pair[1], ORDER.index(pair[0])))
    return Again(tuple(tried), min(ORDER, key=lambda part: (counts[part], ORDER.index(part))))


def again(moments: Sequence[int], timezone: str) -> Again | None:
    """The same from the moments (ms) of visits that nobody answered."""
    return when_to_go(part_of(clock.local(moment, timezone)) for moment in moments)
