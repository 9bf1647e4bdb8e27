"""Which column holds what, and which ones are left out on purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from webapp.places.imports.sheets import Cell, text_of
from webapp.places.imports.vocabulary import (
    ALIASES,
    FIELDS,
    PERSONAL,
    STATE,
    label_key,
    suffix_field,
)

Kind = Literal["field", "personal", "state", "other", "blank"]
KEY_FIELDS = frozenset({"building", "name", "room", "door", "address", "source_id"})
_PHONE_OR_ID = re.compile(r"(?:\+?86)?1[3-9]\d{9}|\d{17}[\dXx]|\d{15}")
_OSM_KINDS = frozenset(
    "yes apartments residential dormitory house detached semidetached_house terrace commercial "
    "retail office industrial school university college kindergarten hospital hotel garage garages "
    "parking roof public civic service warehouse construction kiosk shed hut church temple "
    "government train_station transportation sports_centre stadium bungalow cabin farm".split()
)
Names = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column at `index` (from 0) under `label`; `field` when it is imported.

    `chosen`: a person said so, it was not recognised.
    """

    index: int
    label: str
    kind: Kind
    field: str | None = None
    chosen: bool = False

    @property
    def letter(self) -> str:
        """A, B … as the spreadsheet names it."""
        return letter(self.index)


def letter(index: int) -> str:
    """The spreadsheet's name of a column: 0 → A, 26 → AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def recognise(
    labels: Sequence[str], samples: Sequence[Sequence[Cell]] = (), names: Names = FIELDS
) -> list[Column]:
    """One column for each label; each field at most once, the better name wins.

    `samples` are some of the rows: a column whose cells look like phone or ID numbers is personal
    whatever it is called.
    """
    keys = [_keys(label) for label in labels]
    kinds = [_left_out(label, key) for label, key in zip(labels, keys, strict=True)]
    kinds = [
        "other" if is_osm_kind(labels[i], i, samples) else kind for i, kind in enumerate(kinds)
    ]
    if names is not FIELDS:  # a gazetteer has no people in it
        kinds = [None if kind in {"personal", "state"} else kind for kind in kinds]
    fields = _assign(keys, kinds, names)
    columns = [
        Column(i, labels[i], "field", fields[i])
        if i in fields
        else Column(i, labels[i], kinds[i] or "other")
        for i in range(len(labels))
    ]
    return _second_look(columns, samples) if names is FIELDS else columns


def choose(columns: list[Column], choice: Mapping[int, str | None]) -> list[Column]:
    """The columns with a person's choice: index → field, or none to leave it out."""
    taken = {field for field in choice.values() if field}
    chosen = []
    for column in columns:
        if column.index in choice:
            field = choice[column.index]
            kind: Kind = "field" if field else "other"
            if field is None and column.kind in {"personal", "state"}:
                kind = column.kind
            column = replace(column, field=field, kind=kind, chosen=True)
        elif column.field in taken:
            column = replace(column, field=None, kind="other")
        chosen.append(column)
    return chosen


def field_named(name: str, names: Names = FIELDS) -> str | None:
    """The field that somebody means by a name: its own, an alias, or a heading."""
    plain = name.strip().lower()
    if plain in names:
        return plain
    if names is FIELDS and plain in ALIASES:
        return ALIASES[plain]
    key = label_key(name)
    return next((field for field, known in names.items() if key in known), None)


def is_osm_kind(label: str, index: int, samples: Sequence[Sequence[Cell]]) -> bool:
    """Whether a column is OpenStreetMap's `building=apartments`: a kind, not a number."""
    if label != "building":
        return False
    return any(text_of(row[index]) in _OSM_KINDS for row in samples if index < len(row))


def has_osm_kinds(labels: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether any column is one of OpenStreetMap's kinds of buildings."""
    return any(is_osm_kind(text_of(label), i, rows) for i, label in enumerate(labels))


def _keys(label: str) -> list[str]:
    """The whole heading and, of one in several lines, each line from the lowest."""
    lines = [line for line in label.split("\n") if line.strip()]
    keys = [label_key(label), *(label_key(line) for line in reversed(lines))]
    return list(dict.fromkeys(key for key in keys if key))


def _left_out(label: str, keys: list[str]) -> Kind | None:
    if not keys:
        return "blank"
    if any(key in known for key in keys for known in FIELDS.values()):
        return None
    text = " ".join(keys)
    if PERSONAL.search(text):
        return "personal"
    return "state" if STATE.search(text) else None


def _assign(keys: list[list[str]], kinds: list[Kind | None], names: Names) -> dict[int, str]:
    """Column index → field: names in their order first, then endings of longer headings."""
    offers: list[tuple[int, int, int, str]] = []
    for index, candidates in enumerate(keys):
        if kinds[index] is not None:
            continue
        for field, known in names.items():
            ranks = [known.index(key) for key in candidates if key in known]
            if ranks:
                offers.append((min(ranks), 0, index, field))
        if names is FIELDS:
            field_by_ending = next(filter(None, map(suffix_field, candidates)), None)
            if field_by_ending:
                offers.append((1_000, 1, index, field_by_ending))
    fields: dict[int, str] = {}
    for _rank, _how, index, field in sorted(offers):
        if index not in fields and field not in fields.values():
            fields[index] = field
    return fields


def _second_look(columns: list[Column], samples: Sequence[Sequence[Cell]]) -> list[Column]:
    """What only the whole table or its cells tell."""
    columns = [
        replace(column, kind="personal", field=None)
        if column.kind != "blank" and _looks_personal(column, samples)
        else column
        for column in columns
    ]
    by_field = {column.field: column for column in columns if column.field}
    for one, other in (("lat", "lon"), ("lon", "lat")):
        if one in by_field and other not in by_field:
            columns = _changed(columns, by_field[one], "other", None)
    doors = "room" in by_field or "door" in by_field
    if "name" in by_field and doors and ({"building", "door"} & by_field.keys()):
        # beside a room number, "name" is who lives there
        columns = _changed(columns, by_field["name"], "personal", None)
    if "unit" in by_field and not doors and _is_english(by_field["unit"]):
        # an English "unit" without a room is the flat
        columns = _changed(columns, by_field["unit"], "field", "room")
    return columns


def _changed(columns: list[Column], which: Column, kind: Kind, field: str | None) -> list[Column]:
    return [replace(c, kind=kind, field=field) if c.index == which.index else c for c in columns]


def _is_english(column: Column) -> bool:
    return column.label.isascii()


def _looks_personal(column: Column, samples: Sequence[Sequence[Cell]]) -> bool:
    if column.field in {"source_id", "lat", "lon"}:
        return False
    cells = [text_of(row[column.index]) for row in samples if column.index < len(row)]
    cells = [cell for cell in cells if cell]
    hits = sum(1 for cell in cells if _PHONE_OR_ID.fullmatch(cell.replace(" ", "")))
    return hits * 2 > len(cells)
