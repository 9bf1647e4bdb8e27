"""Knocks keep what they say when their table is made anew, up and down."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from tests.migrations.before import BUILDING, DOOR, LISTED, MEMBER, database
from tests.support.databases import migrate

BEFORE = "93b439fcf93e"
ROWS = f"""
INSERT INTO knock_day (community_id, household_id, day, member_id, building_id, visits, leaflets)
  VALUES (1, '{DOOR}', '2026-11-22', '{MEMBER}', '{BUILDING}', 2, 3)
"""
KNOCKS = "SELECT CAST(household_id AS TEXT), CAST(day AS TEXT), visits, leaflets FROM knock_day"


@pytest.mark.both_engines
def test_knocks_survive_the_change_of_their_table_both_ways(empty_database: str) -> None:
    engine = database(empty_database, BEFORE, LISTED, ROWS)
    migrate(empty_database)
    with engine.connect() as connection:
        assert connection.execute(text(KNOCKS)).all() == [(DOOR, "2026-11-22", 2, 3)]
    migrate(empty_database, down_to=BEFORE)
    with engine.connect() as connection:
        assert connection.execute(text(KNOCKS)).all() == [(DOOR, "2026-11-22", 2, 3)]
        found = connection.execute(text("SELECT CAST(building_id AS TEXT) FROM knock_day")).all()
    engine.dispose()
    assert found == [(BUILDING,)]


def test_knocks_stand_in_the_order_of_their_key_on_sqlite(empty_database: str) -> None:
    migrate(empty_database)
    engine = create_engine(empty_database)
    made = text("SELECT sql FROM sqlite_master WHERE name = 'knock_day'")
    with engine.connect() as connection:
        assert "WITHOUT ROWID" in connection.execute(made).scalar_one()
    engine.dispose()
