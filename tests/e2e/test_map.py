"""The map, on the desk and in the hand: with nothing under it, with tiles, without a signal."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import asinh, floor, pi, radians, tan
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import instances
from tests.e2e.conftest import DESK, PHONE
from tests.e2e.hands import Desk, Phone
from tests.e2e.serving import ROOT, Instance, Server, commands, serving
from tests.factories.pmtiles import archive, picture

pytestmark = pytest.mark.e2e
LAT, LON = 29.9621, 106.2648
STEP = 0.0006


@pytest.fixture(scope="module")
def outlined(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The small community, its buildings drawn side by side; one that nobody has placed."""
    made = instances.small(tmp_path_factory.mktemp("outlined"))
    features = [
        {
            "type": "Feature",
            "properties": {"小区": "紫荆花园", "楼栋": f"{n}幢"},
            "geometry": {"type": "Polygon", "coordinates": [_around(LON + (n - 2) * STEP, LAT)]},
        }
        for n in (1, 2, 3)
    ]
    path = made.folder / "outlines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    lone = made.folder / "lone.csv"
    lone.write_text("小区,楼栋\n紫荆花园,9幢\n", encoding="utf-8")
    with commands(made.folder) as flask:
        here = ("--community", str(made.community), "--attribution", "© 画图的人")
        flask("import", "buildings", str(path), *here)
        flask("import", "buildings", str(lone), "--community", str(made.community))
    return made


def _around(lon: float, lat: float, half: float = STEP / 4) -> list[list[float]]:
    west, east, south, north = lon - half, lon + half, lat - half, lat + half
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


@pytest.fixture(scope="module")
def plain(outlined: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with nothing under its maps."""
    with serving(outlined, tmp_path_factory.mktemp("plain")) as running:
        yield running


def open_desk(watched: Callable[..., BrowserContext], server: Server) -> Page:
    page = watched(**DESK, base_url=server.url).new_page()
    Desk(page).sign_in("coordinator", server.password)
    page.goto("/map")
    expect(page.locator(".deskmap-list li")).to_have_count(4)
    expect(page.locator(".qmap canvas").first).to_be_visible()
    return page


def open_phone(watched: Callable[..., BrowserContext], server: Server, **more: Any) -> Phone:
    phone = Phone(watched(**{**PHONE, "base_url": server.url, **more}).new_page())
    phone.sign_in("volunteer", server.password)
    return phone


def to_map(phone: Phone) -> None:
    phone.tap(phone.page.locator(".vseg a", has_text="地图"))
    expect(phone.page.locator(".qmap canvas").first).to_be_visible()


def inked(page: Page) -> int:
    """How many pixels of the map's canvases are painted."""
    count: int = page.evaluate(
        """() => [...document.querySelectorAll('.qmap canvas')].reduce((sum, canvas) => {
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          let own = 0;
          for (let i = 3; i < data.length; i += 4) if (data[i]) own += 1;
          return sum + own;
        }, 0)"""
    )
    return count


def buildings(page: Page) -> dict[str, list[Any]]:
    body = page.request.get("/map/data").json()
    return {line[1]: line for line in body["buildings"]}


# --- the desk ---


def test_a_building_is_placed_by_a_click_and_taken_off_again(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    page = open_desk(watched, plain)
    assert inked(page) > 1_000
    page.get_by_role("checkbox", name="未上图 1").check()
    page.get_by_role("button", name=re.compile("9幢")).click()
    page.get_by_role("button", name="放到地图上").click()
    page.locator(".qmap").click(position={"x": 300, "y": 200})
    typed = page.get_by_label("纬度, 经度").input_value()
    assert re.fullmatch(r"29\.\d{6}, 106\.\d{6}", typed)
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".toast")).to_contain_text("9幢 的位置已保存")
    assert buildings(page)["9幢"][4] is not None
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".toast")).to_contain_text("已撤销")
    assert buildings(page)["9幢"][4] is None


def test_an_outline_is_drawn_corner_by_corner_and_a_wrong_one_taken_back(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    page = open_desk(watched, plain)
    before = buildings(page)["1幢"][6]
    page.get_by_role("button", name=re.compile("1幢")).click()
    page.get_by_role("button", name="重画轮廓").click()
    for x, y in ((300, 200), (420, 200), (500, 500), (420, 300)):
        page.locator(".qmap").click(position={"x": x, "y": y})
        if x == 500:
            page.keyboard.press("Control+z")
    expect(page.get_by_role("status").filter(has_text="3 个拐角")).to_be_visible()
    page.get_by_role("button", name="退一步").click()
    page.locator(".qmap").click(position={"x": 420, "y": 300})
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".toast")).to_contain_text("1幢")
    assert len(buildings(page)["1幢"][6][0]) == 6
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".toast")).to_contain_text("已撤销")
    assert buildings(page)["1幢"][6] == before


def test_all_of_it_works_with_the_keyboard_alone(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    page = open_desk(watched, plain)
    page.get_by_role("searchbox", name="找楼栋").focus()
    page.keyboard.type("2幢")
    expect(page.locator(".deskmap-list li")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".deskmap-card h2")).to_have_text("2幢")
    page.get_by_role("button", name="移动").press("Enter")
    field_ = page.get_by_label("纬度, 经度")
    field_.fill("somewhere")
    field_.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("坐标看不懂")
    field_.fill("29.963000, 106.266000")
    field_.press("Enter")
    expect(page.locator(".toast")).to_contain_text("2幢")
    assert buildings(page)["2幢"][4:6] == [106_266_000, 29_963_000]
    page.get_by_role("button", name="撤销").press("Enter")
    expect(page.locator(".toast")).to_contain_text("已撤销")
    page.get_by_role("button", name="重画轮廓").press("Enter")
    corners = page.get_by_label("拐角，每行一个：纬度, 经度")
    corners.fill("29.963, 106.266\n29.963, 106.2665")
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("三个拐角")
    page.keyboard.press("Escape")
    expect(page.locator(".deskmap-card h2")).to_have_text("2幢")


def test_a_click_on_the_map_says_which_building_it_is(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    page = open_desk(watched, plain)
    box = page.locator(".qmap").bounding_box()
    assert box is not None
    page.locator(".qmap").click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    expect(page.locator(".deskmap-card h2")).to_have_text("2幢")
    expect(page.locator(".map-chosen")).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_have_text("© 画图的人")


def test_a_line_around_buildings_chooses_them_for_the_split(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    page = open_desk(watched, plain)
    page.get_by_role("button", name="圈一片楼").click()
    expect(page.locator(".map-lasso")).to_be_visible()
    box = page.locator(".qmap").bounding_box()
    assert box is not None

    def at(x: float, y: float) -> tuple[float, float]:
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    # Around the building in the middle, and back: the map stays where it is.
    page.mouse.move(*at(0.4, 0.35))
    page.mouse.down()
    for x, y in ((0.6, 0.35), (0.6, 0.65), (0.4, 0.65), (0.4, 0.36)):
        page.mouse.move(*at(x, y), steps=8)
    page.mouse.up()
    status = page.locator(".deskmap-side [role=status]").first
    expect(status).to_contain_text("选了 1 栋")
    expect(page.locator(".map-marked")).to_have_count(1)
    row = page.locator(".deskmap-list button[aria-pressed]", has_text="1幢")
    row.click()
    expect(status).to_contain_text("选了 2 栋")
    expect(row).to_have_attribute("aria-pressed", "true")
    row.click()
    expect(status).to_contain_text("选了 1 栋")
    page.get_by_role("button", name="分给几个人").click()
    page.wait_for_url("**/turf")
    expect(page.locator("[name=building]")).to_have_count(1)
    page.go_back()
    expect(page.locator(".qmap canvas").first).to_be_visible()


# --- the phone ---


def test_the_map_is_there_without_a_signal_once_it_was_seen(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    phone = open_phone(watched, plain)
    to_map(phone)
    page = phone.page
    expect(page.locator(".leaflet-control-attribution")).to_have_text("© 画图的人")
    painted = inked(page)
    assert painted > 1_000
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".qmap canvas").first).to_be_visible()
    expect(page.locator(".appbar .pill").first).to_contain_text("离线")
    expect(page.locator(".leaflet-control-attribution")).to_have_text("© 画图的人")
    page.wait_for_function("() => document.querySelectorAll('.qmap canvas').length > 3")
    assert inked(page) > painted // 2
    box = page.locator(".qmap").bounding_box()
    card = page.locator(".map-low").bounding_box()
    assert box is not None
    assert card is not None
    middle = (72 + card["y"]) / 2
    page.touchscreen.tap(box["width"] / 2, middle)
    expect(page.locator(".map-card b")).to_have_text("2幢")
    phone.tap(page.locator(".map-card .btn"))
    expect(page.locator(".sheet h2").first).to_be_visible()


def test_where_i_am_stands_on_the_map(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    here = {"latitude": LAT, "longitude": LON, "accuracy": 20}
    phone = open_phone(watched, plain, geolocation=here, permissions=["geolocation"])
    to_map(phone)
    phone.press("回到我的位置")
    expect(phone.page.locator(".map-here")).to_be_visible()
    expect(phone.page.locator(".map-around")).to_be_visible()
    expect(phone.page.locator(".map-card .cap").first).to_contain_text("米")


def test_the_list_and_the_map_are_two_views_of_the_same(
    watched: Callable[..., BrowserContext], plain: Server
) -> None:
    phone = open_phone(watched, plain)
    to_map(phone)
    phone.tap(phone.page.locator(".vseg a", has_text="列表"))
    expect(phone.page.locator(".bldrow").first).to_be_visible()
    phone.page.go_back()
    expect(phone.page.locator(".qmap")).to_have_count(0)


# --- what lies under it ---


@dataclass
class TileServer:
    """Answers every tile with a picture and writes down which were asked for."""

    url: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def tile_server() -> Iterator[TileServer]:
    """A server of tiles beside the installation, as a third party's would be."""
    told, image = TileServer(), picture(120, 160, 200)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(image)

        def log_message(self, *_given: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_port}"
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


HECHUAN = next(
    case
    for case in json.loads((ROOT / "tests/vectors/coordinates.json").read_text())["cases"]
    if case["wgs84"] == [LON, LAT]
)


def tile_of(system: str, zoom: int) -> str:
    """Which tile of a system's grid the middle building stands on, by gcoord's word."""
    if system == "bd09":
        x, y = (floor(metres * 2 ** (zoom - 18) / 256) for metres in HECHUAN["bd09mc"])
        return f"{zoom}/{x}/{y}"
    lon, lat = HECHUAN[system]
    x = floor((lon + 180) / 360 * 2**zoom)
    y = floor((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**zoom)
    return f"{zoom}/{x}/{y}"


# A function: the text of an expression would be evaluated again, which the page's policy forbids.
UNDER_THE_MIDDLE = """() => {
  const map = document.querySelector('.qmap').getBoundingClientRect();
  const [x, y] = [map.left + map.width / 2, map.top + map.height / 2];
  const tiles = [...document.querySelectorAll('img.leaflet-tile-loaded')];
  const found = tiles.find((tile) => {
    const { left, right, top, bottom } = tile.getBoundingClientRect();
    return left <= x && x < right && top <= y && y < bottom;
  });
  return found ? new URL(found.src).pathname.slice(1) : null;
}"""


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09"])
def test_tiles_of_a_server_lie_where_the_buildings_are(
    watched: Callable[..., BrowserContext],
    outlined: Instance,
    tile_server: TileServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
) -> None:
    monkeypatch.setenv("MAP_TILES_URL", f"{tile_server.url}/{{z}}/{{x}}/{{y}}")
    monkeypatch.setenv("MAP_TILES_ATTRIBUTION", "© Kacheln <b>")
    monkeypatch.setenv("MAP_TILES_CRS", system)
    with serving(outlined, tmp_path / "served") as server:
        page = open_desk(watched, server)
        page.wait_for_function(UNDER_THE_MIDDLE)
        tile = page.evaluate(UNDER_THE_MIDDLE)
        zoom = int(tile.split("/")[0])
        assert zoom >= 16
        assert tile == tile_of(system, zoom)
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("© Kacheln <b>")
        middle = page.locator(".qmap").bounding_box()
        assert middle is not None
        at = {"x": middle["width"] / 2, "y": middle["height"] / 2}
        page.locator(".qmap").click(position=at)  # type: ignore[arg-type]  # plain floats
        expect(page.locator(".deskmap-card h2")).to_have_text("2幢")


def test_the_phone_shows_the_tiles_too_and_lives_without_them(
    watched: Callable[..., BrowserContext],
    outlined: Instance,
    tile_server: TileServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAP_TILES_URL", f"{tile_server.url}/{{z}}/{{x}}/{{y}}")
    monkeypatch.setenv("MAP_TILES_ATTRIBUTION", "© Kacheln")
    with serving(outlined, tmp_path / "served") as server:
        phone = open_phone(watched, server)
        to_map(phone)
        expect(phone.page.locator("img.leaflet-tile-loaded").first).to_be_visible()
        phone.page.context.set_offline(True)
        phone.page.reload()
        expect(phone.page.locator(".qmap canvas").first).to_be_visible()
        expect(phone.page.locator(".map-card .btn")).to_be_visible()


def test_a_phone_keeps_the_base_map_of_its_area_up_to_a_limit(
    watched: Callable[..., BrowserContext],
    outlined: Instance,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAP_PMTILES", str(archive(tmp_path, max_zoom=3)))
    monkeypatch.setenv("MAP_OFFLINE_MB", "1")
    with serving(outlined, tmp_path / "served") as server:
        phone = open_phone(watched, server)
        page = phone.page
        to_map(phone)
        expect(page.locator(".qmap img[src^='blob:']").first).to_be_visible()
        expect(page.locator(".leaflet-control-attribution")).to_contain_text("© 某人, ODbL")
        phone.press("离线底图")
        expect(page.locator(".sheet")).to_contain_text("最多存 1.0 MB")
        phone.press("存到手机")
        expect(page.locator(".sheet")).to_contain_text(re.compile("已存 "))
        phone.close()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.clearBrowserCache")
        devtools.detach()
        page.context.set_offline(True)
        page.reload()
        expect(page.locator(".qmap img[src^='blob:']").first).to_be_visible()
        expect(phone.pill()).to_contain_text("离线")
        phone.press("离线底图")
        expect(page.locator(".sheet")).to_contain_text("要连上网络才能存")
        phone.press("删掉底图")
        expect(page.locator(".sheet")).not_to_contain_text("已存 ")
        page.reload()
        expect(page.locator(".qmap canvas").first).to_be_visible()
        expect(page.locator(".qmap img[src^='blob:']")).to_have_count(0)
