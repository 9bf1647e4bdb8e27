"""A list knows nothing of merging: it finds every row that it brought, merged or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.accounts import make_community
from tests.factories.field import Neighbourhood, add_door, differences
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.coverage.models import BuildingCount
from webapp.places import desk, merging
from webapp.places.desk import DoorName
from webapp.places.imports import engine, rows
from webapp.places.imports.engine import Outcome
from webapp.places.imports.options import Options
from webapp.places.imports.sheets import Book, Sheet
from webapp.places.models import Building, Household

pytestmark = pytest.mark.both_engines

LIST: tuple[Sequence[Any], ...] = (
    ["小区", "楼号", "单元", "房号", "楼层"],
    ["甲苑", "3", "1", "101", 1],
    ["甲苑", "3", "1", "102", 1],
    ["乙苑", "4", "1", "101", 1],
    ["乙苑", "4", "1", "201", 2],
)
ALL_KNOWN = ((0, 0, 2), (0, 0, 4))


@pytest.fixture
def hood(app: Flask, context: Flask, clock: Clock) -> Neighbourhood:
    """A community that LIST was imported into."""
    community = Neighbourhood(make_community(app))
    bring(community, *LIST)
    return community


def bring(hood: Neighbourhood, *table: Sequence[Any]) -> Outcome:
    reading = rows.read(Book([Sheet("", [list(row) for row in table])]), Options())
    now = product_clock.now()
    outcome = engine.run(reading, community_id=hood.community_id, now=now)
    assert differences(hood) == []
    return outcome


def counts(outcome: Outcome) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
    b, h = outcome.buildings, outcome.households
    return (b.created, b.updated, b.unchanged), (h.created, h.updated, h.unchanged)


def building(hood: Neighbourhood, compound: str) -> str:
    query = select(Building.id).where(Building.compound == compound)
    with db.reading() as session:
        return session.scalars(query).one()


def door(hood: Neighbourhood, compound: str, room: str) -> str:
    query = (
        select(Household.id)
        .join(Building, Building.id == Household.building_id)
        .where(Building.compound == compound, Household.room == room)
    )
    with db.reading() as session:
        return session.scalars(query).one()


def households(hood: Neighbourhood, building_id: str) -> int:
    with db.reading() as session:
        row = session.get(BuildingCount, (hood.community_id, building_id))
        return row.households if row else 0


def join(hood: Neighbourhood) -> tuple[str, str]:
    one, two = building(hood, "甲苑"), building(hood, "乙苑")
    with db.writing() as session:
        merging.merge_buildings(session, hood.community_id, one, two, who=None, now=1)
    return one, two


def test_a_merged_door_is_not_brought_back(hood: Neighbourhood) -> None:
    stays, goes = door(hood, "甲苑", "101"), door(hood, "甲苑", "102")
    with db.writing() as session:
        merging.merge_doors(session, hood.community_id, stays, goes, who=None, now=1)
    assert counts(bring(hood, *LIST)) == ALL_KNOWN
    assert households(hood, building(hood, "甲苑")) == 1


def test_a_merged_door_that_was_renamed_is_not_brought_back(hood: Neighbourhood) -> None:
    stays, goes = door(hood, "甲苑", "101"), door(hood, "甲苑", "102")
    with db.writing() as session:
        name = DoorName("1", "103", 1)
        desk.rename_door(session, hood.community_id, goes, name, who=None, now=1)
        merging.merge_doors(session, hood.community_id, stays, goes, who=None, now=1)
    assert counts(bring(hood, *LIST)) == ALL_KNOWN
    assert households(hood, building(hood, "甲苑")) == 1


def test_a_merged_building_and_its_doors_are_not_brought_back(hood: Neighbourhood) -> None:
    one, two = join(hood)
    assert counts(bring(hood, *LIST)) == ALL_KNOWN
    assert (households(hood, one), households(hood, two)) == (3, 0)


def test_what_a_list_adds_to_a_merged_building_is_seen_where_it_shows(hood: Neighbourhood) -> None:
    one, two = join(hood)
    more = [*LIST, ["乙苑", "4", "1", "301", 3], ["乙苑", "4", "1", "102", 1]]
    assert counts(bring(hood, *more)) == ((0, 0, 2), (2, 0, 4))
    assert households(hood, one) == 4
    assert counts(bring(hood, *more)) == ((0, 0, 2), (0, 0, 6))
    with db.writing() as session:
        merging.unmerge_building(session, hood.community_id, two, who=None, now=2)
    assert differences(hood) == []
    assert (households(hood, one), households(hood, two)) == (2, 4)
    assert counts(bring(hood, *more)) == ((0, 0, 2), (0, 0, 6))


def test_a_list_takes_over_a_door_that_was_added_and_merged(hood: Neighbourhood) -> None:
    """A phone added 105, which was merged into 101; the next list has 105: it is still 101."""
    one = building(hood, "甲苑")
    phone = hood.volunteer(one)
    added, add = add_door(one, "105")
    phone.push(add)
    with db.writing() as session:
        stays = door(hood, "甲苑", "101")
        merging.merge_doors(session, hood.community_id, stays, added, who=None, now=1)
    assert counts(bring(hood, *LIST, ["甲苑", "3", "1", "105", 1]))[1] == (0, 1, 4)
    assert households(hood, one) == 2
