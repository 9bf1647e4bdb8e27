"""Nothing is cut, nothing scrolls sideways; empty, loading, broken, long and many included."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import instances, tour
from tests.e2e.hands import PATIENCE, Phone
from tests.e2e.serving import Instance, Server, commands, serving
from tests.e2e.tour import Field, Look

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
Shown = tuple[Server, dict[str, str]]
LOOKS = [
    Look(width=360, height=640),
    Look(width=360, height=640, large=True),
    Look("en", width=360, height=640, large=True),
]
LONG = "南津街街道紫荆园社区第十七网格滨江花园三期临街商住综合楼"
FACILITY = "配套公共服务及社区养老服务设施用房"
MANY = 1_000
SPOILT = """() => {
  const wrong = [];
  const root = document.documentElement;
  const over = (element) => `${element.scrollWidth} > ${element.clientWidth}`;
  const beyond = () => [...document.querySelectorAll('main *')].filter((element) =>
    element.checkVisibility() && !element.closest('.scroller')
    && element.getBoundingClientRect().right > root.clientWidth)
    .slice(-2).map((element) => element.outerHTML.slice(0, 120));
  for (const box of [root, ...document.querySelectorAll('main, .sheet-body')])
    if (box.scrollWidth > box.clientWidth + 1)
      wrong.push(`${box.tagName} scrolls: ${over(box)} ${beyond()}`);
  const texts = 'button, .btn, .pill, .chip, .tabbar a, .lbl, h1, h2, dt, .toast b, legend';
  const left = '.vh, .scroller, .units[data-many], .flagrow, [inert]';
  // Their touch areas and badges reach beyond them.
  const larger = '.pill, .flno, .hh';
  for (const element of document.querySelectorAll(texts)) {
    const style = getComputedStyle(element);
    if (!element.checkVisibility() || element.closest(left)) continue;
    if (style.textOverflow === 'ellipsis') continue;
    const box = element.getBoundingClientRect();
    const cut = style.display !== 'inline' && !element.matches(larger) && element.clientWidth > 0
      && element.scrollWidth > element.clientWidth + 2;
    const outside = box.right > root.clientWidth + 1 || box.left < -1;
    const words = element.textContent.trim().slice(0, 40);
    if (cut) wrong.push(`cut: ${element.className} "${words}" ${over(element)}`);
    if (outside) wrong.push(`outside: ${element.className} "${words}" ${box.left}-${box.right}`);
  }
  return wrong;
}"""


def spoilt(page: Page, name: str) -> list[str]:
    """What is cut, lies outside or scrolls sideways, with the screen's name before it."""
    tour.settled(page)
    found: list[str] = page.evaluate(SPOILT)
    return [f"{name}: {line}" for line in found]


@pytest.fixture(params=LOOKS, ids=lambda look: look.name)
def look(request: pytest.FixtureRequest) -> Look:
    """A small phone, in the usual text and in large."""
    chosen: Look = request.param
    return chosen


@pytest.fixture
def open_page(watched: Callable[..., BrowserContext]) -> Callable[[Server, Look], Page]:
    """A page that looks as asked."""

    def make(server: Server, look: Look) -> Page:
        context = watched(**look.context(server.url))
        if look.large:
            tour.large_desk(context, server.url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        return page

    return make


def test_every_screen_of_the_app_fits_a_small_phone(
    demo: Shown, open_page: Callable[[Server, Look], Page], look: Look
) -> None:
    page = open_page(demo[0], look)
    tour.sign_in_to_app(page, ("volunteer3", demo[1]["volunteer3"]))
    if look.large:
        tour.make_large(page)
    found: list[str] = []
    for stop in Field(page).walk():
        found += spoilt(page, stop)
    assert not found, "\n".join(found)


def test_every_page_of_the_desk_fits_a_small_phone(
    demo: Shown, open_page: Callable[[Server, Look], Page], look: Look, tmp_path: Path
) -> None:
    page = open_page(demo[0], look)
    tour.sign_in_to_desk(page, ("coordinator", demo[1]["coordinator"]))
    found: list[str] = []
    for stop in tour.desk_pages(page, tour.messy_list(tmp_path)):
        found += spoilt(page, stop)
    assert not found, "\n".join(found)


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A thousand buildings with long names; and a community that has nothing yet."""
    folder = tmp_path_factory.mktemp("crowded")
    password = "long-names-everywhere"
    with commands(folder) as flask:
        flask("db", "upgrade")
        community = instances.add_community(flask, LONG + "居民委员会")
        here = ("--community", str(community))
        flask("import", "buildings", str(_many(folder)), *here, "--generate-households")
        instances.add_person(flask, community, "desk", "欧阳" + LONG[:10], "coordinator", password)
        instances.add_person(flask, community, "walker", "欧阳" + LONG[:10], "volunteer", password)
        flask("assign", "walker", *here, "--all")
        empty = instances.add_community(flask, "新社区")
        instances.add_person(flask, empty, "newdesk", "何静", "coordinator", password)
        instances.add_person(flask, empty, "newwalker", "张敏", "volunteer", password)
    made = Instance(folder, community, password)
    with serving(made, tmp_path_factory.mktemp("crowd")) as running:
        yield running


def _many(folder: Path) -> Path:
    path = folder / "many.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["小区", "楼栋", "单元数", "楼层数", "总户数", "地址"])
        for number in range(1, MANY + 1):
            doors = 1 if number > 1 else 120
            floors = 1 if number > 1 else 30
            writer.writerow(
                [LONG, f"{FACILITY}{number}幢", 1, floors, doors, f"{LONG}路{number}号"]
            )
    return path


@pytest.mark.parametrize("look", [LOOKS[2], Look(width=1440, height=900)], ids=lambda at: at.name)
def test_a_thousand_buildings_with_long_names_fit(
    crowded: Server, open_page: Callable[[Server, Look], Page], look: Look
) -> None:
    desk = open_page(crowded, look)
    tour.sign_in_to_desk(desk, ("desk", crowded.password))
    found: list[str] = []
    for address in ("/coverage", "/buildings", "/people", "/coverage?by=compound"):
        desk.goto(address)
        found += spoilt(desk, address)
    desk.goto("/coverage")
    desk.locator("table.cov tbody th a").first.click()
    expect(desk.locator(".heatcard")).to_be_visible()
    found += spoilt(desk, "building")
    assert not found, "\n".join(found)


def test_a_thousand_buildings_with_long_names_on_the_phone_can_be_searched(
    crowded: Server, open_page: Callable[[Server, Look], Page]
) -> None:
    page = open_page(crowded, Look(width=360, height=640))
    tour.sign_in_to_app(page, ("walker", crowded.password))
    rows = page.locator(".bldrow")
    expect(rows).to_have_count(MANY, timeout=60_000)
    found = spoilt(page, "today")
    page.locator("input[type=search]").fill(f"{FACILITY}777幢")
    expect(rows).to_have_count(1)
    page.locator("input[type=search]").fill(f"{FACILITY}1幢")
    rows.first.click()
    expect(page.locator(".hh").first).to_be_visible()
    found += spoilt(page, "building")
    page.locator(".dock .btn").click()
    expect(page.locator(".sheet")).to_be_visible()
    found += spoilt(page, "door")
    page.goto("/app/me")
    expect(page.locator(".who")).to_be_visible()
    found += spoilt(page, "me")
    assert not found, "\n".join(found)


def test_a_new_community_is_told_what_comes_first(
    crowded: Server, open_page: Callable[[Server, Look], Page]
) -> None:
    desk = open_page(crowded, Look(width=1440, height=900))
    tour.sign_in_to_desk(desk, ("newdesk", crowded.password))
    expect(desk.locator(".empty")).to_be_visible()
    expect(desk.locator(".empty a.btn")).to_have_attribute("href", "/import")
    desk.goto("/held")
    expect(desk.locator(".empty")).to_be_visible()
    page = open_page(crowded, Look(width=360, height=640))
    page.goto("/app")
    phone = Phone(page)
    phone.fill_sign_in("newwalker", crowded.password)
    expect(page.get_by_text("还没有分给您的楼栋")).to_be_visible()
    assert spoilt(page, "empty") == []
    page.context.set_offline(True)
    expect(page.get_by_text("离线 可继续记录")).to_be_visible()


def test_the_first_download_and_a_broken_storage_say_what_is_going_on(
    demo: Shown, open_page: Callable[[Server, Look], Page]
) -> None:
    page = open_page(demo[0], Look(width=360, height=640))
    page.route("**/api/v1/sync/pull", lambda _: None)
    page.goto("/app")
    Phone(page).fill_sign_in("volunteer3", demo[1]["volunteer3"])
    expect(page.get_by_text("正在下载您的楼栋")).to_be_visible()
    assert spoilt(page, "loading") == []
    page.unroute("**/api/v1/sync/pull")
    page.goto("/app/building/0199d0c4-0000-7000-8000-000000000000")
    expect(page.get_by_text("手机里没有这栋楼")).to_be_visible()
    page.add_init_script(
        """const open = IDBFactory.prototype.open;
        IDBFactory.prototype.open = function (name, ...rest) {
          if (name !== 'qiaomen-probe') throw new DOMException('broken', 'UnknownError');
          return open.call(this, name, ...rest);
        };"""
    )
    page.goto("/app")
    expect(page.get_by_text("手机里的资料打不开")).to_be_visible()
    expect(page.get_by_role("button", name="再试一次")).to_be_visible()


def test_forced_colours_still_tell_what_is_chosen_and_how_a_door_is(
    demo: Shown, watched: Callable[..., BrowserContext]
) -> None:
    """Backgrounds and shadows are gone then: edges, choices and glyphs must not be."""
    page = watched(**Look().context(demo[0].url), forced_colors="active").new_page()
    page.set_default_timeout(PATIENCE)
    tour.sign_in_to_app(page, ("volunteer3", demo[1]["volunteer3"]))
    Field(page).building()
    look = "(element, of) => getComputedStyle(element, of).backgroundColor"
    door = page.locator(".board-grid .hh").first
    assert door.evaluate(look, "::before") != door.evaluate(look, None), "its glyph is to be seen"
    edge = "(element) => getComputedStyle(element).borderTopWidth"
    assert door.evaluate(edge) != "0px"
    door.click()
    tiles = page.locator(".sheet .outcome")
    tiles.nth(0).click()
    assert tiles.nth(0).evaluate(look, None) != tiles.nth(1).evaluate(look, None)
    assert tiles.nth(1).evaluate(edge) != "0px"
    save = page.locator(".sheet-foot .btn")
    assert save.evaluate(look, None) != page.locator(".sheet").evaluate(look, None)
