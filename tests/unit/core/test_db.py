"""Reading, writing and the helpers that hide which engine runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Table, bindparam, func, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.factories.accounts import make_community
from webapp.accounts.models import Installation
from webapp.core import db
from webapp.core.ids import new_id
from webapp.coverage.models import MemberDay

pytestmark = pytest.mark.both_engines


def names() -> list[str]:
    with db.reading() as session:
        return list(session.scalars(select(Installation.name).order_by(Installation.name)))


def values() -> dict[str, str]:
    with db.reading() as session:
        return {row.name: row.value for row in session.scalars(select(Installation))}


def put(*rows: str) -> None:
    with db.writing() as session:
        session.add_all(Installation(name=name, value="x") for name in rows)


def test_what_is_written_is_there_on_leaving(context: Flask) -> None:
    put("a", "b")
    assert names() == ["a", "b"]


def test_an_exception_takes_everything_back(context: Flask) -> None:
    def break_off() -> None:
        with db.writing() as session:
            session.add(Installation(name="a", value="x"))
            session.flush()
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert names() == []


def test_what_a_reader_writes_is_thrown_away_or_refused(context: Flask) -> None:
    with suppress(DatabaseError), db.reading() as session:
        session.execute(db.insert(session, Installation).values(name="a", value="x"))
    assert names() == []


def test_a_reader_sees_one_snapshot(context: Flask) -> None:
    put("a")
    counted = select(func.count()).select_from(Installation)
    with db.reading() as session:
        assert session.scalar(counted) == 1
        writer = threading.Thread(target=in_context(context, lambda: put("b")))
        writer.start()
        writer.join(10)
        assert not writer.is_alive(), "a reader keeps no writer waiting"
        assert session.scalar(counted) == 1
    assert names() == ["a", "b"]


def test_rows_stay_readable_after_the_snapshot_is_closed(context: Flask) -> None:
    put("a")
    with db.reading() as session:
        row = session.scalars(select(Installation)).one()
    assert (row.name, row.value) == ("a", "x")


def test_writers_wait_for_each_other(context: Flask) -> None:
    """Each reads, thinks, and writes; nobody overwrites what another wrote, nobody is refused."""
    put("n")
    with db.writing() as session:
        session.execute(text("UPDATE installation SET value = '0'"))

    def add_one() -> None:
        for _ in range(5):
            with db.writing() as session:
                row = session.scalars(
                    select(Installation).where(Installation.name == "n").with_for_update()
                ).one()
                time.sleep(0.002)
                row.value = str(int(row.value) + 1)

    threads = [threading.Thread(target=in_context(context, add_one)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.reading() as session:
        assert session.scalars(select(Installation.value)).all() == ["30"]


def in_context(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            work()

    return run


def test_an_upsert_inserts_and_changes_the_columns_that_it_names(context: Flask) -> None:
    put("a")
    rows = [{"name": "a", "value": "new"}, {"name": "b", "value": "new"}]
    with db.writing() as session:
        db.upsert(session, Installation, rows, keys=["name"], columns=["value"])
        db.upsert(session, Installation, [], keys=["name"], columns=["value"])
    assert values() == {"a": "new", "b": "new"}


def test_an_insert_may_leave_alone_what_is_there(context: Flask) -> None:
    put("a")
    with db.writing() as session:
        statement = db.insert(session, Installation).on_conflict_do_nothing()
        session.execute(statement, [{"name": "a", "value": "new"}, {"name": "b", "value": "new"}])
    assert values() == {"a": "x", "b": "new"}


@pytest.mark.parametrize(("size", "expected"), [(2, [[1, 2], [3]]), (3, [[1, 2, 3]])])
def test_chunks_are_at_most_so_long(context: Flask, size: int, expected: list[list[int]]) -> None:
    assert list(db.chunks([1, 2, 3], size)) == expected
    assert list(db.chunks([], size)) == []


def test_foreign_keys_hold(context: Flask) -> None:
    with pytest.raises(DatabaseError), db.writing() as session:
        session.execute(
            text(
                "INSERT INTO member (community_id, id, person_id, role, status, lead, deputy,"
                " joined_at, seq) VALUES (1, '0199d0c4-7a30-7c11-9d3e-0a5b8c2f4e61', 1,"
                " 'volunteer', 'active', false, false, 0, 0)"
            )
        )


def test_sqlite_is_durable_and_lets_readers_beside_a_writer(context: Flask) -> None:
    with db.reading() as session:
        if session.get_bind().dialect.name != "sqlite":
            return
        pragmas = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_upsert_adds_to_the_columns_that_it_names(context: Flask) -> None:
    community, day = make_community(context), date(2026, 11, 22)
    row = {"community_id": community, "member_id": new_id(), "day": day, "doors": 2, "leaflets": 1,
           "helped": 0}  # fmt: skip
    keys = ["community_id", "member_id", "day"]
    for _time in range(2):
        with db.writing() as session:
            db.upsert(session, MemberDay, [row], keys=keys, added=["doors", "leaflets"])
    with db.reading() as session:
        kept = session.scalars(select(MemberDay)).one()
    assert (kept.doors, kept.leaflets, kept.day) == (4, 2, day)


def test_rows_are_updated_by_their_keys(context: Flask) -> None:
    put("a", "b", "c")
    with db.writing() as session:
        rows = [{"name": "a", "value": "1"}, {"name": "c", "value": "3"}]
        db.update_rows(session, Installation, rows, keys=["name"])
        db.update_rows(session, Installation, [], keys=["name"])
    assert values() == {"a": "1", "b": "x", "c": "3"}


def test_what_was_added_to_the_session_is_there_for_rows_that_go_past_it(context: Flask) -> None:
    with db.writing() as session:
        session.add(Installation(name="a", value="x"))
        db.update_rows(session, Installation, [{"name": "a", "value": "1"}], keys=["name"])
    assert values() == {"a": "1"}


def test_a_column_is_found_among_any_number_of_values(context: Flask) -> None:
    put(*(f"n{n}" for n in range(50)))
    many = [f"n{n}" for n in range(0, 70_000, 2)]
    statement = select(Installation.name).where(db.among(Installation.__table__.c.name, "names"))
    with db.reading() as session:
        assert len(session.execute(statement, {"names": many}).all()) == 25
        assert session.execute(statement, {"names": []}).all() == []


def test_the_values_to_look_among_may_be_given_with_the_column(context: Flask) -> None:
    put("a", "b", "c")
    column = Installation.__table__.c.name
    with db.reading() as session:
        for wanted in (["a"], ["b", "c"]):
            statement = select(column).where(db.among(column, "found", wanted)).order_by(column)
            assert list(session.scalars(statement)) == wanted


def test_rows_may_be_tuples_of_columns_that_are_named_once(context: Flask) -> None:
    """In the order of the table, in another one, and for an update."""
    with db.writing() as session:
        db.insert_rows(session, Installation, [("a", "1"), ("b", "1")], ("name", "value"))
        db.insert_rows(session, Installation, [("2", "c")], ("value", "name"))
        names, on = ("value", "name"), ["name"]
        db.upsert(session, Installation, [("2", "a")], names, keys=on, columns=["value"])
        db.update_rows(session, Installation, [("3", "b")], names, keys=on)
    assert values() == {"a": "2", "b": "3", "c": "2"}


def test_tuples_and_mappings_of_the_same_columns_are_told_apart(context: Flask) -> None:
    with db.writing() as session:
        db.insert_rows(session, Installation, [{"value": "1", "name": "a"}])
        db.insert_rows(session, Installation, [("1", "b")], ("value", "name"))
        db.insert_rows(session, Installation, [{"value": "1", "name": "c"}])
    assert values() == {"a": "1", "b": "1", "c": "1"}


_DAYS = MemberDay.__table__.c
DAYS_OF = db.Query(
    select(_DAYS.day, _DAYS.member_id.label("who"), _DAYS.doors)
    .where(
        _DAYS.community_id == bindparam("of"),
        db.among(_DAYS.day, "days"),
        _DAYS.leaflets == 1,
    )
    .order_by(_DAYS.doors)
    .limit(2)
)


def test_a_query_gives_rows_with_names_and_values_of_python(context: Flask) -> None:
    community, member = make_community(context), new_id()
    days = [date(2026, 11, n) for n in range(1, 6)]
    names = ("community_id", "member_id", "day", "doors", "leaflets", "helped")
    with db.writing() as session:
        rows = [(community, member, day, n, 1, 0) for n, day in enumerate(days)]
        db.insert_rows(session, MemberDay, rows, names)
        found = DAYS_OF.rows(session, of=community, days=days[2:])
        assert [tuple(row) for row in found] == [(days[2], member, 2), (days[3], member, 3)]
        first = DAYS_OF.first(session, of=community, days=days[2:])
        assert (first.day, first.who, first.doors) == (days[2], member, 2)
        assert DAYS_OF.first(session, of=community + 1, days=days) is None


def test_a_query_sees_what_was_added_to_the_session(context: Flask) -> None:
    row = Installation.__table__.c
    value = db.Query(select(row.value).where(row.name == bindparam("name")))
    with db.writing() as session:
        session.add(Installation(name="a", value="x"))
        assert value.first(session, name="a").value == "x"


def test_a_query_may_change_rows(context: Flask) -> None:
    put("a")
    table = Installation.__table__
    assert isinstance(table, Table)
    change = db.Query(
        update(table)
        .where(table.c.name == bindparam("who"))
        .values(value=bindparam("new"))
        .returning(table.c.value)
    )
    with db.writing() as session:
        assert [tuple(row) for row in change.rows(session, who="a", new="y")] == [("y",)]
    assert values() == {"a": "y"}


def test_what_the_engine_refuses_is_an_error_of_sqlalchemy(context: Flask) -> None:
    put("a")
    with pytest.raises(IntegrityError), db.writing() as session:
        db.insert_rows(session, Installation, [("a", "1")], ("name", "value"))
    assert values() == {"a": "x"}
