"""Aliases that were there before doors could be merged belong to the door that they mean."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.migrations.before import DOOR, LISTED, OTHER, database
from tests.support.databases import migrate

BEFORE = "522cd4fe55f4"
ROWS = f"""
INSERT INTO household_alias (community_id, id, household_id) VALUES (1, '{OTHER}', '{DOOR}')
"""
ALIASES = """
SELECT CAST(id AS TEXT), CAST(household_id AS TEXT), CAST(home_id AS TEXT) FROM household_alias
"""


@pytest.mark.both_engines
def test_an_alias_belongs_to_the_door_that_it_means(empty_database: str) -> None:
    engine = database(empty_database, BEFORE, LISTED, ROWS)
    migrate(empty_database)
    with engine.connect() as connection:
        assert connection.execute(text(ALIASES)).all() == [(OTHER, DOOR, DOOR)]
    migrate(empty_database, down_to=BEFORE)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT CAST(id AS TEXT) FROM household_alias")).all()
    engine.dispose()
    assert found == [(OTHER,)]
