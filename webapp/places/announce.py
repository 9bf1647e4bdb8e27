"""What happens to doors, told to whoever stands above `places`.

An action collects `DoorEvent`s and calls `doors_changed` once, inside its transaction; listeners
(visits, and through it coverage) bring their own rows up to date there and then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from webapp.accounts.sequence import Numbers

Standing = Literal["live", "retired"]


@dataclass(frozen=True, slots=True)
class DoorEvent:
    """A door whose existence, place or visits changed: before and after.

    `was` none: it was no door of its own before; `now` none: it is another one's id from now on.
    `left`: the building that had it before, where that was another one; its own, where it was no
    door and yet something may have been recorded that is its own now.
    """

    household_id: str
    building_id: str
    was: Standing | None
    now: Standing | None
    left: str | None = None

    @property
    def new(self) -> bool:
        """Whether nothing can have been recorded there."""
        return self.was is None and self.left is None


@dataclass(frozen=True, slots=True)
class Change:
    """The transaction in which doors change: numbers under the community's lock, and the time."""

    session: Session
    community_id: int
    numbers: Numbers
    now: int


Listener = Callable[[Change, Sequence[DoorEvent]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called in the transaction of every change of doors (once per listener)."""
    if listener not in _listeners:
        _listeners.append(listener)


def doors_changed(change: Change, events: Sequence[DoorEvent]) -> None:
    """Tell all listeners; nothing happens for no events."""
    if not events:
        return
    for listener in _listeners:
        listener(change, events)
