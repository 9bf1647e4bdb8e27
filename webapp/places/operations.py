"""A door that the list lacked, added in the field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import func, insert, select, tuple_, update
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.operations.batch import ACCEPTED, Batch, Item
from webapp.operations.decode import Recorded, Uuid, plain
from webapp.operations.models import Operation
from webapp.operations.registry import Described, Kind
from webapp.places.announce import Change, DoorEvent
from webapp.places.doors import Door, Rights
from webapp.places.labels import building_label, short
from webapp.places.models import Household, HouseholdAlias
from webapp.places.numbers import room_key, unit_key
from webapp.places.rearrange import Forest, rearranging

Key = tuple[str, str, str]


class HouseholdAdd(Recorded, kw_only=True):
    """A new door `household` of `building`; `floor` counts from 1, 0 and below are basements."""

    household: Uuid
    building: Uuid
    unit: Annotated[str, Meta(max_length=20)] = ""
    floor: Annotated[int, Meta(ge=-9, le=200)] | None = None
    room: Annotated[str, Meta(min_length=1, max_length=40)]


class HouseholdAddKind(Kind):
    """The first to arrive names the door; whoever adds the same key later gives it another id."""

    name = "household_add"
    schema = HouseholdAdd
    stage = 10

    def subject(self, operation: HouseholdAdd) -> str:
        """The new door's id, so that all adds of a door are found by it."""
        return operation.household.lower()

    def check(self, operation: HouseholdAdd) -> str | None:
        """A door needs a number that is left over after normalising."""
        if not room_key(operation.room) or not plain(operation.room):
            return "room"
        return None if plain(operation.unit) else "unit"

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """Theirs to record, and the id not another door's."""
        forest = Forest(batch.session, batch.community_id)
        shown = {item.id: forest.root(_building(item)) for item in items}
        rights = Rights(batch, items, shown.values())
        keys = _keys_by_id(batch, _subjects(items))
        for item in items:
            if not rights.allow(item, shown[item.id]):
                item.hold("not_yours")
            elif keys.setdefault(item.subject_id or "", _key(item)) != _key(item):
                item.hold("invalid", "household")
            else:
                item.accept()

    def describe(self, session: Session, community_id: int, operation: HouseholdAdd) -> Described:
        """The door that it would add."""
        building_id = operation.building.lower()
        building = building_label(session, community_id, building_id)
        return Described(
            place=f"{building} {short(operation.unit, operation.room)}".strip(),
            building_id=building_id if building else None,
        )

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Make the doors, or aliases where the key exists; a retired door is back."""
        batch.doors.clear()
        batch.arrived.update(_subjects(items))
        with rearranging(_change(batch), {_building(item) for item in items}) as events:
            events += _once(_enter(batch, items))

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """A door goes out of use unless a list or another live add has it."""
        batch.doors.clear()
        with rearranging(_change(batch), {_building(item) for item in items}) as events:
            gone = _unsupported(batch, set(_homes(batch, _subjects(items)).values()))
            _set_retired(batch, list(gone), batch.now)
            events += [DoorEvent(door, gone[door], "live", "retired") for door in gone]


def _enter(batch: Batch, items: Sequence[Item]) -> list[DoorEvent]:
    existing = _by_key(batch, {_key(item) for item in items})
    events: list[DoorEvent] = []
    new: list[dict[str, Any]] = []
    aliases: dict[str, str] = {}
    for item in items:
        key, door_id = _key(item), item.subject_id or ""
        door = existing.get(key)
        if door is None:
            existing[key] = Door(door_id, key[0], retired=False)
            new.append(_row(batch, item, key))
            events.append(DoorEvent(door_id, key[0], None, "live"))
            continue
        if door.id != door_id:
            aliases[door_id] = door.id
        events.append(DoorEvent(door.id, door.building_id, door.standing, "live"))
        existing[key] = Door(door.id, door.building_id, retired=False)
    _write(batch, new, aliases, [e.household_id for e in events if e.was == "retired"])
    return events


def _unsupported(batch: Batch, doors: set[str]) -> dict[str, str]:
    """Those of these doors in use that no list has and no live add; with their buildings."""
    adds = (
        select(HouseholdAlias.home_id)
        .join(
            Operation,
            (Operation.community_id == HouseholdAlias.community_id)
            & (Operation.subject_id == HouseholdAlias.id),
        )
        .where(HouseholdAlias.community_id == batch.community_id, HouseholdAlias.home_id.in_(doors))
    )
    own = select(Operation.subject_id).where(
        Operation.community_id == batch.community_id, Operation.subject_id.in_(doors)
    )
    live = (
        Operation.type == HouseholdAddKind.name,
        Operation.status == ACCEPTED,
        Operation.voided.is_(False),
    )
    kept = {*batch.session.scalars(adds.where(*live)), *batch.session.scalars(own.where(*live))}
    standing = select(Household.id, Household.building_id).where(
        Household.community_id == batch.community_id,
        Household.id.in_(doors - kept),
        Household.retired_at.is_(None),
        Household.listed.is_(False),
    )
    return {door_id: building_id for door_id, building_id in batch.session.execute(standing)}


def _building(item: Item) -> str:
    building: str = item.operation.building
    return building.lower()


def _subjects(items: Sequence[Item]) -> set[str]:
    return {item.subject_id for item in items if item.subject_id}


def _key(item: Item) -> Key:
    return _building(item), unit_key(item.operation.unit), room_key(item.operation.room)


def _homes(batch: Batch, ids: set[str]) -> dict[str, str]:
    """Id → the row that it belongs to by itself, merged or not: its own, where it is no alias."""
    statement = select(HouseholdAlias.id, HouseholdAlias.home_id).where(
        HouseholdAlias.community_id == batch.community_id, HouseholdAlias.id.in_(ids)
    )
    aliases = {alias: home for alias, home in batch.session.execute(statement)}
    return {door_id: aliases.get(door_id, door_id) for door_id in ids}


def _keys_by_id(batch: Batch, ids: set[str]) -> dict[str, Key]:
    """Id → the key that its own row has in the building of its own; unknown ids are left out."""
    homes = _homes(batch, ids)
    statement = select(
        Household.id,
        func.coalesce(Household.home_id, Household.building_id),
        Household.unit_key,
        Household.room_key,
    ).where(Household.community_id == batch.community_id, Household.id.in_(set(homes.values())))
    keys: dict[str, Key] = {
        row[0]: (row[1], row[2], row[3]) for row in batch.session.execute(statement)
    }
    return {door_id: keys[home] for door_id, home in homes.items() if home in keys}


def _by_key(batch: Batch, keys: set[Key]) -> dict[Key, Door]:
    """The rows that have these keys; inside `rearranging`, where every row stands at home."""
    columns = Household.building_id, Household.unit_key, Household.room_key
    statement = select(Household.id, Household.retired_at, *columns).where(
        Household.community_id == batch.community_id, tuple_(*columns).in_(keys)
    )
    return {
        (row.building_id, row.unit_key, row.room_key): Door(
            row.id, row.building_id, row.retired_at is not None
        )
        for row in batch.session.execute(statement)
    }


def _row(batch: Batch, item: Item, key: Key) -> dict[str, Any]:
    return {
        "community_id": batch.community_id,
        "id": item.subject_id,
        "building_id": key[0],
        "unit": item.operation.unit.strip(),
        "floor": item.operation.floor,
        "room": item.operation.room.strip(),
        "unit_key": key[1],
        "room_key": key[2],
        "listed": False,
        "seq": next(batch.numbers),
    }


def _write(
    batch: Batch, new: list[dict[str, Any]], aliases: dict[str, str], back: list[str]
) -> None:
    if new:
        batch.session.execute(insert(Household), new)
    rows = [
        {
            "community_id": batch.community_id,
            "id": alias,
            "household_id": door_id,
            "home_id": door_id,
        }
        for alias, door_id in aliases.items()
    ]
    if rows:
        statement = db.insert(batch.session, HouseholdAlias).on_conflict_do_nothing()
        batch.session.execute(statement, rows)
    _set_retired(batch, back, None)


def _set_retired(batch: Batch, door_ids: list[str], moment: int | None) -> None:
    if not door_ids:
        return
    statement = (
        update(Household)
        .where(Household.community_id == batch.community_id, Household.id.in_(door_ids))
        .values(retired_at=moment)
    )
    batch.session.execute(statement, execution_options={"synchronize_session": False})


def _once(events: list[DoorEvent]) -> list[DoorEvent]:
    """One event a door: from how it was first to how it is last."""
    merged: dict[str, DoorEvent] = {}
    for event in events:
        before = merged.get(event.household_id)
        was = before.was if before else event.was
        merged[event.household_id] = DoorEvent(
            event.household_id, event.building_id, was, event.now
        )
    return list(merged.values())


def _change(batch: Batch) -> Change:
    return Change(batch.session, batch.community_id, batch.numbers, batch.now)
