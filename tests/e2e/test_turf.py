"""From the desk's split to the phones that walk it, in the same order."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e import tour
from tests.e2e.hands import PATIENCE
from tests.e2e.serving import Server
from tests.e2e.tour import Look

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


def test_the_phone_walks_what_the_desk_gave_it_in_the_same_order(
    demo: tuple[Server, dict[str, str]], watched: Callable[..., BrowserContext]
) -> None:
    server, passwords = demo
    desk = watched(**Look(width=1440, height=900).context(server.url)).new_page()
    desk.set_default_timeout(PATIENCE)
    tour.sign_in_to_desk(desk, ("coordinator", passwords["coordinator"]))
    desk.goto("/turf")
    phone = watched(**Look().context(server.url)).new_page()
    phone.set_default_timeout(PATIENCE)
    tour.sign_in_to_app(phone, ("volunteer3", passwords["volunteer3"]))
    expect(phone.locator(".bldrow").first).to_be_visible()
    phone.locator(".tabbar a").last.click()
    name = phone.locator(".me b, .whoami b").first.inner_text()
    phone.locator(".tabbar a").first.click()
    for label in desk.locator(".people label").all()[:2]:
        label.locator("input").check()
    desk.locator(".people label", has_text=name).locator("input").check()
    desk.locator(".askform .btn").click()
    share = desk.locator(".turfshares section", has=desk.get_by_role("heading", name=name))
    stops = [text.split()[-1] for text in share.locator(".turflist b").all_inner_texts()]
    wanted = list(dict.fromkeys(stops))
    assert len(wanted) > 1
    desk.locator(".turfgo .btn[data-kind=primary]").click()
    expect(desk.locator(".notice[data-tone=ok]")).to_be_visible()
    phone.reload()
    rows = phone.locator(".bldrow:not(:has(.tag))")
    expect(rows).to_have_count(len(wanted))
    sort = phone.locator("button.sort")
    while "按路线" not in sort.inner_text():
        sort.click()
    expect(phone.locator(".buildings[data-route]")).to_be_visible()
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.locator(".buildings[data-route]")).to_be_visible()
    shown = [re.sub(r"^\d+\. ", "", row) for row in rows.locator(".l1 > b").all_inner_texts()]
    assert shown == wanted, "the same way on both, also without a network"


def test_a_building_is_dragged_from_one_person_to_another(
    demo: tuple[Server, dict[str, str]], watched: Callable[..., BrowserContext]
) -> None:
    server, passwords = demo
    desk = watched(**Look(width=1440, height=900).context(server.url)).new_page()
    desk.set_default_timeout(PATIENCE)
    tour.sign_in_to_desk(desk, ("coordinator", passwords["coordinator"]))
    desk.goto("/turf")
    for label in desk.locator(".people label").all()[:2]:
        label.locator("input").check()
    desk.locator(".askform .btn").click()
    expect(desk.locator("[data-share-of]")).to_have_count(2)
    one, two = desk.locator("[data-share-of]").all()
    before = one.locator("li[draggable]").count(), two.locator("li[draggable]").count()
    one.locator("li[draggable]").first.drag_to(two)
    expect(two.locator("li[draggable]")).to_have_count(before[1] + 1)
    expect(one.locator("li[draggable]")).to_have_count(before[0] - 1)
