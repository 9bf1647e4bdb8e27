"""A resident's wish for a door: the last in order holds, an empty one lifts (design 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Wish:
    """No visits before `no_visits_until`; or the outcome alone is kept: no notes, no flags."""

    moment: int
    id: str
    no_visits_until: date | None = None
    outcome_only: bool = False

    def skipped_on(self, day: date) -> bool:
        """Whether "next door" passes the door by on that day."""
        return self.no_visits_until is not None and day < self.no_visits_until


def holding(wishes: Iterable[Wish]) -> Wish | None:
    """The wish that holds, or none."""
    last = max(wishes, key=lambda wish: (wish.moment, wish.id), default=None)
    if last is None or (last.no_visits_until is None and not last.outcome_only):
        return None
    return last
