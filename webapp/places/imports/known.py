"""What the community has already: which of its buildings a record means, and its doors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.places.imports.records import BuildingRecord, DoorKey
from webapp.places.models import Building, Household
from webapp.places.numbers import building_key, compound_key

if TYPE_CHECKING:
    from webapp.places.imports.planning import BuildingPlan

_FAR = 2_000
"""Metres: the same id further away than this is another list's id."""

_COLUMNS = (
    Building.id,
    Building.key,
    Building.name,
    Building.compound,
    Building.source,
    Building.source_id,
    Building.lat,
    Building.lon,
    Building.provisional,
)


@dataclass(frozen=True, slots=True)
class Match:
    """The building that a record means: `id`, or none for a new one.

    `among` > 1: it could be any of several. `by_number`: only the number led there.
    """

    id: str | None = None
    among: int = 0
    by_number: bool = False
    compounds: tuple[str, ...] = ()


@dataclass(slots=True)
class _Known:
    id: str
    key: str
    compound: str
    source: str | None
    source_id: str | None
    lat: float | None
    lon: float | None


class KnownBuildings:
    """The community's buildings by every way that a list may name them."""

    def __init__(self, session: Session, community_id: int) -> None:
        self.community_id = community_id
        self._by_source: dict[tuple[str, str], list[_Known]] = {}
        self._by_key: dict[str, _Known] = {}
        self._by_label: dict[tuple[str, str], _Known] = {}
        self._by_number: dict[str, dict[str, _Known]] = {}
        self._labels: dict[str, set[str]] = {}
        self._ids: set[str] = set()
        # a practice building belongs to nobody's list
        query = select(*_COLUMNS).where(
            Building.community_id == community_id, Building.practice.is_(False)
        )
        for row in session.execute(query):
            self._add(row)

    def look_again(self, session: Session, keys: Sequence[str]) -> None:
        """Take in buildings that somebody has made under these keys in the meantime."""
        for some in db.chunks([key for key in keys if key not in self._by_key]):
            query = select(*_COLUMNS).where(
                Building.community_id == self.community_id,
                Building.key.in_(some),
                Building.practice.is_(False),
            )
            for row in session.execute(query):
                self._add(row)

    def match(self, record: BuildingRecord, source: str) -> Match:
        """The building that the record means."""
        for known in self._by_source.get((source, record.source_id or ""), ()):
            if _same_place(known, record):
                return Match(known.id)
        if record.provisional:
            return Match()
        found = self._by_key.get(record.key) or self._by_label.get((record.scope, record.number))
        if found is not None and not _another_source_id(found, record, source):
            return Match(found.id)
        if record.scope or record.source_id or found is not None:
            return Match()
        candidates = self._by_number.get(record.number, {})
        compounds = tuple(known.compound for known in candidates.values())
        if len(candidates) == 1:
            return Match(next(iter(candidates)), 1, by_number=True, compounds=compounds)
        return Match(among=len(candidates), compounds=compounds)

    def remember(self, plan: BuildingPlan, record: BuildingRecord, source: str) -> None:
        """Know a building that this run makes (or renames), too."""
        known = _Known(
            plan.id,
            str(plan.values.get("key", record.key)),
            record.compound,
            source if record.source_id else None,
            record.source_id,
            record.lat,
            record.lon,
        )
        if plan.new:
            self._index(known, str(plan.values.get("name", "")))
        elif "key" in plan.values:
            self._by_key[known.key] = known

    def free_key(self, key: str, source_id: str | None) -> str:
        """The key, or one beside it when another building has it (two outlines, one number)."""
        if key not in self._by_key:
            return key
        beside = f"{key}#{source_id}"
        number = 2
        while beside in self._by_key:
            beside, number = f"{key}#{source_id}-{number}", number + 1
        return beside

    def free_label(self, compound: str, label: Callable[[int], str]) -> str:
        """The first made-up label that no building of the compound has."""
        taken = self._labels.setdefault(compound_key(compound), set())
        tries = range(1, len(taken) + 2)  # one of them is free
        return next((name for number in tries if (name := label(number)) not in taken), label(0))

    def _add(self, row: Row[Any]) -> None:
        if row.id in self._ids:
            return
        known = _Known(
            row.id, row.key, row.compound, row.source, row.source_id, row.lat, row.lon
        )
        self._index(known, row.name)
        if not row.provisional:
            # a building that was renamed or named by hand is found by its name as well
            label = compound_key(row.compound), _number(row.name, row.compound)
            self._by_label.setdefault(label, known)

    def _index(self, known: _Known, name: str) -> None:
        self._ids.add(known.id)
        self._by_key[known.key] = known
        if known.source and known.source_id:
            self._by_source.setdefault((known.source, known.source_id), []).append(known)
        scope, _bar, number = known.key.partition("|")
        if scope and number and not known.key.startswith("#"):
            self._by_number.setdefault(number.split("#")[0], {})[known.id] = known
        self._labels.setdefault(compound_key(known.compound), set()).add(name)


def rows_of(session: Session, community_id: int, ids: Sequence[str]) -> dict[str, Building]:
    """The buildings with these ids."""
    found: dict[str, Building] = {}
    for some in db.chunks(ids, 500):
        query = select(Building).where(
            Building.community_id == community_id, Building.id.in_(some)
        )
        for building in session.scalars(query):
            session.expunge(building)  # only looked at; changes go by Core
            found[building.id] = building
    return found


@dataclass(frozen=True, slots=True)
class KnownDoor:
    """A door that is there."""

    id: str
    unit: str
    floor: int | None
    listed: bool
    retired: bool


def doors_of(
    session: Session, community_id: int, ids: Sequence[str]
) -> dict[str, dict[DoorKey, KnownDoor]]:
    """Building id → the doors that are there by their keys, present and as their list knew them."""
    doors: dict[str, dict[DoorKey, KnownDoor]] = {}
    for some in db.chunks(ids, 500):
        query = select(
            Household.id,
            Household.building_id,
            Household.unit_key,
            Household.room_key,
            Household.source_key,
            Household.floor,
            Household.listed,
            Household.retired_at,
        ).where(Household.community_id == community_id, Household.building_id.in_(some))
        for row in session.execute(query):
            door = KnownDoor(
                row.id, row.unit_key, row.floor, row.listed, row.retired_at is not None
            )
            of_building = doors.setdefault(row.building_id, {})
            if row.source_key:
                unit, _bar, room = row.source_key.partition("|")
                of_building.setdefault((unit, room), door)
            of_building[row.unit_key, row.room_key] = door
    return doors


def _same_place(known: _Known, record: BuildingRecord) -> bool:
    """Whether an equal id means the same building: small ids recur from list to list."""
    if None not in (known.lat, known.lon, record.lat, record.lon):
        return _metres(known, record) < _FAR
    if not known.compound or not record.compound:
        return True
    return compound_key(known.compound) == compound_key(record.compound)


def _metres(known: _Known, record: BuildingRecord) -> float:
    north = ((known.lat or 0) - (record.lat or 0)) * 111_320
    east = ((known.lon or 0) - (record.lon or 0)) * 111_320 * cos(radians(record.lat or 0))
    return hypot(north, east)


def _another_source_id(known: _Known, record: BuildingRecord, source: str) -> bool:
    return (
        known.source == source
        and bool(known.source_id and record.source_id)
        and known.source_id != record.source_id
    )


def _number(name: str, compound: str) -> str:
    short = name.removeprefix(compound) if compound else name
    return building_key(short or name)
