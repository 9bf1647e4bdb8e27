"""Files for the clerk: the rows that were not imported, and an empty list to fill in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from webapp.core.i18n import _
from webapp.places.imports.findings import Finding, sentence
from webapp.places.imports.records import Reading
from webapp.places.imports.sheets import text_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 5_000
_FORMULA = re.compile(r"^[\s]*[=+\-@\t\r]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def bad_rows(reading: Reading, problems: Sequence[Finding]) -> list[list[str]]:
    """The rows with problems, headings first: the imported columns as they stand and the problem.

    Columns that are left out (people, states) stay left out of this file, too.
    """
    if not reading.tables:
        return []
    by_sheet: dict[str, dict[int, list[Finding]]] = {}
    for finding in problems[:MOST_ROWS]:
        if finding.row is not None:
            rows = by_sheet.setdefault(finding.sheet or "", {})
            rows.setdefault(finding.row, []).append(finding)
    result: list[list[str]] = []
    for table in reading.tables:
        found = by_sheet.get(table.sheet.name) or by_sheet.get("", {})
        columns = [column for column in table.columns if column.field]
        lines = [
            [text_of(row[c.index]) for c in columns]
            + ["; ".join(dict.fromkeys(sentence(f) for f in found[number]))]
            for number, row in table.rows()
            if number in found
        ]
        if lines:
            heads = [c.label.replace("\n", " ") or c.letter for c in columns]
            result += [[*heads, _("import.problem")], *lines]
    return result


def as_xlsx(rows: Iterable[Sequence[Any]], title: str) -> bytes:
    """The rows as a workbook of texts; nothing in it is a formula."""
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = title[:31]
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = guarded(str(value))
            cell.data_type = "s"
            cell.number_format = "@"
            if number == 1:
                cell.font = Font(bold=True)
            sheet.column_dimensions[get_column_letter(column)].width = 16
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: a quotation mark goes before it."""
    text = _CONTROL.sub(" ", text)
    return f"'{text}" if _FORMULA.match(text) and not _is_number(text) else text


def template() -> bytes:
    """An empty list with headings and three rows that show how to fill it in."""
    heads = [_(f"import.field.{f}") for f in TEMPLATE]
    return as_xlsx([heads, *_EXAMPLES], _("import.template_sheet"))


TEMPLATE = ("compound", "building", "unit", "floor", "room", "grid")
_EXAMPLES = (
    ("", "3", "1", "1", "101", ""),
    ("", "3", "1", "1", "102", ""),
    ("", "3", "2", "14", "1403", ""),
)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"\s*[-+]?\d+(?:\.\d+)?", text) is not None
