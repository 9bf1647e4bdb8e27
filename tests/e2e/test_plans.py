"""A plan made at the desk is what the phone counts against, without signal too."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import Desk, Phone
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]


def make(desk: Page, whose: str, measure: str, a_day: int) -> None:
    """Every month of this year the same for each of its days."""
    desk.goto("/plans")
    fold = desk.locator("#make > details")
    fold.evaluate("(fold) => { fold.open = true }")
    desk.locator("[name=for]").select_option(label=whose)
    desk.locator("[name=measure]").select_option(measure)
    fold.locator("details").evaluate("(fold) => { fold.open = true }")
    year = int(desk.locator("#make [name=year]").input_value())
    lengths = [31, 29 if year % 4 == 0 else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for n, days in enumerate(lengths, 1):
        desk.locator(f"[name=m{n}]").fill(str(a_day * days))
    desk.locator("#make .btn[data-kind=primary]").click()
    expect(desk.locator(".notice[data-tone=ok]")).to_contain_text("计划已保存")


def test_the_phone_counts_against_the_plan_of_the_day(
    server: Server, phone: Page, desk: Page
) -> None:
    hand, coordinator = Phone(phone), Desk(desk)
    hand.sign_in("volunteer", server.password)
    expect(phone.locator(".plan-top")).not_to_contain_text("/")
    coordinator.sign_in("coordinator", server.password)
    who = "张敏"
    make(desk, who, "homes", 3)
    make(desk, who, "leaflets", 10)
    hand.sync()
    top = phone.locator(".plan-top")
    expect(top).to_contain_text("/ 3 户")
    expect(top).to_contain_text("还差 3 户")
    hand.offline()
    phone.reload()
    expect(top).to_contain_text("还差 3 户")
    hand.open_building("1幢")
    hand.open_door("601")
    hand.log("601", "已宣传")
    hand.close()
    hand.open_door("602")
    hand.log("602", "无人应门")
    hand.close()
    hand.home()
    expect(top).to_contain_text("2 / 3 户")
    expect(top).to_contain_text("还差 1 户")
    expect(phone.locator(".stat").first).to_contain_text("1 / 10 份")
    hand.online()
    hand.uploaded()
    desk.goto("/plans")
    row = desk.locator("tbody tr", has_text=who).filter(has_text="户数").first
    expect(row).to_contain_text("2 / 3")
