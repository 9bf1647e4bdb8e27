"""XLSX and XLS → sheets, read in a child process.

A workbook from anybody may be a bomb: a few kilobytes that unpack to gigabytes, or one cell in
the last corner of a sheet.
"""

from __future__ import annotations

import io
import zipfile

import msgspec

from webapp.places.imports import child
from webapp.places.imports.child import Refusals
from webapp.places.imports.findings import Unreadable
from webapp.places.imports.sheets import MOST_CELLS, Range, Row, Sheet, bounded

MOST_UNPACKED = 512 * 1024 * 1024
_CHILD = "webapp.places.imports.workbook_child"
_REFUSALS = Refusals(killed="too_many_cells", broken="damaged", most=MOST_CELLS)


class Read(msgspec.Struct, array_like=True):
    """One visible sheet as the child hands it over."""

    name: str
    rows: list[Row]
    merged: list[Range]


class Answer(msgspec.Struct):
    """What the child says: the sheets, or the code of a refusal."""

    sheets: list[Read] = []
    refusal: str | None = None


def read(data: bytes) -> list[Sheet]:
    """The visible sheets. Raises Unreadable."""
    if data.startswith(b"PK"):
        _check_package(data)
    answer = child.ask(_CHILD, data, Answer, _REFUSALS)
    if answer.refusal is not None:
        raise Unreadable(answer.refusal)
    return [Sheet(sheet.name, bounded(sheet.rows), sheet.merged) for sheet in answer.sheets]


def _check_package(data: bytes) -> None:
    """Whether the ZIP is a workbook and of a sane size, before anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            unpacked = sum(entry.file_size for entry in package.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("damaged") from error
    if unpacked > MOST_UNPACKED:
        raise Unreadable("too_many_cells", most=MOST_UNPACKED)
    if not any(name.startswith("xl/") or name == "content.xml" for name in names):
        raise Unreadable("a_document" if "word/document.xml" in names else "an_archive")
