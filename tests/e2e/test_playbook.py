"""The playbook between phones and desk: heard, written, published, found, learned."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.hands import Desk, Phone
from tests.e2e.serving import Server
from webapp.playbook.content import builtin

pytestmark = pytest.mark.e2e
HEARD = "自称燃气公司，先收检测费，还要看手机屏幕"
TRICK = "冒充燃气安检"


@pytest.fixture
def coordinator(desk: Page, server: Server) -> Page:
    """The coordinator's browser, signed in; what is asked is answered with yes."""
    Desk(desk).sign_in("coordinator", server.password)
    desk.on("dialog", lambda dialog: dialog.accept())
    return desk


def signed_in(page: Page, login: str, server: Server) -> Phone:
    """A phone at work."""
    hand = Phone(page)
    hand.sign_in(login, server.password)
    return hand


def playbook(hand: Phone) -> None:
    """To the list of cards, by its tab."""
    hand.tap(hand.page.locator(".tabbar").get_by_role("link", name="话术"))
    expect(hand.page.locator(".pbrow").first).to_be_visible()


def search(hand: Phone, words: str) -> list[str]:
    """What is found, best first."""
    hand.page.get_by_role("searchbox").fill(words)
    expect(hand.page.locator("main [role=status] .pbrow").first).to_be_visible()
    return hand.page.locator("main [role=status] .pbrow b").all_inner_texts()


def write_card(page: Page) -> None:
    """Fill the form of the new card, have it reviewed and published."""
    for name, words in (
        ("hook", "上门安检先交费"),
        ("lead", "真安检不收检测费，也不看您的手机。"),
        ("flags", "没有预约就上门\n先收检测费"),
        ("say", "咱们打燃气公司自己的电话问一问。"),
        ("keywords", "燃气\n检测费"),
    ):
        if name == "keywords":
            page.locator("details.fold").last.evaluate("(fold) => { fold.open = true }")
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=note]").fill("现场听到的")
    page.get_by_role("button", name="存为草稿").click()
    expect(page.locator(".pill[data-tone=wait]").first).to_have_text("草稿")
    page.get_by_role("button", name="审过了，可以").click()
    page.get_by_role("button", name="发布到手机").click()
    expect(page.locator(".notice").first).to_contain_text("第 1 版已发布")


def test_a_trick_heard_in_a_stairwell_is_in_everybodys_pocket(
    server: Server, coordinator: Page, new_phone: Callable[..., BrowserContext]
) -> None:
    first = signed_in(new_phone().new_page(), "volunteer", server)
    other = signed_in(new_phone().new_page(), "second", server)

    # Heard and noted without a network.
    playbook(first)
    first.page.context.set_offline(True)
    first.press("记一条新骗术")
    first.page.get_by_label("听到了什么").fill(HEARD)
    first.press("电话")
    first.press("记下，交给社区")
    expect(first.page.locator(".toast")).to_contain_text("记好了")
    first.page.context.set_offline(False)
    first.tap(first.page.locator(".tabbar").get_by_role("link", name="走访"))
    first.uploaded()

    # Made a card at the desk.
    coordinator.goto("/playbook/notes")
    expect(coordinator.locator("blockquote").first).to_have_text(HEARD)
    coordinator.get_by_role("heading", name="单独做一张卡").click()
    own = coordinator.locator("form[action$='/card']")
    own.locator("[name=title]").fill(TRICK)
    own.get_by_role("button", name="开始写").click()
    write_card(coordinator)
    card = coordinator.url
    expect(coordinator.locator(".pb-readers .not")).to_have_count(3)

    # New on the other phone; found there without a network by what is said at a door.
    other.sync()
    expect(other.page.locator(".strip")).to_contain_text(f"新骗术：{TRICK}")
    other.page.context.set_offline(True)
    playbook(other)
    assert search(other, "煤气公司的来了，要收检测费")[0] == TRICK
    other.page.get_by_role("searchbox").fill("检测费")
    other.tap(other.page.locator(".pbrow").filter(has_text=TRICK).first)
    expect(other.page.locator(".pbblock").first).to_contain_text("没有预约就上门")
    expect(other.page.locator(".appbar .cap")).to_contain_text("本社区第 1 版")

    # Who has read it, the desk learns; the author is thanked.
    other.page.context.set_offline(False)
    other.page.goto("/app")
    other.uploaded()
    coordinator.goto(card)
    expect(coordinator.locator(".pb-readers .not")).to_have_count(2)
    first.sync()
    expect(first.page.locator(".pbanswers")).to_contain_text("谢谢您，写进话术里了。")
    first.press("知道了")
    expect(first.page.locator(".pbanswers")).to_have_count(0)
    first.page.reload()
    expect(first.page.locator(".bldrow").first).to_be_visible()
    expect(first.page.locator(".pbanswers")).to_have_count(0)


def test_a_quiz_taken_without_a_network_stands_in_the_training_record(
    server: Server, coordinator: Page, phone: Page
) -> None:
    hand = signed_in(phone, "volunteer", server)
    phone.context.set_offline(True)
    playbook(hand)
    hand.tap(phone.locator(".pbrow").filter(has_text="刷单返利").first)
    hand.press("小测验")
    card = next(one.content for one in builtin().values() if one.content.type == "task")
    for asked in card.zh.quiz:
        expect(phone.locator(".pbquestion")).to_have_text(asked.question)
        hand.tap(phone.get_by_role("button", name=asked.options[asked.answer], exact=True))
        expect(phone.locator(".notice")).to_contain_text(asked.why)
        hand.tap(phone.locator(".dock .btn"))
    expect(phone.get_by_role("heading", name="答对 5 题，共 5 题")).to_be_visible()
    hand.press("回到这张卡")
    expect(phone.locator(".pbtools")).to_contain_text("测验 5/5")
    phone.context.set_offline(False)
    phone.goto("/app")
    hand.uploaded()
    coordinator.goto("/playbook/training")
    line = coordinator.locator("tr").filter(has_text="张敏")
    expect(line.locator("[data-state=passed]")).to_contain_text("5/5")


def test_the_playbook_is_searched_offline_after_a_cold_start(server: Server, phone: Page) -> None:
    hand = signed_in(phone, "second", server)
    phone.context.set_offline(True)
    phone.goto("/app/playbook")
    expect(phone.locator(".pbrow").first).to_be_visible()
    for words, title in (
        ("老师带你稳赚", "虚假投资理财"),
        ("老是带你稳转", "虚假投资理财"),
        ("anquanzhanghu", "冒充公检法"),
        ("sdfl", "刷单返利"),
        ("shaudan", "刷单返利"),
        ("把手机贴到银行卡背面", "其他骗术"),
    ):
        assert search(hand, words)[0] == title, words
    hand.tap(phone.locator(".pbrow").first)
    hand.press("放大给居民看")
    expect(phone.locator(".pbbig")).to_contain_text("96110")
    size = phone.locator(".pbbig li").first.evaluate(
        "(li) => parseFloat(getComputedStyle(li).fontSize)"
    )
    assert size >= 28


def test_a_pinned_card_is_there_at_the_next_start(server: Server, phone: Page) -> None:
    hand = signed_in(phone, "second", server)
    playbook(hand)
    hand.tap(phone.locator(".pbrow").filter(has_text="机票退改签").first)
    hand.press("置顶")
    expect(phone.get_by_role("button", name="取消置顶")).to_be_visible()
    phone.reload()
    phone.goto("/app/playbook")
    pinned = phone.get_by_role("region", name="置顶")
    expect(pinned).to_contain_text("机票退改签")


@pytest.mark.parametrize(
    ("paper", "size"), [("print", (595, 842)), ("leaflet", (420, 595))], ids=["A4", "A5"]
)
def test_every_card_fits_on_one_page(coordinator: Page, paper: str, size: tuple[int, int]) -> None:
    for card, one in builtin().items():
        for language in ("zh", "en"):
            coordinator.goto(f"/playbook/cards/{card}/{paper}?in={language}")
            pdf = coordinator.pdf(prefer_css_page_size=True, print_background=True)
            pages = len(re.findall(rb"/Type\s*/Page[^s]", pdf))
            box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", pdf)
            assert pages == 1, (one.content.type, language)
            assert box is not None
            assert tuple(round(float(side)) for side in box.groups()) == size
