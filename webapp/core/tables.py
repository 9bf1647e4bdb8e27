"""Tables as files that spreadsheets open: CSV in the right encoding, and XLSX row by row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from webapp.core.cells import safe
from webapp.core.errors import NotFound

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


def download(ending: str, title: str, lines: Lines, name: str) -> Response:
    """The table as a file to save, `name` without its ending. NotFound for any but csv and xlsx."""
    if ending == "csv":
        return as_download(as_csv(lines), CSV, f"{name}.csv")
    if ending == "xlsx":
        return as_download(as_xlsx(title, lines), XLSX, f"{name}.xlsx")
    raise NotFound


def as_download(content: bytes, kind: str, name: str) -> Response:
    """A file to save under this name; as every answer it is kept by no cache (`http.py`)."""
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _safe(line: Sequence[Cell]) -> list[Cell]:
    return [safe(value) if isinstance(value, str) else value for value in line]
