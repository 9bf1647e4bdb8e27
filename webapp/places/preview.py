"""What a rule would make of a building, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.places.building_queries import BuildingDesk
from webapp.places.generator import DoorPlan, NewDoor, generate, unused_exceptions
from webapp.places.numbers import room_key, unit_key


@dataclass(frozen=True, slots=True)
class Floor:
    """The doors of a floor of a unit, each with whether it is there already."""

    number: int
    doors: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Units with their floors from the top; `new` doors would be made, `known` are there.

    `unused` are exceptions that name no door: most likely typing errors.
    """

    units: tuple[tuple[str, tuple[Floor, ...]], ...]
    new: int
    known: int
    unused: tuple[str, ...]


def preview(view: BuildingDesk, plan: DoorPlan) -> Preview:
    """Raises RuleError for a rule that makes no doors."""
    doors = generate(plan)
    there = {(unit_key(door.unit), room_key(door.room)) for door in view.doors}
    new = sum(door.key not in there for door in doors)
    return Preview(
        units=tuple(_units(doors, there)),
        new=new,
        known=len(doors) - new,
        unused=tuple("-".join(filter(None, door)) for door in unused_exceptions(plan)),
    )


def _units(
    doors: list[NewDoor], there: set[tuple[str, str]]
) -> list[tuple[str, tuple[Floor, ...]]]:
    units: dict[str, dict[int, list[tuple[str, bool]]]] = {}
    for door in doors:
        of_floor = units.setdefault(door.unit, {}).setdefault(door.floor, [])
        of_floor.append((door.room, door.key in there))
    return [
        (
            unit,
            tuple(Floor(n, tuple(floors[n])) for n in sorted(floors, reverse=True)),
        )
        for unit, floors in units.items()
    ]
