"""Paper beside the phone: lists to take along, and what comes back on them, typed in at the desk.

What is typed becomes the same `visit` that a phone records: `by` who walked, the typist beside it
as its author.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, get_args

from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.core.forms import NOON, whole
from webapp.core.ids import derived_id
from webapp.coverage.grid import Door, Unit, arrange, read_doors
from webapp.operations.batch import ACCEPTED
from webapp.operations.push import DUPLICATE, TAKEN
from webapp.operations.recording import record_all
from webapp.places.models import Building
from webapp.visits.operations import ANSWERED, App, Outcome

ROWS = 26
"""Doors on a sheet of A4: a line of 9 mm each, so that a pen fits."""
MOST_SHEETS = 200
STEP = 1_000
"""Between two doors of a sheet, in ms: it says when somebody began, not when they were where."""
OUTCOMES = get_args(Outcome)
APPS = get_args(App)
FIELDS = ("outcome", "app", "leaflets", "follow_up_on", "note")
LEAFLETS = "general"
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a list: some doors of one stairwell, from the top floor down."""

    building: Building
    unit: str
    doors: tuple[Door, ...]
    number: int
    of: int


@dataclass(slots=True)
class Typed:
    """A form as it came: what is wrong by door and field (a code each), how many were new,
    there already, or have a note with a personal number."""

    wrong: dict[tuple[str, str], str] = field(default_factory=dict)
    problem: str | None = None
    new: int = 0
    same: int = 0
    doubtful: int = 0

    @property
    def good(self) -> bool:
        """Whether all of it was taken."""
        return not self.wrong and self.problem is None


def in_order(unit: Unit) -> Iterator[Door]:
    """A stairwell's doors as one walks them: from the top floor down."""
    for _floor, doors in unit.floors:
        yield from doors


def units_of(session: Session, community_id: int, building_id: str) -> tuple[Building, list[Unit]]:
    """A building and its stairwells. NotFound `building_unknown`."""
    building = session.get(Building, (community_id, building_id))
    if building is None:
        raise NotFound("building_unknown")
    doors, _seen = read_doors(session, community_id, building_id)
    return building, list(arrange(doors))


def sheets(session: Session, community_id: int, building_ids: Sequence[str]) -> list[Sheet]:
    """The pages of these buildings, each stairwell on pages of its own; at most MOST_SHEETS."""
    found: list[Sheet] = []
    for building_id in building_ids:
        building, units = units_of(session, community_id, building_id)
        for unit in units:
            doors = list(in_order(unit))
            parts = [tuple(doors[at : at + ROWS]) for at in range(0, len(doors), ROWS)]
            found += [
                Sheet(building, unit.name, part, number, len(parts))
                for number, part in enumerate(parts, start=1)
            ]
        if len(found) >= MOST_SHEETS:
            break
    return found[:MOST_SHEETS]


def enter(
    session: Session,
    who: ActingMember,
    building_id: str,
    form: Mapping[str, str],
    *,
    now: int,
) -> Typed:
    """Record what a form says of a building's doors: all of it, or nothing and why.

    `form` has `once` (an id made with the form: sending it twice records once), `by`, `day`,
    `time`, and `<field>-<door>` for each of FIELDS. NotFound `building_unknown`.
    """
    _building, units = units_of(session, who.community_id, building_id)
    doors = [door for unit in units for door in in_order(unit)]
    typed = Typed()
    begun = _begun(form, who.timezone)
    if begun is None or begun > now:
        typed.problem = "day"
        return typed
    rows = [(door.id, read) for door in doors if (read := _read(door.id, form, typed))]
    if not typed.wrong and not rows:
        typed.problem = "nothing"
    if not typed.good:
        return typed
    operations = [
        {
            "type": "visit",
            "id": derived_id(f"paper {form.get('once', '')} {door_id}"),
            "at": clock.iso_in(begun + place * STEP, who.timezone),
            "household": door_id,
            "by": form.get("by") or who.member_id,
            **said,
        }
        for place, (door_id, said) in enumerate(rows)
    ]
    _record(session, who, operations, typed, now)
    return typed


def _begun(form: Mapping[str, str], timezone: str) -> int | None:
    try:
        day = date.fromisoformat(form.get("day", ""))
        return clock.typed(f"{day}T{form.get('time') or NOON}", timezone)
    except ValueError:
        return None


def _read(door_id: str, form: Mapping[str, str], typed: Typed) -> dict[str, Any] | None:
    """What was typed in one line; nothing for a line that was left empty."""
    cells = {name: form.get(f"{name}-{door_id}", "").strip() for name in FIELDS}
    if not cells["outcome"]:
        if any(text and (name, text) != ("leaflets", "0") for name, text in cells.items()):
            typed.wrong[door_id, "outcome"] = "outcome"
        return None
    said: dict[str, Any] = {"outcome": cells["outcome"]}
    if cells["outcome"] not in OUTCOMES:
        typed.wrong[door_id, "outcome"] = "outcome"
    if cells["app"]:
        said["app"] = cells["app"]
        if cells["app"] not in APPS or cells["outcome"] not in ANSWERED:
            typed.wrong[door_id, "app"] = "app"
    leaflets = whole(cells["leaflets"] or "0", 2)
    if leaflets is None:
        typed.wrong[door_id, "leaflets"] = "leaflets"
    elif leaflets:
        said["leaflets"] = {LEAFLETS: leaflets}
    if cells["follow_up_on"]:
        said["follow_up_on"] = cells["follow_up_on"]
        if not _is_day(cells["follow_up_on"]) or cells["outcome"] == "vacant":
            typed.wrong[door_id, "follow_up_on"] = "follow_up_on"
    if cells["note"]:
        said["note"] = cells["note"]
        if len(cells["note"]) > LONGEST_NOTE:
            typed.wrong[door_id, "note"] = "note"
    return said


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _record(
    session: Session,
    who: ActingMember,
    operations: Sequence[dict[str, Any]],
    typed: Typed,
    now: int,
) -> None:
    results = record_all(
        session, who.community_id, who.timezone, operations, member_id=who.member_id, now=now
    )
    if any(result.code == TAKEN for result in results):
        typed.problem = "entered"  # this form was sent before and said something else
        raise Refused(typed)
    for operation, result in zip(operations, results, strict=True):
        typed.new += result.status == ACCEPTED
        typed.same += result.status == DUPLICATE
        if result.status not in (ACCEPTED, DUPLICATE):
            typed.wrong[operation["household"], result.field or "outcome"] = "refused"
        typed.doubtful += result.warning is not None
    if typed.wrong:
        raise Refused(typed)


class Refused(Exception):
    """What was typed is not taken after all: the transaction ends, nothing is kept."""

    def __init__(self, typed: Typed) -> None:
        super().__init__()
        self.typed = typed
