"""Keep the state of doors up to date: read their visits, fold, write, and tell who counts.

Called at the end of a push for the doors it touched, and whenever `places` announces a change of
doors; always inside the transaction that holds the community's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.operations.batch import ACCEPTED, Batch
from webapp.operations.models import Operation, OperationText
from webapp.places.announce import Change, DoorEvent, Standing
from webapp.places.doors import doors_by_id, ids_of_doors
from webapp.places.models import Household
from webapp.visits.fold import Seen, State, fold_ordered
from webapp.visits.models import DoorState
from webapp.visits.packed import Recorded, pack
from webapp.visits.wishes import Wish, holding

FOLDED = ("visit", "door_wish")
_DOORS = Household.__table__.c
_NUMBER = (
    update(Household.__table__)  # type: ignore[arg-type]  # the table: rows go past the ORM
    .where(_DOORS.community_id == bindparam("of"), _DOORS.id == bindparam("door"))
    .values(seq=bindparam("number"))
)


@dataclass(slots=True)
class DoorChange:
    """A door before and after. `visits` are all its live ones after; `was` none: it is new."""

    household_id: str
    building_id: str
    was: Standing | None
    now: Standing
    before: State
    after: State
    visits: Sequence[Recorded]


Listener = Callable[[Change, Sequence[DoorChange]], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have `listener` called with every change of doors' states, in the same transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def refold_touched(batch: Batch) -> None:
    """The push's finisher: fold the doors that it touched, each once."""
    touched, batch.touched = batch.touched, set()
    if not touched:
        return
    found = doors_by_id(batch.session, batch.community_id, touched)
    doors = {door.id: door for door in found.values()}  # several ids may mean one door
    events = [
        DoorEvent(door.id, door.building_id, door.standing, door.standing)
        for door in doors.values()
    ]
    refold(Change(batch.session, batch.community_id, batch.numbers, batch.now), events)


def refold(change: Change, events: Sequence[DoorEvent]) -> None:
    """Fold these doors anew and tell the listeners. New doors without visits cost no query."""
    for chunk in db.chunks(events):
        _tell(change, [_new_door(event) for event in chunk if event.was is None])
        known = [event for event in chunk if event.was is not None]
        if known:
            _tell(change, _refold(change, known))


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
    before = states(change.session, change.community_id, ids)
    doors = read_doors(change.session, change.community_id, ids)
    rows: list[dict[str, Any]] = []
    noted: list[str] = []
    changes: list[DoorChange] = []
    for event in events:
        door = doors.get(event.household_id) or Doorstep()
        after = fold_ordered([visit.seen for visit in door.visits])
        if door.visits or door.wishes or event.household_id in before:
            row = kept_row(change.community_id, event, after, door)
            rows.append(row)
            noted += [v.seen.id for v in door.visits if row["outcome_only"] and v.note is not None]
        was_state = before.get(event.household_id) or State()
        changes.append(
            DoorChange(
                event.household_id,
                event.building_id,
                event.was,
                event.now,
                was_state,
                after,
                door.visits,
            )
        )
    _erase_notes(change, noted)
    _write(change, rows, ids)
    return changes


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
        door.visits.sort(key=lambda visit: (visit.seen.moment, visit.seen.id))
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


def states(session: Session, community_id: int, household_ids: Sequence[str]) -> dict[str, State]:
    """The states as they are written down, of those of the doors that have one."""
    statement = select(
        DoorState.household_id,
        DoorState.knocks,
        DoorState.leaflets,
        DoorState.last_at,
        DoorState.contact,
        DoorState.tries,
        DoorState.reached,
        DoorState.app,
        DoorState.follow_up_on,
    ).where(DoorState.community_id == community_id, DoorState.household_id.in_(household_ids))
    return {
        row.household_id: State(
            knocks=row.knocks,
            leaflets=row.leaflets,
            last_at=row.last_at,
            contact=row.contact,
            tries=row.tries,
            reached=row.reached,
            app=row.app,
            follow_up_on=row.follow_up_on,
        )
        for row in session.execute(statement)
    }


def kept_row(community_id: int, event: DoorEvent, state: State, door: Doorstep) -> dict[str, Any]:
    """All that is kept of a door in `door_state`, as its operations say."""
    wish = holding(door.wishes)
    hidden = wish is not None and wish.outcome_only
    return {
        "community_id": community_id,
        "household_id": event.household_id,
        "building_id": event.building_id,
        "knocks": state.knocks,
        "leaflets": state.leaflets,
        "last_at": state.last_at,
        "contact": state.contact,
        "tries": state.tries,
        "reached": state.reached,
        "vacant": state.vacant,
        "app": state.app,
        "flags": "" if hidden else " ".join(dict.fromkeys(state.flags or ())),
        "follow_up_on": state.follow_up_on,
        "display": state.display,
        "no_visits_until": wish.no_visits_until if wish else None,
        "outcome_only": hidden,
        "packed": pack(door.visits, wish),
    }


def _erase_notes(change: Change, operation_ids: Sequence[str]) -> None:
    """Free text at doors whose residents want the outcome only."""
    for ids in db.chunks(operation_ids):
        statement = delete(OperationText).where(
            OperationText.community_id == change.community_id, OperationText.operation_id.in_(ids)
        )
        change.session.execute(statement, execution_options={"synchronize_session": False})


def _write(change: Change, rows: list[dict[str, Any]], household_ids: Sequence[str]) -> None:
    keys = ["community_id", "household_id"]
    columns = [column for column in rows[0] if column not in keys] if rows else []
    db.upsert(change.session, DoorState, rows, keys=keys, columns=columns)
    numbered = [
        {"of": change.community_id, "door": household_id, "number": next(change.numbers)}
        for household_id in household_ids
    ]
    change.session.execute(_NUMBER, numbered)
