"""Which door a row is, once buildings and doors were merged. Pure: rows in, what follows out.

A row keeps what it is by itself: the building of its own, its key there, whether it is in use. To
merge is to say one more thing about it, to un-merge is to say it no longer; where doors show then,
and under which ids, is computed anew from all of it. So it does not matter in which order people
merged, phones added doors and lists were imported, and un-merging brings back what would be there
had nobody merged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

Key = tuple[str, str]
"""(unit_key, room_key)"""


@dataclass(frozen=True, slots=True)
class Record:
    """What a row is by itself. `merged_into`: the door that the desk said it is; `retired_at`:
    since when it is out of use by itself."""

    id: str
    home: str
    key: Key
    merged_into: str | None = None
    retired_at: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What follows: the building that has the row, the door that shows for it (itself, or another
    one), and since when it is out of use; a door is in use while any of its rows is."""

    building_id: str
    door_id: str
    retired_at: int | None


def arrange(records: Collection[Record], homes: Sequence[str]) -> dict[str, Place]:
    """Where the rows of merged buildings are: `homes[0]` stands for the others, in this order.

    Of rows with one key the first building's shows, and stands in `homes[0]`; the others stay where
    they are at home. A `merged_into` that leads out of these rows counts for nothing; by itself it
    never leads in a circle, for only doors that show are merged.
    """
    rank = {home: n for n, home in enumerate(homes)}
    ordered = sorted(records, key=lambda record: (rank[record.home], record.id))
    holders: dict[Key, Record] = {}
    for record in ordered:
        holders.setdefault(record.key, record)
    doors = _doors(ordered, holders)
    live = {doors[record.id] for record in records if record.retired_at is None}
    return {
        record.id: Place(
            homes[0] if holders[record.key] is record else record.home,
            doors[record.id],
            None if record.id in live else record.retired_at,
        )
        for record in records
    }


def _doors(ordered: Sequence[Record], holders: Mapping[Key, Record]) -> dict[str, str]:
    """Row → the door at the end of its way: what the desk said of it comes first, then its key."""
    ids = {record.id for record in ordered}
    steps: dict[str, str] = {}
    for record in ordered:
        holder = holders[record.key]
        if record.merged_into in ids:
            steps[record.id] = str(record.merged_into)
        elif holder is not record:
            steps[record.id] = holder.id
    first = {holder.id for holder in holders.values()}
    return {record.id: _end(record.id, steps, first) for record in ordered}


def _end(start: str, steps: Mapping[str, str], holders: Collection[str]) -> str:
    """The end of a way. Where it leads in a circle (the desk and the keys may say both ways), it
    ends at the circle's first holder of a key, wherever one enters."""
    way = [start]
    while (following := steps.get(way[-1])) is not None:
        if following in way:
            return min(row for row in way[way.index(following) :] if row in holders)
        way.append(following)
    return way[-1]
