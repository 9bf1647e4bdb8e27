"""`flask import …`: answers, exit codes, and nothing but JSON on standard output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from tests.factories.accounts import make_community
from tests.factories.osm import Drawn
from webapp.core import db
from webapp.places.models import Building, Gazetteer, Household

ROOMS = "小区,楼号,单元,房号\n甲苑,3号楼,2,1403\n甲苑,3号楼,2,1404\n"


@pytest.fixture
def community(app: Flask) -> int:
    """A community without buildings."""
    return make_community(app)


def run(app: Flask, *arguments: object) -> Result:
    return app.test_cli_runner().invoke(args=["import", *map(str, arguments)])


def answer(result: Result) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(result.stdout)
    return body


def written(tmp_path: Path, text: str, name: str = "list.csv", encoding: str = "utf-8") -> Path:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def total(app: Flask, table: type[Building | Household | Gazetteer]) -> int:
    with app.app_context(), db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_the_answer_has_exactly_the_promised_parts(
    app: Flask, community: int, tmp_path: Path
) -> None:
    path = written(tmp_path, ROOMS)
    result = run(app, "buildings", path, "--community", community, "--json")
    assert result.exit_code == 0
    assert answer(result) == {
        "buildings": {"created": 1, "updated": 0, "unchanged": 0},
        "households": {"created": 2, "updated": 0, "unchanged": 0},
        "problems": [],
        "notices": [],
    }


def test_the_same_file_again_changes_nothing_and_says_so(
    app: Flask, community: int, tmp_path: Path
) -> None:
    path = written(tmp_path, ROOMS)
    for command in ("buildings", "households"):
        result = run(app, command, path, "--community", community, "--json")
    assert answer(result)["households"] == {"created": 0, "updated": 0, "unchanged": 2}


def test_gbk_gives_the_same_as_utf8(app: Flask, community: int, tmp_path: Path) -> None:
    first = run(app, "buildings", written(tmp_path, ROOMS), "--community", community, "--json")
    again = written(tmp_path, ROOMS.replace("\n", "\r\n"), "gbk.csv", "gbk")
    second = run(app, "buildings", again, "--community", community, "--json")
    assert answer(first)["households"]["created"] == answer(second)["households"]["unchanged"]
    other = make_community(app)
    third = run(app, "buildings", again, "--community", other, "--json")
    assert answer(third) == answer(first)


def test_a_row_that_is_not_imported_ends_with_one(
    app: Flask, community: int, tmp_path: Path
) -> None:
    path = written(tmp_path, ROOMS + "甲苑,3号楼,2,14O5\n")
    result = run(app, "households", path, "--community", community, "--json")
    assert result.exit_code == 1
    (problem,) = answer(result)["problems"]
    assert (problem["row"], problem["column"]) == (4, "房号")
    assert "1405" in problem["message"]
    assert set(problem) == {"row", "column", "message"}
    assert total(app, Household) == 2


def test_notices_leave_the_exit_code_zero(app: Flask, community: int, tmp_path: Path) -> None:
    path = written(tmp_path, "楼号,层数,业主姓名\n3,15.8,某人\n")
    result = run(app, "buildings", path, "--community", community, "--json")
    assert result.exit_code == 0
    codes = {notice["code"] for notice in answer(result)["notices"]}
    assert codes == {"floors_rounded", "columns_personal"}


def test_a_dry_run_writes_nothing(app: Flask, community: int, tmp_path: Path) -> None:
    path = written(tmp_path, ROOMS)
    result = run(app, "buildings", path, "--community", community, "--dry-run", "--json")
    assert answer(result)["buildings"]["created"] == 1
    assert total(app, Building) == 0


def test_doors_are_generated_when_asked_for(app: Flask, community: int, tmp_path: Path) -> None:
    text = "blk_no,street,max_floor_lvl,total_dwelling_units\n1,BEACH RD,16,142\n"
    path = written(tmp_path, text)
    run(app, "buildings", path, "--community", community)
    assert total(app, Household) == 0
    run(app, "buildings", path, "--community", community, "--generate-households")
    assert total(app, Household) == 142


@pytest.mark.parametrize(
    ("content", "wanted"),
    [(b"", "空"), (b"%PDF-1.4", "PDF"), (b"PK\x03\x04rubbish", "打不开"), (b"a,b\n1,2\n", "a, b")],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(
    app: Flask, community: int, tmp_path: Path, content: bytes, wanted: str
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    result = run(app, "buildings", path, "--community", community, "--json")
    assert result.exit_code == 1
    (problem,) = answer(result)["problems"]
    assert wanted in problem["message"]
    assert problem["row"] is None
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--map", "房号"],
        ["--map", "colour=房号"],
        ["--map", "room=没有"],
        ["--sheet", "没有"],
        ["--crs", "mars"],
        ["--community", "999"],
    ],
)
def test_wrong_use_ends_with_two(
    app: Flask, community: int, tmp_path: Path, options: list[str]
) -> None:
    path = written(tmp_path, ROOMS)
    result = run(app, "buildings", path, "--community", community, *options, "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "import." not in result.stderr


def test_a_file_that_is_not_there_ends_with_two(app: Flask, community: int) -> None:
    assert run(app, "buildings", "nowhere.csv", "--community", community).exit_code == 2


def test_columns_can_be_mapped_by_hand(app: Flask, community: int, tmp_path: Path) -> None:
    path = written(tmp_path, "Haus,Tor,Nummer\n3,2,1403\n")
    mapping = ("--map", "building=Haus", "--map", "单元=Tor", "--map", "room=C")
    result = run(app, "households", path, "--community", community, *mapping, "--json")
    assert answer(result)["households"]["created"] == 1


def test_people_read_lines_instead_of_json(app: Flask, community: int, tmp_path: Path) -> None:
    path = written(tmp_path, ROOMS + "甲苑,,2,1405\n")
    result = run(app, "households", path, "--community", community)
    assert "created: 2" in result.stdout
    assert "第 4 行" in result.stderr


def test_a_map_goes_the_same_way_as_a_list(app: Flask, community: int, tmp_path: Path) -> None:
    drawn = Drawn()
    drawn.square(0, 0, building="apartments", name="3号楼", building__levels="6")
    drawn.node(0, 0, entrance="yes")
    path = tmp_path / "map"
    for data in (drawn.xml(), drawn.bzip2(), drawn.pbf()):
        path.write_bytes(data)
        result = run(app, "buildings", path, "--community", community, "--json")
        assert result.exit_code == 0
    assert answer(result)["buildings"] == {"created": 0, "updated": 0, "unchanged": 1}
    assert "OpenStreetMap" in answer(result)["notices"][-1]["message"]
    own = ("--attribution", "© 物业画的图")
    result = run(app, "buildings", path, "--community", community, "--json", *own)
    assert "© 物业画的图" in answer(result)["notices"][-1]["message"]
    path.write_bytes(drawn.xml()[:300])
    result = run(app, "buildings", path, "--community", community, "--json")
    assert (result.exit_code, answer(result)["problems"][0]["row"]) == (1, None)


def test_a_list_of_doors_is_no_map(app: Flask, community: int, tmp_path: Path) -> None:
    path = tmp_path / "m.osm"
    drawn = Drawn()
    drawn.square(0, 0, building="yes", name="3号楼")
    path.write_bytes(drawn.xml())
    result = run(app, "households", path, "--community", community, "--json")
    assert result.exit_code == 1
    assert total(app, Building) == 0


@pytest.mark.both_engines
def test_a_gazetteer_makes_no_tenants_and_is_the_same_again(app: Flask, tmp_path: Path) -> None:
    text = (
        "code,province,city,district,street,community\n"
        "500117001005,重庆市,市辖区,合川区,合阳城街道,营盘街社区居民委员会\n"
        "500117001008,重庆市,市辖区,合川区,合阳城街道,凉亭子社区居民委员会\n"
        "500117001009,重庆市,市辖区,合川区,合阳城街道,\n"
    )
    path = written(tmp_path, text)
    first = run(app, "communities", path, "--json")
    assert first.exit_code == 1
    assert answer(first)["communities"] == {"created": 2, "updated": 0, "unchanged": 0}
    assert answer(first)["problems"][0]["row"] == 4
    second = run(app, "communities", written(tmp_path, text, "b.csv", "gbk"), "--json")
    assert answer(second)["communities"] == {"created": 0, "updated": 0, "unchanged": 2}
    with app.app_context(), db.reading() as session:
        regions = set(session.scalars(select(Gazetteer.region)))
    assert regions == {"重庆市/合川区/合阳城街道"}


def test_a_list_without_communities_is_refused(app: Flask, tmp_path: Path) -> None:
    result = run(app, "communities", written(tmp_path, "a,b\n1,2\n"), "--json")
    assert result.exit_code == 1
    assert answer(result)["communities"]["created"] == 0
