"""The child process that opens a workbook (see `child`)."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from webapp.places.imports import child
from webapp.places.imports.sheets import MOST_CELLS, Row, blank_to_none
from webapp.places.imports.workbooks import Answer, Read


def _answer(data: bytes) -> Answer:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        sheets = [_sheet(workbook.get_sheet_by_name(name)) for name in names]
    except PasswordError:
        return Answer(refusal="locked")
    except CalamineError as error:
        return Answer(refusal="locked" if "assword" in str(error) else "damaged")
    except TooMany:
        return Answer(refusal="too_many_cells")
    return Answer(sheets)


class TooMany(Exception):
    """More cells than a list of doors ever has."""


def _sheet(sheet: CalamineSheet) -> Read:
    if sheet.end is not None and (sheet.end[0] + 1) * (sheet.end[1] + 1) > MOST_CELLS:
        raise TooMany
    rows = [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
    return Read(sheet.name, _trimmed(rows), merged)


def _cell(value: Any) -> Any:
    """A date stays recognisable as one: it may once have been the door 3-2."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return blank_to_none(value)


def _trimmed(rows: list[Row]) -> list[Row]:
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    return rows


if __name__ == "__main__":
    child.answer(_answer)
