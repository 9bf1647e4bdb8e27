"""A door's visits as phones get them: in columns, the last 20; older ones as one carried state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from webapp.visits.fold import Seen, State, fold_ordered
from webapp.visits.wishes import Wish

KEPT = 20


@dataclass(frozen=True, slots=True)
class Recorded:
    """A visit, the member to whom it is credited, and its note."""

    seen: Seen
    by: str
    note: str | None


def pack(visits: Sequence[Recorded], wish: Wish | None) -> str:
    """The part of a door's row that comes from visits (`visits`, `carried`, `wish`), as JSON.

    `visits` are in order. Columns without any value are left out. A wish for the outcome only
    hides flags and notes.
    """
    older, recent = visits[:-KEPT], visits[-KEPT:]
    hidden = wish is not None and wish.outcome_only
    fields: dict[str, Any] = {}
    if older:
        fields["carried"] = _carried(fold_ordered([visit.seen for visit in older]), hidden)
    if recent:
        fields["visits"] = _columns(recent, hidden)
    if wish is not None:
        fields["wish"] = _wish(wish)
    return msgspec.json.encode(fields).decode()


def _columns(visits: Sequence[Recorded], hidden: bool) -> dict[str, list[Any]]:
    seen = [visit.seen for visit in visits]
    optional: dict[str, list[Any]] = {
        "app": [v.app for v in seen],
        "flags": [None if hidden else v.flags for v in seen],
        "leaflets": [v.leaflets for v in seen],
        "follow_up_on": [v.follow_up_on for v in seen],
        "note": [None if hidden else visit.note for visit in visits],
    }
    columns: dict[str, list[Any]] = {
        "id": [v.id for v in seen],
        "moment": [v.moment for v in seen],
        "by": [visit.by for visit in visits],
        "outcome": [v.outcome for v in seen],
    }
    return columns | {
        name: column
        for name, column in optional.items()
        if any(value is not None and value != 0 for value in column)
    }


def _carried(state: State, hidden: bool) -> dict[str, Any]:
    fields = {name: getattr(state, name) for name in State.__slots__}
    return fields | {"flags": None} if hidden else fields


def _wish(wish: Wish) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if wish.no_visits_until is not None:
        fields["no_visits_until"] = wish.no_visits_until
    if wish.outcome_only:
        fields["outcome_only"] = True
    return fields
