"""Every screen of the app and page of the desk, one after the other, in any language and look.

The steps find their way by structure, never by words. Tests look at each stop; so does the script
that takes the screenshots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; M2012K11AC) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36"
)
#: Corners near the demo's first compound.
OUTLINE = "29.9621, 106.2648\n29.9621, 106.2652\n29.9623, 106.2652\n29.9623, 106.2648"
#: Percent: such a building shows all states.
PART_DONE = 40


@dataclass(frozen=True)
class Look:
    """A language, colours, a size of the screen and of the text."""

    language: str = "zh"
    theme: str = "light"
    width: int = 390
    height: int = 844
    scale: int = 1
    large: bool = False

    @property
    def name(self) -> str:
        """For file names: `zh-light-390`, `en-dark-1440-large`."""
        return f"{self.language}-{self.theme}-{self.width}" + ("-large" if self.large else "")

    @property
    def phone(self) -> bool:
        """Whether a hand holds it."""
        return self.width < 700

    def context(self, url: str) -> dict[str, Any]:
        """What a browser context is made of."""
        options: dict[str, Any] = {
            "base_url": url,
            "locale": "zh-CN" if self.language == "zh" else "en-GB",
            "timezone_id": "Asia/Shanghai",
            "color_scheme": self.theme,
            "reduced_motion": "reduce",
            "viewport": {"width": self.width, "height": self.height},
            "device_scale_factor": self.scale,
        }
        if self.phone:
            options |= {"is_mobile": True, "has_touch": True, "user_agent": ANDROID}
        return options


# --- the field app ---


def nearest(rates: list[str], wanted: int = PART_DONE) -> int:
    """Which of these percentages is nearest to the one wanted."""
    found = [re.search(r"(\d+)%", rate) for rate in rates]
    far = [abs(int(rate.group(1)) - wanted) if rate else 100 for rate in found]
    return far.index(min(far))


def sign_in_to_app(page: Page, who: tuple[str, str]) -> None:
    """Until the first pull is over and the app can start without a network."""
    page.goto("/app")
    page.locator("input[autocomplete=username]").fill(who[0])
    page.locator("input[autocomplete=current-password]").fill(who[1])
    page.locator(".dock .btn[data-kind=primary]").click()
    rows = page.locator(".bldrow")
    expect(rows.first).to_be_visible(timeout=60_000)
    before = -1
    while before != rows.count():  # they come in pages
        before = rows.count()
        page.wait_for_timeout(500)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def make_large(page: Page) -> None:
    """Large text, by the switch on the last tab."""
    page.locator(".tabbar a").last.click()
    page.locator(".settings .seg").nth(1).get_by_role("radio").nth(1).click()
    expect(page.locator("html")).to_have_attribute("data-text", "large")
    page.locator(".tabbar a").nth(0).click()


def settled(page: Page) -> None:
    """The script has set the colours, fonts are there and nothing moves any more."""
    page.evaluate(
        """async () => {
          const pause = () => new Promise((done) => setTimeout(done, 50));
          const painted = () => document.documentElement?.dataset.theme;
          for (let left = 200; left && !painted(); left -= 1) await pause();
          await document.fonts.ready;
          const moving = document.getAnimations().filter(
            (one) => one.effect?.getComputedTiming().iterations !== Infinity);
          await Promise.allSettled(moving.map((one) => one.finished));
        }"""
    )


#: There is no dialler here: Chromium would ask what should open the link, and hear nothing else.
STAY = """() => document.addEventListener('click', (event) => {
  if (event.target.closest('a[href^="tel:"], a[href^="sms:"], a[href^="geo:"]'))
    event.preventDefault();
})"""


class Field:
    """The stops inside the app, for one signed-in phone. No visit reaches the server."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sheet(self) -> Locator:
        """The topmost sheet."""
        return self.page.locator(".sheet").last

    def shut(self) -> None:
        """Close all sheets."""
        sheets = self.page.locator(".sheet")
        while left := sheets.count():
            sheets.last.locator(".sheet-head .iconbtn").last.click()
            expect(sheets).to_have_count(left - 1)

    def building(self) -> None:
        """One with several stairwells and many states."""
        rows = self.page.locator(".bldrow:not(:has(.tag))")
        rows.nth(nearest(rows.locator(".l2").all_inner_texts())).click()
        expect(self.page.locator(".board-grid .hh").first).to_be_visible()

    def walk(self) -> Iterator[str]:
        """Through every screen; offline from the first logged door on."""
        page = self.page
        yield "today"
        if page.locator(".due .strip").count():
            page.locator(".due .strip").click()
            yield "today-due"
            page.locator(".due .strip").click()
        yield from self.badge()
        yield from self.alerts()
        page.locator(".vseg a").last.click()
        expect(page.locator(".qmap canvas").first).to_be_visible()
        expect(page.locator(".map-card .btn")).to_be_visible()
        yield "map"
        page.locator(".vseg a").first.click()
        self.building()
        yield "building"
        page.locator(".board button").nth(2).click()
        yield "building-filter"
        page.locator(".board button").nth(2).click()
        page.locator(".tools .iconbtn").nth(0).click()
        yield "building-info"
        self.shut()
        page.locator(".tools .iconbtn").nth(1).click()
        self.sheet().locator("input").nth(0).fill("9909")
        yield "add-door"
        self.shut()
        page.locator(".flno").last.click()
        yield "floor"
        self.shut()
        yield from self.doors()
        page.locator(".appbar .iconbtn").first.click()
        page.locator(".appbar a.pill").click()
        expect(page.locator(".safe")).to_be_visible()
        yield "outbox"
        yield from self.scripts()
        page.locator(".tabbar a").last.click()
        yield "me"
        page.locator("main a[href$='/session']").click()
        page.locator(".dock .btn").click()
        expect(page.locator(".error").first).to_be_visible()
        yield "session"
        page.locator(".appbar .iconbtn").first.click()
        page.locator("main a[href$='/leaflets']").click()
        page.locator(".field input").fill("x")
        yield "leaflets"
        page.locator(".appbar .iconbtn").first.click()
        page.goto(page.url.replace("/me", "/checks"))
        yield "checks"
        page.locator(".appbar .iconbtn").first.click()
        page.locator(".tabbar a").last.click()
        page.locator("main > .btn").last.click()
        yield "sign-out"
        self.shut()

    def badge(self) -> Iterator[str]:
        """The badge, with the digits that this phone makes. Its key needs a line to come by:

        so it is shown before a door is logged, or that door would reach the server as well.
        """
        page = self.page
        page.locator(".tabbar a").last.click()
        page.locator("main a[href$='/badge']").click()
        expect(page.locator(".idcard, .blank").first).to_be_visible()
        if page.locator(".blank").count():  # an earlier phone of this person has it
            yield "badge-elsewhere"
            page.locator(".blank .btn").click()
        expect(page.locator(".idcard .num").first).to_be_visible()
        yield "badge"
        page.locator(".appbar .iconbtn").first.click()
        page.locator(".tabbar a").first.click()

    def alerts(self) -> Iterator[str]:
        """The team's list, one's own alert with all its sheets, one of somebody else's."""
        page = self.page
        page.locator(".tabbar a[href$='/alerts']").click()
        expect(page.locator(".al").first).to_be_visible()
        yield "alerts"
        for name in ("alerts-mine", "alerts-closed", "alerts"):
            page.locator(".seg [role=tab]").nth(
                ("alerts", "alerts-mine", "alerts-closed").index(name)
            ).click()
            if name != "alerts":
                yield name
        page.locator(".al").first.click()
        expect(page.locator(".acts")).to_be_visible()
        yield "alert"
        page.locator("main").evaluate("(main) => { main.scrollTop = main.scrollHeight }")
        yield "alert-scrolled"
        page.locator("main").evaluate("(main) => { main.scrollTop = 0 }")
        yield from self.attempt()
        page.locator(".dock .btn").nth(1).click()
        yield "outcome"
        self.sheet().locator(".outcome").nth(0).click()
        self.sheet().locator(".amount input").first.fill("78000")
        yield "outcome-filled"
        self.sheet().locator(".sheet-body").evaluate("(body) => { body.scrollTop = 10000 }")
        yield "outcome-scrolled"
        self.shut()
        page.locator(".appbar .iconbtn").last.click()
        self.sheet().locator(".row").nth(1).click()
        yield "alert-more"
        self.shut()
        page.locator(".appbar .iconbtn").first.click()
        page.locator(".section ~ .al").last.click()
        expect(page.locator(".clock")).to_be_visible()
        yield "alert-team"
        page.locator(".appbar .iconbtn").first.click()
        page.locator(".tabbar a").first.click()

    def attempt(self) -> Iterator[str]:
        """What is asked after a call, and the sheet with everything unfolded."""
        page = self.page
        page.evaluate(STAY)
        page.locator(".acts .act").first.click()
        expect(page.locator(".after")).to_be_visible()
        yield "alert-after-call"
        page.locator(".after .link").last.click()
        page.locator(".dock .btn").first.click()
        yield "attempt"
        sheet = self.sheet()
        sheet.locator(".seg").first.locator("[role=radio]").nth(2).click()
        sheet.locator(".outcome").nth(3).click()
        sheet.locator("textarea").fill("4111 1111 1111 1111")
        yield "attempt-filled"
        for part in sheet.locator(".part summary").all():
            part.click()
        sheet.locator(".part").nth(2).locator(".chip").first.click()
        sheet.locator(".part").nth(3).locator(".codes").last.locator(".chip").first.click()
        sheet.locator(".part").nth(2).scroll_into_view_if_needed()
        yield "attempt-parts"
        sheet.locator(".sheet-body").evaluate("(body) => { body.scrollTop = 10000 }")
        yield "attempt-scrolled"
        sheet.locator("textarea").fill("")
        self.shut()

    def scripts(self) -> Iterator[str]:
        """The playbook: list, search, one card, large print, quiz, a note from the field."""
        page = self.page
        page.locator(".tabbar a[href$='/playbook']").click()
        expect(page.locator(".pbrow").first).to_be_visible()
        yield "playbook"
        page.locator("input[type=search]").fill("laoshi")
        expect(page.locator("[role=status] .pbrow").first).to_be_visible()
        yield "playbook-search"
        page.locator("input[type=search]").fill("")
        page.locator(".dock .btn").click()
        self.sheet().locator("textarea").fill("13812345678")
        yield "playbook-note"
        self.shut()
        page.locator(".pbrow:has(.icon)").first.click()
        expect(page.locator(".pblead")).to_be_visible()
        yield "script"
        page.locator(".dock .btn").click()
        expect(page.locator(".pbbig")).to_be_visible()
        yield "script-large"
        page.locator(".appbar .iconbtn").first.click()
        page.locator(".pbtools .chip").last.click()
        page.locator(".pboptions button").first.click()
        yield "quiz"
        page.locator(".appbar .iconbtn").first.click()
        page.locator(".appbar .iconbtn").first.click()
        expect(page.locator(".pbrow").first).to_be_visible()

    def doors(self) -> Iterator[str]:
        """The sheet of a door in all its states."""
        page = self.page
        proposed = page.locator(".dock .btn[data-kind=primary]")
        other = page.locator(".hh:not(.swatch):is([data-s=untouched], [data-s=no_answer])").first
        (proposed if proposed.count() else other).click()
        expect(self.sheet()).to_be_visible()
        yield "door"
        page.context.set_offline(True)
        self.sheet().locator(".outcome").nth(0).click()
        self.sheet().locator(".seg.app [role=radio]").nth(1).click()
        self.sheet().locator(".flagrow").nth(0).locator(".chip").nth(0).click()
        self.sheet().locator(".flagrow").nth(1).locator(".chip").nth(1).click()
        self.sheet().locator("textarea").fill("13812345678")
        yield "door-filled"
        self.sheet().locator("textarea").fill("周末下午在家")
        self.sheet().locator(".sheet-foot .btn").click()
        expect(page.locator(".toast")).to_be_visible()
        yield "door-saved"
        self.shut()
        page.locator(
            ".hh:is([data-s=informed], [data-s=installed], [data-s=follow_up])"
        ).last.click()
        if self.sheet().locator(".history").count():
            self.sheet().locator(".history > button").click()
            self.sheet().locator(".history").scroll_into_view_if_needed()
        yield "door-history"
        self.sheet().locator(".more > .row").click()
        yield "wish"
        self.shut()
        self.unsent_door()
        self.sheet().locator(".history > button").click()
        self.sheet().locator(".history .link").nth(1).click()
        yield "void"
        self.shut()

    def log(self, walk: Sequence[tuple[int, int | None]]) -> None:
        """Log door after door: (outcome, app answer or none) by their place on the sheet."""
        self.page.locator(".dock .btn[data-kind=primary]").click()
        for outcome, app in walk:
            room = self.sheet().locator("h2").inner_text()
            self.sheet().locator(".outcome").nth(outcome).click()
            if app is not None:
                self.sheet().locator(".seg.app [role=radio]").nth(app).click()
            self.sheet().locator(".sheet-foot .btn").click()
            expect(self.sheet().locator("h2")).not_to_have_text(room)
        self.shut()

    def unsent_door(self) -> None:
        """The door that was logged on this tour."""
        own = self.page.locator(".hh[aria-label*='待上传'], .hh[aria-label*='to send' i]")
        tabs = self.page.locator(".units [role=tab]")
        for at in range(tabs.count()):  # the next door may have been in another stairwell
            if own.count():
                break
            tabs.nth(at).click()
        own.first.click()


def outside(page: Page, invite: str, code_page: str = "/app/join") -> Iterator[str]:
    """Before somebody is signed in: sign-in, typed code, an invite, waiting, help."""
    page.goto("/app")
    expect(page.locator("input[autocomplete=username]")).to_be_visible()
    yield "sign-in"
    page.goto(code_page)
    page.locator(".boxes input").fill("K7M")
    yield "join-code"
    page.goto(invite)
    expect(page.locator(".invited")).to_be_visible()
    page.locator(".dock .btn[data-kind=primary]").click()
    yield "join"
    page.goto("/app/help")
    yield "help"


def accept(page: Page, look: Look) -> None:
    """From the invite on screen to waiting for the coordinator's word."""
    page.go_back()
    expect(page.locator(".invited")).to_be_visible()
    number = f"1380000{abs(hash(look)) % 10_000:04}"
    fields = page.locator(".form input")
    fields.nth(0).fill("赵敏")
    fields.nth(1).fill(number)
    fields.nth(2).fill("walk-and-knock")
    page.locator(".dock .btn[data-kind=primary]").click()
    expect(page.locator(".whoami")).to_be_visible()


# --- the desk ---


def sign_in_to_desk(page: Page, who: tuple[str, str]) -> None:
    """Until the first page is there."""
    page.goto("/sign-in")
    page.locator("[name=login]").fill(who[0])
    page.locator("[name=password]").fill(who[1])
    page.locator("form.entry button").first.click()
    expect(page.locator("main.work")).to_be_visible()


def new_invite(page: Page) -> str:
    """Make an invite at the desk; the address of its link."""
    page.goto("/people")
    form = page.locator("form[action='/people/invites']")
    form.locator("[name=name]").fill("赵敏")
    form.locator("button").click()
    expect(page.locator(".qr img")).to_be_visible()
    return page.locator("[data-select]").input_value()


def open_half_done(page: Page, wanted: int = PART_DONE) -> None:
    """From the overview to a building of about so many percent."""
    rows = page.locator("table.cov tbody tr")
    half = nearest(rows.locator("td:nth-child(5)").all_inner_texts(), wanted)
    page.goto(str(rows.nth(half).locator("th a").get_attribute("href")))
    expect(page.locator(".heatcard")).to_be_visible()


def alert_pages(page: Page) -> Iterator[str]:
    """What a coordinator sees of alerts."""
    page.goto("/alerts")
    yield "alerts"
    page.locator(".kc.over").first.click()
    for folded in page.locator(".alertpage details").all():
        folded.evaluate("(fold) => { fold.open = true }")
    yield "alert"
    page.goto("/alerts")
    page.locator(".kc.done").first.click()
    yield "alert-closed"
    for stop, address in (
        ("alerts-follow-ups", "/alerts/follow-ups"),
        ("alerts-report", "/alerts/report"),
        ("alerts-settings", "/settings/alerts"),
        ("alerts-duty", "/settings/duty"),
        ("alerts-robots", "/settings/robots"),
        ("alerts-new", "/alerts/new"),
        ("alerts-import", "/alerts/import"),
        ("alerts-tokens", "/alerts/tokens"),
        ("handovers", "/handovers"),
    ):
        page.goto(address)
        yield stop
    page.goto("/alerts?new=1")
    page.locator("[data-paste]").fill("紫荆花园1号楼1单元101周女士，67岁，13800001111，疑似被骗")
    page.locator(".paste form button").first.click()
    expect(page.locator("#intake .cand label").first).to_be_visible()
    page.locator("#intake details").first.evaluate("(fold) => { fold.open = true }")
    yield "alerts-intake"
    page.locator("#intake button[value=drop]").click()


def trust_pages(page: Page) -> Iterator[str]:
    """What a coordinator sees of badges, posters and whom residents know."""
    page.goto("/badges")
    yield "badges"
    page.locator("main td a[href^='/badges/']").first.click()
    yield "badge"
    for stop, address in (
        ("known", "/badges/known"),
        ("posters", "/posters"),
        ("poster", "/posters/print"),
    ):
        page.goto(address)
        yield stop


def overflowing(page: Page, name: str) -> list[str]:
    """Whether somebody has to push the page sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{name}: {wide} pixels too wide"] if wide > 1 else []


def resident_pages(page: Page, building: str) -> Iterator[str]:
    """What anybody sees: the address on the leaflet, and on the poster of a building."""
    for stop, address in (
        ("verify", "/verify"),
        ("verify-building", f"/verify/{building}"),
        ("verify-warning", "/verify?number=9999&code=000000"),
        ("residents", "/r/1"),
        ("residents-help", "/r/1/help"),
        ("residents-installed", "/r/1/installed"),
    ):
        page.goto(address)
        yield stop


def playbook_pages(page: Page) -> Iterator[str]:
    """What a coordinator sees of the playbook."""
    page.goto("/playbook")
    yield "playbook"
    page.goto("/playbook/notes")
    for folded in page.locator(".pb-notes details").all():
        folded.evaluate("(fold) => { fold.open = true }")
    yield "playbook-notes"
    page.goto("/playbook/training")
    yield "playbook-training"
    page.goto("/playbook")
    page.locator(".pb-name").last.click()
    card = page.url
    yield "playbook-card"
    for stop in ("edit", "diff", "print", "leaflet"):
        page.goto(f"{card}/{stop}")
        yield f"playbook-{stop}"


def desk_pages(page: Page, upload: Path) -> Iterator[str]:
    """What a coordinator sees."""
    page.goto("/coverage")
    yield "overview"
    page.locator("details.export > summary").click()
    yield "overview-export"
    page.locator("details.export > summary").click()
    page.locator("details.defs > summary").click()
    yield "overview-definitions"
    page.goto("/coverage?by=grid&sort=publicity&order=desc")
    yield "overview-grids"
    page.goto("/coverage?q=zzz")
    yield "overview-nothing-found"
    page.goto("/map")
    expect(page.locator(".deskmap-list li").first).to_be_visible()
    expect(page.locator(".qmap canvas").first).to_be_visible()
    yield "map"
    page.locator(".deskmap-list li button").nth(2).click()
    yield "map-building"
    page.locator(".deskmap-card .deskmap-links button").nth(1).click()
    page.locator(".deskmap-side textarea").fill(OUTLINE)
    yield "map-drawing"
    page.goto("/coverage?sort=knocked&order=desc")
    open_half_done(page)
    yield "building-heat"
    building = page.url.rsplit("/", 1)[1]
    page.locator("a.hh:not([data-s=untouched])").first.click()
    yield "door"
    page.goto(f"/coverage/buildings/{building}/paper")
    page.locator(".paperrows select").nth(1).select_option("helped")
    page.locator(".paperfoot button").click()
    expect(page.locator(".notice[role=alert]")).to_be_visible()
    yield "paper-refused"
    page.goto(f"/coverage/walk-lists?building={building}")
    yield "walk-list"
    page.goto("/turf")
    for box in page.locator("[name=member]").all()[:3]:
        box.check()
    page.locator(".askform .btn").click()
    expect(page.locator(".turfmap")).to_be_visible()
    yield "turf"
    page.goto("/reports?group=grid&kind=month")
    for fold in page.locator(".stacked details").all():
        fold.evaluate("(fold) => { fold.open = true }")
    yield "reports"
    page.goto("/sessions")
    page.locator(".stacked details").first.evaluate("(fold) => { fold.open = true }")
    yield "sessions"
    page.goto("/leaflets")
    yield "leaflet-ledger"
    page.goto("/plans")
    for fold in page.locator("#make details").all():
        fold.evaluate("(fold) => { fold.open = true }")
    yield "plans"
    page.goto("/quality")
    page.locator(".stacked > section:last-child details").evaluate("(fold) => { fold.open = true }")
    yield "quality"
    yield from alert_pages(page)
    yield from playbook_pages(page)
    yield from trust_pages(page)
    page.goto("/buildings")
    yield "buildings"
    page.goto("/buildings?show=unnamed")
    yield "buildings-unnamed"
    page.goto(f"/buildings/{building}?units=2&floors=3&rooms=4#generate")
    yield "building-generator"
    page.goto(f"/buildings/{building}?same=1#merge-building")
    yield "building-merging"
    page.goto("/import/visits")
    yield "past-visits"
    page.goto("/geocoding")
    yield "geocoding"
    page.goto("/held")
    yield "held"
    page.goto("/people")
    page.locator("details.fold").last.evaluate("(fold) => { fold.open = true }")
    yield "people"
    new_invite(page)
    yield "invite"
    page.goto("/account")
    yield "account"
    page.goto("/nowhere")
    yield "not-found"
    page.goto("/import")
    yield "import-file"
    page.locator("input[type=file]").set_input_files(upload)
    expect(page.locator("li.cur")).to_contain_text("2")
    yield "import-columns"
    page.locator(".foot .btn[data-kind=primary]").click()
    expect(page.locator("li.cur")).to_contain_text("3")
    yield "import-check"
    page.locator(".foot .btn[data-kind=primary]").click()
    expect(page.locator("li.cur")).to_contain_text("4")
    yield "import-progress"


def open_menu(page: Page) -> None:
    """Who I am, language and look."""
    page.goto("/coverage")
    page.locator("details.me > summary").click()


def large_desk(context: BrowserContext, url: str) -> None:
    """Large text on the desk's pages is a cookie."""
    context.add_cookies([{"name": "qm_text", "value": "large", "url": url}])


def messy_list(folder: Path) -> Path:
    """A list with good rows, a bad one, and columns that are not taken."""
    path = folder / "list.csv"
    path.write_text(
        "小区,楼栋,单元,楼层,房号,业主姓名,空置\n"
        + "".join(f"紫荆花园,91幢,1,{floor},{floor}01,王某,是\n" for floor in range(1, 7))
        + "紫荆花园,,1,3,301,李某,否\n",
        encoding="utf-8",
    )
    return path
