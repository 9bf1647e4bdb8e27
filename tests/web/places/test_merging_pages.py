"""The pages on which a coordinator merges what was entered twice, and takes it back."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.factories.field import differences, visit
from tests.factories.places import Estate
from webapp.accounts.models import Audit
from webapp.core import db
from webapp.coverage.models import BuildingCount
from webapp.places.models import Building, Household

UNKNOWN = "0199d0c4-7a30-7c11-9d3e-0a5b8c2f4e61"


def say(place: Estate, path: str, **fields: str) -> str:
    """Send a form; what the page then says."""
    answer = place.desk.submit(path, **fields)
    assert answer.status_code == 303, answer.text
    with place.context():
        assert differences(place.hood) == []
    return str(place.desk.get(answer.location.partition("#")[0]).text)


def audited(place: Estate) -> list[tuple[str, str | None]]:
    with place.context(), db.reading() as session:
        statement = select(Audit.action, Audit.subject).order_by(Audit.id)
        return [(row[0], row[1]) for row in session.execute(statement) if "merge" in row[0]]


def test_two_doors_are_merged_and_parted_on_the_buildings_page(place: Estate) -> None:
    building = place.building("1")
    a, b = place.doors(building, [101, 102])
    place.push(place.volunteer(building), visit(b))
    page = say(place, f"/buildings/{building}/merge-doors", stays=a, goes=b)
    assert "已并成一户" in page
    assert "1-102 并入 1-101" in page
    assert place.row(BuildingCount, building).households == 1
    page = say(place, f"/buildings/{building}/doors/{b}/unmerge")
    assert "已拆开" in page
    assert "并入 1-101" not in page
    assert place.row(BuildingCount, building).households == 2
    assert audited(place) == [("door_merge", b), ("door_unmerge", b)]


def test_a_merged_door_is_nowhere_a_door_any_more(place: Estate) -> None:
    building = place.building("1")
    a, b = place.doors(building, [101, 777])
    place.push(place.volunteer(building), visit(b, note="门口有狗"))
    say(place, f"/buildings/{building}/merge-doors", stays=a, goes=b)
    assert "777" not in place.desk.get(f"/coverage/buildings/{building}").text
    answer = place.desk.get(f"/coverage/buildings/{building}/doors/{b}")
    assert (answer.status_code, answer.location) == (
        303,
        f"/coverage/buildings/{building}/doors/{a}",
    )
    page = place.desk.get(answer.location).text
    assert "门口有狗" in page
    assert "另有 1 个编号指同一户" in page


def test_a_building_is_found_by_name_merged_and_parted(place: Estate) -> None:
    one, two = place.building("1号楼"), place.building("一号楼", compound="紫荆园")
    place.doors(one, [101, 102])
    place.doors(two, [102, 103])
    page = place.desk.get(f"/buildings/{one}?same=一号").text
    assert re.findall(r'name="goes" value="([^"]+)"', page) == [two]
    page = say(place, f"/buildings/{one}/merge", goes=two)
    assert "紫荆园 一号楼" in page
    assert "1 户门牌相同" in page
    assert place.row(BuildingCount, one).households == 3
    for path in ("/buildings", "/coverage", "/coverage/export.csv"):
        assert "一号楼" not in place.desk.get(path).text
    for path in ("/buildings", "/coverage/buildings"):
        answer = place.desk.get(f"{path}/{two}")
        assert answer.status_code == 303
        assert answer.location.startswith(f"{path}/{one}")
    page = say(place, f"/buildings/{two}/unmerge")
    assert "<h1>一号楼</h1>" in page
    assert place.row(BuildingCount, two).households == 2
    assert audited(place) == [("building_merge", two), ("building_unmerge", two)]


def test_looking_for_a_building_finds_neither_itself_nor_the_practice_one(place: Estate) -> None:
    one = place.building("楼 1")
    place.building("练习楼", practice=True)
    page = place.desk.get(f"/buildings/{one}?same=楼").text
    assert "没有找到别的楼栋" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "请先选好要并的"),
        ({"stays": "a"}, "请先选好要并的"),
        ({"stays": "a", "goes": "a"}, "请选两个不同的"),
        ({"stays": "a", "goes": "elsewhere"}, "不在同一栋楼"),
    ],
)
def test_a_choice_that_makes_no_sense_is_told(
    place: Estate, fields: dict[str, str], sentence: str
) -> None:
    building = place.building("1")
    ids = {"a": place.doors(building, [101, 102])[0]}
    ids["elsewhere"] = place.doors(place.building("2"), [101])[0]
    chosen = {name: ids[value] for name, value in fields.items()}
    assert sentence in say(place, f"/buildings/{building}/merge-doors", **chosen)
    assert place.row(Household, ids["a"]).door_id is None


@pytest.mark.parametrize("goes", ["", "no id", UNKNOWN])
def test_a_building_that_is_none_is_told(place: Estate, goes: str) -> None:
    building = place.building("1")
    answer = place.desk.submit(f"/buildings/{building}/merge", goes=goes)
    assert answer.status_code == (303 if not goes else 404)


def test_a_door_merged_with_its_building_says_how_to_part_it(place: Estate) -> None:
    one, two = place.building("1"), place.building("2")
    place.doors(one, [101])
    b = place.doors(two, [101])[0]
    say(place, f"/buildings/{one}/merge", goes=two)
    page = say(place, f"/buildings/{one}/doors/{b}/unmerge")
    assert "请拆开楼栋" in page


def test_a_walker_of_both_buildings_is_listed_once(place: Estate) -> None:
    one, two = place.building("1"), place.building("2")
    place.doors(one, [101])
    place.volunteer(one, two)
    say(place, f"/buildings/{one}/merge", goes=two)
    page = place.desk.get(f"/coverage/buildings/{one}").text
    assert page.count('name="assignment"') == 2
    assert page.count("结束") <= page.count("<form")
    assert len(re.findall(r"<b>Person \d+</b>", page)) == 1
    assert place.row(Building, two).merged_into == one
