"""Fixtures that every test may use. Rows come from tests/factories, never from here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import event

from tests.support.databases import PostgresDatabases, Source, SqliteFiles
from tests.support.postgres import shared_server
from webapp.app import create_app
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.settings import Settings

ROOT = Path(__file__).parents[1]
ENGINES = ("sqlite", "postgresql")
MONDAY_MORNING = product_clock.parse("2026-11-23T09:00:00.000+08:00")
_serial = count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both_engines` once on each."""
    if metafunc.definition.get_closest_marker("both_engines"):
        metafunc.parametrize("engine_name", ENGINES, indirect=True)


@pytest.fixture
def engine_name(request: pytest.FixtureRequest) -> str:
    """`sqlite`, unless the test is marked `both_engines`."""
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture(scope="session")
def _sources(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Callable[[str], Source]]:
    """Where databases of an engine come from; PostgreSQL starts when first asked for."""
    base = tmp_path_factory.getbasetemp()
    made: dict[str, Source] = {"sqlite": SqliteFiles(tmp_path_factory.mktemp("sqlite"))}
    servers: list[AbstractContextManager[str]] = []

    def source(name: str) -> Source:
        if name not in made:
            servers.append(shared_server(base if worker_id == "master" else base.parent))
            made[name] = PostgresDatabases(servers[-1].__enter__(), f"qiaomen_{worker_id}")
        return made[name]

    yield source
    for server in servers:
        server.__exit__(None, None, None)


@pytest.fixture
def database_url(_sources: Callable[[str], Source], engine_name: str) -> Iterator[str]:
    """The address of a database with all tables and no rows, for this test alone."""
    source = _sources(engine_name)
    url = source.copy(f"t{next(_serial)}")
    yield url
    source.drop(url)


@pytest.fixture
def empty_database(_sources: Callable[[str], Source], engine_name: str) -> Iterator[str]:
    """The address of a database without tables, for this test alone."""
    source = _sources(engine_name)
    url = source.empty(f"t{next(_serial)}")
    yield url
    source.drop(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of the application under test; the instance folder is the test's own."""
    return Settings(
        instance=tmp_path,
        database_url=database_url,
        secret_key="only-for-tests",
        testing=True,
    )


def _as_a_server_would(answer: Response) -> Response:
    """Refuse headers that gunicorn refuses and Flask's own client lets through."""
    for name, value in answer.headers.items():
        assert value.isascii(), f"{name}: {value}"
    return answer


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The whole application over a fresh database. It pushes no context: `context` does."""
    application = create_app(settings)
    application.after_request(_as_a_server_would)
    yield application
    application.extensions[db.EXTENSION].dispose()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with a context pushed, for tests that call actions and queries.

    Not together with `client`: a request inside a pushed context would share its `g`.
    """
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; it keeps cookies."""
    return app.test_client()


@dataclass
class Clock:
    """What `clock.now()` answers while the test runs: moved by hand, never by itself."""

    moment: int = MONDAY_MORNING

    def now(self) -> int:
        """Milliseconds since 1970 UTC."""
        return self.moment

    def set(self, moment: int | str) -> None:
        """To a moment, in milliseconds or as ISO 8601 with offset."""
        self.moment = product_clock.parse(moment) if isinstance(moment, str) else moment

    def advance(self, milliseconds: int = 0, *, minutes: int = 0, days: int = 0) -> None:
        """Forward by so much."""
        self.moment += milliseconds + minutes * product_clock.MINUTE + days * product_clock.DAY


@pytest.fixture
def clock() -> Iterator[Clock]:
    """A clock that stands at Monday 2026-11-23, 09:00 in Shanghai."""
    fake = Clock()
    with product_clock.moved_to(fake.now):
        yield fake


@dataclass
class Statements:
    """The SQL that ran inside a `query_count` block."""

    texts: list[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many statements, without BEGIN and COMMIT."""
        return len([text for text in self.texts if not text.startswith(("BEGIN", "COMMIT"))])


@pytest.fixture
def query_count(app: Flask) -> Callable[[], AbstractContextManager[Statements]]:
    """`with query_count() as statements: …; assert statements.count <= 12`."""
    engine = app.extensions[db.EXTENSION].engine

    @contextmanager
    def counting() -> Iterator[Statements]:
        statements = Statements()

        def record(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
            statements.texts.append(text)

        event.listen(engine, "before_cursor_execute", record)
        db.observers.append(lambda _cursor, text, _values: statements.texts.append(text))
        try:
            yield statements
        finally:
            db.observers.pop()
            event.remove(engine, "before_cursor_execute", record)

    return counting


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real files of the kinds that people import; skips where they are not at hand."""
    folder = Path(os.environ.get("QIAOMEN_DATA") or ROOT.parent / "shared" / "data")
    if not folder.is_dir():
        pytest.skip(f"no folder of real data at {folder}: set QIAOMEN_DATA")
    return folder
