"""Without a finger or a mouse: Tab, arrows, Enter, space and Escape are enough."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.hands import Desk, Phone
from tests.e2e.instances import buildings_file
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
MOST_TABS = 120


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the focus is there, and see that it shows."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if target.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"not reached by Tab: {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go there by Tab and press."""
    tab_to(page, target)
    page.keyboard.press(key)


def test_a_door_is_logged_by_keyboard_alone(server: Server, phone: Page) -> None:
    hands = Phone(phone)
    phone.goto("/app")
    tab_to(phone, phone.get_by_label("用户名或手机号"))
    phone.keyboard.type("volunteer")
    tab_to(phone, phone.get_by_label("密码", exact=True))
    phone.keyboard.type(server.password)
    phone.keyboard.press("Enter")
    hands.at_work()
    press(phone, phone.locator(".bldrow").first)
    press(phone, phone.get_by_role("button", name="记一户 601"))
    hands.expect_door("601")
    expect(phone.locator(".sheet h2")).to_be_focused()

    press(phone, phone.get_by_role("radio", name="已宣传"), "Space")
    phone.keyboard.press("ArrowRight")
    expect(phone.get_by_role("radio", name="无人应门")).to_be_checked()
    phone.keyboard.press("ArrowLeft")
    expect(phone.get_by_role("radio", name="已宣传")).to_be_checked()
    press(phone, phone.get_by_role("radio", name="已装", exact=True), "Space")
    press(phone, phone.get_by_role("button", name="多一份"))
    press(phone, phone.get_by_role("button", name="独居老人"))
    press(phone, phone.locator(".consent input"), "Space")
    press(phone, phone.get_by_role("button", name=re.compile("^保存，下一户 602")))
    hands.expect_door("602")
    expect(phone.locator(".sheet h2")).to_be_focused()
    phone.keyboard.press("Escape")
    expect(phone.locator(".sheet")).to_have_count(0)
    expect(hands.door("601")).to_have_attribute("data-s", "installed")

    # The focus stays inside a sheet: behind it nothing can be reached.
    press(phone, hands.door("602"))
    for _ in range(40):
        phone.keyboard.press("Tab")
        assert phone.evaluate("Boolean(document.activeElement.closest('.sheet'))")
    phone.keyboard.press("Escape")
    expect(hands.door("602")).to_be_focused()
    hands.uploaded()


def test_a_list_is_imported_by_keyboard_alone(server: Server, desk: Page, tmp_path: Path) -> None:
    Desk(desk).sign_in("coordinator", server.password)
    desk.goto("/coverage")
    press(desk, desk.locator("nav.links a[href='/import']"))
    expect(desk.locator("li.cur")).to_contain_text("1")
    tab_to(desk, desk.locator("input[type=file]"))
    with desk.expect_file_chooser() as chooser:
        desk.keyboard.press("Space")
    chooser.value.set_files(buildings_file(tmp_path, [("芙蓉苑", "8幢", 1, 3, 2)]))
    expect(desk.locator("li.cur")).to_contain_text("2")
    press(desk, desk.get_by_role("checkbox", name=re.compile("生成")), "Space")
    press(desk, desk.locator(".foot .btn[data-kind=primary]"))
    expect(desk.locator("li.cur")).to_contain_text("3")
    press(desk, desk.locator(".foot .btn[data-kind=primary]"))
    expect(desk.locator(".import-result")).to_contain_text("6", timeout=60_000)
