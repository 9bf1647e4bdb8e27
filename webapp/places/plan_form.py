"""What a coordinator types about doors, read into rules and lists."""

from __future__ import annotations

import re
from collections.abc import Mapping

from webapp.places.desk import DoorName
from webapp.places.generator import DoorPlan, Numbering, RuleError
from webapp.places.numbers import floor_of, shown_room, shown_unit

SEPARATORS = re.compile(r"[\s,;，；、]+")
MOST_UNITS = 50


def read_plan(form: Mapping[str, str]) -> DoorPlan:
    """A rule from the fields units, floors, rooms, first_floor, example, skipped, other, missing.

    Raises RuleError, also for what is no number (`number`).
    """
    return DoorPlan(
        floors=_number(form, "floors"),
        rooms=_number(form, "rooms"),
        units=read_units(form.get("units", "")),
        first_floor=_number(form, "first_floor", 1),
        numbering=Numbering.like(form.get("example", "").strip() or "101"),
        by_floor=_by_floor(form.get("other", "")),
        skipped=frozenset(_whole(part) for part in _parts(form.get("skipped", ""))),
        missing=tuple(_door(part) for part in _parts(form.get("missing", ""))),
    )


def read_units(text: str) -> tuple[str, ...]:
    """`3` → units 1 to 3; `A、B` → these; nothing → a building without units."""
    parts = _parts(text)
    if not parts:
        return ("",)
    if len(parts) == 1 and parts[0].isdecimal():
        count = int(parts[0])
        if not 1 <= count <= MOST_UNITS:
            raise RuleError("units")
        return tuple(str(number) for number in range(1, count + 1))
    return tuple(shown_unit(part) for part in parts)


def read_doors(unit: str, rooms: str, floor: str) -> list[DoorName]:
    """Doors typed one after the other; without a floor the room's number tells it."""
    given = _whole(floor) if floor.strip() else None
    return [
        DoorName(shown_unit(unit), shown_room(part), given if given is not None else floor_of(part))
        for part in _parts(rooms)
    ]


def read_door(unit: str, room: str, floor: str) -> DoorName:
    """One door as typed into the form that renames it."""
    return DoorName(
        shown_unit(unit), shown_room(room), _whole(floor) if floor.strip() else floor_of(room)
    )


def _parts(text: str) -> list[str]:
    return [part for part in SEPARATORS.split(text.strip()) if part]


def _number(form: Mapping[str, str], name: str, default: int | None = None) -> int:
    text = form.get(name, "").strip()
    if not text and default is not None:
        return default
    return _whole(text)


def _whole(text: str) -> int:
    plain = text.strip()
    if not re.fullmatch(r"-?\d{1,4}", plain):
        raise RuleError("number", text=plain)
    return int(plain)


def _by_floor(text: str) -> dict[int, int]:
    """`1:2, 5:4`: two doors from the first floor on, four from the fifth."""
    counts = {}
    for part in _parts(text.replace("：", ":")):
        floor, colon, count = part.partition(":")
        if not colon:
            raise RuleError("number", text=part)
        counts[_whole(floor)] = _whole(count)
    return counts


def _door(text: str) -> tuple[str, str]:
    """`1203` in every unit, `2-1203` only there."""
    unit, dash, room = text.partition("-")
    return (unit, room) if dash else ("", text)
