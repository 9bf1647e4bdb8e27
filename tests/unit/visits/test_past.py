"""`flask import visits`: what a community walked before it had the app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.field import Neighbourhood
from webapp.accounts.models import Member, Person
from webapp.core import clock, db
from webapp.coverage.models import KnockDay
from webapp.coverage.verify import verify
from webapp.operations.models import Operation

pytestmark = pytest.mark.both_engines
HEAD = "楼栋,单元,房号,走访日期,走访结果,是否安装,宣传单,备注,网格员\n"


def bring_in(
    app: Flask, hood: Neighbourhood, path: Path, text: str, *more: str, encoding: str = "utf-8"
) -> tuple[int, dict[str, Any]]:
    """The exit code and the answer."""
    file = path / "walks.csv"
    file.write_bytes(text.encode(encoding))
    arguments = ["import", "visits", str(file), "--community", str(hood.community_id), "--json"]
    done = app.test_cli_runner().invoke(args=[*arguments, *more])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code, json.loads(done.stdout) if done.stdout else {}


def visits(hood: Neighbourhood) -> list[dict[str, Any]]:
    with db.reading() as session:
        rows = session.scalars(select(Operation).where(Operation.type == "visit"))
        return [json.loads(row.body) | {"member": row.member_id} for row in rows]


@pytest.fixture
def street(hood: Neighbourhood) -> Neighbourhood:
    """3 with four doors, a coordinator."""
    building = hood.building("3")
    hood.doors(building, (101, 102, 201, 202))
    hood.member("coordinator")
    return hood


ROWS = (
    "3幢,1单元,101,2026-03-15,已宣传,已安装,2,女儿周末在家,\n"
    "3号楼,1,0102室,2026年3月15日,不在家,,,,\n"
    "3,1,201,2026/3/16 19:30,拒绝,否,,,\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_list_becomes_visits_and_a_second_time_nothing(
    app: Flask, street: Neighbourhood, tmp_path: Path, encoding: str
) -> None:
    text = HEAD + ROWS
    code, answer = bring_in(app, street, tmp_path, text, "--dry-run", encoding=encoding)
    assert (code, answer) == (0, {"visits": {"new": 3, "same": 0}, "problems": []})
    assert visits(street) == []
    assert bring_in(app, street, tmp_path, text, encoding=encoding)[1] == answer
    code, again = bring_in(app, street, tmp_path, text + ROWS, encoding=encoding)
    assert (code, again) == (0, {"visits": {"new": 0, "same": 6}, "problems": []})
    found = visits(street)
    assert len(found) == 3
    assert all(one["imported"] for one in found)
    by_outcome = {one["outcome"]: one for one in found}
    assert by_outcome["informed"]["app"] == "installed"
    assert by_outcome["informed"]["leaflets"] == {"general": 2}
    assert by_outcome["informed"]["at"].startswith("2026-03-15T12:00")
    assert by_outcome["refused"]["at"].startswith("2026-03-16T19:30")
    with db.reading() as session:
        days = sorted(str(row.day) for row in session.scalars(select(KnockDay)))
        assert days == ["2026-03-15", "2026-03-15", "2026-03-16"]
        assert verify(session, street.community_id) == []


def test_each_wrong_row_is_named_and_the_others_are_recorded(
    app: Flask, street: Neighbourhood, tmp_path: Path
) -> None:
    wrong = (
        "3幢,1,999,2026-03-15,已宣传,,,,\n"
        "3幢,1,101,上个月,已宣传,,,,\n"
        "3幢,1,101,2126-03-15,已宣传,,,,\n"
        "3幢,1,101,2026-03-15,跳舞,,,,\n"
        "3幢,1,101,2026-03-15,无人,已安装,,,\n"
        "3幢,1,101,2026-03-15,已宣传,,很多,,\n"
        "3幢,1,101,2026-03-15,已宣传,,,,没这个人\n"
    )
    code, answer = bring_in(app, street, tmp_path, HEAD + wrong + ROWS)
    assert code == 1
    assert answer["visits"] == {"new": 3, "same": 0}
    told = [(one["row"], one["column"]) for one in answer["problems"]]
    assert told == [
        (2, "房号"),
        (3, "走访日期"),
        (4, "走访日期"),
        (5, "走访结果"),
        (6, "是否安装"),
        (7, "宣传单"),
        (8, "网格员"),
    ]
    assert all(one["message"] for one in answer["problems"])


def test_who_walked_is_counted_and_who_typed_stands_beside(
    app: Flask, street: Neighbourhood, tmp_path: Path
) -> None:
    walker = street.member()
    with db.reading() as session:
        statement = select(Person).join(Member, Member.person_id == Person.id)
        person = session.scalars(statement.where(Member.id == walker.member_id)).one()
        called = person.login or person.name
    code, _answer = bring_in(
        app, street, tmp_path, f"{HEAD}3幢,1,101,2026-03-15,已宣传,,,,{called}\n"
    )
    assert code == 0
    (found,) = visits(street)
    assert (found["by"], found["member"] != walker.member_id) == (walker.member_id, True)


def test_a_list_without_the_columns_says_which(
    app: Flask, street: Neighbourhood, tmp_path: Path
) -> None:
    code, answer = bring_in(app, street, tmp_path, "楼栋,房号\n3幢,101\n")
    assert code == 1
    assert "日期" in answer["problems"][0]["message"] or "date" in answer["problems"][0]["message"]


def test_thousands_of_rows_are_recorded_in_a_few_transactions(
    app: Flask, street: Neighbourhood, tmp_path: Path
) -> None:
    start = clock.parse("2025-01-01T00:00:00+08:00")
    lines = [
        f"3幢,1,{room},{clock.day_of(start + day * clock.DAY, 'Asia/Shanghai')},无人,,,,\n"
        for day in range(300)
        for room in (101, 102, 201, 202)
    ]
    code, answer = bring_in(app, street, tmp_path, HEAD + "".join(lines))
    assert (code, answer["visits"]["new"]) == (0, 1200)
