"""Aliases that were there before doors could be merged belong to the door that they mean."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from tests.support.databases import migrate

BEFORE = "522cd4fe55f4"
BUILDING, DOOR, OTHER = (f"00000000-0000-7000-8000-{n:012}" for n in range(3))
ROWS = f"""
INSERT INTO community (id, name, region, timezone, publicity_target, app_target, headline,
  leaflet_default, settings, created_at, seq)
  VALUES (1, 'a', 'a', 'Asia/Shanghai', 1, 1, 'publicity', 1, '{{}}', 1, 1);
INSERT INTO building (community_id, id, key, name, compound, grid, address, units,
  practice, provisional, access_note, caretaker_name, caretaker_role, created_at, seq)
  VALUES (1, '{BUILDING}', 'k', '1', '', '', '', 1, false, false, '', '', '', 1, 1);
INSERT INTO household (community_id, id, building_id, unit, room, unit_key, room_key, listed, seq)
  VALUES (1, '{DOOR}', '{BUILDING}', '', '101', '', '101', true, 1);
INSERT INTO household_alias (community_id, id, household_id) VALUES (1, '{OTHER}', '{DOOR}')
"""
ALIASES = """
SELECT CAST(id AS TEXT), CAST(household_id AS TEXT), CAST(home_id AS TEXT) FROM household_alias
"""


@pytest.mark.both_engines
def test_an_alias_belongs_to_the_door_that_it_means(empty_database: str) -> None:
    migrate(empty_database, to=BEFORE)
    engine = create_engine(empty_database)
    with engine.begin() as connection:
        for row in ROWS.split(";"):
            connection.execute(text(row))
    migrate(empty_database)
    with engine.connect() as connection:
        assert connection.execute(text(ALIASES)).all() == [(OTHER, DOOR, DOOR)]
    migrate(empty_database, down_to=BEFORE)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT CAST(id AS TEXT) FROM household_alias")).all()
    engine.dispose()
    assert found == [(OTHER,)]
