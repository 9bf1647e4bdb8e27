"""The browser that cannot do it, and how the app looks: language, large text, dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hands import Phone
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
WECHAT = (
    "Mozilla/5.0 (Linux; Android 13; M2012K11AC) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/116.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.47"
)


def test_inside_wechat_a_page_shows_how_to_open_it_and_never_pretends(
    new_phone: Callable[..., BrowserContext], server: Server
) -> None:
    page = new_phone(user_agent=WECHAT).new_page()
    page.goto("/app/join/abc")
    expect(page.get_by_role("heading", name="请在浏览器里打开")).to_be_visible()
    expect(page.get_by_text(f"{server.url}/app/join/abc")).to_be_visible()
    expect(page.locator("input")).to_have_count(0)
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("heading", name="Open")).to_be_visible()


def test_without_a_service_worker_the_app_says_so(
    new_phone: Callable[..., BrowserContext],
) -> None:
    context = new_phone()
    context.add_init_script("delete Navigator.prototype.serviceWorker")
    page = context.new_page()
    page.goto("/app")
    expect(page.get_by_text("这个浏览器不能离线保存")).to_be_visible()


def test_without_storage_the_app_says_so(new_phone: Callable[..., BrowserContext]) -> None:
    context = new_phone()
    context.add_init_script(
        "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); }"
    )
    page = context.new_page()
    page.goto("/app")
    expect(page.get_by_text("这个浏览器不能离线保存")).to_be_visible()


def test_language_size_and_colours_hold_after_a_start_without_network(
    server: Server, phone: Page
) -> None:
    hands = Phone(phone)
    hands.sign_in("volunteer", server.password)
    phone.get_by_role("link", name="我的").tap()
    hands.press("大字")
    hands.press("深色")
    hands.press("English")
    expect(phone.get_by_role("radio", name="English")).to_be_checked()
    expect(phone.locator("html")).to_have_attribute("lang", "en-GB")
    phone.evaluate("navigator.serviceWorker.ready")
    phone.context.set_offline(True)
    phone.reload()
    root = phone.locator("html")
    expect(phone.get_by_role("heading", name="Me", exact=True)).to_be_visible()
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-text", "large")
    expect(root).to_have_attribute("lang", "en-GB")


def test_a_phone_in_english_speaks_english_from_the_start(
    new_phone: Callable[..., BrowserContext],
) -> None:
    page = new_phone(locale="en-GB").new_page()
    page.goto("/app")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    page.locator(".pill", has_text="中文").tap()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
