"""The check between choosing columns and importing: a dry run, kept beside the upload."""

from __future__ import annotations

from dataclasses import replace

from webapp.core import clock
from webapp.places.imports import engine, layout, rows, tables
from webapp.places.imports.columns import Column
from webapp.places.imports.findings import Finding, gathered
from webapp.places.imports.layout import Table
from webapp.places.imports.options import Options
from webapp.places.imports.planning import size
from webapp.places.imports.records import Reading
from webapp.places.imports.sheets import Book, text_of
from webapp.places.imports.uploads import Upload

SHOWN_BUILDINGS = 500
SHOWN_PROBLEMS = 2_000


def read(upload: Upload) -> Reading:
    """The upload's file with the choices made. Raises Unreadable, WrongUse, NotFound."""
    return rows.read(tables.read(upload.data()), upload.options)


def check(upload: Upload) -> None:
    """Say what importing would do and keep it with the upload. Raises Unreadable."""
    reading = read(upload)
    outcome = engine.run(
        reading,
        community_id=upload.community_id,
        now=clock.now(),
        generate=upload.options.generate,
        write=False,
    )
    generate = upload.options.generate
    shown = outcome.problems[:SHOWN_PROBLEMS]
    cells = _cells(reading, shown)
    upload.checked = {
        "buildings": outcome.buildings.as_data(),
        "households": outcome.households.as_data(),
        "rows": reading.rows,
        "expected": sum(size(record, generate=generate) for record in reading.buildings),
        "problem_count": len(outcome.problems),
        "bad_rows": len({(f.sheet, f.row) for f in outcome.problems}),
        "problems": [
            {
                **finding.as_data(),
                "cells": cells.get((finding.sheet, finding.row), {}),
                "mend": _mending(reading, finding),
            }
            for finding in shown
        ],
        "notices": [finding.as_data() for finding in gathered(outcome.notices)],
        "list": [
            {
                "name": record.name,
                "compound": record.compound,
                "units": record.units or sum(1 for unit in record.unit_names if unit),
                "floors": record.floors,
                "doors": len(record.doors) or (generate and size(record, generate=True)) or 0,
            }
            for record in reading.buildings[:SHOWN_BUILDINGS]
        ],
    }
    upload.save()


def shown_tables(book: Book, options: Options) -> list[Table]:
    """The tables whose columns can be chosen; a sheet without known headings as it stands."""
    found = rows.tables(book, options)
    useful = [table for table in found if any(column.field for column in table.columns)]
    return useful or [layout.first_table(book.sheets[0])]


def first_value(table: Table, column: Column) -> str:
    """The first filled cell of a column, to recognise it by; never one of a person's data."""
    if column.kind == "personal":
        return ""
    for _number, row in table.rows()[:50]:
        if column.index < len(row) and row[column.index] is not None:
            return text_of(row[column.index])[:40]
    return ""


def _cells(
    reading: Reading, problems: list[Finding]
) -> dict[tuple[str | None, int | None], dict[str, str]]:
    """(sheet, row) → the imported cells of rows with problems, to show beside them."""
    wanted = {(finding.sheet, finding.row) for finding in problems}
    several = len(reading.tables) > 1
    return {
        (name, number): {c.field: text_of(row[c.index])[:40] for c in table.columns if c.field}
        for table in reading.tables
        for name in [table.sheet.name if several else None]
        for number, row in table.rows()
        if (name, number) in wanted
    }


def _mending(reading: Reading, finding: Finding) -> dict[str, str | int] | None:
    """Which cell would mend a problem, and with what, where that is known."""
    wanted = "unit" if finding.code == "no_unit" else None
    for table in reading.tables:
        if finding.row is None or finding.sheet not in {None, table.sheet.name}:
            continue
        for column in table.columns:
            label = column.label.replace("\n", " ") or column.letter
            if column.field and (
                column.field == wanted or (not wanted and label == finding.column)
            ):
                suggested = finding.params.get("mended", finding.params.get("derived"))
                place: dict[str, str | int] = {"sheet": table.sheet.name, "index": column.index}
                return place | {"field": column.field, "suggested": str(suggested or "")}
    return None


def mend(upload: Upload, sheet: str, row: int, index: int, value: str) -> None:
    """Correct one cell and check again. Raises Unreadable."""
    mended = {name: {n: dict(c) for n, c in rows.items()} for name, rows in
              upload.options.mended.items()}  # fmt: skip
    mended.setdefault(sheet, {}).setdefault(row, {})[index] = value.strip()[:80]
    upload.options = replace(upload.options, mended=mended)
    check(upload)
