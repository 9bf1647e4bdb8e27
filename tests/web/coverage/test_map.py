"""The map of the desk: one page, all buildings, the same cost for ten and for thousands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape
from typing import Any

from flask import Flask

from tests.conftest import Statements
from tests.factories.places import Estate, estate, many_buildings
from webapp.places import placing

Counting = Callable[[], AbstractContextManager[Statements]]
OUTLINE = placing.drawn([(106.264, 29.962), (106.265, 29.962), (106.265, 29.9625)]).outline


def lines(place: Estate) -> dict[str, list[Any]]:
    body = place.desk.get("/map/data").json
    return {line[1]: [*line, body["labels"][line[2]]] for line in body["buildings"]}


def setting(place: Estate) -> Any:
    page = place.desk.get("/map").text
    found = re.search(r'data-map="([^"]*)"', page)
    assert found is not None
    return json.loads(unescape(found[1]))


def test_every_building_comes_with_its_counts_and_its_outline(place: Estate) -> None:
    building = place.building(
        "3号楼", compound="甲苑", lat=29.9621, lon=106.2648, outline=OUTLINE, attribution="© 某人"
    )
    place.building("4号楼", compound="甲苑")
    place.building("练习楼", practice=True)
    place.doors(building, [101, 102, 201])
    found = lines(place)
    assert set(found) == {"3号楼", "4号楼"}
    assert found["3号楼"][4:6] == [106_264_800, 29_962_100]
    assert len(found["3号楼"][6][0]) == 6
    assert found["3号楼"][-1] == "甲苑"
    assert found["4号楼"][4:7] == [None, None, None]
    assert found["4号楼"][7:12] == [0, 0, 0, 0, 0]


def test_the_page_says_how_many_are_placed_and_whose_data_it_is(place: Estate) -> None:
    place.building("3号楼", lat=29.9, lon=106.2, attribution="© 甲\n© 乙")
    place.building("4号楼", lat=29.9, lon=106.2, attribution="© 甲")
    place.building("5号楼", attribution="© 没用上")
    page = place.desk.get("/map").text
    assert "2 栋在图上" in page
    assert "1 栋还没有位置" in page
    said = setting(place)
    assert said["attribution"] == ["© 甲", "© 乙"]
    assert said["targets"] == {"publicity": 8_500, "app": 8_500, "knocked": 10_000}
    assert said["under"] == {"version": ""}


def test_a_community_without_buildings_is_led_to_the_import(place: Estate) -> None:
    page = place.desk.get("/map").text
    assert 'href="/import"' in page
    assert "data-map" not in page


def test_the_map_costs_the_same_for_ten_and_for_thousands(
    app: Flask, query_count: Counting
) -> None:
    costs = []
    for count in (10, 3_000):
        place = estate(app, f"社区{count}")
        many_buildings(place, count)
        with query_count() as statements:
            assert len(place.desk.get("/map/data").json["buildings"]) == count
            place.desk.get("/map")
        costs.append(statements.count)
    assert costs[0] == costs[1]


def test_nobody_sees_anothers_buildings(app: Flask, place: Estate) -> None:
    place.building("3号楼", lat=29.9, lon=106.2)
    other = estate(app, "别的社区")
    assert other.desk.get("/map/data").json == {"labels": [], "buildings": []}
