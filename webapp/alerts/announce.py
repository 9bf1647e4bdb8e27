"""What happens to alerts, told to whoever wants to hear: robots, the board, statistics.

Listeners are called inside the transaction in which it happens: what they write stands or falls
with it, and what leaves the machine has to wait until it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

Happened = Literal[
    "created",
    "confirmed",
    "offered",
    "dispatched",
    "help",
    "overdue",
    "closed",
    "reopened",
    "handover",
]


@dataclass(frozen=True, slots=True)
class AlertEvent:
    """What may leave the community: number, level and deadline (ms), no person.

    `members`: to whom it was dispatched, or who called for help.
    """

    what: Happened
    community_id: int
    alert_id: str
    number: int
    level: str
    deadline: int
    members: tuple[str, ...] = ()


Listener = Callable[[Session, AlertEvent, int], None]
"""(session, event, now)"""

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called with every event (once per listener)."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(session: Session, event: AlertEvent, now: int) -> None:
    """Tell all listeners."""
    for listener in _listeners:
        listener(session, event, now)
