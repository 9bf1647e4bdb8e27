"""Where a sheet's table is: its headings (one line or several), its rows, its columns.

Lists come with titles above, remarks beside and notes below; the headings are the lines that name
the most columns we know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.places.imports.columns import Column, Names, choose, recognise
from webapp.places.imports.sheets import Cell, Row, Sheet, text_of
from webapp.places.imports.vocabulary import FIELDS, HINTS, label_key

LOOKED_AT = 40
MOST_LINES = 4
_SAMPLES = 200
_NUMBER = re.compile(r"[-+]?[\d.,]+%?")


@dataclass(slots=True)
class Table:
    """A sheet's table: `columns` by its headings, data from the row at index `start`.

    `titles` are the texts above the headings.
    """

    sheet: Sheet
    columns: list[Column]
    start: int
    titles: list[str]

    def column(self, field: str) -> Column | None:
        """The column that holds a field."""
        return next((c for c in self.columns if c.field == field), None)

    def fields(self) -> set[str]:
        """The fields that the table has."""
        return {c.field for c in self.columns if c.field}

    def rows(self) -> list[tuple[int, Row]]:
        """(row number, cells) of the data, merged cells filled, blank rows and hints left out."""
        filled = _filled(self.sheet)
        width = len(self.columns)
        used = [c.index for c in self.columns if c.field]
        rows = []
        for index in range(self.start, len(filled)):
            row = filled[index] + [None] * (width - len(filled[index]))
            if any(row[i] is not None for i in used) and not _is_hint(row, used):
                rows.append((self.sheet.number(index), row))
        return rows

    def chosen(self, choice: Mapping[int, str | None]) -> Table:
        """The same table with a person's choice of fields."""
        return Table(self.sheet, choose(self.columns, choice), self.start, self.titles)


def find(sheet: Sheet, names: Names = FIELDS, wanted: Sequence[str] = ()) -> Table | None:
    """The table of a sheet, or none when no heading is known.

    `wanted` are headings that somebody named: they show where the headings are.
    """
    if not sheet.rows:
        return None
    rows = _filled(sheet)
    if sheet.fixed_head:
        return _table(sheet, rows, 0, 1, names)
    keys = {label_key(text) for text in wanted}
    best: tuple[int, int, int] | None = None
    for top in range(min(LOOKED_AT, len(rows))):
        for lines in range(1, _most_lines(sheet, top) + 1):
            score = _score(sheet, rows, top, lines, names, keys)
            if score and (best is None or score > best[0]):
                best = (score, top, lines)
    if best is None:
        return None
    return _table(sheet, rows, best[1], best[2], names)


def first_table(sheet: Sheet) -> Table:
    """The table as anybody would see it when no heading is known: for choosing by hand."""
    rows = _filled(sheet)
    widths = [sum(cell is not None for cell in row) for row in sheet.rows[:LOOKED_AT]]
    most = max(widths, default=0)
    top = next((i for i, width in enumerate(widths) if width * 10 >= most * 7), 0)
    return _table(sheet, rows, top, 1, FIELDS)


def labels(rows: list[Row], top: int, lines: int) -> list[str]:
    """The headings of each column: the texts of its lines, upper ones first, no repeats."""
    width = max((len(row) for row in rows[top : top + lines]), default=0)
    result = []
    for column in range(width):
        texts = [text_of(row[column]) for row in rows[top : top + lines] if column < len(row)]
        result.append("\n".join(dict.fromkeys(text for text in texts if text)))
    return result


def _score(
    sheet: Sheet, rows: list[Row], top: int, lines: int, names: Names, wanted: set[str]
) -> int:
    """How much lines look like headings; 0 when they name nothing that could be imported."""
    if any(_is_data(row) for row in rows[top + 1 : top + lines]):
        return 0
    found = labels(rows, top, lines)
    if sum(1 for label in found if label) < 1:
        return 0
    columns = recognise(found, names=names)
    fields = sum(1 for column in columns if column.field)
    people = sum(1 for column in columns if column.kind in {"personal", "state"})
    asked = sum(1 for label in found if label_key(label) in wanted) if wanted else 0
    if not fields and not asked:
        return 0
    # a sentence that contains a known word is no heading
    wordy = sum(1 for label in found if len(label) > 60)
    joined = sum(1 for column in columns if column.field and "\n" in column.label)
    return 100 * fields + 40 * people + 300 * asked - 60 * wordy - joined - 2 * lines


def _most_lines(sheet: Sheet, top: int) -> int:
    """As far down as merged cells of the first line reach, and some lines without them."""
    reach = [last - top + 1 for first, _l, last, _r in sheet.merged if first == top]
    return min(max([MOST_LINES, *reach]), 8, len(sheet.rows) - top)


def _table(sheet: Sheet, rows: list[Row], top: int, lines: int, names: Names) -> Table:
    reach = [
        last - top + 1
        for first, _left, last, _right in sheet.merged
        if top <= first < top + lines and last - top < 8
    ]
    lines = max([lines, *reach])
    start = top + lines
    width = max((len(row) for row in rows), default=0)
    found = labels(rows, top, lines)
    found += [""] * (width - len(found))
    samples = rows[start : start + _SAMPLES]
    titles = [text_of(cell) for row in sheet.rows[:top] for cell in row if cell is not None]
    return Table(sheet, recognise(found, samples, names), start, titles)


def _filled(sheet: Sheet) -> list[Row]:
    """The rows with merged cells filled by the value of their first cell."""
    if not sheet.merged:
        return sheet.rows
    rows = [list(row) for row in sheet.rows]
    for top, left, bottom, right in sheet.merged:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value: Cell = rows[top][left]
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [value] * (min(right + 1, len(row)) - left)
    return rows


def _is_data(row: Row) -> bool:
    """Blank lines and lines with numbers in them are no headings."""
    texts = [text_of(cell) for cell in row if cell is not None]
    return not texts or any(_NUMBER.fullmatch(text) for text in texts)


def _is_hint(row: Row, used: list[int]) -> bool:
    texts = [text_of(row[i]) for i in used if row[i] is not None]
    return all(HINTS.match(text) for text in texts)
