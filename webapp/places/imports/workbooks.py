"""XLSX and XLS → sheets, read in a child process.

A workbook from anybody may be a bomb: a few kilobytes that unpack to gigabytes, or one cell in
the last corner of a sheet. The child has its own bounds of memory and time, so that the worst
file costs a sentence and not the server.
"""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import msgspec

from webapp.places.imports.findings import Unreadable
from webapp.places.imports.sheets import MOST_CELLS, Range, Row, Sheet, bounded

MOST_SECONDS = 60
MOST_UNPACKED = 512 * 1024 * 1024
_CHILD = "webapp.places.imports.workbook_child"
_ROOT = Path(__file__).parents[3]
"""Where the child finds the package, whatever folder the server was started in."""


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
    answer = _ask(data)
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


def _ask(data: bytes) -> Answer:
    try:
        done = subprocess.run(
            [sys.executable, "-m", _CHILD],
            input=data,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            cwd=_ROOT,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_slow", most=MOST_SECONDS) from error
    if done.returncode < 0:  # killed by a bound
        raise Unreadable("too_many_cells", most=MOST_CELLS)
    if done.returncode != 0:
        raise Unreadable("damaged")
    return msgspec.msgpack.decode(done.stdout, type=Answer)
