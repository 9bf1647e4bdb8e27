"""On duty from when to when: the fold of a member's `shift` operations.

A pure function of the set of those that are not voided, like the fold of a door (design 3.1); the
phone's twin is `static/app/features/trust/shift.ts`, both are held to `tests/vectors/shift.json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.core import clock

USUAL = 4 * clock.HOUR
"""How long a shift is meant to last when its start does not say."""

LONGEST = 16 * clock.HOUR
GRACE = 30 * clock.MINUTE
"""So long after its planned end somebody still counts as on duty; then the lead is warned."""


@dataclass(frozen=True, slots=True)
class Step:
    """A start (with the planned end, if it says one) or an end; moments in milliseconds UTC."""

    moment: int
    id: str
    starts: bool
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """On duty from `since`, planned `until`."""

    since: int
    until: int

    def covers(self, now: int) -> bool:
        """Whether they still count as on duty."""
        return now < self.until + GRACE


def fold(steps: Iterable[Step]) -> Duty | None:
    """The shift that was started last and not ended.

    A start during a shift only moves its end. A planned end before the start, or more than LONGEST
    after it, is none.
    """
    duty: Duty | None = None
    for step in sorted(steps, key=lambda step: (step.moment, step.id)):
        if not step.starts:
            duty = None
            continue
        since = duty.since if duty and step.moment < duty.until else step.moment
        duty = Duty(since, _planned(step))
    return duty


def _planned(step: Step) -> int:
    if step.until is None or not step.moment < step.until <= step.moment + LONGEST:
        return step.moment + USUAL
    return step.until
