"""What looks odd: the volunteer hears first and explains without signal; the desk decides."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.hands import Desk, Phone
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]


def test_an_odd_record_is_explained_and_asked_about_again(
    server: Server, phone: Page, desk: Page
) -> None:
    hand, coordinator = Phone(phone), Desk(desk)
    hand.sign_in("volunteer", server.password)
    hand.open_building("1幢")
    for room in ("601", "602", "501"):
        hand.open_door(room)
        hand.log(room, "已宣传")
        hand.close()
    hand.home()
    hand.uploaded()
    server.flask("worker", "--once")
    hand.sync()
    strip = phone.locator(".strip", has_text="1 条记录请你说明")
    expect(strip).to_be_visible()
    coordinator.sign_in("coordinator", server.password)
    desk.goto("/quality")
    expect(desk.locator(".questions")).to_have_count(0)
    hand.offline()
    strip.click()
    card = phone.locator(".check")
    expect(card).to_contain_text("记了 3 户已宣传")
    card.get_by_role("button", name="几户一起讲的").click()
    card.get_by_role("button", name="说明", exact=True).click()
    expect(phone.locator(".toast")).to_contain_text("说明好了")
    expect(card).to_have_count(0)
    phone.reload()
    expect(phone.get_by_text("没有要你看的")).to_be_visible()
    hand.home()
    expect(strip).to_have_count(0)
    hand.online()
    hand.uploaded()
    desk.goto("/quality")
    question = desk.locator(".questions .q")
    expect(question).to_contain_text("本人说：几户一起讲的")
    question.get_by_role("button", name="抽查").click()
    expect(desk.locator(".notice[data-tone=ok]")).to_contain_text("派人去问了")
    expect(desk.locator("#round + section tbody tr")).to_have_count(3)
