"""No network, a bad one, a server in trouble: nothing is lost and nothing counts twice."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Route, expect

from tests.e2e.hands import Phone
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
DIST = Path(__file__).parents[2] / "static/dist"
PUSH = "**/api/v1/sync/push"
SESSION = "**/api/v1/session"
_floors = itertools.count(33, -1)


@pytest.fixture
def walker(server: Server, new_phone: Callable[[], BrowserContext]) -> Phone:
    """A volunteer in front of a floor of 2幢 where nobody was in this module."""
    phone = Phone(new_phone().new_page())
    phone.sign_in("volunteer", server.password)
    phone.open_building("2幢")
    return phone


@pytest.fixture
def rooms() -> list[str]:
    """Four doors on a floor that no other test knocks at."""
    floor = next(_floors)
    return [f"{floor}{room:02}" for room in range(1, 5)]


@pytest.fixture
def gained(server: Server) -> Iterator[Callable[[], dict[str, int]]]:
    """By how much the building's counts rose since the test began; the check must be clean."""

    def now() -> dict[str, int]:
        row = next(row for row in server.coverage()["buildings"] if row["name"] == "2幢")
        return {name: row[name] for name in ("knocked", "reached", "installed", "leaflets")}

    before = now()
    yield lambda: {name: value - before[name] for name, value in now().items()}
    assert server.verify() == []


def test_the_app_starts_without_any_network_from_its_address_and_from_the_root(
    walker: Phone, rooms: list[str]
) -> None:
    walker.offline()
    walker.open_door(rooms[0])
    walker.log(rooms[0], "已宣传")
    context = walker.page.context
    walker.page.close()
    for address in ("/app", "/", "/app/outbox", "/app/me"):
        page = context.new_page()
        page.goto(address)
        expect(page.locator(".appbar .pill")).to_have_text("离线 1 条")
        page.close()


def test_what_is_loaded_when_it_is_needed_is_on_the_phone_too(walker: Phone) -> None:
    """Scripts, words and styles of every lazy part, from the build's own list."""
    manifest = json.loads((DIST / "manifest.json").read_text())
    wanted, pending = set[str](), ["static/app/main.tsx"]
    while pending:
        chunk = manifest[pending.pop()]
        if chunk["file"] not in wanted:
            wanted |= {chunk["file"], *chunk.get("css", [])}
            pending += chunk.get("imports", []) + chunk.get("dynamicImports", [])
    kept = walker.page.evaluate(
        """async () => {
          const requests = [];
          for (const name of await caches.keys()) {
            requests.push(...await (await caches.open(name)).keys());
          }
          return requests.map(({ url }) => new URL(url).pathname.replace('/static/', ''));
        }"""
    )
    assert len(wanted) > 20
    assert wanted <= set(kept)
    walker.offline()
    walker.page.goto("/app/help")
    expect(walker.page.get_by_role("heading", name="安卓手机")).to_be_visible()
    # Its style sheet came along.
    expect(walker.page.locator(".steps").first).to_have_css("display", "grid")


def test_an_answer_lost_on_the_way_back_counts_once(
    walker: Phone, rooms: list[str], gained: Callable[[], dict[str, int]]
) -> None:
    taken: list[int] = []

    def lose(route: Route) -> None:
        taken.append(route.fetch().status)
        route.abort("connectionreset")

    walker.page.route(PUSH, lose, times=1)
    walker.open_door(rooms[0])
    walker.log(rooms[0], "已宣传", "已装")
    walker.close()
    walker.uploaded()
    assert taken == [200]
    assert gained() == {"knocked": 1, "reached": 1, "installed": 1, "leaflets": 1}
    walker.open_door(rooms[0])
    expect(walker.history()).to_have_count(1)


def test_a_server_in_trouble_is_left_in_peace_for_a_while_and_nothing_is_lost(
    walker: Phone, rooms: list[str], gained: Callable[[], dict[str, int]]
) -> None:
    asked: list[float] = []

    def fail(route: Route) -> None:
        asked.append(time.monotonic())
        route.fulfill(status=500, body="oops")

    walker.page.route(SESSION, fail, times=2)
    walker.open_door(rooms[0])
    walker.log(rooms[0], "已宣传")
    walker.log(rooms[1], "无人应门")
    walker.close()
    expect(walker.pill()).to_have_text("2 条待上传")
    walker.tap(walker.pill())
    expect(walker.page.get_by_text("服务器没有回应，会自己再试")).to_be_visible()
    expect(walker.page.get_by_role("heading", name="2 条都在手机里")).to_be_visible()
    walker.uploaded()
    # 5 s, then 10 s, each shortened by up to a half so that phones do not come back together.
    assert asked[1] - asked[0] >= 2.4
    assert gained() == {"knocked": 2, "reached": 1, "installed": 0, "leaflets": 1}


def test_a_connection_that_breaks_off_loses_nothing(
    walker: Phone, rooms: list[str], gained: Callable[[], dict[str, int]]
) -> None:
    walker.page.route(PUSH, lambda route: route.abort("timedout"), times=1)
    walker.open_door(rooms[0])
    walker.log(rooms[0], "已宣传")
    walker.close()
    walker.page.reload()
    walker.uploaded()
    assert gained()["reached"] == 1


def test_a_session_that_ended_keeps_everything_and_sends_it_after_signing_in(
    server: Server, walker: Phone, rooms: list[str], gained: Callable[[], dict[str, int]]
) -> None:
    walker.page.context.clear_cookies()
    walker.open_door(rooms[0])
    walker.log(rooms[0], "已宣传")
    walker.log(rooms[1], "拒绝")
    walker.close()
    expect(walker.pill()).to_have_text("请重新登录")
    walker.page.reload()
    assert walker.states()[rooms[0]] == "informed"
    expect(walker.pill()).to_have_text("请重新登录")
    walker.tap(walker.pill())
    expect(walker.page.get_by_label("用户名或手机号")).to_have_value("volunteer")
    walker.fill_sign_in("volunteer", server.password)
    walker.uploaded()
    assert gained() == {"knocked": 2, "reached": 1, "installed": 0, "leaflets": 1}


def test_signing_out_with_unsent_work_takes_an_explicit_choice_and_keeps_it_for_its_owner(
    server: Server, walker: Phone, rooms: list[str], gained: Callable[[], dict[str, int]]
) -> None:
    page = walker.page
    walker.offline()
    walker.open_door(rooms[0])
    walker.log(rooms[0], "已宣传", "已装")
    walker.close()
    page.goto("/app/me")
    walker.press("退出登录")
    expect(walker.top()).to_contain_text("还有 1 条没上传")
    leave = walker.top().get_by_role("button", name="退出登录")
    expect(leave).to_be_disabled()
    walker.tap(walker.top().get_by_role("checkbox"))
    page.route(PUSH, lambda route: route.abort())
    walker.online()
    walker.tap(leave)
    expect(page.get_by_text("手机里还有 1 条没上传，登录后接着传")).to_be_visible()

    # The next person on this phone has a database of their own.
    walker.fill_sign_in("second", server.password)
    walker.at_work()
    walker.open_building("2幢")
    assert walker.states()[rooms[0]] == "untouched"
    page.goto("/app/me")
    walker.press("退出登录")
    walker.tap(walker.top().locator(".sheet-foot .btn"))
    expect(page.get_by_text("手机里还有 1 条没上传，登录后接着传")).to_be_visible()

    page.unroute(PUSH)
    walker.fill_sign_in("volunteer", server.password)
    walker.at_work()
    assert gained() == {"knocked": 1, "reached": 1, "installed": 1, "leaflets": 1}


def test_a_new_version_waits_for_what_is_typed_and_keeps_what_is_unsent(
    releasing: Server, new_phone: Callable[..., BrowserContext], rooms: list[str]
) -> None:
    walker = Phone(new_phone(base_url=releasing.url).new_page())
    walker.sign_in("volunteer", releasing.password)
    walker.open_building("2幢")
    page = walker.page
    page.route(PUSH, lambda route: route.abort())
    walker.open_door(rooms[0])
    walker.log(rooms[0], "已宣传")
    walker.press("无人应门")
    walker.close()
    (releasing.instance / "release").write_text("2", encoding="utf-8")
    page.evaluate(
        """async () => {
          const found = await navigator.serviceWorker.getRegistration();
          await found.update();
          while (!found.waiting) await new Promise((done) => setTimeout(done, 50));
        }"""
    )
    walker.home()
    expect(page.get_by_text("有新版本")).to_have_count(0)

    walker.open_building("2幢")
    walker.open_door(rooms[1])
    walker.press("无人应门")  # a second tap takes it back: nothing is typed any more
    walker.close()
    walker.home()
    expect(page.get_by_text("有新版本")).to_be_visible()
    page.evaluate("window.old = true")
    walker.press("现在更新")
    expect_new_page(page)
    expect(page.get_by_text("有新版本")).to_have_count(0)
    expect(walker.pill()).to_have_text("1 条待上传")
    page.unroute(PUSH)
    walker.sync()
    assert sum(row["reached"] for row in releasing.coverage()["buildings"]) == 1
    assert releasing.verify() == []


def expect_new_page(page: Page) -> None:
    """What was noted in the page's memory is gone with it."""
    for _ in range(100):
        with suppress(Error):  # the page may be on its way out while it is asked
            if not page.evaluate("window.old"):
                return
        page.wait_for_timeout(100)
    raise AssertionError("the page was not loaded again")
