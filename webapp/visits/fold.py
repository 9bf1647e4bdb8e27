"""A door's state from its visits: a pure function of the set (design 3.1).

Neither the order of arrival nor repeats matter: visits are put in order by moment, then by id.
The same fold runs on the phone (static/app/features/visits/fold.ts); both are tested against
tests/vectors/fold.json.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date
from typing import Final

from msgspec import Struct

VACANT: Final = "vacant"
NO_ANSWER: Final = "no_answer"
HELPED: Final = "helped"
INSTALLED: Final = frozenset({"installed", HELPED})


class Seen(Struct, frozen=True, gc=False):
    """One visit as the fold sees it: `moment` in ms, `leaflets` summed over kinds.

    `flags`: none leaves, empty clears.
    """

    moment: int
    id: str
    outcome: str
    app: str | None = None
    flags: tuple[str, ...] | None = None
    leaflets: int = 0
    follow_up_on: date | None = None


class State(Struct, gc=False):
    """What is known of a door; also what is carried over when older visits are left out.

    `closed`: a vacancy came some time before.
    """

    knocks: int = 0
    leaflets: int = 0
    last_at: int | None = None
    contact: str | None = None
    tries: int = 0
    reached: bool = False
    app: str | None = None
    flags: tuple[str, ...] | None = None
    follow_up_on: date | None = None
    closed: bool = False

    @property
    def vacant(self) -> bool:
        """Nobody lives there, as far as is known."""
        return self.contact == VACANT

    @property
    def installed(self) -> bool:
        """The anti-fraud app is on a phone of this household."""
        return self.app in INSTALLED

    @property
    def display(self) -> str:
        """The one state that a cell shows: the first that applies."""
        if self.contact == "refused":
            return "refused"
        if self.follow_up_on is not None or self.contact == "come_back":
            return "follow_up"
        if self.installed:
            return "installed"
        if self.reached:
            return "informed"
        return self.contact if self.contact in (VACANT, NO_ANSWER) else "untouched"


def in_order(visits: Iterable[Seen]) -> list[Seen]:
    """By moment, then by id; a repeated id counts once."""
    once = {visit.id: visit for visit in visits}
    return sorted(once.values(), key=lambda visit: (visit.moment, visit.id))


def fold(visits: Iterable[Seen], carried: State | None = None) -> State:
    """The state after these visits, going on from `carried` (none: from nothing)."""
    return fold_ordered(in_order(visits), carried)


def fold_ordered(visits: Sequence[Seen], carried: State | None = None) -> State:
    """`fold` for visits that are in order already."""
    state = State() if carried is None else copy(carried)
    for visit in visits:
        _add(state, visit)
    return state


def _add(state: State, visit: Seen) -> None:
    state.knocks += 1
    state.leaflets += visit.leaflets
    state.last_at = max(state.last_at or visit.moment, visit.moment)
    if visit.outcome == VACANT:
        _close_chapter(state)
        return
    if visit.outcome == NO_ANSWER:
        state.tries += 1
        state.contact = state.contact or NO_ANSWER
        state.follow_up_on = visit.follow_up_on or state.follow_up_on
    else:
        state.contact, state.tries = visit.outcome, 0
        state.reached = state.reached or visit.outcome == "informed"
        state.app = visit.app or state.app
        state.follow_up_on = visit.follow_up_on
    if visit.flags is not None:
        state.flags = visit.flags


def _close_chapter(state: State) -> None:
    """Another household may move in: all but the totals starts anew."""
    state.contact, state.closed = VACANT, True
    state.tries, state.reached = 0, False
    state.app, state.flags, state.follow_up_on = None, None, None
