"""A list of communities with their region paths: geography to complete forms with, no tenants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.places.imports import layout
from webapp.places.imports.engine import Count
from webapp.places.imports.findings import Finding, Unreadable
from webapp.places.imports.layout import Table
from webapp.places.imports.options import WrongUse
from webapp.places.imports.sheets import Book, text_of
from webapp.places.imports.vocabulary import GAZETTEER
from webapp.places.models import Gazetteer

_LEVELS = ("province", "city", "district", "street")
_PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖", "-", "/"}
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One community: its name under its region path."""

    row: int
    region: str
    name: str
    code: str | None


@dataclass(slots=True)
class Entries:
    """A list, read."""

    entries: list[Entry] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)


def read(book: Book, sheet: str | None = None) -> Entries:
    """The communities of a file.

    Raises Unreadable when it names none, WrongUse for a sheet that it does not have.
    """
    if sheet is not None and sheet not in {s.name for s in book.sheets}:
        names = ", ".join(s.name for s in book.sheets if s.name) or "–"
        raise WrongUse("unknown_sheet", sheet=sheet, sheets=names)
    found = Entries()
    tables = [
        table
        for one in book.sheets
        if sheet in {None, one.name} and (table := layout.find(one, GAZETTEER)) is not None
        if "name" in table.fields() and table.fields() - {"name", "code"}
    ]
    if not tables:
        raise Unreadable("no_communities")
    for table in tables:
        _read_table(table, found)
    return found


def write(entries: list[Entry]) -> Count:
    """Bring them in, a few hundred in each transaction; the same list again changes nothing."""
    count = Count()
    for some in db.chunks(entries, _BATCH):
        with db.writing() as session:
            _write_some(session, some, count)
    return count


def preview(entries: list[Entry]) -> Count:
    """What `write` would do."""
    count = Count()
    with db.reading() as session:
        for some in db.chunks(entries, _BATCH):
            new, changed = _compare(session, some)
            _add(count, len(some), len(new), len(changed))
    return count


def _read_table(table: Table, found: Entries) -> None:
    columns = {c.field: c for c in table.columns if c.field}
    seen = {(entry.region, entry.name) for entry in found.entries}
    for number, row in table.rows():
        texts = {f: text_of(row[c.index]).strip() for f, c in columns.items() if f}
        region = texts.get("region", "").replace("／", "/").strip("/") or "/".join(_path(texts))
        name = texts.get("name", "")
        if not name or not region:
            label = columns["name"].label if not name else None
            code = "no_community" if not name else "no_region"
            found.problems.append(Finding(code, number, label))
        elif (region, name) not in seen:
            seen.add((region, name))
            code_text = texts.get("code") or None
            found.entries.append(Entry(number, region[:240], name[:120], code_text))


def _path(texts: dict[str, str]) -> Iterator[str]:
    """The levels that say something: 重庆市/市辖区/合川区 has no real city."""
    before = ""
    for level in _LEVELS:
        text = texts.get(level, "")
        if text and text not in _PLACEHOLDERS and text != before:
            yield text
        before = text or before


def _compare(session: Session, entries: list[Entry]) -> tuple[list[Entry], list[tuple[int, Entry]]]:
    query = select(Gazetteer.id, Gazetteer.region, Gazetteer.name, Gazetteer.code).where(
        Gazetteer.name.in_({entry.name for entry in entries})
    )
    there = {(row.region, row.name): row for row in session.execute(query)}
    new = [entry for entry in entries if (entry.region, entry.name) not in there]
    changed = [
        (row.id, entry)
        for entry in entries
        if (row := there.get((entry.region, entry.name))) is not None
        and entry.code is not None
        and row.code != entry.code
    ]
    return new, changed


def _write_some(session: Session, entries: list[Entry], count: Count) -> None:
    new, changed = _compare(session, entries)
    if new:
        rows = [{"region": e.region, "name": e.name, "code": e.code} for e in new]
        session.execute(insert(Gazetteer), rows)
    for row_id, entry in changed:
        session.execute(update(Gazetteer).where(Gazetteer.id == row_id).values(code=entry.code))
    _add(count, len(entries), len(new), len(changed))


def _add(count: Count, entries: int, new: int, changed: int) -> None:
    count.created += new
    count.updated += changed
    count.unchanged += entries - new - changed
