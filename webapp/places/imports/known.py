"""What the community has already: which of its buildings a record means, and its doors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.places.imports.records import BuildingRecord, DoorKey
from webapp.places.models import Building, Household
from webapp.places.numbers import building_key, compound_key
from webapp.places.rearrange import Forest

if TYPE_CHECKING:
    from webapp.places.imports.planning import BuildingPlan

_FAR = 2_000
"""Metres: the same id further away than this is another list's id."""

_NEAR = 150
"""Metres: the same bare number as near as this is the same thing of OpenStreetMap."""

_BORROWED = re.compile("(list|geojson|osm):(.+)")
_OSM_ID = re.compile(r"(?:(?:node|way|relation)/)?(\d+)")
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
        self._by_osm: dict[str, list[_Known]] = {}
        self._by_key: dict[str, _Known] = {}
        self._by_label: dict[tuple[str, str], _Known] = {}
        self._by_number: dict[str, dict[str, _Known]] = {}
        self._labels: dict[str, set[str]] = {}
        self._label_number: dict[str, int] = {}
        self._by_id: dict[str, _Known] = {}
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
        for known in self._by_osm.get(_osm_number(source, record.source_id), ()):
            if _metres(known, record) < _NEAR:
                return Match(known.id)
        if record.provisional:
            return Match()
        if not record.scope:
            return self._match_number(record)
        found = self._by_key.get(record.key) or self._by_label.get((record.scope, record.number))
        if found is not None and not _another_source_id(found, record, source):
            return Match(found.id)
        return Match()

    def _match_number(self, record: BuildingRecord) -> Match:
        """A number alone is no key: it leads only to the one building that has it.

        A shape on a map is never joined to a list's building by its number alone.
        """
        if record.source_id:
            return Match()
        exact = self._by_key.get(record.key)
        if exact is not None and exact.source_id is None:
            return Match(exact.id)  # a list without compounds made it, this may be the next one
        having = list(self._by_number.get(record.number, {}).values())
        without = [known for known in having if not known.compound and known.key[:1] == "|"]
        candidates = without or having
        compounds = tuple(known.compound or known.key.partition("|")[0] for known in candidates)
        if len(candidates) == 1:
            return Match(candidates[0].id, 1, by_number=not without, compounds=compounds)
        return Match(among=len(candidates), compounds=compounds)

    def remember(self, plan: BuildingPlan, record: BuildingRecord, source: str) -> None:
        """Know a building that this run makes (or renames), too."""
        known = _Known(
            plan.id,
            str(plan.values.get("key", record.key)),
            record.compound,
            source,
            record.source_id,
            record.lat,
            record.lon,
        )
        if plan.new:
            self._index(known, str(plan.values.get("name", "")))
            return
        there = self._by_id[plan.id]
        if "key" in plan.values:
            there.key = known.key
            self._by_key[known.key] = there
        if "source_id" in plan.values:
            there.source_id = str(plan.values["source_id"])
            there.lat, there.lon = known.lat, known.lon
            self._by_source.setdefault((source, record.source_id or ""), []).append(there)

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
        scope = compound_key(compound)
        taken = self._labels.setdefault(scope, set())
        while (name := label(self._label_number.setdefault(scope, 1))) in taken:
            self._label_number[scope] += 1
        return name

    def _add(self, row: Any) -> None:
        if row.id in self._by_id:
            return
        known = _Known(row.id, row.key, row.compound, row.source, row.source_id, row.lat, row.lon)
        self._index(known, row.name)
        if not row.provisional:
            # a building that was renamed or named by hand is found by its name as well
            label = compound_key(row.compound), _number(row.name, row.compound)
            self._by_label.setdefault(label, known)

    def _index(self, known: _Known, name: str) -> None:
        self._by_id[known.id] = known
        self._by_key[known.key] = known
        identity = _identity(known)
        if identity is not None:
            self._by_source.setdefault(identity, []).append(known)
            if number := _osm_number(*identity):
                self._by_osm.setdefault(number, []).append(known)
        _scope, _bar, number = known.key.partition("|")
        if number and not known.key.startswith("#"):
            self._by_number.setdefault(number.split("#")[0], {})[known.id] = known
        self._labels.setdefault(compound_key(known.compound), set()).add(name)


def rows_of(session: Session, community_id: int, ids: Sequence[str]) -> dict[str, Building]:
    """The buildings with these ids."""
    found: dict[str, Building] = {}
    for some in db.chunks(ids, 500):
        query = select(Building).where(Building.community_id == community_id, Building.id.in_(some))
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
    """Building id → the doors that are there by their keys, present and as their list knew them.

    Also of buildings and doors that were merged: a list is compared with what they are by
    themselves.
    """
    forest = Forest(session, community_id)
    shown = {forest.root(building_id) for building_id in ids}
    doors: dict[str, dict[DoorKey, KnownDoor]] = {building_id: {} for building_id in ids}
    for some in db.chunks({*ids, *shown}, 500):
        query = select(
            Household.id,
            func.coalesce(Household.home_id, Household.building_id).label("home"),
            Household.unit_key,
            Household.room_key,
            Household.source_key,
            Household.floor,
            Household.listed,
            func.coalesce(Household.retired_at, Household.retired_alone).label("retired_at"),
        ).where(Household.community_id == community_id, Household.building_id.in_(some))
        for row in session.execute(query):
            door = KnownDoor(
                row.id, row.unit_key, row.floor, row.listed, row.retired_at is not None
            )
            of_building = doors.get(row.home)
            if of_building is None:
                continue
            if row.source_key:
                unit, _bar, room = row.source_key.partition("|")
                of_building.setdefault((unit, room), door)
            of_building[row.unit_key, row.room_key] = door
    return doors


def _same_place(known: _Known, record: BuildingRecord) -> bool:
    """Whether an equal id means the same building: small ids recur from list to list."""
    if (metres := _metres(known, record)) < inf:
        return metres < _FAR
    if not known.compound or not record.compound:
        return True
    return compound_key(known.compound) == compound_key(record.compound)


def _osm_number(source: str, source_id: str | None) -> str:
    """The number in OpenStreetMap that an id may be: some converters leave out the kind."""
    found = _OSM_ID.fullmatch(source_id or "") if source in {"geojson", "osm"} else None
    return found[1] if found else ""


def _metres(known: _Known, record: BuildingRecord) -> float:
    if None in (known.lat, known.lon, record.lat, record.lon):
        return inf
    north = ((known.lat or 0) - (record.lat or 0)) * 111_320
    east = ((known.lon or 0) - (record.lon or 0)) * 111_320 * cos(radians(record.lat or 0))
    return hypot(north, east)


def borrowed_id(source: str, source_id: str) -> str:
    """How a building of one source remembers that another source's id means it, too."""
    return f"{source}:{source_id}"[:120]


def _identity(known: _Known) -> tuple[str, str] | None:
    """(source, id) by which a list with ids of its own finds the building."""
    if not known.source or not known.source_id:
        return None
    borrowed = _BORROWED.fullmatch(known.source_id)
    return (borrowed[1], borrowed[2]) if borrowed else (known.source, known.source_id)


def _another_source_id(known: _Known, record: BuildingRecord, source: str) -> bool:
    identity = _identity(known)
    if identity is None or identity[0] != source or not record.source_id:
        return False
    return identity[1] != record.source_id


def _number(name: str, compound: str) -> str:
    short = name.removeprefix(compound) if compound else name
    return building_key(short or name)
