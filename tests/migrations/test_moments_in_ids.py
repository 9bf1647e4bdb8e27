"""Packed visits keep their moments when these move into the ids, and come back as they were."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.migrations.before import BUILDING, DOOR, OTHER, database
from tests.support.databases import migrate
from webapp.core.ids import time_of
from webapp.visits.fold import Seen
from webapp.visits.packed import Recorded, pack

BEFORE = "7b07696f093a"
VISITS = ["019ac1f2-7a30-7c11-9d3e-0a5b8c2f4e61", "019ac1f3-7a30-7c11-9d3e-0a5b8c2f4e62"]
MADE = [time_of(visit) for visit in VISITS]
HOUSEHOLD = """
INSERT INTO household (community_id, id, building_id, unit, room, unit_key, room_key, listed, seq)
  VALUES (1, :door, :building, '', :room, '', :room, true, 1)
"""
STATE = """
INSERT INTO door_state (community_id, household_id, building_id, knocks, leaflets, tries, reached,
  vacant, flags, display, outcome_only, packed)
  VALUES (1, :door, :building, 1, 1, 0, true, false, '', 'informed', false, :packed)
"""


def old(moments: list[int], notes: list[str | None]) -> str:
    """As it was packed before."""
    columns = {
        "id": VISITS,
        "moment": moments,
        "by": ["m", "m"],
        "outcome": ["informed", "refused"],
        "note": notes,
    }
    return json.dumps({"visits": columns}, ensure_ascii=False, separators=(",", ":"))


def new(moments: list[int], notes: list[str | None]) -> str:
    """As it is packed today."""
    outcomes = ("informed", "refused")
    rows = zip(moments, VISITS, outcomes, notes, strict=True)
    return pack([Recorded(Seen(at, one, said), "m", note) for at, one, said, note in rows], None)


@pytest.mark.both_engines
def test_moments_move_into_ids_and_back(empty_database: str) -> None:
    skewed, notes = [MADE[0], MADE[1] - 1_200], ["周末在家", None]
    cases = {DOOR: (MADE, notes), OTHER: (skewed, notes)}
    before = {door: old(*case) for door, case in cases.items()}
    engine = database(empty_database, BEFORE)
    with engine.begin() as connection:
        for room, (door, packed) in enumerate(before.items()):
            values = {"door": door, "building": BUILDING, "room": str(room), "packed": packed}
            connection.execute(text(HOUSEHOLD), values)
            connection.execute(text(STATE), values)
    reading = text("SELECT CAST(household_id AS TEXT), packed FROM door_state")
    migrate(empty_database)
    with engine.connect() as connection:
        found = {one: said for one, said in connection.execute(reading).all()}
    assert found == {door: new(*case) for door, case in cases.items()}
    assert "off" not in found[DOOR]
    migrate(empty_database, down_to=BEFORE)
    with engine.connect() as connection:
        assert {one: said for one, said in connection.execute(reading).all()} == before
    engine.dispose()
