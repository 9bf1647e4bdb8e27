"""What a report can show: one list for the page, the files and the templates.

A figure's formula stands on the page under its name (`reports.formula.<name>`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from webapp.reports.queries import Line

Group = Literal["community", "compound", "grid", "building", "member"]
GROUPS: tuple[Group, ...] = get_args(Group)
Value = str | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """`kind`: how it is written; `people`: it is known of persons, else of places only."""

    name: str
    kind: Literal["text", "count", "rate"]
    read: Callable[[Line], Value]
    people: bool = False


def _of(part: str, name: str) -> Callable[[Line], Value]:
    """A figure of one of a line's tallies: now, new or new_before."""
    return lambda line: getattr(getattr(line, part), name)


def _known(kind: Literal["count", "rate"], *names: str) -> list[Column]:
    return [Column(name, kind, _of("now", name)) for name in names]


def _new(*names: str) -> list[Column]:
    return [
        Column(f"new_{name}{suffix}", "count", _of(f"new{suffix}", name))
        for name in names
        for suffix in ("", "_before")
    ]


COLUMNS: tuple[Column, ...] = (
    Column("name", "text", lambda line: line.name, people=True),
    Column("compound", "text", lambda line: line.compound),
    Column("grid", "text", lambda line: line.grid),
    *_known("count", "households", "vacant", "occupied", "knocked", "reached", "installed",
             "no_smartphone", "refused", "leaflets"),
    *_known("rate", "knocked_rate", "publicity_rate", "app_rate", "app_rate_smartphone"),
    *_new("knocked", "reached", "installed", "leaflets"),
    Column("days_out", "count", lambda line: line.days_out, people=True),
    Column("doors", "count", lambda line: line.doors, people=True),
    Column("doors_before", "count", lambda line: line.doors_before, people=True),
    Column("handed_out", "count", lambda line: line.handed_out, people=True),
)  # fmt: skip
USUAL: dict[bool, tuple[str, ...]] = {
    True: ("name", "days_out", "doors", "doors_before", "handed_out"),
    False: ("name", "households", "knocked", "reached", "installed", "publicity_rate", "app_rate",
            "new_reached", "new_reached_before", "new_installed", "new_leaflets"),
}  # fmt: skip


def offered(group: str) -> list[Column]:
    """Those that this grouping can show."""
    people = group == "member"
    return [
        column
        for column in COLUMNS
        if (column.people if people else not column.people or column.name == "name")
        and (column.name not in {"compound", "grid"} or group == "building")
    ]


def chosen(group: str, names: Sequence[str]) -> list[Column]:
    """These, in this order, as far as the grouping has them; the usual ones for none."""
    there = {column.name: column for column in offered(group)}
    wanted = [there[name] for name in dict.fromkeys(names) if name in there]
    return wanted or [there[name] for name in USUAL[group == "member"] if name in there]
