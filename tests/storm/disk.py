"""What a simulated phone keeps: the log, the rows, the cursors; changed only in transactions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.storm.ledger import Recorded

Rows = dict[tuple[str, str], dict[str, Any]]


class AppKilledError(Exception):
    """The app is gone; what was not on disk is gone with it."""


@dataclass(slots=True, eq=False)
class Own:
    """An own operation in the log. `answered`: the tick of its answer."""

    operation: Recorded
    status: str = "unsent"
    answered: int = 0

    @property
    def open(self) -> bool:
        """Somebody is still to do something about it."""
        return self.status in ("unsent", "waiting", "held")


@dataclass
class Disk:
    """One member's database on one phone."""

    own: dict[bytes, Own] = field(default_factory=dict)
    unsent: dict[bytes, Own] = field(default_factory=dict)
    cursors: dict[str, str] = field(default_factory=dict)
    rows: dict[str, Rows] = field(default_factory=dict)
    skew: int = 0
    epoch: str | None = None
    tick: int = 0
    confirmed: int = 0
    doubt: bool = False
    """A new epoch or a smaller receipt was seen: what the server lacks has to be asked."""

    def settle(self, own: Own, status: str) -> None:
        """Write an answer down."""
        own.status, own.answered = status, self.tick
        if status == "unsent":
            self.unsent[own.operation.digest] = own
        else:
            self.unsent.pop(own.operation.digest, None)


def commit(change: Callable[[], None], rng: Random, deadly: float) -> None:
    """One transaction: all of it or nothing; the app may be killed just before or just after."""
    if rng.random() < deadly:
        raise AppKilledError
    change()
    if rng.random() < deadly:
        raise AppKilledError
