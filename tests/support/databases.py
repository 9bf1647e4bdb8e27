"""Databases for tests: one made once with all tables, then copied for every test."""

from __future__ import annotations

import shutil
from importlib import import_module
from pathlib import Path
from typing import Protocol

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from webapp.core.db import Base, Database

ROOT = Path(__file__).parents[2]


class Source(Protocol):
    """Where databases come from."""

    def empty(self, name: str) -> str:
        """The address of a new database without tables."""

    def copy(self, name: str) -> str:
        """The address of a new database with all tables and no rows."""

    def drop(self, url: str) -> None:
        """Take a database away again."""


def create_tables(url: str) -> None:
    """All tables of the models; a test of its own proves that migrations make the same."""
    for path in (ROOT / "webapp").rglob("*.py"):
        if "__tablename__ =" in path.read_text(encoding="utf-8"):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    database = Database(url)
    Base.metadata.create_all(database.engine)
    database.dispose()


def migrate(url: str, *, to: str = "head", down_to: str | None = None) -> None:
    """Run the migrations up to a revision, or down to one."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    if down_to is not None:
        command.downgrade(config, down_to)
    else:
        command.upgrade(config, to)


class SqliteFiles:
    """SQLite: a database is a file in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.sqlite"

    def empty(self, name: str) -> str:
        return f"sqlite:///{self._folder / name}.sqlite"

    def copy(self, name: str) -> str:
        if not self._template.exists():
            create_tables(f"sqlite:///{self._template}")
        shutil.copy(self._template, self._folder / f"{name}.sqlite")
        return self.empty(name)

    def drop(self, url: str) -> None:
        file = Path(make_url(url).database or "")
        for suffix in ("", "-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)


class PostgresDatabases:
    """PostgreSQL: a database is made from a template, which costs about 50 ms."""

    def __init__(self, server_url: str, prefix: str) -> None:
        self._server = make_url(server_url)
        self._prefix = prefix
        self._template: str | None = None

    def empty(self, name: str) -> str:
        return self._create(name, template="template0")

    def copy(self, name: str) -> str:
        if self._template is None:
            create_tables(self._create("template", template="template0"))
            self._template = f"{self._prefix}_template"
        return self._create(name, template=self._template)

    def drop(self, url: str) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _create(self, name: str, *, template: str) -> str:
        database = f"{self._prefix}_{name}"
        self._run(f'CREATE DATABASE "{database}" TEMPLATE "{template}" ENCODING \'UTF8\'')
        return self._server.set(database=database).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        engine = create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()
