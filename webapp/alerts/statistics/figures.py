"""The figures of a set of alerts; each one's formula stands on the page (`alerts.formula.*`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median

from webapp.alerts.codes import NOT_COUNTED
from webapp.alerts.fold import timely
from webapp.alerts.statistics.rows import Row

AMOUNTS = ("avoided", "recovered", "stopped", "lost")
"""Kinds of money; each is summed by its grade of proof, and never added to another."""

RATE = 10_000


@dataclass(slots=True)
class Figures:
    """Counts, and sums in fen. `tries`: how many attempts each dissuaded alert took."""

    count: int = 0
    open: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    in_time: int = 0
    late: int = 0
    attempts: int = 0
    door_visits: int = 0
    tries: list[int] = field(default_factory=list)
    money: Counter[tuple[str, str]] = field(default_factory=Counter)
    at_risk: int = 0
    remaining: int = 0
    stop_payments: int = 0
    stop_payment_amount: int = 0
    cases: int = 0
    follow_ups_done: int = 0
    follow_ups_due: int = 0
    repeats: int = 0
    cheated_again: int = 0
    gifts_declined: int = 0
    thanks: int = 0

    @property
    def on_time_rate(self) -> int | None:
        """In basis points, rounded down; of those of which it is decided."""
        return rate(self.in_time, self.in_time + self.late)

    @property
    def dissuaded(self) -> int:
        """Whose transfers stopped."""
        return self.outcomes["dissuaded"]

    @property
    def measured(self) -> int:
        """Closed, without those that success is not measured on (design 5.6)."""
        return sum(n for outcome, n in self.outcomes.items() if outcome not in NOT_COUNTED)

    @property
    def success_rate(self) -> int | None:
        """In basis points, rounded down."""
        return rate(self.dissuaded, self.measured)

    @property
    def median_tries(self) -> float | None:
        """Half of the dissuaded took no more attempts."""
        return median(self.tries) if self.tries else None

    @property
    def mean_tries(self) -> float | None:
        """Attempts an alert that was dissuaded."""
        return sum(self.tries) / len(self.tries) if self.tries else None

    def amount(self, kind: str, grade: str | None = None) -> int:
        """Fen of one kind of money, of one grade of proof or of all."""
        return sum(
            fen for (what, how), fen in self.money.items() if what == kind and grade in (None, how)
        )

    def add(self, row: Row, now: int) -> None:
        """Count one alert."""
        self.count += 1
        closed = row.status == "closed"
        if closed and row.outcome:
            self.outcomes[row.outcome] += 1
            if row.outcome == "dissuaded":
                self.tries.append(row.attempts)
        self.open += not closed
        on_time = timely(row.in_contact_at, row.settled_at, closed, row.deadline, now)
        self.in_time += on_time is True
        self.late += on_time is False
        self.attempts += row.attempts
        self.door_visits += row.face_to_face
        self._add_money(row)
        self.cases += row.case
        self.follow_ups_done += row.done
        self.follow_ups_due += row.due
        self.repeats += row.repeat
        self.cheated_again += row.again
        self.gifts_declined += row.gift_declined
        self.thanks += row.thanked

    def _add_money(self, row: Row) -> None:
        for kind in AMOUNTS:
            if fen := getattr(row, kind):
                self.money[kind, row.grade or "claimed"] += fen
        self.at_risk += row.at_risk or 0
        self.remaining += row.remaining or 0
        decision = row.stop_payment or {}
        if decision.get("decision") == "requested":
            self.stop_payments += 1
            self.stop_payment_amount += decision.get("amount") or 0


def rate(part: int, whole: int) -> int | None:
    """Basis points, rounded down; none of nothing."""
    return part * RATE // whole if whole else None


def figures(rows: Iterable[Row], now: int) -> Figures:
    """Of all of them together."""
    found = Figures()
    for row in rows:
        found.add(row, now)
    return found


def grouped(
    rows: Iterable[Row], by: Callable[[Row], str | None], now: int
) -> Mapping[str, Figures]:
    """The same for each group; what has no value stands under ""."""
    groups: dict[str, Figures] = {}
    for row in rows:
        groups.setdefault(by(row) or "", Figures()).add(row, now)
    return groups
