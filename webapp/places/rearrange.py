"""Merged buildings and doors: read what rows are by themselves, write what follows (`arrange.py`).

Whoever changes rows of doors does it inside `rearranging`. There every row of a merged building
stands at home, in use or out of use by itself, as if nobody had merged anything; on leaving, what
shows where is worked out again, and written and announced as far as it is other than before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.operations.feeds import bury
from webapp.places.announce import Change, DoorEvent, Standing, doors_changed
from webapp.places.arrange import Place, Record, arrange
from webapp.places.models import Building, Household, HouseholdAlias

_KEYS = ("community_id", "id")
_ROWS = Household.__table__.c
_COLUMNS = (
    _ROWS.id,
    _ROWS.building_id,
    _ROWS.unit_key,
    _ROWS.room_key,
    _ROWS.retired_at,
    _ROWS.merged_into,
    _ROWS.door_id,
    _ROWS.home_id,
    _ROWS.retired_alone,
)
_ALIASES = HouseholdAlias.__table__.c


@dataclass(frozen=True, slots=True)
class Shown:
    """A door as phones see it: its building, whether it is in use, all its ids."""

    building_id: str
    standing: Standing
    ids: frozenset[str]


@dataclass(slots=True)
class Group:
    """A building and those merged into it (`homes`, itself first), with all their rows."""

    homes: tuple[str, ...]
    records: dict[str, Record] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    """Further ids that phones gave → the row that they belong to."""

    @property
    def plain(self) -> bool:
        """Whether nothing in it was ever merged."""
        return len(self.homes) == 1 and all(r.merged_into is None for r in self.records.values())


class Forest:
    """Which building stands for which."""

    def __init__(self, session: Session, community_id: int) -> None:
        statement = (
            select(Building.id, Building.merged_into)
            .where(Building.community_id == community_id, Building.merged_into.is_not(None))
            .order_by(Building.merged_at, Building.id)
        )
        self._into = {one: str(into) for one, into in session.execute(statement)}

    def root(self, building_id: str) -> str:
        """The building that stands for it; itself where it is merged into none, or unknown."""
        while (into := self._into.get(building_id)) is not None:
            building_id = into
        return building_id

    def homes(self, building_id: str) -> tuple[str, ...]:
        """The building and all that were merged into it: each before those merged into it, which
        follow in the order in which they were."""
        below = [home for one in self._below(building_id) for home in self.homes(one)]
        return (building_id, *below)

    def merged(self, building_id: str) -> bool:
        """Whether it stands for another one, or another one for it."""
        return building_id in self._into or building_id in self._into.values()

    def _below(self, building_id: str) -> list[str]:
        return [one for one, into in self._into.items() if into == building_id]


@contextmanager
def rearranging(
    change: Change, building_ids: Iterable[str], *, merging: bool = False
) -> Iterator[list[DoorEvent]]:
    """Change rows of these buildings' doors inside; yields the list for the events of doors that
    changed by themselves. `merging`: what is merged in these buildings changes as well.

    On leaving, listeners are told: of buildings in which nothing is merged what is in the list, of
    all others what follows from their arrangement.
    """
    forest = Forest(change.session, change.community_id)
    roots = {forest.root(building_id) for building_id in building_ids}
    before = _load_groups(change, forest, roots if merging else _merged(change, forest, roots))
    shown, known = _shown(before), {row for group in before for row in group.records}
    for group in before:
        _send_home(change, group)
    events: list[DoorEvent] = []
    yield events
    homes = {home for group in before for home in group.homes}
    told = [event for event in events if event.building_id not in homes]
    if before:
        change.session.flush()
        forest = Forest(change.session, change.community_id)
        after = _load_groups(change, forest, {forest.root(home) for home in homes})
        for group in after:
            _settle(change, group)
        told += _differences(change, shown, _shown(after), known)
    doors_changed(change, told)


def group_of(session: Session, community_id: int, building_id: str) -> Group:
    """The building's group, whether anything is merged in it or not."""
    forest = Forest(session, community_id)
    return _load(session, community_id, [forest.homes(forest.root(building_id))])[0]


def misplaced(session: Session, community_id: int) -> Iterator[tuple[str, Place, Place]]:
    """Rows that are not where their merging puts them: where they are, and where they belong."""
    forest = Forest(session, community_id)
    every = select(Building.id).where(Building.community_id == community_id)
    roots = {forest.root(building_id) for building_id in session.scalars(every)}
    for group in _load(session, community_id, [forest.homes(root) for root in sorted(roots)]):
        places = arrange(group.records.values(), group.homes)
        for row, place in places.items():
            if place != group.places[row]:
                yield row, group.places[row], place


def _merged(change: Change, forest: Forest, roots: set[str]) -> set[str]:
    """Those of these buildings in which something is merged."""
    joined = {root for root in roots if forest.merged(root)}
    statement = (
        select(Household.building_id)
        .where(
            Household.community_id == change.community_id,
            db.among(_ROWS.building_id, "buildings", roots - joined),
            Household.merged_into.is_not(None),
        )
        .distinct()
    )
    return joined | set(change.session.scalars(statement))


def _load_groups(change: Change, forest: Forest, roots: set[str]) -> list[Group]:
    homes = [forest.homes(root) for root in sorted(roots)]
    return _load(change.session, change.community_id, homes) if homes else []


def _load(session: Session, community_id: int, homes: Sequence[tuple[str, ...]]) -> list[Group]:
    groups = [Group(ids) for ids in homes]
    of = {home: group for group in groups for home in group.homes}
    statement = select(*_COLUMNS).where(
        _ROWS.community_id == community_id, db.among(_ROWS.building_id, "ids", list(of))
    )
    rows: dict[str, Group] = {}
    for row in session.execute(statement):
        group = rows[row.id] = of[row.building_id]
        alone = row.retired_at if row.retired_at is not None else row.retired_alone
        key, home = (row.unit_key, row.room_key), row.home_id or row.building_id
        group.records[row.id] = Record(row.id, home, key, row.merged_into, alone)
        group.places[row.id] = Place(row.building_id, row.door_id or row.id, row.retired_at)
    found = select(_ALIASES.id, _ALIASES.home_id).where(
        _ALIASES.community_id == community_id, db.among(_ALIASES.home_id, "ids", list(rows))
    )
    for alias, home in session.execute(found):
        if alias != home:
            rows[home].aliases[alias] = home
    return groups


def _shown(groups: Sequence[Group]) -> dict[str, Shown]:
    """The doors, by their first ids."""
    shown: dict[str, Shown] = {}
    for group in groups:
        ids: defaultdict[str, set[str]] = defaultdict(set)
        for row, place in group.places.items():
            ids[place.door_id].add(row)
        for alias, home in group.aliases.items():
            ids[group.places[home].door_id].add(alias)
        for row, place in group.places.items():
            if place.door_id == row:
                standing: Standing = "live" if place.retired_at is None else "retired"
                shown[row] = Shown(place.building_id, standing, frozenset(ids[row]))
    return shown


def _send_home(change: Change, group: Group) -> None:
    """Every row as it is by itself. No two rows of a home have one key, so none is in the way."""
    places = {
        row: Place(record.home, row, record.retired_at) for row, record in group.records.items()
    }
    _write(change, group, places)


def _settle(change: Change, group: Group) -> None:
    _write(change, group, arrange(group.records.values(), group.homes))


def _write(change: Change, group: Group, places: dict[str, Place]) -> None:
    """Bring the rows to these places, and the ids with them."""
    moved = [row for row, place in places.items() if place != group.places[row]]
    rows = [_row(change, group.records[row], places[row]) for row in moved]
    db.update_rows(change.session, Household, rows, keys=_KEYS)
    homes = {row: row for row in group.records} | group.aliases
    doors = {
        alias: places[home].door_id
        for alias, home in homes.items()
        if places[home].door_id != group.places[home].door_id
    }
    _write_ids(change, homes, doors)
    group.places = places
    change.session.expire_all()  # written past the objects that it may hold


def _row(change: Change, record: Record, place: Place) -> dict[str, Any]:
    alone = record.retired_at if place.retired_at is None else None
    return {
        "community_id": change.community_id,
        "id": record.id,
        "building_id": place.building_id,
        "home_id": record.home if record.home != place.building_id else None,
        "door_id": place.door_id if place.door_id != record.id else None,
        "retired_at": place.retired_at,
        "retired_alone": alone,
    }


def _write_ids(change: Change, homes: Mapping[str, str], doors: Mapping[str, str]) -> None:
    """What these ids mean now; one that is its own door's first is no alias."""
    own = [alias for alias, door in doors.items() if alias == door]
    change.session.execute(
        delete(HouseholdAlias).where(
            HouseholdAlias.community_id == change.community_id, db.among(_ALIASES.id, "ids", own)
        ),
        execution_options={"synchronize_session": False},
    )
    rows = [
        {
            "community_id": change.community_id,
            "id": alias,
            "household_id": door,
            "home_id": homes[alias],
        }
        for alias, door in doors.items()
        if alias != door
    ]
    db.upsert(change.session, HouseholdAlias, rows, keys=_KEYS, columns=["household_id"])


def _differences(
    change: Change, before: Mapping[str, Shown], after: Mapping[str, Shown], known: set[str]
) -> Iterator[DoorEvent]:
    """Every door that is gone, came, moved or means other ids; what leaves a bucket is buried."""
    for door, was in before.items():
        now = after.get(door)
        if now is None or now.building_id != was.building_id:
            bucket = f"building:{was.building_id}"
            bury(change.session, change.numbers, change.community_id, bucket, door, change.now)
        if now is None:
            yield DoorEvent(door, was.building_id, was.standing, None)
        elif now != was:
            left = was.building_id if was.building_id != now.building_id else None
            yield DoorEvent(door, now.building_id, was.standing, now.standing, left)
    for door, now in after.items():
        if door not in before:
            history = door in known or len(now.ids) > 1
            left = now.building_id if history else None
            yield DoorEvent(door, now.building_id, None, now.standing, left)
