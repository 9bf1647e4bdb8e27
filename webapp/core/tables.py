"""Tables as files that spreadsheets open: CSV in the right encoding, and XLSX row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from webapp.core.cells import safe

Cell = str | int | float | None
Lines = Iterable[Sequence[Cell]]
"""A head and the rows under it; texts are made safe here."""

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(lines: Lines) -> bytes:
    """UTF-8 with a byte-order mark: without it Excel reads Chinese as something else."""
    text = io.StringIO()
    csv.writer(text).writerows(map(_safe, lines))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def as_xlsx(title: str, lines: Lines) -> bytes:
    """One sheet, its head and first column frozen. Rows go to a file as they come, so that memory
    does not grow with them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "B2"
    rows = map(_safe, lines)
    heads = [WriteOnlyCell(sheet, value=head) for head in next(rows, [])]
    for cell in heads:
        cell.font = Font(bold=True)
    sheet.append(heads)
    for row in rows:
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _safe(line: Sequence[Cell]) -> list[Cell]:
    return [safe(value) if isinstance(value, str) else value for value in line]
