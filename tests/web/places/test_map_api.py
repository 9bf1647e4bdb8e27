"""What phones get of the map, and how a building is placed from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.factories.accounts import SignedIn, make_member, sign_in
from tests.factories.places import Estate, estate
from tests.factories.pmtiles import archive
from webapp.app import create_app
from webapp.core import db, map_settings
from webapp.core.settings import Settings
from webapp.places import assignments, placing
from webapp.places.models import Building

HERE = (29.9621, 106.2648)
OUTLINE = placing.drawn(
    [(106.264, 29.962), (106.265, 29.962), (106.265, 29.9625), (106.264, 29.9625)]
).outline


def placed(place: Estate, name: str, north: float = 0.0, **fields: Any) -> str:
    lat, lon = HERE
    return place.building(name, lat=lat + north, lon=lon, **fields)


def walker(place: Estate, *buildings: str) -> SignedIn:
    volunteer = make_member(place.app, place.community_id, "volunteer", name="张敏")
    assert volunteer.member_id is not None
    if buildings:
        with place.context(), db.writing() as session:
            assignments.assign(
                session, place.community_id, list(buildings), [volunteer.member_id],
                units=[], who=None, now=1,
            )  # fmt: skip
    return sign_in(place.app, volunteer)


def area(who: SignedIn, known: str = "") -> Any:
    answer = who.get(f"/api/v1/map?known={known}")
    assert answer.status_code == 200, answer.text
    return answer.json


def names(body: Any) -> set[str]:
    return {building["name"] for building in body["buildings"]}


# -- the area ------------------------------------------------------------------------------------


def test_a_volunteer_gets_own_buildings_and_those_around_them(place: Estate) -> None:
    mine = placed(place, "3号楼", outline=OUTLINE, attribution="© 作图的人")
    placed(place, "4号楼", 0.001)
    placed(place, "远处的楼", 0.1)
    placed(place, "练习楼", practice=True)
    place.building("没放上去的楼")
    body = area(walker(place, mine))
    assert names(body) == {"3号楼", "4号楼"}
    assert body["attribution"] == ["© 作图的人"]
    (own,) = [building for building in body["buildings"] if building["id"] == mine]
    assert own["at"] == [106_264_800, 29_962_100]
    assert len(own["outline"][0]) == 8


def test_who_walks_nothing_yet_sees_the_community(place: Estate) -> None:
    placed(place, "3号楼")
    placed(place, "远处的楼", 0.1)
    assert names(area(walker(place))) == {"3号楼", "远处的楼"}


def test_nothing_is_sent_twice(place: Estate) -> None:
    mine = placed(place, "3号楼")
    who = walker(place, mine)
    version = area(who)["version"]
    assert area(who, version) == {"version": version, "same": True}
    place.set(Building, mine, name="三号楼")
    assert names(area(who, version)) == {"三号楼"}


def test_nobody_sees_another_communitys_map(app: Flask, place: Estate) -> None:
    placed(place, "3号楼")
    assert area(walker(estate(app, "别的社区"))).get("buildings", []) == []


def test_a_large_city_is_cut_to_what_a_phone_shows(
    place: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.places.map_area.MOST", 3)
    mine = placed(place, "0号楼")
    for n in range(1, 8):
        placed(place, f"{n}号楼", n / 10_000)
    assert names(area(walker(place, mine))) == {"0号楼", "1号楼", "2号楼"}


# -- what lies under it --------------------------------------------------------------------------


@pytest.fixture
def with_base(settings: Settings, tmp_path: Path) -> Iterator[Estate]:
    """An installation with tiles of a server and a file of tiles."""
    chosen = map_settings.from_environment(
        {
            "MAP_TILES_URL": "https://{s}.tiles.example/{z}/{x}/{y}.png",
            "MAP_TILES_ATTRIBUTION": "© Tiles",
            "MAP_TILES_CRS": "gcj02",
            "MAP_TILES_SUBDOMAINS": "ab",
            "MAP_PMTILES": str(archive(tmp_path)),
        }
    )
    app = create_app(replace(settings, map=chosen))
    yield estate(app)
    app.extensions[db.EXTENSION].dispose()


def test_nothing_lies_under_the_map_unless_it_is_set(place: Estate) -> None:
    body = area(walker(place))
    assert "tiles" not in body
    assert "base" not in body
    assert place.desk.get("/api/v1/map/base.pmtiles").status_code == 404


def test_what_is_set_is_told(with_base: Estate) -> None:
    body = area(walker(with_base))
    assert body["tiles"] == {
        "url": "https://{s}.tiles.example/{z}/{x}/{y}.png",
        "attribution": "© Tiles",
        "crs": "gcj02",
        "subdomains": ["a", "b"],
        "max_zoom": 18,
    }
    assert body["base"]["limit"] == 60_000_000
    assert (body["base"]["min_zoom"], body["base"]["max_zoom"]) == (0, 2)


def test_the_file_is_read_in_pieces(with_base: Estate) -> None:
    who = walker(with_base)
    piece = who.client.get("/api/v1/map/base.pmtiles", headers={"Range": "bytes=0-6"})
    assert piece.status_code == 206
    assert piece.data == b"PMTiles"
    assert piece.headers["Content-Range"].startswith("bytes 0-6/")
    assert "Content-Encoding" not in piece.headers
    piece.close()
    nobody = with_base.app.test_client().get("/api/v1/map/base.pmtiles")
    assert nobody.status_code == 401


PICTURES = "img-src 'self' data: blob:"


def test_pictures_of_the_tiles_server_are_let_in_on_maps_alone(with_base: Estate) -> None:
    hosts = f"{PICTURES} https://a.tiles.example https://b.tiles.example;"
    for address in ("/map", "/app", "/app/map"):
        policy = with_base.desk.get(address).headers["Content-Security-Policy"]
        assert hosts in policy, address
        assert "connect-src 'self';" in policy
    for address in ("/coverage", "/sign-in", "/api/v1/map"):
        policy = with_base.desk.get(address).headers["Content-Security-Policy"]
        assert f"{PICTURES};" in policy, address


def test_without_tiles_no_foreign_picture_is_let_in(place: Estate) -> None:
    for address in ("/map", "/app"):
        policy = place.desk.get(address).headers["Content-Security-Policy"]
        assert f"{PICTURES};" in policy


# -- placing -------------------------------------------------------------------------------------


def locate(who: SignedIn, building: str, **body: Any) -> Any:
    return who.post(f"/api/v1/buildings/{building}/location", body)


def test_a_building_is_placed_drawn_and_taken_back(place: Estate) -> None:
    building = place.building("3号楼")
    first = locate(place.desk, building, at=[106.2648, 29.9621])
    assert first.status_code == 200, first.text
    assert first.json["building"]["at"] == [106_264_800, 29_962_100]
    ring = [[106.264, 29.962], [106.265, 29.962], [106.265, 29.963]]
    drawn = locate(place.desk, building, outline=ring)
    assert len(drawn.json["building"]["outline"][0]) == 6
    assert locate(place.desk, building, outline=None).json["building"].get("outline") is None
    back = locate(place.desk, building, back=drawn.json["before"]).json["building"]
    assert back["at"] == [106_264_800, 29_962_100]
    gone = locate(place.desk, building, back=first.json["before"])
    assert "building" not in gone.json
    assert place.row(Building, building).lat is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"at": [106.2]},
        {"at": [1, 2, 3]},
        {"at": "here"},
        {"at": [106.2, 29.9], "outline": None},
        {"at": [0, 0]},
        {"outline": [[106.2, 29.9]]},
        {"outline": [[106.2, 29.9, 1], [106.3, 29.9], [106.3, 30]]},
        {"back": {"lat": 29.9, "lon": 106.2, "outline": {"type": "Polygon"}, "origin": None}},
        {"back": {"lat": 29.9, "lon": 106.2, "outline": None, "origin": "<script>"}},
        {"back": {"lat": 99.9, "lon": 106.2, "outline": None, "origin": None}},
    ],
)
def test_what_is_no_place_is_refused_with_a_sentence(place: Estate, body: Any) -> None:
    building = place.building("3号楼")
    answer = locate(place.desk, building, **body)
    assert answer.status_code == 400, answer.text
    assert answer.json["message"]
    assert place.row(Building, building).lat is None


def test_volunteers_place_nothing(place: Estate) -> None:
    building = place.building("3号楼")
    assert locate(walker(place, building), building, at=[106.2, 29.9]).status_code == 403


def test_nobody_places_a_building_of_another_community(app: Flask, place: Estate) -> None:
    building = place.building("3号楼")
    other = estate(app, "别的社区")
    assert locate(other.desk, building, at=[106.2, 29.9]).status_code == 404


# -- typed coordinates ---------------------------------------------------------------------------


def typed(place: Estate, building: str, **form: str) -> str:
    answer = place.desk.submit(f"/buildings/{building}/location", **form)
    assert answer.status_code == 303
    return str(place.desk.get(f"/buildings/{building}").text)


def test_coordinates_may_be_typed_without_a_script(place: Estate) -> None:
    building = place.building("3号楼")
    assert "位置已保存" in typed(place, building, lat="29.9621", lon="106.2648")
    assert place.row(Building, building).lat == 29.9621


def test_coordinates_of_amap_are_moved(place: Estate) -> None:
    building = place.building("3号楼")
    typed(place, building, lat="29.959447569699215", lon="106.2685939679807", crs="gcj02")
    row = place.row(Building, building)
    assert (row.lon, row.lat) == pytest.approx((106.2648, 29.9621), abs=1e-6)


def test_corners_are_lines(place: Estate) -> None:
    building = place.building("3号楼")
    corners = "29.962, 106.264\n29.962，106.265\n 29.963 106.265\n"
    typed(place, building, corners=corners)
    assert place.row(Building, building).outline is not None
    assert "去掉轮廓" in typed(place, building, lat="29.9", lon="106.2")
    typed(place, building, without_outline="yes")
    assert place.row(Building, building).outline is None


@pytest.mark.parametrize(
    ("form", "wanted"),
    [
        ({"lat": "here", "lon": "106"}, "here"),
        ({"corners": "29.962, 106.264\nsomewhere"}, "somewhere"),
        ({}, "–"),
        ({"corners": "29.962, 106.264\n29.963, 106.264"}, "3"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_it_was(
    place: Estate, form: dict[str, str], wanted: str
) -> None:
    building = place.building("3号楼")
    page = typed(place, building, **form)
    notice = page.split('data-tone="error"')[1].split("</p>")[0]
    assert wanted in notice
    assert place.row(Building, building).lat is None
