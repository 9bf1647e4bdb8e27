"""The board in a real browser: it keeps itself up to date, and the report is one page of paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e import tour
from tests.e2e.alerting import alert_desk
from tests.e2e.hands import PATIENCE
from tests.e2e.serving import Server
from tests.e2e.tour import Look

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
Shown = tuple[Server, dict[str, str]]
DESK = Look("zh", "light", 1440, 900)


@pytest.fixture
def board(watched: Callable[..., BrowserContext], demo: Shown) -> Page:
    """The demo's board before a coordinator's eyes."""
    page = watched(**DESK.context(demo[0].url)).new_page()
    page.set_default_timeout(PATIENCE)
    tour.sign_in_to_desk(page, ("coordinator", demo[1]["coordinator"]))
    page.goto("/alerts")
    return page


def look_again(page: Page) -> None:
    """As when somebody comes back to the tab: it asks at once."""
    with page.expect_response(re.compile("/alerts/board")):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_the_board_shows_a_new_alert_by_itself_and_keeps_who_was_on_a_card(
    board: Page, demo: Shown
) -> None:
    with alert_desk(demo[0].instance, 1) as desk:
        board.locator(".kc").first.focus()
        key = board.evaluate("document.activeElement.dataset.key")
        count = int(board.locator("[data-alerts-open]").inner_text())
        desk.open("1号楼", "101", resident_name="板女士")
        look_again(board)
        expect(board.locator(".kc", has_text="板女士")).to_be_visible()
        expect(board.locator("[data-alerts-open]")).to_have_text(str(count + 1))
        assert board.evaluate("document.activeElement.dataset.key") == key


def test_the_board_says_when_what_it_shows_is_old(board: Page) -> None:
    stale = board.locator("[data-stale]")
    expect(stale).to_be_hidden()
    board.route("**/alerts/board*", lambda route: route.abort())
    board.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(stale).to_be_visible()
    board.unroute("**/alerts/board*")
    look_again(board)
    expect(stale).to_be_hidden()


@pytest.mark.parametrize("address", ["/alerts/report", "/alerts/report?lang=en"])
def test_the_report_is_printed_on_one_page(board: Page, tmp_path: Path, address: str) -> None:
    board.goto(address)
    paper = tmp_path / "report.pdf"
    board.pdf(path=paper, prefer_css_page_size=True)
    assert re.findall(rb"/Type\s*/Page\b", paper.read_bytes()) == [b"/Type /Page"]
