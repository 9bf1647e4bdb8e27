"""The end of a shift: what the server has, a backup for the desk, and a phone that is shut out."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hands import Desk, Phone
from tests.e2e.serving import Server

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
PUSH = "**/api/v1/sync/push"
DEVICE = (
    """fetch('/api/v1/session').then((answer) => answer.json()).then(({ device }) => device.id)"""
)
CLEAR = """async () => {
  for (const { name } of await indexedDB.databases()) {
    await new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done; });
  }
}"""


@pytest.fixture
def walker(server: Server, new_phone: Callable[[], BrowserContext]) -> Phone:
    """A volunteer in 2幢."""
    phone = Phone(new_phone().new_page())
    phone.sign_in("volunteer", server.password)
    phone.open_building("2幢")
    return phone


def outbox(walker: Phone) -> Page:
    """The outbox's screen, by way of "me"; the building is left first."""
    walker.home()
    walker.tap(walker.page.locator(".tabbar a", has_text="我的"))
    walker.tap(walker.page.locator(".links a", has_text="待上传"))
    expect(walker.page.get_by_role("heading", name="待上传", exact=True)).to_be_visible()
    return walker.page


def counts(server: Server) -> dict[str, int]:
    row = next(row for row in server.coverage()["buildings"] if row["name"] == "2幢")
    return {name: row[name] for name in ("knocked", "reached", "leaflets")}


def test_the_card_at_the_end_of_the_shift_says_that_the_server_has_all(walker: Phone) -> None:
    walker.open_door("3301")
    walker.log("3301", "已宣传")
    walker.log("3302", "无人应门")
    walker.close()
    walker.uploaded()
    page = outbox(walker)
    card = page.get_by_role("region", name="收工看一眼")
    expect(card).to_contain_text("今天敲了 2 户")
    expect(card).to_contain_text("0 条没上传")
    expect(card).to_contain_text("服务器已收到全部 2 条")
    expect(card).to_contain_text("逐条核对过")
    page.context.set_offline(True)
    page.reload()
    expect(card).to_contain_text("服务器已收到全部 2 条")


def test_a_backup_made_in_the_stairwell_counts_at_the_desk_and_only_once(
    server: Server, walker: Phone, desk: Page, tmp_path: Path
) -> None:
    before = counts(server)
    walker.offline()
    walker.open_door("3201")
    walker.log("3201", "已宣传", "已装")
    walker.log("3202", "已宣传")
    walker.close()
    page = outbox(walker)
    expect(page.get_by_role("region", name="收工看一眼")).to_contain_text("2 条没上传")
    walker.press("存一份备份")
    expect(walker.top()).to_contain_text("没上传的 2 条")
    with page.expect_download() as saving:
        walker.press("存成文件")
    assert saving.value.suggested_filename.endswith(".qiaomen")
    assert saving.value.suggested_filename.startswith("qiaomen-20")
    expect(walker.top()).to_contain_text("2 条已存成文件")
    file = tmp_path / saving.value.suggested_filename
    saving.value.save_as(file)
    assert "informed" not in file.read_text()
    assert json.loads(file.read_text())["format"] == "qiaomen-rescue-1"

    coordinator = Desk(desk)
    coordinator.sign_in("coordinator", server.password)
    desk.goto("/held")
    desk.locator("input[type=file]").set_input_files(file)
    desk.get_by_role("button", name="导入", exact=True).click()
    expect(desk.locator("body")).to_contain_text("导入 2 条：入账 2")
    expected = {"knocked": 2, "reached": 2, "leaflets": 2}
    assert {name: value - before[name] for name, value in counts(server).items()} == expected

    walker.close()
    walker.online()
    page.evaluate("dispatchEvent(new Event('online'))")
    walker.uploaded()
    expect(page.get_by_role("region", name="收工看一眼")).to_contain_text("服务器已收到全部")
    assert {name: value - before[name] for name, value in counts(server).items()} == expected
    assert server.verify() == []


def test_a_phone_that_is_shut_out_hands_over_its_work_and_keeps_nothing(
    server: Server, walker: Phone, desk: Page
) -> None:
    before = counts(server)
    walker.page.route(PUSH, lambda route: route.abort())
    walker.open_door("3101")
    walker.log("3101", "已宣传", "已装")
    walker.close()
    expect(walker.pill()).to_have_text("1 条待上传")

    coordinator = Desk(desk)
    coordinator.sign_in("coordinator", server.password)
    desk.goto("/people")
    desk.on("dialog", lambda dialog: dialog.accept())
    for form in desk.locator("form[action*='/devices/']").all():
        desk.request.post(
            f"{server.url}{form.get_attribute('action')}",
            form={"csrf_token": form.locator("[name=csrf_token]").input_value()},
            max_redirects=0,
        )

    # What it was given goes at once; its work cannot get through yet, and is locked.
    page = walker.page
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("这台手机已停用，楼栋资料已清掉")).to_be_visible()
    expect(page.get_by_role("heading", name="1 条都在手机里")).to_be_visible()
    expect(page.get_by_text("3101")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("3101")).to_have_count(0)

    page.unroute(PUSH)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("都交给社区了，本机资料已清掉")).to_be_visible()
    names = page.evaluate("indexedDB.databases().then((all) => all.map(({ name }) => name))")
    assert names == ["qiaomen"]
    assert counts(server) == before
    desk.goto("/held")
    expect(desk.locator("main")).to_contain_text("手机已停用")

    walker.fill_sign_in("volunteer", server.password)
    walker.at_work()


def test_a_phone_that_the_browser_cleared_says_so_and_starts_as_another_device(
    server: Server, walker: Phone
) -> None:
    page = walker.page
    walker.open_door("3001")
    walker.log("3001", "已宣传")
    walker.close()
    walker.uploaded()
    device = page.evaluate(DEVICE)
    # Another page of the same address, so that nothing holds the databases open.
    page.goto("/sw.js")
    page.evaluate(CLEAR)
    page.goto("/app")
    expect(page.get_by_text("手机系统清掉了本机资料")).to_be_visible()
    walker.at_work()
    walker.open_building("2幢")
    assert walker.states()["3001"] == "informed"
    assert page.evaluate(DEVICE) != device
    walker.open_door("3002")
    walker.log("3002", "已宣传")
    walker.close()
    walker.uploaded()
    outbox(walker)
    card = page.get_by_role("region", name="收工看一眼")
    expect(card).to_contain_text("服务器已收到全部 1 条")
    walker.press("知道了")
    expect(page.get_by_text("手机系统清掉了本机资料")).to_have_count(0)
