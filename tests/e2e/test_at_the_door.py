"""A badge without signal on one phone, the resident's page in another browser; a referral."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.conftest import DESK, PHONE
from tests.e2e.hands import PATIENCE, Desk, Phone
from tests.e2e.serving import Server
from tests.e2e.test_accessibility import AXE

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
Watched = Callable[..., BrowserContext]


def resident_of(watched: Watched, server: Server, **more: Any) -> Page:
    """A resident's browser: small, and with script switched off unless told otherwise."""
    options = {"java_script_enabled": False, **PHONE, **more}
    page = watched(base_url=server.url, **options).new_page()
    page.set_default_timeout(PATIENCE)
    return page


def give_out(watched: Watched, server: Server) -> Page:
    """The coordinator gives everybody a badge."""
    desk = Desk(watched(base_url=server.url, **DESK).new_page())
    desk.sign_in("coordinator", server.password)
    desk.page.goto("/badges")
    desk.page.locator(".badge-none button").click()
    expect(desk.page.locator(".badge-none")).to_have_count(0)
    return desk.page


def check(page: Page, number: str, code: str) -> None:
    """What a resident types, having opened the page by hand."""
    page.goto("/verify")
    page.locator("#number").fill(number)
    page.locator("#code").fill(code)
    page.locator("form.check button").click()


def test_a_resident_checks_a_badge_that_has_no_signal(server: Server, watched: Watched) -> None:
    desk = give_out(watched, server)
    phone = Phone(watched(base_url=server.url, **PHONE).new_page())
    phone.sign_in("volunteer", server.password)
    card = phone.page.locator(".duty a.row")
    expect(card).to_be_visible()
    card.tap()
    digits = phone.page.locator(".digits")
    expect(digits).to_be_visible()
    number = phone.page.locator(".id-who .num").inner_text()
    digits_of = re.sub(r"\D", "", number)

    phone.page.context.set_offline(True)
    resident = resident_of(watched, server)
    check(resident, digits_of, digits.inner_text())
    expect(resident.locator("h1")).to_have_text("今天没有确认上岗")
    expect(resident.locator(".facts")).to_contain_text("张敏")

    phone.page.context.set_offline(False)
    phone.page.locator(".duty-acts .btn").last.tap()
    with phone.page.expect_response("**/api/v1/sync/push"):
        phone.page.locator(".hours .chip").nth(1).tap()
    phone.page.context.set_offline(True)
    phone.page.reload()  # the service worker and the stored key are all it takes
    expect(digits).to_be_visible()
    check(resident, digits_of, digits.inner_text())
    expect(resident.locator("h1")).to_have_text("是社区的人")
    expect(resident.locator(".facts")).to_contain_text("起")
    wrong = f"{(int(re.sub(r'[^0-9]', '', digits.inner_text())) + 7) % 10**6:06}"
    check(resident, digits_of, wrong)
    expect(resident.locator("h1")).to_have_text("没有查到这个人")

    phone.page.context.set_offline(False)
    phone.page.evaluate("dispatchEvent(new Event('online'))")
    expect(phone.page.locator(".checked")).to_contain_text("有居民核对过")
    desk.goto("/badges")
    expect(desk.locator(".badge-list tbody tr").filter(has_text="张敏")).to_contain_text("起")


def test_a_referral_reaches_the_intake_by_the_browsers_own_work(
    server: Server, watched: Watched
) -> None:
    resident = resident_of(watched, server, java_script_enabled=True)
    resident.goto(f"/r/{server.community}/help")
    resident.locator("#phone").fill("13800000001")
    resident.locator("#building").fill("紫荆花园 3幢")
    button = resident.locator("button[data-proof]")
    expect(button).to_be_enabled(timeout=60_000)
    button.click()
    expect(resident.locator("h1")).to_have_text("收到了")
    with sqlite3.connect(server.instance / "qiaomen.sqlite") as database:
        rows = database.execute("SELECT source, status FROM alert").fetchall()
    assert rows == [("resident", "draft")]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_residents_pages_keep_nobody_out(server: Server, watched: Watched, language: str) -> None:
    page = resident_of(watched, server, java_script_enabled=True)
    found: list[str] = []
    community = server.community
    for path in (
        "/verify",
        "/verify?number=x&code=1",
        "/verify?number=900000001&code=123456",
        f"/r/{community}",
        f"/r/{community}/help",
        f"/r/{community}/installed",
        f"/r/{community}/thanks",
    ):
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        page.evaluate(AXE_SCRIPT)
        found += [f"{path}: {line}" for line in page.evaluate(AXE)]
        small = page.evaluate(
            """() => [...document.querySelectorAll('body *')].filter((one) =>
              one.childNodes.length && [...one.childNodes].some((n) => n.nodeType === 3 &&
              n.textContent.trim()) && parseFloat(getComputedStyle(one).fontSize) < 18)
              .map((one) => one.outerHTML.slice(0, 80))"""
        )
        found += [f"{path}: under 18 px: {one}" for one in small]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{path}: {wide} px too wide"] if wide > 1 else []
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{path}: {wide} px too wide at 200 %"] if wide > 1 else []
    assert not found, "\n".join(found)


def test_a_badge_is_checked_by_keyboard_alone(server: Server, watched: Watched) -> None:
    page = resident_of(watched, server)
    page.goto("/verify")
    keyboard = page.keyboard
    page.locator("#number").focus()
    keyboard.type("900000002")
    keyboard.press("Tab")
    keyboard.type("123456")
    keyboard.press("Enter")
    expect(page.locator("[role=alert] h1")).to_have_text("没有查到这个人")
