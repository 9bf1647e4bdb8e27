"""A door's visits as phones get them: in columns, the last 20; older ones as one carried state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import takewhile

import msgspec
from msgspec import Struct

from webapp.core.ids import time_of
from webapp.visits.fold import Seen, State, fold_ordered
from webapp.visits.wishes import Wish

KEPT = 20


class Recorded(Struct, frozen=True, gc=False):
    """A visit, the member to whom it is credited, and its note."""

    seen: Seen
    by: str
    note: str | None


def order(visit: Recorded) -> tuple[int, str]:
    """What a door's visits are sorted by."""
    return visit.seen.moment, visit.seen.id


class _Columns(Struct, omit_defaults=True, gc=False):
    """The last visits, in order. Columns without any value are left out.

    A phone makes a visit's id at its moment, so the moment is not said again: `off` is what it
    differs from the id's own time by, in ms, where that is not 0 for all.
    """

    id: tuple[str, ...]
    by: tuple[str, ...]
    outcome: tuple[str, ...]
    off: tuple[int, ...] | None = None
    app: tuple[str | None, ...] | None = None
    flags: tuple[tuple[str, ...] | None, ...] | None = None
    leaflets: tuple[int, ...] | None = None
    follow_up_on: tuple[date | None, ...] | None = None
    note: tuple[str | None, ...] | None = None


class _Wish(Struct, omit_defaults=True, gc=False):
    no_visits_until: date | None = None
    outcome_only: bool = False


class _Packed(Struct, omit_defaults=True, gc=False):
    carried: State | None = None
    visits: _Columns | None = None
    wish: _Wish | None = None


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(_Packed)


def pack(visits: Sequence[Recorded], wish: Wish | None) -> str:
    """The part of a door's row that comes from visits (`visits`, `carried`, `wish`), as JSON.

    `visits` are in order. A wish for the outcome only hides flags and notes.
    """
    older, recent = visits[:-KEPT], visits[-KEPT:]
    hidden = wish is not None and wish.outcome_only
    carried = fold_ordered([visit.seen for visit in older]) if older else None
    if carried is not None and hidden:
        carried.flags = None
    return _encode(_Packed(carried, _columns(recent, hidden), _wish(wish)))


def grow(packed: str | None, added: Sequence[Recorded]) -> tuple[str, State, list[Recorded]] | None:
    """Put visits into what is packed of a door: the new text, the state after, and those of them
    that were not in it yet.

    None when that cannot be told without the operations: a wish hides something, or one belongs
    among the older visits.
    """
    visits, new, carried = list(added), list(added), None
    if packed:
        kept = _decoder.decode(packed)
        if kept.wish is not None:
            return None
        carried, recent = kept.carried, _rows(kept.visits) if kept.visits is not None else []
        known = {visit.seen.id for visit in recent}
        new = [visit for visit in added if visit.seen.id not in known]
        if carried is not None and any(order(visit) < order(recent[0]) for visit in new):
            return None
        visits = [*recent, *new]
    visits.sort(key=order)
    if len(visits) > KEPT:
        carried = fold_ordered([visit.seen for visit in visits[:-KEPT]], carried)
        visits = visits[-KEPT:]
    after = fold_ordered([visit.seen for visit in visits], carried)
    return _encode(_Packed(carried, _columns(visits, hidden=False))), after, new


def walked(packed: str) -> list[tuple[int, str]]:
    """When each of a door's last visits was (ms), and whose."""
    columns = _decoder.decode(packed).visits
    return [(row.seen.moment, row.by) for row in _rows(columns)] if columns is not None else []


def unanswered(packed: str) -> list[int]:
    """When nobody opened since somebody last did (ms), of the last visits."""
    columns = _decoder.decode(packed).visits
    rows = _rows(columns) if columns is not None else []
    tries = takewhile(lambda row: row.seen.outcome == "no_answer", reversed(rows))
    return [row.seen.moment for row in tries]


def _encode(packed: _Packed) -> str:
    return _encoder.encode(packed).decode()


def _columns(visits: Sequence[Recorded], hidden: bool) -> _Columns | None:
    if not visits:
        return None
    rows = [
        (
            seen.id,
            visit.by,
            seen.outcome,
            seen.moment - time_of(seen.id),
            seen.app,
            None if hidden else seen.flags,
            seen.leaflets,
            seen.follow_up_on,
            None if hidden else visit.note,
        )
        for visit in visits
        for seen in (visit.seen,)
    ]
    ids, by, outcomes, off, app, flags, leaflets, days, notes = zip(*rows, strict=True)
    return _Columns(
        ids,
        by,
        outcomes,
        off if any(off) else None,
        app if any(app) else None,
        flags if flags.count(None) < len(flags) else None,
        leaflets if any(leaflets) else None,
        days if any(days) else None,
        notes if any(notes) else None,
    )


def _rows(columns: _Columns) -> list[Recorded]:
    nothing = (None,) * len(columns.id)
    return [
        Recorded(
            Seen(time_of(visit_id) + (off or 0), visit_id, outcome, app, flags, leaflets or 0, day),
            by,
            note,
        )
        for visit_id, by, outcome, off, app, flags, leaflets, day, note in zip(
            columns.id,
            columns.by,
            columns.outcome,
            columns.off or nothing,
            columns.app or nothing,
            columns.flags or nothing,
            columns.leaflets or nothing,
            columns.follow_up_on or nothing,
            columns.note or nothing,
            strict=True,
        )
    ]


def _wish(wish: Wish | None) -> _Wish | None:
    return None if wish is None else _Wish(wish.no_visits_until, wish.outcome_only)
