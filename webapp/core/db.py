"""Database access for both engines; the only module that knows which one is running.

Two ways in: `reading()` gives one consistent snapshot, `writing()` one transaction that commits on
leaving. On SQLite a writer takes the write lock at once (BEGIN IMMEDIATE): with a plain BEGIN a
read that turns into a write fails with "database is locked" under load.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Connection, Engine, MetaData, String, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.pool import ConnectionPoolEntry

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Id = String(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
"""A UUID as canonical lower-case text in Python on both engines."""

T = TypeVar("T")

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


def insert(session: Session, table: Table | type[Base]) -> Any:
    """An INSERT that has `on_conflict_do_nothing` / `on_conflict_do_update` on both engines."""
    return _insert(session.get_bind().dialect.name, _table(table))


def upsert(
    session: Session,
    table: Table | type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    keys: Sequence[str],
    columns: Sequence[str],
) -> None:
    """Insert the rows; where the `keys` exist already, set `columns` to the new values."""
    if rows:
        dialect = session.get_bind().dialect.name
        session.execute(_upsert(dialect, _table(table), tuple(keys), tuple(columns)), rows)


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


@lru_cache(maxsize=256)
def _upsert(dialect: str, table: Table, keys: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    """The statement, built once: putting it together costs more than running it for one row."""
    statement = _insert(dialect, table)
    return statement.on_conflict_do_update(
        index_elements=list(keys), set_={c: statement.excluded[c] for c in columns}
    )


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
    engine = create_engine(parsed, pool_size=16, max_overflow=16, pool_timeout=30)
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
        "journal_mode=WAL",
        "synchronous=FULL",  # what was answered "accepted" survives a power cut
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
        "cache_size=-65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    write = connection.get_execution_options().get(WRITE, True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
