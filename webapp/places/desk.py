"""What a coordinator does to buildings and doors at the desk. History is always kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import Actor
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.places import standing
from webapp.places.announce import Change, DoorEvent, Standing
from webapp.places.models import STANDS, Building, Household
from webapp.places.numbers import building_key, compound_key, room_key, source_key, unit_key
from webapp.places.rearrange import Forest, rearranging

LENGTHS = {
    "name": 120,
    "compound": 120,
    "grid": 120,
    "address": 240,
    "caretaker_name": 80,
    "caretaker_role": 80,
    "access_note": 240,
}
LOWEST, HIGHEST = -9, 200


@dataclass(frozen=True, slots=True)
class Added:
    """How many doors are new, were out of use and are back, or were there already."""

    new: int = 0
    back: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class DoorName:
    """How a door is called: unit ("" where there are none), room, and its floor where known."""

    unit: str
    room: str
    floor: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(unit_key, room_key): what makes two doors the same."""
        return unit_key(self.unit), room_key(self.room)


def add_building(
    session: Session, community_id: int, fields: dict[str, str], *, who: Actor | None, now: int
) -> str:
    """Make a building by hand; returns its id. Problem `building_exists` when its key is taken."""
    numbers = sequence.draw(session, community_id)
    values = _read(fields)
    key = f"{compound_key(values['compound'])}|{building_key(values['name'])}"[:300]
    taken = select(Building.id).where(Building.community_id == community_id, Building.key == key)
    if session.scalar(taken) is not None:
        raise Problem("building_exists", status=409, name=values["name"])
    building = Building(
        community_id=community_id,
        id=new_id(),
        key=key,
        created_at=now,
        seq=next(numbers),
        **values,
    )
    session.add(building)
    audit.note(session, community_id, who, "building_add", building.id, now=now)
    return building.id


def change_building(
    session: Session,
    community_id: int,
    building_id: str,
    fields: dict[str, str],
    *,
    who: Actor | None,
    now: int,
) -> None:
    """Set what is known of a building, as far as `fields` has it. Its key stays: lists find it.

    Whoever gives a name names it: it waits no longer on the "to be named" list.
    """
    numbers = sequence.draw(session, community_id)
    building = get_building(session, community_id, building_id)
    present = {name: getattr(building, name) for name in LENGTHS}
    values = _read(present | fields)
    named = "name" in fields and building.provisional
    if values == present and not named:
        return
    _check_label(session, building, values)
    for name, value in values.items():
        setattr(building, name, value)
    if named:
        building.provisional = False
    building.seq = next(numbers)
    audit.note(session, community_id, who, "building_change", building_id, now=now)


def add_doors(
    session: Session,
    community_id: int,
    building_id: str,
    doors: Sequence[DoorName],
    *,
    who: Actor | None,
    now: int,
    revive: bool = False,
) -> Added:
    """Add the doors whose key the building lacks; with `revive` bring retired ones back."""
    numbers = sequence.draw(session, community_id, 2 * len(doors) + 1)
    building = get_building(session, community_id, building_id)
    for door in doors:
        _check_door(door)
    known = {(door.unit_key, door.room_key): door for door in _doors(session, building)}
    fresh = {door.key: door for door in doors if door.key not in known}
    rows = [_row(building, door, next(numbers)) for door in fresh.values()]
    old = {door.key for door in doors if door.key in known}
    there = {known[key].door_id or known[key].id for key in old}
    back = standing.out_of_use(session, community_id, there) if revive else []
    all_back = standing.with_merged(session, community_id, back)
    with rearranging(Change(session, community_id, numbers, now), [building_id]) as events:
        if rows:
            session.execute(insert(Household), rows)
        standing.bring_back(session, community_id, back, all_back)
        events += [DoorEvent(row["id"], building_id, None, "live") for row in rows]
        events += [DoorEvent(door_id, building_id, "retired", "live") for door_id in back]
    if rows or back:
        done = len(rows) + len(back)
        audit.note(session, community_id, who, "doors_add", building_id, now=now, doors=done)
    return Added(len(rows), len(back), len(old) - len(back))


def rename_door(
    session: Session,
    community_id: int,
    household_id: str,
    door: DoorName,
    *,
    who: Actor | None,
    now: int,
) -> None:
    """Give a door another unit, room or floor; its visits stay with it.

    It remembers the key under which its list knew it. Problem `door_exists` when another door of
    the building has the new key. Rows of merged buildings that are this door by its key keep it.
    """
    numbers = sequence.draw(session, community_id)
    household = get_door(session, community_id, household_id)
    _check_door(door)
    unit, room = door.key
    rows = [household]
    if (unit, room) != (household.unit_key, household.room_key):
        _check_key(session, household, unit, room)
        rows += _namesakes(session, household)
    for row in rows:
        if row.listed and row.source_key is None and (unit, room) != (row.unit_key, row.room_key):
            row.source_key = source_key(row.unit_key, row.room_key)
        row.unit, row.room, row.floor = door.unit, door.room, door.floor
        row.unit_key, row.room_key = unit, room
    household.seq = next(numbers)
    audit.note(session, community_id, who, "door_rename", household_id, now=now)


def set_retired(
    session: Session,
    community_id: int,
    household_id: str,
    *,
    retired: bool,
    who: Actor | None,
    now: int,
) -> None:
    """Take a door out of use, or bring it back, with all that was merged into it. Its history
    stays; repeats change nothing."""
    numbers = sequence.draw(session, community_id, 4)
    household = get_door(session, community_id, household_id)
    if (household.retired_at is not None) == retired:
        return
    building_id = household.building_id
    was: Standing = "live" if retired else "retired"
    then: Standing = "retired" if retired else "live"
    rows = standing.with_merged(session, community_id, [household_id])
    with rearranging(Change(session, community_id, numbers, now), [building_id]) as events:
        if retired:
            standing.retire(session, community_id, rows, now)
        else:
            standing.bring_back(session, community_id, [household_id], rows)
        events.append(DoorEvent(household_id, building_id, was, then))
    action = "door_retire" if retired else "door_unretire"
    audit.note(session, community_id, who, action, household_id, now=now)


def get_building(session: Session, community_id: int, building_id: str) -> Building:
    """The building; NotFound when the community has none with this id that stands by itself."""
    building = session.get(Building, (community_id, building_id))
    if building is None or building.merged_into is not None:
        raise NotFound("building_unknown")
    return building


def get_door(session: Session, community_id: int, household_id: str) -> Household:
    """The door; NotFound when the community has none with this id as its first."""
    household = session.get(Household, (community_id, household_id))
    if household is None or household.door_id is not None:
        raise NotFound("door_unknown")
    return household


def _read(fields: dict[str, str]) -> dict[str, str]:
    """The fields tidied: no white space around, no control characters, not too long."""
    values = {}
    for name, length in LENGTHS.items():
        plain = "".join(c if c.isprintable() else " " for c in fields.get(name) or "")
        values[name] = " ".join(plain.split())
        if len(values[name]) > length:
            raise Problem("too_long", field=name, most=length)
    if not values["name"]:
        raise Problem("building_name_missing", field="name")
    return values


def _check_label(session: Session, building: Building, values: dict[str, str]) -> None:
    """No two buildings of a compound with one name: nobody could tell them apart."""
    if (values["name"], values["compound"]) == (building.name, building.compound):
        return
    twin = select(Building.id).where(
        Building.community_id == building.community_id,
        Building.name == values["name"],
        Building.compound == values["compound"],
        Building.id != building.id,
        STANDS,
    )
    if session.scalar(twin) is not None:
        raise Problem("building_exists", status=409, name=values["name"])


def _check_door(door: DoorName) -> None:
    """A number must be left over after normalising, and everything must fit."""
    if not door.key[1]:
        raise Problem("room_missing", field="room")
    if len(door.unit) > 20 or len(door.room) > 40:
        raise Problem("too_long", field="room", most=40)
    if door.floor is not None and not LOWEST <= door.floor <= HIGHEST:
        raise Problem("floor_invalid", field="floor")


def _doors(session: Session, building: Building) -> list[Household]:
    statement = select(Household).where(
        Household.community_id == building.community_id, Household.building_id == building.id
    )
    return list(session.scalars(statement))


def _row(building: Building, door: DoorName, seq: int) -> dict[str, Any]:
    unit, room = door.key
    return {
        "community_id": building.community_id,
        "id": new_id(),
        "building_id": building.id,
        "unit": door.unit,
        "floor": door.floor,
        "room": door.room,
        "unit_key": unit,
        "room_key": room,
        "listed": True,
        "seq": seq,
    }


def _check_key(session: Session, household: Household, unit: str, room: str) -> None:
    taken = select(Household.id).where(
        Household.community_id == household.community_id,
        Household.building_id == household.building_id,
        Household.unit_key == unit,
        Household.room_key == room,
    )
    if session.scalar(taken) is not None:
        raise Problem("door_exists", status=409)


def _namesakes(session: Session, household: Household) -> list[Household]:
    """Rows of merged buildings that are this door because they have its key there."""
    forest = Forest(session, household.community_id)
    statement = select(Household).where(
        Household.community_id == household.community_id,
        Household.building_id.in_(forest.homes(household.building_id)[1:]),
        Household.unit_key == household.unit_key,
        Household.room_key == household.room_key,
    )
    return list(session.scalars(statement))
