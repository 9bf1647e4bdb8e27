"""Visits of the year that a community has walked before: read from a list, recorded like others.

A row becomes a `visit` whose id follows from what it says, so that the same list, or a longer one,
changes nothing that is there. Rows without a time of day count at noon.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community, Member, Person
from webapp.core import clock, db
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import derived_id
from webapp.operations.batch import ACCEPTED
from webapp.operations.models import Operation
from webapp.operations.push import Result
from webapp.operations.recording import record_all
from webapp.places.imports import layout
from webapp.places.imports.findings import Finding, Unreadable
from webapp.places.imports.layout import Table
from webapp.places.imports.moments import moment_of
from webapp.places.imports.sheets import Book, text_of
from webapp.places.models import Building, Household
from webapp.places.numbers import building_key, compound_key, room_key, unit_key
from webapp.visits.operations import ANSWERED
from webapp.visits.past_words import APPS, HEADINGS, NUMBER, OUTCOMES, code_of

AT_ONCE = 500
NEEDED = ("building", "room", "date", "outcome")
LEAFLETS = "general"
Doors = Mapping[tuple[str, str, str], list[tuple[str, str]]]
"""(building, unit, room) by their keys → (compound's key, door) of each that is called so."""

OnStep = Callable[[int, int], None]
"""(visits so far, visits in all)"""


@dataclass(slots=True)
class Past:
    """What came of a list. `new`: recorded now; `same`: there already, or twice in the list."""

    new: int = 0
    same: int = 0
    problems: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class _Ground:
    """What rows are held against."""

    timezone: str
    now: int
    doors: Doors
    members: dict[str, list[str]]


def bring_in(
    book: Book,
    *,
    community_id: int,
    now: int,
    author: str | None = None,
    member_id: str | None = None,
    write: bool = True,
    on_step: OnStep = lambda done, total: None,
) -> Past:
    """Record the visits of a list, in transactions of 500; `on_step` hears after each.

    Who types them in: the coordinator `member_id`, or of the login `author`; else the first there
    is. Raises Unreadable for a file without the columns, NotFound `community_unknown`, Problem
    `no_coordinator`.
    """
    done, found, ground = _read(book, community_id, now)
    with db.reading() as session:
        typist = member_id or _typist(session, community_id, author)
    seen = 0
    for some in db.chunks(list(found.values()), AT_ONCE):
        _record(done, some, community_id, ground, typist, write=write)
        seen += len(some)
        on_step(seen, len(found))
    return done


def look(book: Book, *, community_id: int, now: int) -> Past:
    """What a list would bring, without asking each visit's right to be taken: quick, and nothing is
    written. Raises as `bring_in` does."""
    done, found, _ground = _read(book, community_id, now)
    known = 0
    with db.reading() as session:
        for some in db.chunks(found, AT_ONCE):
            there = select(func.count()).where(
                Operation.community_id == community_id, Operation.id.in_(some)
            )
            known += session.scalar(there) or 0
    done.new, done.same = len(found) - known, done.same + known
    return done


def _read(
    book: Book, community_id: int, now: int
) -> tuple[Past, dict[str, tuple[int, dict[str, Any]]], _Ground]:
    """Problems and repeats so far; the operations by id, each with its row; the ground."""
    table = _table(book)
    columns = {c.field: c for c in table.columns if c.field}
    labels = {name: column.label for name, column in columns.items()}
    with db.reading() as session:
        ground = _ground(session, community_id, now)
    done = Past()
    found = dict[str, tuple[int, dict[str, Any]]]()
    for number, row in table.rows():
        cells = {name: text_of(row[column.index]).strip() for name, column in columns.items()}
        read = _visit(cells, ground, labels)
        if isinstance(read, Finding):
            done.problems.append(replace(read, row=number))
        elif read["id"] in found:
            done.same += 1
        else:
            found[read["id"]] = number, read
    return done, found, ground


def _table(book: Book) -> Table:
    tables = [t for sheet in book.sheets if (t := layout.find(sheet, HEADINGS)) is not None]
    best = max(tables, key=lambda table: len(table.fields()), default=None)
    missing = [name for name in NEEDED if best is None or name not in best.fields()]
    if best is None or missing:
        raise Unreadable("visit_columns", missing=", ".join(HEADINGS[name][0] for name in missing))
    return best


def _ground(session: Session, community_id: int, now: int) -> _Ground:
    community = session.get(Community, community_id)
    if community is None:
        raise NotFound("community_unknown")
    doors: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    buildings = select(Building.id, Building.name, Building.compound).where(
        Building.community_id == community_id
    )
    called = {
        row.id: (building_key(row.name), compound_key(row.compound))
        for row in session.execute(buildings)
    }
    statement = select(
        Household.id, Household.building_id, Household.unit_key, Household.room_key
    ).where(Household.community_id == community_id, Household.merged_into.is_(None))
    for door, building_id, unit, room in session.execute(statement):
        building, compound = called[building_id]
        doors[building, unit, room].append((compound, door))
    members: dict[str, list[str]] = defaultdict(list)
    people = select(Member.id, Person.name, Person.login).where(
        Member.community_id == community_id, Person.id == Member.person_id
    )
    for member, name, login in session.execute(people):
        for known_as in {name, login or name}:
            members[known_as].append(member)
    return _Ground(community.timezone, now, doors, members)


def _typist(session: Session, community_id: int, login: str | None) -> str:
    statement = (
        select(Member.id)
        .join(Person, Person.id == Member.person_id)
        .where(
            Member.community_id == community_id,
            Member.role == "coordinator",
            Member.status == "active",
        )
        .order_by(Member.joined_at, Member.id)
    )
    if login is not None:
        statement = statement.where(Person.login == login)
    found = session.scalars(statement).first()
    if found is None:
        raise Problem("no_coordinator")
    return found


def _visit(
    cells: dict[str, str], ground: _Ground, labels: Mapping[str, str]
) -> dict[str, Any] | Finding:
    """The operation that a row says, or what is wrong with it."""

    def wrong(code: str, name: str) -> Finding:
        return Finding(code, column=labels.get(name), params={"value": cells.get(name, "")[:40]})

    door = _door(cells, ground.doors)
    if door is None:
        return wrong("visit_door", "room")
    at = _moment(cells["date"], ground.timezone)
    if at is None or at > ground.now:
        return wrong("visit_date", "date")
    outcome = code_of(cells["outcome"], OUTCOMES)
    if outcome is None:
        return wrong("visit_outcome", "outcome")
    app = code_of(cells.get("app", "") or "-", APPS)
    if app is None or (app and outcome not in ANSWERED):
        return wrong("visit_app", "app")
    leaflets = NUMBER.fullmatch(cells.get("leaflets", "") or "0")
    if leaflets is None:
        return wrong("visit_leaflets", "leaflets")
    called = cells.get("member", "")
    walked = ground.members.get(called, [])
    if called and len(walked) != 1:
        return wrong("visit_member", "member")
    said: dict[str, Any] = {
        "household": door,
        "outcome": outcome,
        "app": app or None,
        "leaflets": {LEAFLETS: n} if (n := int(leaflets[1])) else None,
        "note": cells.get("note", "")[:500] or None,
        "by": walked[0] if walked else None,
        "imported": True,
    }
    fields = {name: value for name, value in said.items() if value is not None}
    stamp = clock.iso_in(at, ground.timezone)
    same = msgspec.json.encode([stamp, fields], order="sorted").decode()
    return {"type": "visit", "id": derived_id(f"past visit {same}"), "at": stamp, **fields}


def _door(cells: Mapping[str, str], doors: Doors) -> str | None:
    """The one door that is called so; none if there is none, or several."""
    unit = unit_key(cells.get("unit", ""))
    found = doors.get((building_key(cells["building"]), unit, room_key(cells["room"])), [])
    compound = compound_key(cells.get("compound", ""))
    fitting = [door for where, door in found if not compound or where == compound]
    return fitting[0] if len(fitting) == 1 else None


def _moment(text: str, timezone: str) -> int | None:
    """A day alone, which workbooks give as its midnight, at noon: nobody knocks at midnight."""
    at = moment_of(text, timezone)
    if at is None:
        return None
    local = clock.local(at, timezone)
    if (local.hour, local.minute) != (0, 0):
        return at
    return int(local.replace(hour=12).timestamp() * 1000)


def _record(
    done: Past,
    some: Sequence[tuple[int, dict[str, Any]]],
    community_id: int,
    ground: _Ground,
    typist: str,
    *,
    write: bool,
) -> None:
    operations = [operation for _number, operation in some]
    results: list[Result] = []
    with suppress(_OnlyAsked), db.writing() as session:
        results = record_all(
            session, community_id, ground.timezone, operations, member_id=typist, now=ground.now
        )
        if not write:
            raise _OnlyAsked
    for (number, _operation), result in zip(some, results, strict=True):
        _count(done, number, result)


class _OnlyAsked(Exception):
    """A dry run ends its transaction so."""


def _count(done: Past, number: int, result: Result) -> None:
    if result.status == ACCEPTED:
        done.new += 1
    elif result.status == "duplicate":
        done.same += 1
    else:
        said = result.field or result.code or result.status
        done.problems.append(Finding("visit_refused", row=number, params={"value": said}))
