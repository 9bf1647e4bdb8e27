"""The migrations build exactly the tables that the models declare, on both engines."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.support.databases import migrate
from webapp.core.db import Base, Database

pytestmark = pytest.mark.both_engines


def test_upgrading_an_empty_database_gives_the_tables_of_the_models(empty_database: str) -> None:
    migrate(empty_database)
    database = Database(empty_database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    database.dispose()
    assert differences == []


def test_upgrading_twice_changes_nothing(empty_database: str) -> None:
    migrate(empty_database)
    migrate(empty_database)


def test_going_down_and_up_again_works(empty_database: str) -> None:
    migrate(empty_database)
    migrate(empty_database, down_to="base")
    migrate(empty_database)
