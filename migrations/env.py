"""Runs migrations on either engine, in one transaction.

The address comes from `config.attributes["url"]` when a program calls Alembic, else from the
environment, as the server reads it.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from webapp.core.db import Base, Database
from webapp.core.settings import from_environment

ROOT = Path(__file__).parents[1]


def import_models() -> None:
    """Import every module that declares tables, so that `Base.metadata` knows them all."""
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        if "__tablename__ =" in path.read_text(encoding="utf-8"):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))


def run() -> None:
    """Bring the database to the revision that was asked for."""
    url = context.config.attributes.get("url") or from_environment().database_url
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            _forget_foreign_keys(connection)
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                # SQLite changes a table by making a new one.
                render_as_batch=connection.dialect.name == "sqlite",
                compare_type=True,
            )
            with context.begin_transaction():
                context.run_migrations()
            connection.commit()
    finally:
        database.dispose()


def _forget_foreign_keys(connection: Connection) -> None:
    """On SQLite, replacing a table would delete the rows that point to it; only outside BEGIN."""
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA foreign_keys=OFF")


import_models()
run()
