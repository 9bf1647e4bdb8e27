"""Makes a building's doors from a rule: units × floors × rooms per floor.

Pure: the same rule gives the same doors in the same order, so a page can show them before
anything is written and an import can make them again and find them unchanged.

    plan = DoorPlan(units=("1", "2"), floors=18, rooms=2, skipped=frozenset({4, 13, 14}))
    doors = generate(plan)          # 1-101, 1-102, 1-201 …

Floors that differ are said once, from where they begin: `by_floor={1: 1, 2: 4}` is one door on
the ground floor and four on the second and, as each floor is the same as the one below it unless
something else is said, on all above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from webapp.places.numbers import room_key, unit_key

MOST_DOORS = 10_000
MOST_FLOORS = 150
MOST_UNITS = 50
_EXAMPLE = re.compile(r"([^0-9]*)(\d+)(?:([^0-9A-Za-z]+)(\d+)|([A-Za-z]))?")


class RuleError(ValueError):
    """A rule that makes no doors; `code` is a catalogue key's last part."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class NewDoor:
    """A door to be: unit and room as shown."""

    unit: str
    floor: int
    room: str

    @property
    def key(self) -> tuple[str, str]:
        """(unit_key, room_key): what makes two doors the same."""
        return unit_key(self.unit), room_key(self.room)


@dataclass(frozen=True, slots=True)
class Numbering:
    """How a room's number is put together from its floor and its place on the floor."""

    prefix: str = ""
    floor_width: int = 1
    separator: str = ""
    room_width: int = 2
    letters: bool = False

    @classmethod
    def like(cls, example: str) -> Numbering:
        """The rule that an example follows: `1203`, `0302`, `12-3`, `#12-03`, `12A`.

        Raises RuleError (`numbering`) for what is no room's number.
        """
        match = _EXAMPLE.fullmatch(example.strip())
        if match is None:
            raise RuleError("numbering", example=example)
        prefix, digits, separator, place, letter = match.groups()
        if letter:
            return cls(prefix=prefix, floor_width=_width(digits), letters=True)
        if separator:
            return cls(prefix, _width(digits), separator, _width(place))
        if len(digits) < 3:
            raise RuleError("numbering", example=example)
        return cls(prefix, _width(digits[:-2]), "", 2)

    def room(self, floor: int, place: int) -> str:
        """The number of the `place`th door (from 1) of a floor; a cellar's floor is below 0."""
        sign = "-" if floor < 0 else ""
        tail = _letters(place) if self.letters else f"{place:0{self.room_width}}"
        return f"{self.prefix}{sign}{abs(floor):0{self.floor_width}}{self.separator}{tail}"

    def fitting(self, most: int) -> Numbering:
        """The same rule wide enough for `most` doors on a floor, so that no two are alike."""
        if self.letters or self.separator or len(str(most)) <= self.room_width:
            return self
        return Numbering(self.prefix, self.floor_width, "", len(str(most)))


@dataclass(frozen=True, slots=True)
class DoorPlan:
    """What to make.

    `rooms` doors on each floor of each unit; `by_floor` says other counts from a floor upwards;
    `per_unit` gives counts floor by floor for one unit (spread totals). `skipped` floors do not
    exist. `missing` doors are left out and `extra` ones added, both written `room` or `unit-room`
    when the unit matters. With `running` the places run on from unit to unit of a floor.
    """

    floors: int
    rooms: int = 0
    units: tuple[str, ...] = ("",)
    first_floor: int = 1
    numbering: Numbering = field(default_factory=Numbering)
    by_floor: Mapping[int, int] = field(default_factory=dict)
    per_unit: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    missing: tuple[tuple[str, str], ...] = ()
    extra: tuple[NewDoor, ...] = ()
    running: bool = False

    def floor_numbers(self) -> list[int]:
        """The floors that exist, from below: there is no floor 0, skipped ones are left out."""
        numbers = range(self.first_floor, self.floors + 1)
        return [n for n in numbers if n != 0 and n not in self.skipped]


def generate(plan: DoorPlan) -> list[NewDoor]:
    """The doors of a plan, by unit, floor and place; `extra` ones last.

    Raises RuleError: `floors`, `units`, `rooms` out of bounds, `too_many` doors.
    """
    _check(plan)
    left_out = {(unit_key(unit), room_key(room)) for unit, room in plan.missing}
    doors = {
        door.key: door
        for door in _regular(plan)
        if door.key not in left_out and ("", door.key[1]) not in left_out
    }
    for door in plan.extra:
        doors.setdefault(door.key, door)
    return list(doors.values())


def from_total(
    floors: int, total: int, *, units: tuple[str, ...] = ("",), numbering: Numbering | None = None
) -> DoorPlan:
    """A plan of exactly `total` doors spread evenly over units and floors.

    What does not divide goes to the lower floors, so that a larger total only adds doors.
    """
    counts = {
        unit: tuple(_spread(share, floors))
        for unit, share in zip(units, _spread(total, len(units)), strict=True)
    }
    return DoorPlan(
        floors=floors,
        units=units,
        per_unit=counts,
        numbering=numbering or Numbering(),
    )


def unused_exceptions(plan: DoorPlan) -> list[tuple[str, str]]:
    """Those of `missing` that name no door: most likely typing errors, to be shown."""
    keys = {door.key for door in _regular(plan)}
    rooms = {room for _unit, room in keys}
    return [
        (unit, room)
        for unit, room in plan.missing
        if (unit_key(unit), room_key(room)) not in keys
        and not (unit == "" and room_key(room) in rooms)
    ]


def _regular(plan: DoorPlan) -> Iterator[NewDoor]:
    counts = {unit: _counts(plan, unit) for unit in plan.units}
    most = max((n for per_floor in counts.values() for n in per_floor.values()), default=0)
    widest = most * len(plan.units) if plan.running else most
    numbering = plan.numbering.fitting(widest)
    for position, unit in enumerate(plan.units):
        for floor, count in counts[unit].items():
            before = sum(counts[u][floor] for u in plan.units[:position]) if plan.running else 0
            for place in range(before + 1, before + count + 1):
                yield NewDoor(unit, floor, numbering.room(floor, place))


def _counts(plan: DoorPlan, unit: str) -> dict[int, int]:
    """Doors on each floor of a unit; each floor is like the one below unless said otherwise."""
    floors = plan.floor_numbers()
    if unit in plan.per_unit:
        return dict(zip(floors, plan.per_unit[unit], strict=True))
    counts, current = {}, plan.rooms
    for floor in floors:
        current = plan.by_floor.get(floor, current)
        counts[floor] = current
    return counts


def _check(plan: DoorPlan) -> None:
    if not 1 <= plan.floors <= MOST_FLOORS or not -9 <= plan.first_floor <= plan.floors:
        raise RuleError("floors", most=MOST_FLOORS)
    if not 1 <= len(plan.units) <= MOST_UNITS or len(set(plan.units)) != len(plan.units):
        raise RuleError("units")
    if plan.rooms < 0 or any(n < 0 for n in plan.by_floor.values()):
        raise RuleError("rooms")
    total = sum(sum(_counts(plan, unit).values()) for unit in plan.units) + len(plan.extra)
    if total > MOST_DOORS:
        raise RuleError("too_many", most=MOST_DOORS)


def _spread(total: int, parts: int) -> list[int]:
    each, rest = divmod(total, parts)
    return [each + (place < rest) for place in range(parts)]


def _width(digits: str) -> int:
    return len(digits) if digits.startswith("0") else 1


def _letters(place: int) -> str:
    text = ""
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
