"""A book of sheets of cells, the one shape that every kind of file is brought into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from webapp.places.imports.findings import Finding, Unreadable

Source = Literal["list", "geojson", "osm"]
"""By whose ids a file names its buildings: its own, or those of OpenStreetMap."""

Cell = str | int | float | None
Row = list[Cell]
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""

MOST_CELLS = 6_000_000
MOST_COLUMNS = 1_000


@dataclass(slots=True)
class Sheet:
    """Rows of cells (blank is none); `merged` ranges carry the value of their first cell.

    `first_row` is the number by which a person finds the first row. For shapes, `geometries`
    has one GeoJSON geometry for each row but the headings.
    """

    name: str
    rows: list[Row]
    merged: list[Range] = field(default_factory=list)
    first_row: int = 1
    geometries: list[dict[str, Any] | None] | None = None
    fixed_head: bool = False

    def number(self, index: int) -> int:
        """The row number that a person sees for the row at this index."""
        return index + self.first_row


@dataclass(frozen=True, slots=True)
class Book:
    """The tables of one file.

    `attribution` is what its publisher wants to stand beside the data; `notices` are what reading
    it had to say.
    """

    sheets: list[Sheet]
    source: Source = "list"
    attribution: str = ""
    notices: tuple[Finding, ...] = ()

    @property
    def places(self) -> bool:
        """Whether the rows are shapes on a map."""
        return self.source != "list"


def blank_to_none(value: object) -> Cell:
    """A cell's value: text without white space around it, blank as none, 3.0 as 3."""
    if value is None or isinstance(value, bool):
        return None if value is None else str(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return str(value).strip().strip("\u200b\ufeff") or None


def text_of(cell: Cell) -> str:
    """A cell as text; blank is ""."""
    return "" if cell is None else str(cell)


def bounded(rows: list[Row]) -> list[Row]:
    """The same rows; Unreadable when they are more than a list of doors ever is."""
    if sum(map(len, rows)) > MOST_CELLS or max(map(len, rows), default=0) > MOST_COLUMNS:
        raise Unreadable("too_many_cells", most=MOST_CELLS)
    return rows
