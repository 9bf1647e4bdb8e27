"""Kinds of leaflets: entered with a picture at the desk, taken and handed out without signal."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.hands import Desk, Phone
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]


def test_the_bag_counts_down_while_leaflets_are_handed_out(
    server: Server, phone: Page, desk: Page, tmp_path: Path
) -> None:
    picture = tmp_path / "leaflet.png"
    Image.new("RGB", (600, 800), "teal").save(picture)
    hand, coordinator = Phone(phone), Desk(desk)
    coordinator.sign_in("coordinator", server.password)
    desk.goto("/leaflets")
    desk.get_by_text("添一种传单").click()
    form = desk.locator("#kinds > details form")
    form.locator("[name=name]").fill("大字版")
    form.locator("[name=picture]").set_input_files(picture)
    form.locator(".btn").click()
    expect(desk.locator(".leafletkinds li", has_text="大字版").locator("img")).to_be_visible()

    hand.sign_in("volunteer", server.password)
    hand.offline()
    phone.locator(".tabbar a").last.click()
    phone.locator("main a[href$='/leaflets']").click()
    kind = phone.get_by_role("button", name="大字版")
    expect(kind.locator("img")).to_be_visible()
    kind.click()
    expect(kind).to_have_attribute("aria-pressed", "true")
    phone.get_by_role("button", name="领走").click()
    expect(kind).to_contain_text("包里 50 份")
    phone.locator(".appbar .iconbtn").first.click()
    phone.locator(".tabbar a").first.click()
    hand.open_building("1幢")
    hand.open_door("601")
    hand.log("601", "已宣传")
    hand.close()
    hand.home()
    phone.reload()
    phone.locator(".tabbar a").last.click()
    expect(phone.locator("main a[href$='/leaflets']")).to_contain_text("包里 49 份")
    phone.locator(".tabbar a").first.click()
    hand.online()
    hand.uploaded()
    desk.goto("/leaflets")
    row = desk.locator("tbody tr", has_text="张敏").first
    expect(row).to_contain_text("大字版")
    expect(row.locator("td").last).to_have_text("49")
    phone.locator(".tabbar a").last.click()
    expect(phone.locator("main a[href$='/leaflets']")).to_contain_text("包里 49 份")
