"""Rows of before a migration, in the columns that they had then."""

from __future__ import annotations

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from tests.support.databases import migrate

BUILDING, DOOR, OTHER, MEMBER = (f"00000000-0000-7000-8000-{n:012}" for n in range(4))
PLACE = f"""
INSERT INTO community (id, name, region, timezone, publicity_target, app_target, headline,
  leaflet_default, settings, created_at, seq)
  VALUES (1, 'a', 'a', 'Asia/Shanghai', 1, 1, 'publicity', 1, '{{}}', 1, 1);
INSERT INTO building (community_id, id, key, name, compound, grid, address, units,
  practice, provisional, access_note, caretaker_name, caretaker_role, created_at, seq)
  VALUES (1, '{BUILDING}', 'k', '1', '', '', '', 1, false, false, '', '', '', 1, 1)
"""
LISTED = f"""
INSERT INTO household (community_id, id, building_id, unit, room, unit_key, room_key, listed, seq)
  VALUES (1, '{DOOR}', '{BUILDING}', '', '101', '', '101', true, 1)
"""


def database(url: str, revision: str, *rows: str) -> Engine:
    """The database at that revision, with a community, its building and these rows; each text may
    hold several statements."""
    migrate(url, to=revision)
    engine = create_engine(url)
    with engine.begin() as connection:
        for statements in (PLACE, *rows):
            for statement in statements.split(";"):
                connection.execute(text(statement))
    return engine
