"""The demo's buildings: where they stand, how they look from above, which doors they have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin
from random import Random
from typing import Any

from geopy.distance import geodesic

from webapp.demo import names
from webapp.demo.made import made_id
from webapp.places.generator import DoorPlan, Numbering, generate

CENTRE = (29.9621, 106.2648)
"""WGS-84 latitude and longitude of the first compound's middle."""

Point = tuple[float, float]
"""Metres to the east and to the north."""


@dataclass(frozen=True, slots=True)
class Door:
    """A door of the demo as volunteers find it."""

    id: str
    unit: str
    floor: int
    room: str


@dataclass(frozen=True, slots=True)
class Block:
    """A building of the demo. `outline` is a GeoJSON polygon."""

    id: str
    number: int
    name: str
    compound: str
    grid: str
    address: str
    lat: float
    lon: float
    outline: dict[str, Any]
    units: int
    floors: int
    access_note: str
    practice: bool
    doors: tuple[Door, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """A kind of building: `ground` is the number of doors on the first floor of a unit."""

    units: int
    floors: int
    rooms: int
    ground: int | None = None


@dataclass(frozen=True, slots=True)
class _Compound:
    """Buildings in rows: `pitch` metres from one to the next, the whole turned by `angle`."""

    name: str
    street: str
    middle: Point
    angle: float
    pitch: Point
    grids: tuple[str, str]
    shapes: tuple[_Shape, ...]


_COMPOUNDS = (
    _Compound(
        names.OLD_COMPOUND,
        names.OLD_STREET,
        (0.0, 0.0),
        12.0,
        (84.0, 34.0),
        (names.GRIDS[0], names.GRIDS[1]),
        (
            _Shape(3, 6, 2),
            _Shape(4, 6, 2),
            _Shape(4, 7, 2, ground=0),
            _Shape(4, 7, 2),
            _Shape(3, 7, 2),
            _Shape(3, 11, 2),
            _Shape(4, 11, 2),
            _Shape(2, 11, 3),
            _Shape(3, 11, 2),
            _Shape(2, 9, 2),
            _Shape(4, 6, 2, ground=1),
            _Shape(3, 6, 3),
        ),
    ),
    _Compound(
        names.NEW_COMPOUND,
        names.NEW_STREET,
        (390.0, 60.0),
        -8.0,
        (72.0, 58.0),
        (names.GRIDS[2], names.GRIDS[3]),
        (
            _Shape(1, 33, 4, ground=2),
            _Shape(1, 33, 4, ground=2),
            _Shape(2, 18, 4),
            _Shape(2, 18, 4),
            _Shape(1, 26, 6, ground=0),
            _Shape(2, 24, 3),
            _Shape(1, 33, 6, ground=0),
            _Shape(2, 17, 4),
            _Shape(2, 18, 4, ground=2),
            _Shape(1, 30, 4),
            _Shape(1, 28, 6, ground=3),
            _Shape(2, 17, 4),
        ),
    ),
)
_COLUMNS = 3
_PRACTICE = _Shape(1, 4, 2)


def make_blocks(rng: Random, moment: int) -> list[Block]:
    """All buildings, the practice building last; ids carry `moment` (ms)."""
    blocks = [block for compound in _COMPOUNDS for block in _row_by_row(compound, rng, moment)]
    return [*blocks, _practice(rng, moment)]


def _row_by_row(compound: _Compound, rng: Random, moment: int) -> Iterator[Block]:
    rows = len(compound.shapes) // _COLUMNS
    for index, shape in enumerate(compound.shapes):
        row, column = divmod(index, _COLUMNS)
        place = (
            (column - (_COLUMNS - 1) / 2) * compound.pitch[0],
            ((rows - 1) / 2 - row) * compound.pitch[1],
        )
        east, north = _turned(place, compound.angle)
        middle = compound.middle[0] + east, compound.middle[1] + north
        yield _block(
            rng,
            moment,
            shape,
            number=index + 1,
            name=names.BLOCK.format(number=index + 1),
            compound=compound,
            grid=compound.grids[row * 2 // rows],
            middle=middle,
        )


def _practice(rng: Random, moment: int) -> Block:
    home = _COMPOUNDS[0]
    return _block(
        rng,
        moment,
        _PRACTICE,
        number=0,
        name=names.PRACTICE_BLOCK,
        compound=home,
        grid="",
        middle=(home.middle[0] - 190.0, home.middle[1]),
        practice=True,
    )


def _block(
    rng: Random,
    moment: int,
    shape: _Shape,
    *,
    number: int,
    name: str,
    compound: _Compound,
    grid: str,
    middle: Point,
    practice: bool = False,
) -> Block:
    lat, lon = _position(middle)
    return Block(
        id=made_id(moment, rng),
        number=number,
        name=name,
        compound=compound.name,
        grid=grid,
        address=compound.street,
        lat=lat,
        lon=lon,
        outline=_outline(shape, middle, compound.angle),
        units=shape.units,
        floors=shape.floors,
        access_note=names.PRACTICE_NOTE if practice else rng.choice(names.ACCESS),
        practice=practice,
        doors=tuple(
            Door(made_id(moment, rng), door.unit, door.floor, door.room)
            for door in generate(_plan(shape))
        ),
    )


def _plan(shape: _Shape) -> DoorPlan:
    units = tuple(str(n + 1) for n in range(shape.units))
    by_floor = {} if shape.ground is None else {1: shape.ground, 2: shape.rooms}
    return DoorPlan(
        floors=shape.floors,
        rooms=shape.rooms,
        units=units,
        by_floor=by_floor,
        numbering=Numbering.like("1203"),
    )


def _outline(shape: _Shape, middle: Point, angle: float) -> dict[str, Any]:
    """A slab with a step for every stairwell, or a tower with its corners cut out."""
    corners = _tower() if shape.units == 1 else _slab(shape)
    ring = [_turned(corner, angle) for corner in corners]
    points = [_position((middle[0] + east, middle[1] + north)) for east, north in ring]
    positions = [[lon, lat] for lat, lon in points]
    return {"type": "Polygon", "coordinates": [[*positions, positions[0]]]}


def _tower() -> list[Point]:
    wide, deep, cut = 14.0, 12.0, 5.0
    return [
        (-wide, -deep + cut), (-wide + cut, -deep + cut), (-wide + cut, -deep), (wide - cut, -deep),
        (wide - cut, -deep + cut), (wide, -deep + cut), (wide, deep - cut),
        (wide - cut, deep - cut), (wide - cut, deep), (-wide + cut, deep),
        (-wide + cut, deep - cut), (-wide, deep - cut),
    ]  # fmt: skip


def _slab(shape: _Shape) -> list[Point]:
    length, deep, stair = (9.0 + 4.0 * min(shape.rooms, 3)) * shape.units, 6.5, 3.0
    south = [(-length / 2, -deep), (length / 2, -deep)]
    north: list[Point] = []
    for unit in reversed(range(shape.units)):
        middle = (unit + 0.5) * length / shape.units - length / 2
        north += [
            (middle + stair, deep),
            (middle + stair, deep + 1.5),
            (middle - stair, deep + 1.5),
            (middle - stair, deep),
        ]
    return [*south, (length / 2, deep), *north, (-length / 2, deep)]


def _turned(point: Point, angle: float) -> Point:
    turn = radians(angle)
    east, north = point
    return east * cos(turn) - north * sin(turn), east * sin(turn) + north * cos(turn)


def _position(point: Point) -> tuple[float, float]:
    """Metres east and north of the centre → (latitude, longitude), rounded to a decimetre."""
    east, north = point
    there = geodesic(meters=hypot(east, north)).destination(CENTRE, degrees(atan2(east, north)))
    return round(there.latitude, 6), round(there.longitude, 6)
