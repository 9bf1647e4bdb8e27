"""One building of a list against what is there: what to make, what to change, what to say.

Pure: looks at a record and at rows, touches no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.places.claims import LOCATION, Claim, metres, value_of
from webapp.places.generator import DoorPlan, NewDoor, RuleError, from_total, generate
from webapp.places.imports import attribution
from webapp.places.imports.findings import Finding
from webapp.places.imports.known import KnownDoor, borrowed_id
from webapp.places.imports.records import BuildingRecord, DoorKey, DoorRecord
from webapp.places.imports.weighing import weigh
from webapp.places.models import Building
from webapp.places.numbers import compound_key, room_key

Values = dict[str, Any]
_SAME_DEGREES = 1e-6


@dataclass(slots=True)
class BuildingPlan:
    """What becomes of one building. `values` are columns to write; none for an unchanged one."""

    id: str = ""
    new: bool = False
    values: Values = field(default_factory=dict)
    doors: list[Values] = field(default_factory=list)
    changed: list[tuple[str, Values]] = field(default_factory=list)
    back: list[str] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)


def size(record: BuildingRecord, *, generate: bool) -> int:
    """About how many doors the building has: for progress and for the size of transactions."""
    if record.doors or not generate:
        return max(1, len(record.doors))
    by_rule = (record.rooms_per_floor or 0) * (record.floors or 0) * len(_units(record))
    return max(1, record.dwellings or by_rule)


def plan(
    record: BuildingRecord,
    there: Building | None,
    doors: Mapping[DoorKey, KnownDoor],
    *,
    generate: bool,
    source: str,
    said_by: str = "",
    known: Sequence[Claim] = (),
) -> BuildingPlan:
    """What the record means for a building that is there, or for a new one (`there` none).

    `said_by` is the source's attribution, `known` what sources have claimed of the building.
    """
    result = BuildingPlan()
    said = _said(record, source)
    if there is None:
        result.values = {**said, "key": record.key, "provisional": record.provisional}
        result.values["attribution"] = said_by
    else:
        _compare(result, record, _differences(record, said, there, source), there, source, known)
        if result.values.keys() - {"source_id"} or there.source == source:
            said_by = attribution.together(there.attribution, said_by)
            result.values |= {} if said_by == there.attribution else {"attribution": said_by}
    if record.doors:
        _listed_doors(record, doors, result)
    elif generate:
        _generated_doors(record, doors, result)
    return result


def _compare(
    result: BuildingPlan,
    record: BuildingRecord,
    values: Values,
    there: Building,
    source: str,
    known: Sequence[Claim],
) -> None:
    """Changes where the source may say so, claims where another one says otherwise."""
    weighed = weigh(values, there, source, known)
    result.claims, result.agreed = weighed.claims, weighed.agreed
    result.values = {c: v for c, v in weighed.values.items() if _differs(v, getattr(there, c))}
    for claim in weighed.open:
        params = {"name": there.name, **_both(claim, there)}
        finding = Finding(
            f"conflict_{claim.field}", record.row, record.column, record.sheet, params
        )
        result.notices.append(finding)


def _both(claim: Claim, there: Building) -> Values:
    """What is there and what the source says, for a sentence."""
    here = value_of(there, claim.field)
    if claim.field == LOCATION:
        return {"metres": round(metres(here, claim.value))}
    return {"here": here, "says": claim.value}


def _said(record: BuildingRecord, source: str) -> Values:
    """The columns that the list says something about."""
    values: Values = {
        "name": record.name,
        "compound": record.compound,
        "grid": record.grid,
        "address": record.address,
        "access_note": record.access_note,
        "lat": record.lat,
        "lon": record.lon,
        "outline": record.outline,
        "units": record.units or _named_units(record),
        "floors": record.floors,
        "source": source,
        "source_id": record.source_id,
    }
    return {column: value for column, value in values.items() if value not in (None, "")}


def _differences(record: BuildingRecord, said: Values, there: Building, source: str) -> Values:
    """What the list says otherwise than the row; a name that a person gave stays.

    Names differ in style from list to list, so a name is new only if the key is: the key stays
    what the list called the building, whatever it was renamed to since.
    """
    values = dict(said)
    name = values.pop("name", None)
    if name and there.provisional:
        values |= {"name": name, "key": record.key, "provisional": False}
    elif name and _moved(record, there, source):
        values |= {"name": name, "key": record.key}
    if compound_key(record.compound) == compound_key(there.compound):
        values.pop("compound", None)
    if not record.units and (there.units or 0) >= values.get("units", 0):
        values.pop("units", None)  # a list of some of the rooms names some of the units
    if there.address and there.source not in {None, source}:
        values.pop("address", None)  # every source abbreviates in its own way
    if there.source is not None:
        values.pop("source", None)  # who made it stays; another's id is borrowed
    if there.source not in {None, source} and "source_id" in values:
        own = values.pop("source_id")
        if there.source_id is None:
            values["source_id"] = borrowed_id(source, own)
    return values


def _moved(record: BuildingRecord, there: Building, source: str) -> bool:
    """Whether the source itself calls the building otherwise than when it was imported."""
    return (
        there.source == source
        and there.source_id == record.source_id
        and record.source_id is not None
        and there.key.partition("#")[0] != record.key
    )


def _differs(new: Any, old: Any) -> bool:
    if isinstance(new, float) and isinstance(old, float):
        return abs(new - old) > _SAME_DEGREES
    return bool(new != old)


def _named_units(record: BuildingRecord) -> int | None:
    return sum(1 for unit in record.unit_names if unit) or None


def _units(record: BuildingRecord) -> tuple[str, ...]:
    named = tuple(unit for unit in record.unit_names if unit)
    if named:
        return named
    return tuple(str(n + 1) for n in range(record.units)) if record.units else ("",)


# -- doors -------------------------------------------------------------------------------------


def _listed_doors(
    record: BuildingRecord, there: Mapping[DoorKey, KnownDoor], result: BuildingPlan
) -> None:
    units = {door.unit for door in there.values()}
    retired = 0
    for (unit, room), door in record.doors.items():
        if not unit and units and "" not in units:
            if len(units) > 1:
                problem = Finding(
                    "no_unit", door.row, door.columns[0], door.sheet, {"room": door.room}
                )
                result.problems.append(problem)
                continue
            unit = next(iter(units))
        known = there.get((unit, room))
        if known is None:
            result.doors.append(_row(unit, door.unit or unit, door.room, door.floor))
            continue
        changes = _door_changes(door, known)
        retired += known.retired and "retired_at" not in changes
        if "retired_at" in changes:
            result.back.append(known.id)
            notice = Finding("door_back", door.row, None, door.sheet, {"room": door.room})
            result.notices.append(notice)
        if changes:
            result.changed.append((known.id, changes))
        else:
            result.unchanged += 1
    if retired:
        params = {"name": record.name, "doors": retired}
        result.notices.append(Finding("doors_retired", record.row, None, record.sheet, params))


def _door_changes(door: DoorRecord, known: KnownDoor) -> Values:
    """What a list changes about a door: that it is on one, and a floor that it says.

    A door that went out of use because nobody had listed it is back; one that the desk retired
    stays retired.
    """
    changes: Values = {} if known.listed else {"listed": True}
    if known.retired and not known.listed:
        changes["retired_at"] = None
    if door.floor is not None and (door.said or known.floor is None) and door.floor != known.floor:
        changes["floor"] = door.floor
    return changes


def _row(unit_key: str, unit: str, room: str, floor: int | None) -> Values:
    return {
        "unit": unit,
        "floor": floor,
        "room": room,
        "unit_key": unit_key,
        "room_key": room_key(room),
        "listed": True,
    }


def _generated_doors(
    record: BuildingRecord, there: Mapping[DoorKey, KnownDoor], result: BuildingPlan
) -> None:
    """Doors from floors and a total or rooms per floor, up to the total that the list gives."""
    if record.dwellings == 0:
        return
    doors = _by_rule(record, result)
    live = len({door.id for door in there.values() if not door.retired})
    room_for = len(doors) - live if record.dwellings else len(doors)
    for door in doors:
        unit, room = door.unit, room_key(door.room)
        if (unit, room) in there:
            result.unchanged += 1
        elif room_for > 0:
            result.doors.append(_row(unit, unit, door.room, door.floor))
            room_for -= 1
    if record.dwellings and live > len(doors):
        params = {"name": record.name, "doors": live, "total": record.dwellings}
        result.notices.append(Finding("more_doors", record.row, None, record.sheet, params))


def _by_rule(record: BuildingRecord, result: BuildingPlan) -> list[NewDoor]:
    try:
        if record.floors and record.dwellings:
            return generate(from_total(record.floors, record.dwellings, units=_units(record)))
        if record.floors and record.rooms_per_floor:
            return generate(DoorPlan(record.floors, record.rooms_per_floor, units=_units(record)))
    except RuleError as error:
        params = {"name": record.name, **error.params}
        result.problems.append(
            Finding(f"rule_{error.code}", record.row, record.column, record.sheet, params)
        )
        return []
    params = {"name": record.name or record.compound}
    result.notices.append(Finding("not_generated", record.row, None, record.sheet, params))
    return []
