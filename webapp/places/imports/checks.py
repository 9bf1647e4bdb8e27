"""What only the whole list tells about a door: floors that do not fit, a unit left blank."""

from __future__ import annotations

from webapp.places.imports.findings import Finding
from webapp.places.imports.records import BuildingRecord, DoorKey, DoorRecord, Reading
from webapp.places.numbers import floor_of

ENOUGH = 5
_MOST = 0.8


def check_buildings(reading: Reading) -> None:
    """Take doors that cannot be right out of the reading and say why."""
    for building in reading.buildings:
        rule = _numbers_tell_floors(building)
        for key, door in list(building.doors.items()):
            finding = _wrong(building, key, door, rule=rule)
            if finding is not None:
                reading.problems.append(finding)
                del building.doors[key]


def _wrong(
    building: BuildingRecord, key: DoorKey, door: DoorRecord, *, rule: bool
) -> Finding | None:
    unit, _room = key
    room_label, floor_label = door.columns
    derived = floor_of(door.room)
    if not unit and any(other for other, _r in building.doors):
        return Finding("no_unit", door.row, room_label, door.sheet, {"room": door.room})
    if rule and door.said and derived is not None and derived != door.floor:
        params = {"room": door.room, "floor": door.floor, "derived": derived}
        return Finding("floor_differs", door.row, floor_label, door.sheet, params)
    too_high = building.floors is not None and (door.floor or 0) > building.floors
    if too_high and building.exact and (door.said or _mostly_below(building)):
        label = floor_label if door.said else room_label
        params = {"name": building.name, "floors": building.floors, "room": door.room}
        return Finding("floor_too_high", door.row, label, door.sheet, params)
    if too_high and not door.said:
        door.floor = None
    return None


def _numbers_tell_floors(building: BuildingRecord) -> bool:
    """Whether the rooms' numbers follow the floors that the list gives, but for a slip."""
    said = [d for d in building.doors.values() if d.said and floor_of(d.room) is not None]
    fitting = sum(1 for d in said if floor_of(d.room) == d.floor)
    return len(said) >= ENOUGH and fitting >= len(said) * _MOST


def _mostly_below(building: BuildingRecord) -> bool:
    floors = [d.floor for d in building.doors.values() if d.floor is not None]
    below = sum(1 for floor in floors if floor <= (building.floors or 0))
    return len(floors) >= ENOUGH and below >= len(floors) * _MOST
