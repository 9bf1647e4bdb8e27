"""axe on every screen and page: phone and desk sizes, light and dark, Chinese and English."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import tour
from tests.e2e.hands import PATIENCE
from tests.e2e.serving import Server
from tests.e2e.tour import Field, Look

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
Shown = tuple[Server, dict[str, str]]
# Each pair of language, colours and size occurs: what three of them spoil together, two do.
LOOKS = [
    Look("zh", "light", 390, 844),
    Look("en", "dark", 390, 844),
    Look("zh", "dark", 1440, 900),
    Look("en", "light", 1440, 900),
]
AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations
    .filter(({impact}) => impact === 'serious' || impact === 'critical')
    .flatMap(({id, nodes}) => nodes.slice(0, 5).map((node) =>
      `${id}: ${node.target} ${node.html.slice(0, 160)} | ${node.any.map((a) => a.message)}`));
}"""


@pytest.fixture(params=LOOKS, ids=lambda look: look.name)
def look(request: pytest.FixtureRequest) -> Look:
    """How the screens are shown."""
    chosen: Look = request.param
    return chosen


def findings(page: Page, name: str) -> list[str]:
    """What axe calls serious or critical, with the screen's name before it."""
    tour.settled(page)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(AXE)
    return [f"{name}: {line}" for line in found]


@pytest.fixture
def page_in(watched: Callable[..., BrowserContext], demo: Shown) -> Callable[[Look], Page]:
    """A page on the demo that looks as asked."""

    def make(look: Look) -> Page:
        page = watched(**look.context(demo[0].url)).new_page()
        page.set_default_timeout(PATIENCE)
        return page

    return make


def test_no_screen_of_the_app_keeps_anybody_out(
    demo: Shown, page_in: Callable[[Look], Page], look: Look
) -> None:
    page = page_in(look)
    tour.sign_in_to_app(page, ("volunteer3", demo[1]["volunteer3"]))
    expect(page.locator(".bldrow").first).to_be_visible()
    found: list[str] = []
    for stop in Field(page).walk():
        found += findings(page, stop)
    assert not found, "\n".join(found)


def test_no_page_of_the_desk_keeps_anybody_out(
    demo: Shown, page_in: Callable[[Look], Page], look: Look, tmp_path: Path
) -> None:
    page = page_in(look)
    page.goto("/sign-in")
    found = findings(page, "sign-in")
    tour.sign_in_to_desk(page, ("coordinator", demo[1]["coordinator"]))
    for stop in tour.desk_pages(page, tour.messy_list(tmp_path)):
        found += findings(page, stop)
    tour.open_menu(page)
    found += findings(page, "menu")
    assert not found, "\n".join(found)


def test_no_page_for_residents_keeps_anybody_out(
    demo: Shown, page_in: Callable[[Look], Page], look: Look
) -> None:
    """Also at 200 % of the size."""
    building = demo[0].coverage()["buildings"][0]["id"]
    page = page_in(look)
    found: list[str] = []
    for stop in tour.resident_pages(page, building):
        found += findings(page, stop)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        found += tour.overflowing(page, f"{stop} at 200 %")
    assert not found, "\n".join(found)


def test_no_page_of_regions_and_of_joining_keeps_anybody_out(
    demo: Shown, page_in: Callable[[Look], Page], look: Look
) -> None:
    found: list[str] = []
    page = page_in(look)
    tour.sign_in_to_desk(page, ("admin", demo[1]["admin"]))
    for stop, address in (("communities", "/communities"), ("regions", "/regions")):
        page.goto(address)
        found += findings(page, stop)
    page.goto("/communities")
    page.locator("main table a").first.click()
    found += findings(page, "community")
    page.locator("form[action$='/invites'] button").click()
    invite = page.locator("[data-select]").input_value()
    found += findings(page, "community-invite")
    phone = page_in(look)
    for stop in tour.outside(phone, invite):
        found += findings(phone, stop)
    tour.accept(phone, look)
    found += findings(phone, "pending")
    assert not found, "\n".join(found)
