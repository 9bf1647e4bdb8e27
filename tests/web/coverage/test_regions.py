"""The roll-up: supervisors see sums of communities under their region, and no doors."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from tests.factories.accounts import make_community, make_person, sign_in
from tests.factories.field import Neighbourhood, visit
from tests.factories.places import Estate, estate, many_buildings


@pytest.fixture
def district(app: Flask, place: Estate) -> Estate:
    """Two communities of one street, one of another city; the first has 1 of 2 reached."""
    building = place.building("3号楼")
    doors = place.doors(building, [101, 102])
    place.push(place.volunteer(building), visit(doors[0]))
    quiet = make_community(app, "滨江社区", "重庆市/合川区/钓鱼城街道")
    with app.app_context():
        hood = Neighbourhood(quiet)
        hood.doors(hood.building("1"), [101, 102])
    make_community(app, "昆明某社区", "昆明市/官渡区")
    return place


def page(app: Flask, role: str, region: str | None, path: str = "") -> tuple[int, str]:
    """What somebody with that role sees."""
    user = make_person(app, role=role, region=region)
    answer = sign_in(app, user).get("/regions" + (f"?path={path}" if path else ""))
    return answer.status_code, answer.text


def names(text: str) -> list[str]:
    """Regions and communities in the table."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>', text)
    return [re.sub(r"<[^>]+>", "", row) for row in rows if "合计" not in row]


@pytest.mark.both_engines
def test_a_supervisor_sees_the_streets_of_the_own_district(app: Flask, district: Estate) -> None:
    status, text = page(app, "supervisor", "重庆市/合川区")
    assert status == 200
    assert names(text) == ["南津街街道", "钓鱼城街道"]
    assert "25.0%" in text  # 1 of 4 in all


def test_communities_stand_in_their_street(app: Flask, district: Estate) -> None:
    _status, text = page(app, "supervisor", "重庆市/合川区", "重庆市/合川区/南津街街道")
    assert names(text) == ["紫荆园社区"]
    assert "50%" in text


@pytest.mark.parametrize("path", ["昆明市", "昆明市/官渡区", "重庆市", "重庆市/合川区二"])
def test_nobody_looks_outside_of_the_own_region(app: Flask, district: Estate, path: str) -> None:
    assert page(app, "supervisor", "重庆市/合川区", path)[0] == 403


def test_an_administrator_sees_everything_from_the_top(app: Flask, district: Estate) -> None:
    assert names(page(app, "admin", None)[1]) == ["昆明市", "重庆市"]


def test_a_region_without_communities_says_so(app: Flask, place: Estate) -> None:
    assert "还没有社区" in page(app, "supervisor", "上海市")[1]


def test_no_building_is_named(app: Flask, district: Estate) -> None:
    assert "3号楼" not in page(app, "supervisor", "重庆市/合川区")[1]


def test_practice_counts_in_no_region(app: Flask, place: Estate) -> None:
    place.doors(place.building("练习楼", practice=True), [101, 102])
    other = estate(app, "另一个社区")
    other.doors(other.building("1"), [101])
    _status, text = page(app, "supervisor", "重庆市/合川区")
    assert re.search(r'<tfoot>.*?<td class="n">2</td><td class="n">1</td>', text, re.DOTALL)


def test_coordinators_have_their_own_page(place: Estate) -> None:
    assert place.desk.get("/regions").status_code == 403


def test_down_to_the_buildings_of_a_community_and_never_to_its_doors(
    app: Flask, district: Estate
) -> None:
    supervisor = sign_in(app, make_person(app, role="supervisor", region="重庆市/合川区"))
    listed = supervisor.get("/regions?path=重庆市/合川区/南津街街道").text
    address = f"/regions/communities/{district.community_id}"
    assert address in listed
    page = supervisor.get(address)
    assert page.status_code == 200
    assert names(page.text) == ["3号楼"]
    assert "50.0%" in page.text
    assert "101" not in re.sub(r'href="[^"]*"', "", page.text)
    assert "/coverage/buildings" not in page.text
    text = supervisor.get(f"{address}/file.csv").get_data().decode("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["3号楼", "合计"]
    assert supervisor.get(f"{address}?page=99").status_code == 200
    assert supervisor.get(f"{address}/file.pdf").status_code == 404


def test_a_community_elsewhere_is_not_there(app: Flask, district: Estate) -> None:
    elsewhere = sign_in(app, make_person(app, role="supervisor", region="昆明市/官渡区"))
    # A region whose name only begins alike is another one.
    alike = sign_in(app, make_person(app, role="supervisor", region="重庆市/合川"))
    for address in ("", "/file.csv"):
        for who in (elsewhere, alike):
            asked = who.get(f"/regions/communities/{district.community_id}{address}")
            assert asked.status_code == 404
    assert elsewhere.get("/regions/communities/999999").status_code == 404
    assert district.desk.get(f"/regions/communities/{district.community_id}").status_code == 403


def test_more_buildings_come_in_pages(app: Flask, place: Estate) -> None:
    many_buildings(place, 120)
    admin = sign_in(app, make_person(app, role="admin"))
    address = f"/regions/communities/{place.community_id}"
    pages = [names(admin.get(f"{address}?page={n}").text) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 20]
    assert len({name for page in pages for name in page}) == 120
