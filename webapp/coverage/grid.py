"""A building's doors as a grid of units and floors, each in the state that the fold left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.coverage.tally import Tally
from webapp.places.models import IS_DOOR, Household
from webapp.visits.models import DoorState
from webapp.visits.packed import walked

STATES = (
    "untouched",
    "no_answer",
    "informed",
    "installed",
    "refused",
    "follow_up",
    "vacant",
)
HAVE_APP = ("installed", "helped")


@dataclass(frozen=True, slots=True)
class Door:
    """A live door and its state as the fold left it."""

    id: str
    unit: str
    floor: int | None
    room: str
    display: str
    tries: int
    knocked: bool
    vacant: bool
    reached: bool
    installed: bool


@dataclass(frozen=True, slots=True)
class Unit:
    """A stairwell: floors from the top down, each with its doors from left to right."""

    name: str
    floors: tuple[tuple[int | None, tuple[Door, ...]], ...]
    tally: Tally
    columns: int


Seen = dict[str, tuple[int, Door]]
"""By member: the latest moment recorded here, and the door."""


def read_doors(session: Session, community_id: int, building_id: str) -> tuple[list[Door], Seen]:
    """The building's live doors, and who was last seen at which door (retired ones too)."""
    statement = (
        select(
            Household.id,
            Household.unit,
            Household.floor,
            Household.room,
            func.coalesce(DoorState.display, "untouched"),
            func.coalesce(DoorState.tries, 0),
            func.coalesce(DoorState.knocks, 0),
            func.coalesce(DoorState.vacant, False),
            func.coalesce(DoorState.reached, False),
            DoorState.app,
            DoorState.packed,
            Household.retired_at,
        )
        .outerjoin(
            DoorState,
            (DoorState.community_id == Household.community_id)
            & (DoorState.household_id == Household.id),
        )
        .where(
            Household.community_id == community_id, Household.building_id == building_id, IS_DOOR
        )
    )
    doors: list[Door] = []
    seen: Seen = {}
    for row in session.execute(statement):
        door = Door(*row[:6], row[6] > 0, bool(row[7]), bool(row[8]), row[9] in HAVE_APP)
        if row.packed is not None:
            _note_seen(seen, door, row.packed)
        if row.retired_at is None:
            doors.append(door)
    return doors, seen


def _note_seen(seen: Seen, door: Door, packed: str) -> None:
    for moment, member_id in walked(packed):
        if member_id not in seen or moment > seen[member_id][0]:
            seen[member_id] = (moment, door)


def count_states(doors: Iterable[Door]) -> dict[str, int]:
    """How many doors are in which display state, all states named."""
    counted = Counter(door.display for door in doors)
    return {state: counted[state] for state in STATES}


def arrange(doors: list[Door]) -> tuple[Unit, ...]:
    """The doors by unit, floor from the top and room."""
    names = sorted({door.unit for door in doors}, key=_natural)
    return tuple(_unit(name, [door for door in doors if door.unit == name]) for name in names)


def _unit(name: str, doors: list[Door]) -> Unit:
    by_floor: dict[int | None, list[Door]] = {}
    for door in sorted(doors, key=lambda door: _natural(door.room)):
        by_floor.setdefault(door.floor, []).append(door)
    order = sorted(by_floor, key=lambda floor: -1000 if floor is None else floor, reverse=True)
    return Unit(
        name=name,
        floors=tuple((floor, tuple(by_floor[floor])) for floor in order),
        tally=Tally(
            households=len(doors),
            vacant=sum(door.vacant for door in doors),
            knocked=sum(door.knocked for door in doors),
            reached=sum(door.reached for door in doors),
            installed=sum(door.installed for door in doors),
        ),
        columns=max((len(row) for row in by_floor.values()), default=0),
    )


def _natural(text: str) -> tuple[int, str]:
    return (len(text), text)
