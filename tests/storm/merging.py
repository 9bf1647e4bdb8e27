"""What the desk merged and took back, by the design (section 2), told again from its journal.

Written from the text, not from the product: a merged door's ids mean the door that stays, a merged
building's doors stand in the one that stays, doors with equal keys are one, and taking it back
leaves what would be there had nobody merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.storm.desk import Action
    from tests.storm.world import Listed


@dataclass(eq=False)
class Row:
    """One door of one building by itself. `out`: the desk took it out of use; `into`: the door that
    the desk said it is; `listed` is none for one that only phones added."""

    home: str
    unit: str
    room: str
    listed: str | None = None
    out: bool = False
    into: Row | None = None
    ids: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[str, str]:
        """What makes two doors of a building one."""
        return self.unit, self.room


@dataclass
class Estate:
    """All doors of a community's lists and what the desk did to them so far."""

    rows: list[Row]
    into: dict[str, str] = field(default_factory=dict)
    """Merged building → the one it was merged into, the earlier merged first."""

    met: dict[Row, set[Row]] = field(default_factory=dict)
    """Row → all that were ever one door with it."""

    def root(self, building: str) -> str:
        """The building that stands for it."""
        return self.root(self.into[building]) if building in self.into else building

    def shown(self) -> dict[Row, Row]:
        """Row → the door that it is."""
        first = self._first()
        return {row: self._door(row, first) for row in self.rows}

    def groups(self) -> list[list[Row]]:
        """The doors: the one that shows first, then all that are that door."""
        found: dict[Row, list[Row]] = {}
        for row, door in self.shown().items():
            found.setdefault(door, []).append(row)
        return [[door, *(row for row in rows if row is not door)] for door, rows in found.items()]

    def by_id(self, listed: str) -> Row:
        """The row of a list's door."""
        return next(row for row in self.rows if row.listed == listed)

    def do(self, action: Action) -> None:
        """Go on with one more decision of the desk."""
        what, args = action.what, action.args
        if what in ("retire", "unretire"):
            self._retire(self._of(args[0]), out=what == "retire")
        elif what == "rename":
            door = self.by_id(args[0])
            for row in [row for row in self._of(args[0]) if row.key == door.key]:
                row.room = args[1]
        elif what in ("merge", "unmerge"):
            self.by_id(args[-1]).into = self.by_id(args[0]) if what == "merge" else None
        elif what == "join":
            self.into[args[1]] = args[0]
        elif what == "part":
            self._part(args[0])
        if what in ("merge", "join", "unmerge", "part"):
            self.meet()

    def meet(self) -> None:
        """Remember who is one door now."""
        for rows in self.groups():
            for row in rows if len(rows) > 1 else ():
                self.met.setdefault(row, set()).update(rows)

    def _retire(self, rows: Sequence[Row], *, out: bool) -> None:
        """A door is in use while any of its rows is; the desk means all of them."""
        if all(row.out for row in rows) != out:
            for row in rows:
                row.out = out

    def _of(self, listed: str) -> list[Row]:
        door = self.shown()[self.by_id(listed)]
        return next(rows for rows in self.groups() if rows[0] is door)

    def _part(self, building: str) -> None:
        """Its doors leave, and with them what was merged across."""
        below = {b for b in [building, *self.into] if b == building or self._under(b, building)}
        for row in self.rows:
            if row.into is not None and (row.home in below) != (row.into.home in below):
                row.into = None
        del self.into[building]

    def _under(self, building: str, above: str) -> bool:
        parent = self.into.get(building)
        return parent is not None and (parent == above or self._under(parent, above))

    def _first(self) -> dict[tuple[str, str, str], Row]:
        """(standing building, unit, room) → whose door that is: the building's own, else that of
        the first that was merged into it and has one, whether by itself or by merging."""
        first: dict[tuple[str, str, str], Row] = {}
        for building in self._in_order({row.home for row in self.rows}):
            for row in self.rows:
                if row.home == building:
                    first.setdefault((self.root(building), *row.key), row)
        return first

    def _in_order(self, buildings: Iterable[str]) -> Iterator[str]:
        for building in buildings:
            if building not in self.into:
                yield from self._with_merged(building)

    def _with_merged(self, building: str) -> Iterator[str]:
        yield building
        for one, parent in self.into.items():
            if parent == building:
                yield from self._with_merged(one)

    def _door(self, row: Row, first: dict[tuple[str, str, str], Row]) -> Row:
        into = row.into
        if into is not None and self.root(into.home) == self.root(row.home):
            return self._door(into, first)
        holder = first[self.root(row.home), *row.key]
        return row if holder is row else self._door(holder, first)


Added = tuple[str, str, str, str]
"""A door that a phone added: building, unit, room (its number without leading zeros), id."""


def estate(
    doors: Iterable[Listed], journal: Sequence[Action], added: Iterable[Added] = ()
) -> Estate:
    """All doors after these decisions: one row for each number of a building, whoever has it."""
    rows: dict[tuple[str, str, str], Row] = {}
    for door in doors:
        key = door.building, door.unit, door.room
        rows[key] = Row(*key, listed=door.id, ids={door.id})
    for *named, door_id in added:
        building, unit, room = named
        row = rows.setdefault((building, unit, room), Row(building, unit, room))
        row.ids.add(door_id)
    made = Estate(list(rows.values()))
    for action in journal:
        made.do(action)
    return made


def ever_one(journal: Sequence[Action], building: str) -> set[str]:
    """All buildings that were one with this one at any time, directly or not."""
    found, before = {building}, set[str]()
    while found != before:
        before = set(found)
        for action in journal:
            if action.what == "join" and found & set(action.args):
                found |= set(action.args)
    return found
