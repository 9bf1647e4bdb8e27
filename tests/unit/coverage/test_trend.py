"""The trend: what was known at the end of each week, never rewritten."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from tests.factories.field import DAY, NOW, Neighbourhood, differences, neighbourhood, visit, void
from webapp.core import db
from webapp.coverage.queries import Filter
from webapp.coverage.trend import of_building, weekly

TODAY = date(2026, 12, 8)
LATER = NOW + 15 * DAY
"""The moment of TODAY; NOW is the Monday two weeks before."""


@pytest.fixture
def hood(context: Flask) -> Neighbourhood:
    return neighbourhood()


def reached(hood: Neighbourhood, wanted: Filter | None = None) -> list[tuple[str, int]]:
    with db.reading() as session:
        weeks = weekly(session, hood.community_id, wanted or Filter(), TODAY)
    return [(f"{week.day:%m-%d}", week.tally.reached) for week in weeks]


@pytest.mark.both_engines
def test_a_week_without_records_stands_where_the_one_before_stood(hood: Neighbourhood) -> None:
    building = hood.building()
    doors = hood.doors(building, [101, 102])
    phone = hood.volunteer(building)
    phone.send(visit(doors[0]), now=NOW)
    phone.send(visit(doors[1], at=LATER), now=LATER)
    assert reached(hood) == [("11-29", 1), ("12-06", 1), ("12-08", 2)]


def test_what_arrives_late_does_not_rewrite_the_past(hood: Neighbourhood) -> None:
    building = hood.building()
    doors = hood.doors(building, [101, 102])
    phone = hood.volunteer(building)
    phone.send(visit(doors[0]), now=NOW)
    before = reached(hood)[:-1]
    phone.send(visit(doors[1], at=NOW), now=LATER)
    assert reached(hood)[:-1] == before
    assert reached(hood)[-1] == ("12-08", 2)


def test_a_void_shows_from_the_day_it_came(hood: Neighbourhood) -> None:
    building = hood.building()
    door = hood.door(building)
    phone = hood.volunteer(building)
    first = visit(door)
    phone.send(first, now=NOW)
    phone.send(void(first, at=LATER), now=LATER)
    assert reached(hood) == [("11-29", 1), ("12-06", 1), ("12-08", 0)]
    assert differences(hood) == []


@pytest.mark.both_engines
def test_a_filtered_trend_adds_up_the_buildings_it_finds(hood: Neighbourhood) -> None:
    buildings = [hood.building(name) for name in ("North 1", "North 2", "South 1")]
    for number, building in enumerate(buildings):
        door = hood.door(building)
        phone = hood.volunteer(building)
        moment = NOW + number * 7 * DAY
        phone.send(visit(door, at=moment), now=moment)
    assert reached(hood, Filter(text="North"))[-1] == ("12-08", 2)
    assert reached(hood, Filter(text="South"))[-1] == ("12-08", 1)
    assert reached(hood)[-1] == ("12-08", 3)


def test_a_building_has_a_trend_of_its_own(hood: Neighbourhood) -> None:
    one, other = hood.building("1"), hood.building("2")
    door, elsewhere = hood.door(one), hood.door(other)
    phone = hood.volunteer(one, other)
    phone.push(visit(door), visit(elsewhere), now=NOW)
    with db.reading() as session:
        weeks = of_building(session, hood.community_id, one, TODAY)
    assert weeks[-1].tally.reached == 1


def test_there_is_no_trend_before_the_first_day(hood: Neighbourhood) -> None:
    assert reached(hood) == []
