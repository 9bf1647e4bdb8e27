"""One alert, two phones, a desk: taking it, the ladder offline, the outcome, the follow-up."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, expect

from tests.e2e import tour
from tests.e2e.alerting import AlertDesk, alert_desk
from tests.e2e.hands import PATIENCE, Phone
from tests.e2e.serving import Instance, Server, serving
from webapp.alerts import worker
from webapp.core import clock

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(420)]
PERSON = re.compile("何女士|13800000001")
NOTE = "女儿在建材市场上班"
MESSAGE = (
    "合川紫荆园社区，紫荆花园2幢1602何女士，58岁，电话13800000001，"
    "被拉进刷单群做任务，疑似被骗，涉及金额7.8万"
)
#: Everything that the app keeps in its databases, as one text.
KEPT = """async () => {
  const all = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((resolve, reject) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    for (const store of db.objectStoreNames) {
      const request = db.transaction(store).objectStore(store).getAll();
      const rows = await new Promise((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
      all.push(JSON.stringify(rows, (_, value) => value instanceof Map ? [...value] : value));
    }
    db.close();
  }
  return all.join('\\n');
}"""


@pytest.fixture
def server(_seed: Instance, tmp_path: Path) -> Iterator[Server]:
    """The small community on a server whose clock can be moved."""
    with serving(_seed, tmp_path / "later", app="tests.e2e.later:app") as running:
        yield running


@pytest.fixture
def desk_of_alerts(server: Server) -> Iterator[AlertDesk]:
    """Where alerts come in; everybody in 2幢 knows the grid worker."""
    with alert_desk(server.instance, server.community) as made:
        made.caretaker("2幢", "吴姐", "网格员")
        yield made


class Volunteer(Phone):
    """A volunteer with the alerts before them."""

    def __init__(self, page: Page, server: Server, login: str) -> None:
        super().__init__(page)
        self.sign_in(login, server.password)
        page.evaluate(tour.STAY)

    def alerts(self) -> None:
        """The tab of alerts."""
        self.tap(self.page.locator(".tabbar a", has_text="预警"))
        expect(self.page.get_by_role("heading", name="预警", exact=True)).to_be_visible()

    def card(self) -> Locator:
        """The first alert of the list."""
        return self.page.locator(".al").first

    def kept(self) -> str:
        """What is on the phone's disk."""
        found: str = self.page.evaluate(KEPT)
        return found

    def tried(self, act: str, result: str) -> None:
        """Call or message from the screen; on coming back one tap says what came of it."""
        self.tap(self.page.locator(".act", has_text=act))
        self.tap(self.page.locator(".after .outcome", has_text=re.compile(f"^{result}$")))
        expect(self.page.locator(".toast")).to_contain_text("已记好")


@pytest.fixture
def ann(new_phone: Callable[[], BrowserContext], server: Server) -> Volunteer:
    return Volunteer(new_phone().new_page(), server, "volunteer")


@pytest.fixture
def ben(new_phone: Callable[[], BrowserContext], server: Server) -> Volunteer:
    return Volunteer(new_phone().new_page(), server, "second")


@pytest.fixture
def coordinator(watched: Callable[..., BrowserContext], server: Server) -> Page:
    """The board in a coordinator's browser."""
    page = watched(**tour.Look("zh", "light", 1440, 900).context(server.url)).new_page()
    page.set_default_timeout(PATIENCE)
    tour.sign_in_to_desk(page, ("coordinator", server.password))
    page.goto("/alerts")
    return page


def paste(coordinator: Page) -> None:
    """As it came in the group chat; offered to the whole team."""
    coordinator.get_by_label("从群里复制的消息").fill(MESSAGE)
    coordinator.get_by_role("button", name="拆开看看").click()
    draft = coordinator.locator(".kc", has_text="何女士")  # it leads back to what was begun
    coordinator.goto("/coverage")
    coordinator.goto("/alerts?new=1")
    draft.click()
    panel = coordinator.locator("#intake")
    for read in ("2幢", "1602", "何女士", "58岁", "13800000001"):
        expect(panel.locator("mark", has_text=read).first).to_be_visible()
    expect(panel.locator("[name=choice]").first).to_be_checked()
    expect(panel.locator(".cand label").first).to_contain_text("2幢")
    expect(panel.locator(".cand label").first).to_contain_text("1602")
    for helper in panel.locator("[data-helper]").all():
        helper.uncheck()
    panel.get_by_role("button", name="建预警，全队可接").click()
    expect(coordinator.locator(".kc")).to_contain_text("何女士")


def test_one_alert_from_the_message_to_the_follow_up_on_two_phones(
    server: Server,
    coordinator: Page,
    desk_of_alerts: AlertDesk,
    ann: Volunteer,
    ben: Volunteer,
) -> None:
    paste(coordinator)
    alert = desk_of_alerts.the_one()
    for phone in (ann, ben):
        phone.sync()
        phone.alerts()
        expect(phone.card()).to_contain_text("2幢")
        expect(phone.card()).to_contain_text("没人接")
        assert not PERSON.search(phone.page.content())
        assert not PERSON.search(phone.kept())
        assert "1602" not in phone.card().inner_text()

    ann.tap(ann.card())
    ann.press("接单")
    expect(ann.page.get_by_role("heading", name="何女士 58岁")).to_be_visible()
    expect(ann.page.locator(".spot")).to_contain_text("我和网格员吴姐是一起的")

    ann.page.context.set_offline(True)
    ann.tried("打电话", "没接")
    expect(ann.page.locator(".next")).to_contain_text("再打一次")
    ann.tried("打电话", "没接")
    expect(ann.page.locator(".next")).to_contain_text("发短信，马上上门")
    ann.tried("发短信", "发出了")
    expect(ann.page.locator(".act[data-on]")).to_contain_text("上门")
    ann.press("记一次联系")
    ann.press("上门")
    ann.press("见到，在劝")
    ann.press("不承认转账")
    ann.top().get_by_label("备注").fill(NOTE)
    ann.press("保存这次上门")
    expect(ann.page.locator(".clock")).to_contain_text("联系上本人")
    expect(ann.page.locator(".tl li")).to_have_count(6)  # took it, four tries, the alert itself

    ben.sync()
    expect(ben.card()).to_contain_text("张敏")
    assert desk_of_alerts.row(alert).attempts == 0
    ann.online()
    expect(ann.page.locator(".tl")).not_to_contain_text("待上传")
    ben.sync()
    expect(ben.card().locator(".ring")).to_have_attribute("data-tone", "calm")
    expect(ben.card()).to_contain_text("见到本人")
    assert not PERSON.search(ben.kept())
    ben.tap(ben.card())
    expect(ben.page.get_by_role("button", name="接单")).to_have_count(0)

    assert NOTE in ann.kept()
    close(ann)
    until(lambda: desk_of_alerts.row(alert).status == "closed")
    row = desk_of_alerts.row(alert)
    assert (row.outcome, row.avoided, row.grade, row.risk) == (
        "dissuaded",
        7_800_000,
        "bank",
        "high",
    )
    assert row.stop_payment is not None
    assert (row.stop_payment["decision"], row.attempts) == ("requested", 4)
    assert row.in_contact_at is not None
    assert row.in_contact_at <= row.deadline
    the_person_is_gone(ann)

    follow_up(server, ann)
    stats = json.loads(
        server.flask("alerts", "stats", "--community", str(server.community), "--json")
    )
    assert stats["total"] == 1
    assert {one["bucket"]: one["count"] for one in stats["buckets"]}["other"] == 1


def close(ann: Volunteer) -> None:
    """Dissuaded; the stop-payment is asked for before anything is closed."""
    ann.press("办结")
    ann.press("劝阻成功")
    ann.top().get_by_label("保住多少钱").fill("7.8万")
    ann.press("银行确认")
    ann.press("高")
    ann.tap(ann.top().locator(".sheet-foot .btn"))
    expect(ann.top().locator(".sheet-foot .error")).to_have_text("请选一下止付")
    ann.press("已申请")
    ann.tap(ann.top().locator(".sheet-foot .btn"))
    expect(ann.page.get_by_role("heading", name="预警", exact=True)).to_be_visible()


def until(happened: Callable[[], bool]) -> None:
    """Wait for what the browser does not show."""
    for _ in range(200):
        if happened():
            return
        time.sleep(0.1)
    raise AssertionError("it never happened")


def the_person_is_gone(ann: Volunteer) -> None:
    """From the screen and from the disk, also from what was recorded."""
    ann.sync()
    expect(ann.page.locator(".badge")).to_have_count(0)
    until(lambda: not PERSON.search(ann.kept()))
    until(lambda: NOTE not in ann.kept())
    assert '"sealed":true' in ann.kept()


def follow_up(server: Server, ann: Volunteer) -> None:
    """Tomorrow morning it is due: the person is back until it is done."""
    (server.instance / "later").write_text(str(clock.DAY))
    with alert_desk(server.instance, server.community) as desk, desk.app.app_context():
        worker.open_due(clock.now() + clock.DAY)
    ann.tap(ann.page.locator(".tabbar a", has_text="走访"))
    ann.sync()
    strip = ann.page.locator(".al-strip[data-tone=follow]")
    expect(strip).to_contain_text("1 户要回访")
    ann.tap(strip)
    expect(ann.page.locator(".clock")).to_contain_text("何女士 58岁")
    ann.press("记这次回访")
    ann.press("问到了")
    ann.press("低")
    ann.press("保存")
    expect(ann.page.locator(".toast")).to_contain_text("回访已记好")
    ann.sync()
    until(lambda: not PERSON.search(ann.kept()))


def test_of_two_who_take_it_at_once_one_hears_who_was_faster(
    desk_of_alerts: AlertDesk, ann: Volunteer, ben: Volunteer
) -> None:
    desk_of_alerts.open("1幢", "502")
    for phone in (ann, ben):
        phone.sync()
        phone.alerts()
        phone.tap(phone.card())
    ann.press("接单")
    expect(ann.page.get_by_role("heading", name="何女士 58岁")).to_be_visible()
    ben.press("接单")
    expect(ben.page.get_by_role("alert")).to_contain_text("张敏 已经接了这条预警")
    assert not PERSON.search(ben.kept())


def test_taking_without_a_network_says_what_to_do(
    desk_of_alerts: AlertDesk, ann: Volunteer
) -> None:
    desk_of_alerts.open("1幢", "502")
    ann.sync()
    ann.alerts()
    ann.tap(ann.card())
    ann.page.context.set_offline(True)
    expect(ann.page.get_by_role("alert")).to_contain_text("接单要联网")
    expect(ann.page.get_by_role("button", name="接单")).to_be_disabled()


def test_news_come_by_themselves_in_small_requests_and_none_in_the_background(
    desk_of_alerts: AlertDesk, ann: Volunteer, ben: Volunteer
) -> None:
    desk_of_alerts.open("1幢", "502", to=("second",))
    ann.sync()
    ann.alerts()
    asked: list[Request] = []

    def hear(request: Request) -> None:
        if not request.url.endswith("/icon.svg"):  # the browser's own, when the tab's title changes
            asked.append(request)

    ann.page.on("request", hear)
    expect(ann.page.locator(".al")).to_have_count(1)
    desk_of_alerts.open("3幢", "302")
    expect(ann.page.locator(".al")).to_have_count(2, timeout=60_000)
    pulls = [request for request in asked if request.url.endswith("/sync/pull")]
    assert len(asked) == len(pulls) == 1
    assert pulls[0].post_data_json["only"] == ["community", "me"]
    sizes = {name: int(str(size)) for name, size in pulls[0].sizes().items()}
    assert sizes["requestBodySize"] < 250
    assert sum(sizes.values()) < 4_000

    hide = "Object.defineProperty(document, 'visibilityState', {get: () => 'hidden'})"
    ann.page.evaluate(hide)
    asked.clear()
    ann.page.wait_for_timeout(30_000)
    assert asked == []
