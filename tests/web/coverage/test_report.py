"""Coverage for programs: the API and the command line tell the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import update

from tests.factories.accounts import make_member, sign_in
from tests.factories.field import visit
from tests.factories.places import Estate, estate
from webapp.core import db
from webapp.coverage.models import BuildingCount


def walked(place: Estate) -> str:
    """A building of four doors: reached with app, no smartphone, refused, vacant."""
    building = place.building("3号楼", compound="甲苑", grid="一网格")
    doors = place.doors(building, [101, 102, 103, 104])
    place.push(
        place.volunteer(building),
        visit(doors[0], app="installed", leaflets={"general": 1}),
        visit(doors[1], app="no_smartphone"),
        visit(doors[2], "refused"),
        visit(doors[3], "vacant"),
    )
    return building


EXPECTED = {
    "households": 4,
    "occupied": 3,
    "vacant": 1,
    "knocked": 4,
    "reached": 2,
    "installed": 1,
    "no_smartphone": 1,
    "refused": 1,
    "leaflets": 1,
    "knocked_rate": 10_000,
    "publicity_rate": 6666,
    "app_rate": 3333,
    "app_rate_smartphone": 5000,
}


def run(app: Flask, *arguments: str) -> Result:
    """A command as an operator types it."""
    return app.test_cli_runner().invoke(args=list(arguments))


@pytest.mark.both_engines
def test_the_api_answers_totals_and_buildings(place: Estate) -> None:
    building = walked(place)
    answer = place.desk.get("/api/v1/coverage").json
    assert answer["totals"] == EXPECTED
    label = {"id": building, "name": "3号楼", "compound": "甲苑", "grid": "一网格"}
    assert answer["buildings"] == [label | EXPECTED]


def test_a_rate_over_no_doors_is_null(place: Estate) -> None:
    place.building("空地")
    answer = place.desk.get("/api/v1/coverage").json
    assert answer["totals"]["publicity_rate"] is None
    assert answer["buildings"][0]["app_rate_smartphone"] is None


def test_practice_is_left_out(place: Estate) -> None:
    place.doors(place.building("练习楼", practice=True), [101])
    assert place.desk.get("/api/v1/coverage").json["buildings"] == []


def test_a_volunteer_gets_no_report(app: Flask, place: Estate) -> None:
    phone = sign_in(app, make_member(app, place.community_id), device=True)
    assert phone.get("/api/v1/coverage").status_code == 403


def test_the_command_shows_what_the_api_answers(app: Flask, place: Estate) -> None:
    walked(place)
    done = run(app, "coverage", "show", "--community", str(place.community_id), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == place.desk.get("/api/v1/coverage").json


def test_people_can_read_it_too(app: Flask, place: Estate) -> None:
    walked(place)
    done = run(app, "coverage", "show", "--community", str(place.community_id))
    assert "publicity_rate: 6666" in done.stdout


@pytest.mark.parametrize("command", ["show", "verify", "rebuild"])
def test_an_unknown_community_is_wrong_use(app: Flask, command: str) -> None:
    assert run(app, "coverage", command, "--community", "99").exit_code == 2


def test_verify_finds_nothing_where_nothing_is_wrong(app: Flask, place: Estate) -> None:
    walked(place)
    done = run(app, "coverage", "verify", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"differences": []}


def test_verify_fails_on_a_wrong_counter_and_rebuild_mends_it(app: Flask, place: Estate) -> None:
    building = walked(place)
    spoil(place, building)
    bad = run(app, "coverage", "verify", "--json")
    assert bad.exit_code == 1
    found: list[dict[str, Any]] = json.loads(bad.stdout)["differences"]
    assert any(difference["field"] == "reached" for difference in found)
    assert run(app, "coverage", "rebuild").exit_code == 0
    assert run(app, "coverage", "verify").exit_code == 0


def test_only_the_community_that_was_asked_for_is_checked(app: Flask, place: Estate) -> None:
    other = estate(app, "另一个社区")
    spoil(place, walked(place))
    walked(other)
    assert run(app, "coverage", "verify", "--community", str(other.community_id)).exit_code == 0


def spoil(place: Estate, building: str) -> None:
    """A counter that somebody has changed by hand."""
    with place.context(), db.writing() as session:
        session.execute(
            update(BuildingCount)
            .where(
                BuildingCount.community_id == place.community_id,
                BuildingCount.building_id == building,
            )
            .values(reached=99)
        )
