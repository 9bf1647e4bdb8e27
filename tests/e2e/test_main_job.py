"""The spine: a list is imported, somebody joins, doors are logged offline, the count is right."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hands import Desk, Phone
from tests.e2e.instances import buildings_file
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
SEEDED = 24 + 136 + 66
NOTHING = {"vacant": 0, "knocked": 0, "reached": 0, "installed": 0, "no_smartphone": 0,
           "refused": 0, "leaflets": 0}  # fmt: skip


def counts(row: dict[str, Any]) -> dict[str, int]:
    """The counts of design 3.3 without the rates that follow from them."""
    names = ("households", *NOTHING)
    return {name: row[name] for name in names}


def building(report: dict[str, Any], name: str) -> dict[str, Any]:
    """One building's row of a coverage report."""
    found = [row for row in report["buildings"] if row["name"] == name]
    assert len(found) == 1, [row["name"] for row in report["buildings"]]
    return dict(found[0])


def import_in_the_wizard(desk: Page, file: Path) -> None:
    """File, columns, check, progress; the doors are generated from units, floors and totals."""
    desk.goto("/import")
    desk.locator("input[type=file]").set_input_files(file)
    expect(desk.locator("li.cur")).to_contain_text("2")
    desk.get_by_role("checkbox", name=re.compile("生成")).check()
    desk.locator(".foot .btn[data-kind=primary]").click()
    expect(desk.locator("li.cur")).to_contain_text("3")
    expect(desk.locator(".sum")).to_contain_text("60")
    desk.locator(".foot .btn[data-kind=primary]").click()
    expect(desk.locator(".import-result")).to_contain_text("60", timeout=60_000)


def join(phone: Phone, link: str, name: str, number: str, password: str) -> None:
    """Open the link, say who one is, set a password; then wait for the coordinator."""
    phone.page.goto(link)
    fill_joining(phone, name, number, password)


def fill_joining(phone: Phone, name: str, number: str, password: str) -> None:
    expect(phone.page.locator(".invited")).to_contain_text("何静")
    expect(phone.page.get_by_label("您的名字")).to_have_value(name)
    phone.page.get_by_label("手机号").fill(number)
    phone.page.get_by_label("密码", exact=True).fill(password)
    phone.press("我同意，加入")
    expect(phone.page.get_by_role("heading", name="等社区干部确认")).to_be_visible()


def confirm(desk: Page, name: str) -> None:
    """Who joined appears by itself on the page with the invite; one click."""
    row = desk.locator("[data-member]").filter(has_text=name)
    row.locator(".btn[data-kind=primary]").click()
    expect(desk.get_by_text(name).first).to_be_visible()
    expect(desk.locator("[data-member]").filter(has_text=name)).to_have_count(0)


def assign(desk: Page, building_name: str, who: str) -> None:
    """On the list of buildings: tick the building, tick the person."""
    desk.goto("/buildings")
    row = desk.get_by_role("row").filter(has=desk.get_by_role("link", name=building_name))
    row.get_by_role("checkbox").check()
    desk.locator(".bulk label", has_text=who).click()
    desk.locator(".bulk button[data-kind=primary]").click()
    expect(row).to_contain_text(who)


def walk_with_mistakes(phone: Phone) -> None:
    """Twenty doors of 5幢, unit 1, four on a floor, with what goes wrong on a real evening."""
    before = phone.taps
    for room in ("601", "602", "603", "604"):
        phone.log(room, "已宣传")
    assert phone.taps - before == 8, "the usual door takes two taps"

    phone.log("501", "已宣传", "已装")
    phone.log("502", "帮他装好")  # talking about the app is having talked
    phone.log("503", "拒绝")
    phone.log("504", "稍后再来", "3天后")
    phone.expect_door("401")
    phone.close()

    # Nobody home on the whole fourth floor: one gesture, one save.
    before = phone.taps
    phone.tap(phone.page.get_by_role("button", name="4 层，整层无人"))
    expect(phone.top()).to_contain_text("401 402 403 404")
    phone.press("记 4 户无人")
    expect(phone.page.locator(".toast")).to_contain_text("记下 4 户无人")
    assert phone.taps - before == 2

    # The wrong tile, taken back at once.
    phone.open_door("301")
    phone.log("301", "已宣传")
    phone.expect_door("302")
    phone.press("撤销")
    phone.log("301", "拒绝")

    # The wrong door, voided with a reason and written anew.
    phone.log("302", "空置")
    phone.close()
    phone.open_door("302")
    phone.history()
    phone.press("作废")
    phone.press("结果点错了")
    phone.press("作废")
    expect(phone.page.locator(".sheet")).to_have_count(1)
    expect(phone.history().first).to_contain_text("已作废")
    phone.log("302", "已宣传")
    phone.log("303", "已宣传", "无智能手机")

    # Care flags need the resident's consent; a phone number in a note is warned about.
    phone.expect_door("304")
    for name in ("已宣传", "多一份", "多一份", "独居老人"):
        phone.press(name)
    expect(phone.top()).to_contain_text("不同意就不存")
    phone.tap(phone.top().locator(".consent input"))
    note = phone.top().get_by_label("备注")
    note.fill("女儿电话 13812345678")
    expect(phone.top().get_by_role("alert")).to_contain_text("像是手机号")
    note.fill("女儿周末在家")
    expect(phone.top().get_by_role("alert")).to_have_count(0)
    phone.save()

    phone.log("201", "空置")
    phone.log("202", "无人应门")
    phone.log("203", "已宣传")
    phone.close()

    # A better word for an earlier entry: the old one is voided, the new one stands.
    phone.open_door("203")
    phone.history()
    phone.press("改这一条")
    phone.press("拒绝")
    phone.press("少一份")
    phone.save()
    expect(phone.page.locator(".toast")).to_contain_text("203 已记好")
    phone.close()

    # A door that the list lacks.
    phone.press("加一户")
    phone.page.get_by_label("房号").fill("105")
    phone.press("加上，记这户")
    phone.log("105", "已宣传", "已装")
    if phone.page.locator(".sheet").count():
        phone.close()


WALKED = {
    **dict.fromkeys(["601", "602", "603", "604", "302", "303", "304"], "informed"),
    **dict.fromkeys(["501", "502", "105"], "installed"),
    **dict.fromkeys(["503", "301", "203"], "refused"),
    **dict.fromkeys(["401", "402", "403", "404", "202"], "no_answer"),
    "504": "follow_up",
    "201": "vacant",
    **dict.fromkeys(["101", "102", "103", "104", "204"], "untouched"),
}
#: 48 doors and the new one; informed: seven and the three with the app; leaflets: one each and two.
COUNTED = {"households": 49, "vacant": 1, "knocked": 20, "reached": 10, "installed": 3,
           "no_smartphone": 1, "refused": 3, "leaflets": 12}  # fmt: skip


def test_a_list_becomes_doors_a_volunteer_joins_and_twenty_doors_logged_offline_count_exactly(
    server: Server, desk: Page, new_phone: Callable[[], BrowserContext], tmp_path: Path
) -> None:
    coordinator = Desk(desk)
    coordinator.sign_in("coordinator", server.password)
    rows = [("芙蓉苑", "5幢", 2, 6, 4), ("芙蓉苑", "6幢", 1, 6, 2)]
    import_in_the_wizard(desk, buildings_file(tmp_path, rows))

    phone = Phone(new_phone().new_page())
    link, _ = coordinator.invite("王芳")
    join(phone, link, "王芳", "13900000001", "walk-and-knock")
    confirm(desk, "王芳")
    expect(phone.page.get_by_text("还没有分给您的楼栋")).to_be_visible()
    assign(desk, "5幢", "王芳")
    phone.press("现在查一下")
    phone.at_work()
    expect(phone.page.locator(".bldrow")).to_have_count(1)
    phone.open_building("5幢")
    phone.offline()

    phone.press("记一户 601")
    walk_with_mistakes(phone)
    assert phone.states() == WALKED
    operations = re.compile("离线 27 条")
    expect(phone.pill()).to_have_text(operations)

    phone.page.reload()
    expect(phone.page.get_by_role("heading", name="5幢")).to_be_visible()
    assert phone.states() == WALKED
    phone = Phone(reopened(phone.page))
    expect(phone.page.locator(".plan-top")).to_contain_text("20")
    phone.open_building("5幢")
    assert phone.states() == WALKED
    expect(phone.pill()).to_have_text(operations)
    assert counts(building(server.coverage(), "5幢")) == {**NOTHING, "households": 48}

    phone.online()
    phone.uploaded()
    everywhere_the_same(server, desk)
    assert phone.states() == WALKED


def reopened(page: Page) -> Page:
    """Swipe the app away and open it from the home screen."""
    context = page.context
    page.close()
    fresh = context.new_page()
    fresh.goto("/app")
    return fresh


def everywhere_the_same(server: Server, desk: Page) -> None:
    """Command line, API and pages give the counts that stand above, and the check is clean."""
    here = ("--community", str(server.community))
    shown = json.loads(server.shell("coverage", "show", *here, "--json"))
    assert counts(building(shown, "5幢")) == COUNTED
    assert counts(shown["totals"]) == {**COUNTED, "households": SEEDED + 12 + 49}
    assert desk.request.get("/api/v1/coverage").json() == shown
    server.shell("coverage", "verify")  # exit code 1 if anything differed

    desk.goto("/coverage?q=5幢")
    cells = desk.locator("table.cov tbody tr").locator("th, td").all_inner_texts()
    assert cells[0].startswith("5幢")
    # occupied, knocked, publicity, app: 48 · 20/49 · 10/48 · 3/48, rounded down; leaflets
    assert [re.sub(r"\s", "", cell) for cell in cells if re.fullmatch(r"\s*[\d%]+\s*", cell)] == [
        "48", "40%", "20%", "6%", "12",
    ]  # fmt: skip
    desk.get_by_role("link", name="5幢").click()
    desk.wait_for_url("**/coverage/buildings/*")
    expect(desk.locator(".unit a.hh").first).to_be_visible()
    heat: dict[str, str] = desk.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.unit')[0]
          .querySelectorAll('a.hh')].map((a) => [a.title.split(' ')[0], a.dataset.s]))"""
    )
    assert heat == WALKED


def test_joining_by_the_typed_code_takes_under_a_minute_and_the_same_person_signs_in_again(
    server: Server, desk: Page, new_phone: Callable[[], BrowserContext]
) -> None:
    coordinator = Desk(desk)
    coordinator.sign_in("coordinator", server.password)
    _, code = coordinator.invite("赵强")
    phone = Phone(new_phone().new_page())
    phone.page.goto("/app")
    phone.press("我有邀请码，去加入")
    phone.page.get_by_label("邀请码").press_sequentially(code.lower())
    fill_joining(phone, "赵强", "139 0000 0002", "walk-and-knock")
    confirm(desk, "赵强")
    expect(phone.page.get_by_text("还没有分给您的楼栋")).to_be_visible()

    other = Phone(new_phone().new_page())
    other.page.goto("/app")
    other.fill_sign_in("13900000002", "walk-and-knock")
    expect(other.page.get_by_text("还没有分给您的楼栋")).to_be_visible()


def test_two_phones_on_the_same_doors_and_the_same_new_door_merge_without_loss(
    server: Server, new_phone: Callable[[], BrowserContext]
) -> None:
    first, second = Phone(new_phone().new_page()), Phone(new_phone().new_page())
    first.sign_in("volunteer", server.password)
    second.sign_in("second", server.password)
    for phone in (first, second):
        phone.open_building("1幢")
        phone.offline()

    first.open_door("601")
    first.log("601", "无人应门")
    second.open_door("601")
    second.log("601", "已宣传")
    second.log("602", "拒绝")
    first.log("602", "已宣传", "已装")
    for phone in (first, second):
        phone.close()
        phone.press("加一户")
        phone.page.get_by_label("房号").fill("103")
        phone.press("加上，记这户")
    first.log("103", "已宣传")
    second.log("103", "已宣传", "帮他装好")
    for phone, outcome in ((first, "空置"), (second, "无人应门")):
        phone.close()
        phone.open_door("501")
        phone.log("501", outcome)
        phone.close()

    # Who saved last arrives first.
    for phone in (second, first):
        phone.online()
        phone.uploaded()
    second.sync()
    expected = {"601": "informed", "602": "installed", "103": "installed", "501": "vacant"}
    for phone in (first, second):
        expect(phone.door("103")).to_have_count(1)
        for room, state in expected.items():  # the pull that follows the push may take a while
            expect(phone.door(room)).to_have_attribute("data-s", state)
    assert counts(building(server.coverage(), "1幢")) == {
        "households": 25, "vacant": 1, "knocked": 4, "reached": 3, "installed": 2,
        "no_smartphone": 0, "refused": 0, "leaflets": 4,
    }  # fmt: skip
    assert server.verify() == []
    for phone in (first, second):
        phone.open_door("103")
        expect(phone.history()).to_have_count(2)
