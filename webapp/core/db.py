"""Database access for both engines; the only module that knows which one is running.

Two ways in: `reading()` gives one consistent snapshot, `writing()` one transaction that commits on
leaving. On SQLite a writer takes the write lock at once (BEGIN IMMEDIATE): with a plain BEGIN a
read that turns into a write fails with "database is locked" under load.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import lru_cache, partial
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import orjson
from flask import current_app
from sqlalchemy import (
    Boolean,
    Connection,
    Date,
    Dialect,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    create_engine,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
"""A UUID as canonical lower-case text in Python on both engines."""

IN_ORDER_OF_KEY = {"sqlite_with_rowid": False}
"""For a table whose rows are kept in the order of their key, without a row's number and the index
from one to the other; PostgreSQL has no such tables."""

T = TypeVar("T")

# Python's sqlite3 asks every None, bool and bytes how it wants to be stored, in vain: that costs
# more than storing it. One that is told beforehand is not asked.
sqlite3.register_adapter(type(None), {None: None}.get)
sqlite3.register_adapter(bool, int)
sqlite3.register_adapter(bytes, bytes)
sqlite3.register_adapter(date, date.isoformat)

WRITE = "qiaomen_write"
EXTENSION = "qiaomen.db"


class Base(DeclarativeBase):
    """All tables. Tenant tables have the key (community_id, id)."""

    metadata = MetaData(naming_convention=NAMING)


class Database:
    """An engine and the two kinds of session that the product uses."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        # Options shared by connections of the same pool: what "begin" emits depends on them.
        self._read = self.engine.execution_options(**_reader_options(self.engine))
        self._write = self.engine.execution_options(**{WRITE: True})
        self._queue = _queue_of(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One snapshot of the database; what is written in it is thrown away."""
        with Session(self._read, autoflush=False, expire_on_commit=False) as session:
            try:
                yield session
            finally:
                session.expunge_all()  # a rollback would empty the rows that a page still draws
                session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction: committed on leaving, rolled back when anything is raised.

        Never inside another one of the same thread: the inner would wait for the outer.
        """
        with (
            _turn(self._queue),
            Session(self._write, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def dispose(self) -> None:
        """Close the pool's connections (before a fork, at the end of a test)."""
        self.engine.dispose()


def current() -> Database:
    """The application's database; needs an application context."""
    database = current_app.extensions[EXTENSION]
    assert isinstance(database, Database)
    return database


@contextmanager
def reading() -> Iterator[Session]:
    """`Database.reading` of the current application."""
    with current().reading() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """`Database.writing` of the current application."""
    with current().writing() as session:
        yield session


def of_few(condition: str) -> dict[str, Any]:
    """For an index of the few rows that it is asked for: the many cost a push nothing."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def insert(session: Session, table: Table | type[Base]) -> Any:
    """An INSERT that has `on_conflict_do_nothing` / `on_conflict_do_update` on both engines."""
    return _insert(session.get_bind().dialect.name, _table(table))


Rows = Sequence[Mapping[str, Any]] | Sequence[tuple[Any, ...]]
"""Mappings that all name the same columns, or tuples, of columns that are named beside them."""


def insert_rows(
    session: Session, table: Table | type[Base], rows: Rows, names: tuple[str, ...] = ()
) -> None:
    """Insert rows, past the ORM: for many at once."""
    if rows:
        _prepared(_dialect(session), _table(table), *_form(rows, names)).run(session, rows)


def upsert(
    session: Session,
    table: Table | type[Base],
    rows: Rows,
    names: tuple[str, ...] = (),
    *,
    keys: Sequence[str],
    columns: Sequence[str] = (),
    added: Sequence[str] = (),
) -> None:
    """Insert the rows; where the `keys` exist already, set `columns` to the new values and add the
    new values to those of `added`."""
    if rows:
        on = (tuple(keys), tuple(columns), tuple(added))
        _prepared(_dialect(session), _table(table), *_form(rows, names), *on).run(session, rows)


def update_rows(
    session: Session,
    table: Table | type[Base],
    rows: Rows,
    names: tuple[str, ...] = (),
    *,
    keys: Sequence[str],
) -> None:
    """Set the columns that the rows have, each in the row that its `keys` find."""
    if rows:
        form = _form(rows, names)
        _update(_dialect(session), _table(table), *form, tuple(keys)).run(session, rows)


def among(
    column: ColumnElement[Any], name: str, values: Collection[Any] | None = None
) -> ColumnElement[bool]:
    """Whether a column of a table is one of the values bound as `name`, a list of any length.

    One parameter, where IN needs one a value: the statement is put together once and for all, and
    the `values` may be given when it is run.
    """
    return _Among(column, bindparam(name, values, type_=_Listed(column.type), required=False))


def chunks(items: Iterable[T], size: int = 5_000) -> Iterator[list[T]]:
    """Lists of at most `size`: engines bound the number of parameters of a statement."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _table(table: Table | type[Base]) -> Table:
    found = table if isinstance(table, Table) else table.__table__
    assert isinstance(found, Table)
    return found


def _insert(dialect: str, table: Table) -> Any:
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


_KEY = "key_"
"""Before a column's name: the parameter that finds a row, beside one that changes it."""


Form = tuple[tuple[str, ...], bool]
"""The columns of rows, and whether these are tuples."""


def _form(rows: Rows, names: tuple[str, ...]) -> Form:
    return (names, True) if names else (tuple(rows[0]), False)


class _Prepared:
    """A statement for many rows as the driver takes it: text, and how a row becomes parameters."""

    def __init__(
        self, statement: Any, table: Table, form: Form, given: Sequence[str], dialect: Dialect
    ) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=given)
        assert isinstance(compiled, SQLCompiler)
        self._text = str(compiled)
        parameters = compiled.positiontup if compiled.positional else compiled.params
        self._names = tuple(parameters or ())
        columns = [table.c[name.removeprefix(_KEY)] for name in self._names]
        names, tuples = form
        wanted = tuple(column.name for column in columns)
        self._as_they_are = tuples and wanted == names
        self._values = itemgetter(*(map(names.index, wanted) if tuples else wanted))
        self._binders = [
            (index, bind)
            for index, column in enumerate(columns)
            if (bind := _binder(column.type, dialect))
        ]
        self._positional = compiled.positional

    def run(self, session: Session, rows: Rows) -> None:
        """Execute it for all rows; what the session has not written yet goes first."""
        session.flush()
        values: Sequence[Any] = rows
        if not self._as_they_are:
            values = [self._values(row) for row in rows]
        if self._binders:
            values = [self._bound(row) for row in values]
        if self._positional:
            _drive(session.connection(), self._text, values, many=True)
        else:
            parameters = [dict(zip(self._names, row, strict=True)) for row in values]
            session.connection().exec_driver_sql(self._text, parameters)

    def _bound(self, values: Sequence[Any]) -> tuple[Any, ...]:
        bound = list(values)
        for index, bind in self._binders:
            if bound[index] is not None:
                bound[index] = bind(bound[index])
        return tuple(bound)


class Query:
    """A statement that returns rows and is put together once, for what runs with every request.

    Rows are tuples with names. On SQLite they come straight from the driver: what SQLAlchemy does
    around a statement takes several times as long as SQLite needs for it.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._plan: _Plan | None = None

    def rows(self, session: Session, **values: Any) -> Sequence[Any]:
        """All rows, for these values of the statement's parameters; what the session has not
        written yet goes first."""
        dialect = _dialect(session)
        if dialect.name != "sqlite":
            return session.execute(self._statement, values).all()
        if self._plan is None:
            self._plan = _Plan(self._statement, dialect)
        if session.autoflush:
            session.flush()
        return self._plan.rows(session.connection(), values)

    def first(self, session: Session, **values: Any) -> Any:
        """The only row, or none."""
        return next(iter(self.rows(session, **values)), None)


class _Plan:
    """A statement as SQLite's driver takes it, and what has to be done with values and rows."""

    def __init__(self, statement: Any, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._text = str(compiled)
        self._fixed = compiled.params
        self._names = [
            (name, _binder(compiled.binds[name].type, dialect)) for name in compiled.positiontup
        ]
        columns = statement.exported_columns
        readers = [_reader(column.type, dialect) for column in columns]
        self._readers = [(index, read) for index, read in enumerate(readers) if read]
        self._named = partial(tuple.__new__, namedtuple("Row", columns.keys()))

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> Sequence[Any]:
        given = self._fixed | values
        bound = [bind(given[name]) if bind else given[name] for name, bind in self._names]
        rows: Sequence[Any] = _drive(connection, self._text, bound).fetchall()
        return list(map(self._named, map(self._read, rows) if self._readers else rows))

    def _read(self, values: Sequence[Any]) -> Sequence[Any]:
        read = list(values)
        for index, reader in self._readers:
            read[index] = reader(read[index])
        return read


observers: list[Callable[[sqlite3.Cursor, str, Any], None]] = []
"""Are told of every statement that goes to SQLite's driver past SQLAlchemy, and of its values."""


def _drive(
    connection: Connection, text: str, values: Sequence[Any], *, many: bool = False
) -> sqlite3.Cursor:
    """Hand a statement to SQLite's driver; errors are SQLAlchemy's all the same."""
    cursor: sqlite3.Cursor = connection.connection.cursor()  # type: ignore[assignment]
    for observe in observers:
        observe(cursor, text, values)
    try:
        return cursor.executemany(text, values) if many else cursor.execute(text, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            text, values, error, sqlite3.Error, dialect=connection.dialect
        ) from error


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of the driver one of Python; none where it is one."""
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a Python value one of the driver; none where it takes the value as it is."""
    if isinstance(kind, (Boolean, LargeBinary, Date)):  # both drivers take these
        return None
    return kind.dialect_impl(dialect).bind_processor(dialect)


@lru_cache(maxsize=256)
def _prepared(
    dialect: Dialect,
    table: Table,
    names: tuple[str, ...],
    tuples: bool,
    keys: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    added: tuple[str, ...] = (),
) -> _Prepared:
    """Built once: putting a statement together costs more than running it for one row."""
    statement = _insert(dialect.name, table)
    if keys:
        new = statement.excluded
        changes = {c: new[c] for c in columns} | {c: table.c[c] + new[c] for c in added}
        statement = statement.on_conflict_do_update(index_elements=list(keys), set_=changes)
    return _Prepared(statement, table, (names, tuples), names, dialect)


@lru_cache(maxsize=256)
def _update(
    dialect: Dialect, table: Table, names: tuple[str, ...], tuples: bool, keys: tuple[str, ...]
) -> _Prepared:
    changed = [name for name in names if name not in keys]
    found = (table.c[key] == bindparam(_KEY + key, type_=table.c[key].type) for key in keys)
    statement = table.update().where(*found)
    return _Prepared(statement, table, (names, tuples), changed, dialect)


def _dialect(session: Session) -> Dialect:
    return session.get_bind().dialect


class _Listed(TypeDecorator[Any]):
    """A list of values as one parameter: an array, or JSON where there are no arrays."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.ARRAY(self.item))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return list(value) if dialect.name == "postgresql" else orjson.dumps(list(value)).decode()


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> _Among:
        """As it is: `… = 1` would keep the engine from using an index."""
        return self


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608  # compiled parts


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


@contextmanager
def _turn(queue: Path | None) -> Iterator[None]:
    """Wait until it is this writer's turn, first come, first served, across all processes.

    SQLite's own waiting is a poll with growing pauses: while writers follow each other closely (an
    import, fifty phones), one of them can miss every gap until its time is up.
    """
    if queue is None:
        yield
        return
    with queue.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # given back when the file is closed
        yield


def _queue_of(engine: Engine) -> Path | None:
    """The file on which SQLite's writers queue; PostgreSQL has queues of its own."""
    if engine.dialect.name != "sqlite" or not engine.url.database:
        return None
    return Path(f"{engine.url.database}-writers")


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, pool_size=16, max_overflow=16, pool_pre_ping=True)
    engine = create_engine(
        parsed, pool_size=16, max_overflow=16, pool_timeout=30, pool_use_lifo=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _reader_options(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "postgresql":
        return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return {WRITE: False}


def _prepare_sqlite(connection: Any, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        "page_size=8192",  # of a new file: pushes write to fewer pages, by fewer levels
        "journal_mode=WAL",
        "synchronous=FULL",  # what was answered "accepted" survives a power cut
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
        "cache_size=-65536",
        "wal_autocheckpoint=4000",  # pages; pushes change the same ones again and again
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
