"""Installs with help of before are found in the visits when the counters learn of them."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.migrations.before import BUILDING, DOOR, LISTED, MEMBER, database
from tests.support.databases import migrate

BEFORE = "1390be57819f"
AT = 1_764_115_200_000
"""2025-11-26, 08:00 in Shanghai."""
MERGED, ALIAS = (f"00000000-0000-7000-8000-{n:012}" for n in (10, 11))
ROWS = f"""
INSERT INTO household (community_id, id, building_id, unit, room, unit_key, room_key, listed, seq,
  merged_into, door_id) VALUES (1, '{MERGED}', '{BUILDING}', '', '2', '', '2', true, 1, '{DOOR}',
  '{DOOR}');
INSERT INTO household_alias (community_id, id, household_id, home_id)
  VALUES (1, '{ALIAS}', '{DOOR}', '{DOOR}');
INSERT INTO person (id, name, created_at) VALUES (1, 'p', 1);
INSERT INTO member (community_id, id, person_id, role, status, lead, deputy, joined_at, seq)
  VALUES (1, '{MEMBER}', 1, 'volunteer', 'active', false, false, 1, 1);
INSERT INTO knock_day (community_id, household_id, day, member_id, visits, leaflets)
  VALUES (1, '{DOOR}', '2025-11-26', '{MEMBER}', 4, 0);
INSERT INTO knock_day (community_id, household_id, day, member_id, visits, leaflets)
  VALUES (1, '{DOOR}', '2025-11-27', '{MEMBER}', 1, 0);
INSERT INTO member_day (community_id, member_id, day, doors, leaflets)
  VALUES (1, '{MEMBER}', '2025-11-26', 1, 0);
INSERT INTO member_day (community_id, member_id, day, doors, leaflets)
  VALUES (1, '{MEMBER}', '2025-11-27', 1, 0)
"""
VISIT = """
INSERT INTO operation (community_id, id, type, member_id, subject_id, moment, capped, received_at,
  status, voided, hash, body) VALUES (1, :id, 'visit', :member, :door, :at, false, 1, 'accepted',
  :voided, :hash, :body)
"""


@pytest.mark.both_engines
def test_what_was_helped_with_is_counted(empty_database: str) -> None:
    engine = database(empty_database, BEFORE, LISTED, ROWS)
    visits = [
        (DOOR, 0, False, {"app": "helped"}),
        (MERGED, 0, False, {"app": "helped"}),
        (ALIAS, 0, False, {"app": "helped", "by": MEMBER.upper()}),
        (DOOR, 0, True, {"app": "helped"}),
        (DOOR, 0, False, {"app": "installed", "flags": ["helped"]}),
        (DOOR, 86_400_000, False, {"app": "installed"}),
    ]
    with engine.begin() as connection:
        for n, (door, later, voided, said) in enumerate(visits):
            values = {
                "id": f"00000000-0000-7000-8000-{100 + n:012}",
                "member": MEMBER,
                "door": door,
                "at": AT + later,
                "voided": voided,
                "hash": n.to_bytes(32, "big"),
                "body": json.dumps(said, separators=(",", ":")),
            }
            connection.execute(text(VISIT), values)
    migrate(empty_database)
    counted = "SELECT CAST(day AS TEXT), helped FROM {} ORDER BY day"
    with engine.connect() as connection:
        found = {
            table: [tuple(row) for row in connection.execute(text(counted.format(table)))]
            for table in ("knock_day", "member_day")
        }
    assert found == {
        "knock_day": [("2025-11-26", 3), ("2025-11-27", 0)],
        "member_day": [("2025-11-26", 1), ("2025-11-27", 0)],
    }
    migrate(empty_database, down_to=BEFORE)
    engine.dispose()
