"""Keep the state of doors up to date: fold their visits, write, and tell who counts.

Called at the end of a push for the doors it touched, and whenever `places` announces a change of
doors; always inside the transaction that holds the community's lock. Doors that a push only added
visits to grow from what is packed of them, so that a push costs the same however much was
recorded before; all others are folded anew from their operations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.operations.batch import ACCEPTED, Batch, Item
from webapp.operations.models import Operation, OperationText
from webapp.places.announce import Change, DoorEvent, Standing
from webapp.places.doors import Door, doors_of, ids_of_doors
from webapp.visits import kept
from webapp.visits.fold import Seen, State, fold_ordered
from webapp.visits.models import DoorState
from webapp.visits.packed import Recorded, grow, order, pack
from webapp.visits.wishes import Wish, holding

FOLDED = ("visit", "door_wish")


class DoorChange(Struct, gc=False):
    """A door of a building before and after; `was` none: it was not there, `now` none: it is there
    no more. `visits` are all its live ones after, or, where it has `grown`, those that were added.
    """

    household_id: str
    building_id: str
    was: Standing | None
    now: Standing | None
    before: State
    after: State
    visits: Sequence[Recorded]
    grown: bool = False


Listener = Callable[[Change, Sequence[DoorChange]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called with every change of doors' states, in the same transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def refold_touched(batch: Batch) -> None:
    """The push's finisher: bring the doors that it touched up to date, each once."""
    touched, batch.touched = batch.touched, set()
    added, batch.added = batch.added, {}
    if not touched and not added:
        return
    change = Change(batch.session, batch.community_id, batch.numbers, batch.now)
    found = doors_of(batch, {*touched, *added})
    anew = {found[subject].id: found[subject] for subject in touched if subject in found}
    visits: dict[str, list[Recorded]] = {}
    growing: dict[str, Door] = {}
    for subject, items in added.items():
        door = found[subject]  # several ids may mean one door
        if door.id not in anew:
            growing[door.id] = door
            visits.setdefault(door.id, []).extend(map(_recorded, items))
    changes = _grow(change, growing, visits)
    grown = {done.household_id for done in changes}
    anew |= {door_id: door for door_id, door in growing.items() if door_id not in grown}
    if anew:
        changes += _refold(change, [_event(door) for door in anew.values()])
    _tell(change, changes)


def refold(change: Change, events: Sequence[DoorEvent]) -> None:
    """Fold these doors anew and tell the listeners. New doors without visits cost no query."""
    for chunk in db.chunks(events):
        _tell(change, [_new_door(event) for event in chunk if event.new])
        known = [event for event in chunk if not event.new]
        if known:
            _tell(change, _refold(change, known))


def _event(door: Door) -> DoorEvent:
    return DoorEvent(door.id, door.building_id, door.standing, door.standing)


def _recorded(item: Item) -> Recorded:
    """A visit as it was just decoded, as the fold sees it."""
    visit = item.operation
    seen = Seen(
        item.moment,
        item.id,
        visit.outcome,
        visit.app,
        None if visit.flags is None else tuple(visit.flags),
        sum(visit.leaflets.values()),
        visit.follow_up_on,
    )
    return Recorded(seen, visit.by.lower() if visit.by else item.member_id, item.note)


def _grow(
    change: Change, doors: Mapping[str, Door], visits: Mapping[str, Sequence[Recorded]]
) -> list[DoorChange]:
    """Add visits to doors; those that have to be folded anew are left out."""
    known = kept.states(change.session, change.community_id, doors)
    rows: list[kept.Row] = []
    changes: list[DoorChange] = []
    for door_id, door in doors.items():
        packed, before = known.get(door_id) or (None, State())
        grown = grow(packed, visits[door_id])
        if grown is None:
            continue
        text, after, new = grown
        standing = door.standing
        rows.append(kept.row(change.community_id, door_id, door.building_id, after, None, text))
        changes.append(
            DoorChange(door_id, door.building_id, standing, standing, before, after, new, True)
        )
    kept.write(change, rows, [done.household_id for done in changes])
    return changes


@dataclass(slots=True)
class Doorstep:
    """The live operations of a door, as read."""

    visits: list[Recorded] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)


def _tell(change: Change, changes: Sequence[DoorChange]) -> None:
    if changes:
        for listener in _listeners:
            listener(change, changes)


def _new_door(event: DoorEvent) -> DoorChange:
    """A door that was just made has no visits: what waited for it is taken up afterwards."""
    return DoorChange(event.household_id, event.building_id, None, event.now, State(), State(), ())


def _refold(change: Change, events: Sequence[DoorEvent]) -> list[DoorChange]:
    ids = [event.household_id for event in events]
    before = kept.states(change.session, change.community_id, ids)
    doors = read_doors(change.session, change.community_id, ids)
    rows: list[kept.Row] = []
    noted: list[str] = []
    changes: list[DoorChange] = []
    for event in events:
        door = doors.get(event.household_id) or Doorstep()
        after = fold_ordered([visit.seen for visit in door.visits])
        known = event.household_id in before
        if event.now and (door.visits or door.wishes or known):
            row = kept_row(change.community_id, event, after, door)
            rows.append(tuple(row.values()))
            noted += [v.seen.id for v in door.visits if row["outcome_only"] and v.note is not None]
        _packed, was_state = before.get(event.household_id) or ("", State())
        changes += _steps(event, was_state, after, door.visits)
    _erase_notes(change, noted)
    _forget(change, [event.household_id for event in events if event.now is None])
    kept.write(change, rows, [event.household_id for event in events if event.now])
    return changes


def _steps(
    event: DoorEvent, before: State, after: State, visits: Sequence[Recorded]
) -> list[DoorChange]:
    """One change of one building, or, when the door moved, one of each."""
    door, building = event.household_id, event.building_id
    if event.was and event.left:
        return [
            DoorChange(door, event.left, event.was, None, before, State(), ()),
            DoorChange(door, building, None, event.now, State(), after, visits),
        ]
    return [DoorChange(door, building, event.was, event.now, before, after, visits)]


def _forget(change: Change, household_ids: Sequence[str]) -> None:
    """Rows that are another door's ids now have no state of their own."""
    for ids in db.chunks(household_ids):
        statement = delete(DoorState).where(
            DoorState.community_id == change.community_id, DoorState.household_id.in_(ids)
        )
        change.session.execute(statement, execution_options={"synchronize_session": False})


def read_doors(
    session: Session, community_id: int, household_ids: Iterable[str]
) -> dict[str, Doorstep]:
    """The live visits (in order) and wishes of these doors, under all their ids."""
    ids = ids_of_doors(session, community_id, household_ids)
    statement = (
        select(
            Operation.id,
            Operation.type,
            Operation.subject_id,
            Operation.member_id,
            Operation.moment,
            Operation.body,
            OperationText.text,
        )
        .outerjoin(
            OperationText,
            (OperationText.community_id == Operation.community_id)
            & (OperationText.operation_id == Operation.id),
        )
        .where(
            Operation.community_id == community_id,
            Operation.subject_id.in_(set(ids)),
            Operation.status == ACCEPTED,
            Operation.voided.is_(False),
            Operation.type.in_(FOLDED),
        )
    )
    doors: dict[str, Doorstep] = {}
    for row in session.execute(statement):
        door = doors.setdefault(ids[row.subject_id], Doorstep())
        if row.type == "visit":
            door.visits.append(_visit(row))
        else:
            door.wishes.append(_wish(row))
    for door in doors.values():
        door.visits.sort(key=order)
    return doors


class _VisitBody(msgspec.Struct):
    """What the fold and the phones need of a stored visit."""

    outcome: str
    leaflets: dict[str, int] = msgspec.field(default_factory=dict)
    app: str | None = None
    flags: tuple[str, ...] | None = None
    follow_up_on: date | None = None
    by: str | None = None


class _WishBody(msgspec.Struct):
    no_visits_until: date | None = None
    outcome_only: bool = False


_visit_bodies = msgspec.json.Decoder(_VisitBody)
_wish_bodies = msgspec.json.Decoder(_WishBody)


def _visit(row: Any) -> Recorded:
    body = _visit_bodies.decode(row.body)
    seen = Seen(
        row.moment,
        row.id,
        body.outcome,
        body.app,
        body.flags,
        sum(body.leaflets.values()),
        body.follow_up_on,
    )
    return Recorded(seen, body.by.lower() if body.by else row.member_id, row.text)


def _wish(row: Any) -> Wish:
    body = _wish_bodies.decode(row.body)
    return Wish(row.moment, row.id, body.no_visits_until, body.outcome_only)


def kept_row(community_id: int, event: DoorEvent, state: State, door: Doorstep) -> dict[str, Any]:
    """All that is kept of a door in `door_state`, as its operations say."""
    wish = holding(door.wishes)
    text = pack(door.visits, wish)
    row = kept.row(community_id, event.household_id, event.building_id, state, wish, text)
    return dict(zip(kept.COLUMNS, row, strict=True))


def _erase_notes(change: Change, operation_ids: Sequence[str]) -> None:
    """Free text at doors whose residents want the outcome only."""
    for ids in db.chunks(operation_ids):
        statement = delete(OperationText).where(
            OperationText.community_id == change.community_id, OperationText.operation_id.in_(ids)
        )
        change.session.execute(statement, execution_options={"synchronize_session": False})
