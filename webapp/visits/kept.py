"""What is kept of doors in `door_state`: how it is read and written, for many doors at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.places.announce import Change
from webapp.places.models import Household
from webapp.visits.fold import State
from webapp.visits.models import DoorState
from webapp.visits.wishes import Wish

_STATES = DoorState.__table__.c
_KEPT = db.Query(
    select(
        _STATES.household_id,
        _STATES.packed,
        _STATES.knocks,
        _STATES.leaflets,
        _STATES.last_at,
        _STATES.contact,
        _STATES.tries,
        _STATES.reached,
        _STATES.app,
        _STATES.follow_up_on,
    ).where(_STATES.community_id == bindparam("of"), db.among(_STATES.household_id, "ids"))
)
_KEYS = ("community_id", "household_id")
_FOLDED_INTO = (
    "building_id",
    "knocks",
    "leaflets",
    "last_at",
    "contact",
    "tries",
    "reached",
    "vacant",
    "app",
    "flags",
    "follow_up_on",
    "display",
    "no_visits_until",
    "outcome_only",
    "packed",
)
COLUMNS = _KEYS + _FOLDED_INTO


Row = tuple[Any, ...]
"""In the order of COLUMNS."""


def states(
    session: Session, community_id: int, household_ids: Iterable[str]
) -> dict[str, tuple[str, State]]:
    """What is written down of those of the doors that have anything: `packed`, and the state
    without what only the fold needs."""
    found = _KEPT.rows(session, of=community_id, ids=list(household_ids))
    return {
        door_id: (
            packed,
            State(knocks, leaflets, last_at, contact, tries, reached, app, None, follow_up_on),
        )
        for (
            door_id,
            packed,
            knocks,
            leaflets,
            last_at,
            contact,
            tries,
            reached,
            app,
            follow_up_on,
        ) in found
    }


def row(
    community_id: int,
    household_id: str,
    building_id: str,
    state: State,
    wish: Wish | None,
    packed: str,
) -> Row:
    """A door's row, in the order of COLUMNS. A wish for the outcome only hides its flags."""
    hidden = wish is not None and wish.outcome_only
    return (
        community_id,
        household_id,
        building_id,
        state.knocks,
        state.leaflets,
        state.last_at,
        state.contact,
        state.tries,
        state.reached,
        state.vacant,
        state.app,
        " ".join(dict.fromkeys(state.flags)) if state.flags and not hidden else "",
        state.follow_up_on,
        state.display,
        wish.no_visits_until if wish else None,
        hidden,
        packed,
    )


def write(change: Change, rows: Sequence[Row], household_ids: Sequence[str]) -> None:
    """Write the rows, and give each of the doors a new number: phones get them again."""
    db.upsert(change.session, DoorState, rows, COLUMNS, keys=_KEYS, columns=_FOLDED_INTO)
    numbered = [
        (next(change.numbers), change.community_id, household_id) for household_id in household_ids
    ]
    names = ("seq", "community_id", "id")
    db.update_rows(change.session, Household, numbered, names, keys=names[1:])
