"""Walk lists on paper, and a sheet typed in by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import tour
from tests.e2e.hands import PATIENCE
from tests.e2e.serving import Server
from tests.e2e.tour import Look

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]
Shown = tuple[Server, dict[str, str]]


@pytest.fixture
def desk(demo: Shown, watched: Callable[..., BrowserContext]) -> Page:
    """The coordinator's browser."""
    page = watched(**Look(width=1440, height=900).context(demo[0].url)).new_page()
    page.set_default_timeout(PATIENCE)
    tour.sign_in_to_desk(page, ("coordinator", demo[1]["coordinator"]))
    return page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sheet_is_one_page_of_a4(demo: Shown, desk: Page, language: str) -> None:
    buildings = [one["id"] for one in demo[0].coverage()["buildings"][:3]]
    asked = "&".join(f"building={one}" for one in buildings)
    desk.goto(f"/coverage/walk-lists?{asked}&lang={language}")
    sheets = desk.locator(".walk-sheet").count()
    assert sheets > 3
    pdf = desk.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", pdf)) == sheets


def test_a_sheet_is_typed_by_keyboard_alone(demo: Shown, desk: Page) -> None:
    building = demo[0].coverage()["buildings"][1]["id"]
    desk.goto(f"/coverage/buildings/{building}/paper")
    rows = desk.locator(".paperrows tbody tr")
    rows.nth(0).locator("select").first.focus()
    for key in ("1", "Tab", "2", "Enter", "3", "Enter", "2"):
        desk.keyboard.press(key)
    expect(rows.nth(0).locator("select").nth(0)).to_have_value("informed")
    expect(rows.nth(0).locator("select").nth(1)).to_have_value("helped")
    expect(rows.nth(1).locator("select").first).to_have_value("refused")
    expect(rows.nth(2).locator("select").first).to_have_value("no_answer")
    desk.locator(".paperfoot button").click()
    expect(desk.locator(".notice[data-tone=ok]")).to_contain_text("3")
