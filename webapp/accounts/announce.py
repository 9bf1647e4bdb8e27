"""What happens to memberships, told to whoever stands above `accounts`."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

Listener = Callable[[Session, int, str, int], None]
"""(session, community, member, now), in the transaction in which the membership ends."""

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called when a membership ends (once per listener)."""
    if listener not in _listeners:
        _listeners.append(listener)


def membership_ended(session: Session, community_id: int, member_id: str, now: int) -> None:
    """Tell all listeners."""
    for listener in _listeners:
        listener(session, community_id, member_id, now)
