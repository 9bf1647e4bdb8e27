"""On which days to ask again: a pure function of an alert's operations (design 5.8).

Closing plans days by the risk that is left; each follow-up that reaches the person settles what
was due and, if the risk has changed, plans anew; a date given by hand replaces the next one; what
opens the alert again lets them all fall away.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from webapp.alerts.fold import Fact, closes, fold, in_order, opens
from webapp.alerts.settings import FollowUpDays
from webapp.core import clock
from webapp.core.ids import derived_id

UNSTATED = "medium"
"""The risk that is left when nobody said."""

ASKED_AGAIN = ("dissuaded", "already_paid")
"""Outcomes after which somebody asks again even if nobody said how great the risk is."""

NEVER = ("not_ours", "duplicate")


class Due(Struct):
    """One day. `done_by`: the operation that settled it, at its moment in ms."""

    id: str
    step: int
    due_on: date
    risk: str
    done_by: str | None = None
    done_at: int | None = None


class _Plan:
    def __init__(self, days: FollowUpDays, timezone: str) -> None:
        self.days, self.timezone = days, timezone
        self.done: list[Due] = []
        self.pending: list[Due] = []
        self.risk: str | None = None
        self.closed = False

    def start(self, fact: Fact, risk: str) -> None:
        """Days counted from the operation."""
        self.risk = risk
        day, settled = self._day(fact), len(self.done)
        self.pending = [
            Due(derived_id(f"{fact.id} {n}"), settled + n, day + timedelta(days=after), risk)
            for n, after in enumerate(self.days.of(risk), 1)
        ]

    def close(self, fact: Fact) -> None:
        """The first outcome plans; a later one that says another risk plans anew."""
        risk = _risk_after(fact)
        if not self.closed or (fact.risk is not None and risk != self.risk):
            self.start(fact, risk)
        self.closed = True

    def open(self) -> None:
        """Nothing is due while the alert is open."""
        self.closed, self.pending = False, []

    def ask(self, fact: Fact) -> None:
        """What a follow-up settles, and what it plans."""
        if fact.reached or fact.next_on:
            self._settle(fact)
        if fact.reached and fact.risk and fact.risk != self.risk:
            self.start(fact, fact.risk)
        if fact.next_on:
            later = [due for due in self.pending if due.due_on > fact.next_on]
            step = len(self.done) + 1
            risk = fact.risk or self.risk or UNSTATED
            self.pending = [Due(derived_id(f"{fact.id} next"), step, fact.next_on, risk), *later]

    def _settle(self, fact: Fact) -> None:
        """The day that was meant, or else the next; and all that should have been before it."""
        meant = [due for due in self.pending if due.id == fact.follow_up] or self.pending[:1]
        until = max([due.due_on for due in meant] + [self._day(fact)] * fact.reached, default=None)
        for due in list(self.pending):
            if until is not None and due.due_on <= until:
                due.done_by, due.done_at = fact.id, fact.moment
                self.pending.remove(due)
                self.done.append(due)

    def _day(self, fact: Fact) -> date:
        return clock.day_of(fact.moment, self.timezone)


def plan(facts: Iterable[Fact], days: FollowUpDays, timezone: str) -> list[Due]:
    """All days that were or are due, in order; those that fell away are left out."""
    ordered = in_order(facts)
    made = _Plan(days, timezone)
    for fact in ordered:
        if closes(fact):
            made.close(fact)
        elif opens(fact):
            made.open()
        elif fact.type == "follow_up" and made.closed:
            made.ask(fact)
    if not fold(ordered).closed:
        made.open()
    return [*made.done, *made.pending]


def next_due(dues: Sequence[Due]) -> Due | None:
    """The first that is not settled."""
    return min((due for due in dues if due.done_by is None), key=lambda d: d.due_on, default=None)


def _risk_after(fact: Fact) -> str:
    if fact.outcome in NEVER:
        return "none"
    return fact.risk or (UNSTATED if fact.outcome in ASKED_AGAIN else "none")
