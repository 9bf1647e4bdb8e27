"""What a volunteer's thumb and a coordinator's mouse do, so that tests read like the work."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

#: The machine that runs the tests may be busy; a person would wait as long.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


class Phone:
    """A volunteer's phone. `taps` counts every touch of the screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        page.set_default_timeout(PATIENCE)

    def tap(self, what: Locator) -> None:
        """One touch."""
        what.tap()
        self.taps += 1

    def press(self, name: str) -> None:
        """Touch the button, link or choice that is called so, on the topmost sheet."""
        self.tap(self.called(name))

    def called(self, name: str) -> Locator:
        """What can be pressed under this name."""
        top = self.top()
        either = [
            top.get_by_role(role, name=name, exact=True)
            for role in ("button", "link", "radio", "tab", "checkbox")
        ]
        found = either[0]
        for one in either[1:]:
            found = found.or_(one)
        # An app status and a care flag share a name; the status stands first.
        return found.first

    def top(self) -> Locator:
        """The topmost sheet, or the whole page."""
        sheets = self.page.locator(".sheet")
        return sheets.last if sheets.count() else self.page.locator("body")

    # --- coming in ---

    def sign_in(self, login: str, password: str) -> None:
        """From the sign-in screen to the list of buildings."""
        self.page.goto("/app")
        self.fill_sign_in(login, password)
        self.at_work()

    def fill_sign_in(self, login: str, password: str) -> None:
        """Fill the form that is on screen and send it."""
        self.page.get_by_label("用户名或手机号").fill(login)
        self.page.get_by_label("密码", exact=True).fill(password)
        self.page.locator(".dock").get_by_role("button", name="登录", exact=True).tap()

    def at_work(self) -> None:
        """The buildings are there, and the app can start without a network."""
        expect(self.page.locator(".bldrow").first).to_be_visible()
        self.uploaded()
        self.page.evaluate(
            """async () => {
              await navigator.serviceWorker.ready;
              const pause = () => new Promise((done) => setTimeout(done, 50));
              while (!navigator.serviceWorker.controller) await pause();
            }"""
        )

    # --- network ---

    def offline(self) -> None:
        """Into the stairwell."""
        self.page.context.set_offline(True)
        expect(self.pill()).to_contain_text("离线")

    def online(self) -> None:
        """Back under the sky."""
        self.page.context.set_offline(False)

    def pill(self) -> Locator:
        """Where the data is, in two words."""
        return self.page.locator(".appbar .pill").first

    def uploaded(self) -> None:
        """Everything is on the server."""
        expect(self.pill()).to_have_text("已全部上传")

    def sync(self) -> None:
        """Look at the server again, as the app does when it comes to the foreground."""
        with self.page.expect_response("**/api/v1/sync/pull"):
            self.page.evaluate("dispatchEvent(new Event('online'))")
        self.uploaded()

    # --- doors ---

    def home(self) -> None:
        """Back from a building to the first screen."""
        self.tap(self.page.locator(".appbar").get_by_role("button", name="返回"))
        expect(self.page.get_by_role("heading", name="今天走访")).to_be_visible()

    def open_building(self, name: str) -> None:
        """From the list of buildings."""
        row = self.page.locator(".bldrow").filter(
            has=self.page.locator("b", has_text=re.compile(f"^{re.escape(name)}$"))
        )
        self.tap(row)
        expect(self.page.get_by_role("heading", name=name, exact=True)).to_be_visible()

    def unit(self, name: str) -> None:
        """Another stairwell."""
        self.tap(self.page.get_by_role("tab", name=re.compile(f"^{name}单元")))

    def door(self, room: str) -> Locator:
        """A door in the grid of the stairwell on screen."""
        return self.page.get_by_role("button", name=re.compile(rf"^{room} ")).and_(
            self.page.locator(".hh")
        )

    def open_door(self, room: str) -> None:
        """Its sheet."""
        self.tap(self.door(room))
        self.expect_door(room)

    def expect_door(self, room: str) -> None:
        """This door's sheet is on screen."""
        expect(self.page.locator(".sheet h2").first).to_have_text(room)

    def save(self) -> None:
        """Write the door down."""
        self.tap(self.top().locator(".sheet-foot .btn[data-kind=primary]"))

    def log(self, room: str, outcome: str, *also: str) -> None:
        """Log the door whose sheet is open: the outcome, what else was said, save."""
        self.expect_door(room)
        for name in (outcome, *also):
            self.press(name)
        self.save()
        expect(self.page.locator(".toast")).to_contain_text(f"{room} 已记好")

    def close(self) -> None:
        """Close the topmost sheet."""
        sheet = self.top()
        self.tap(sheet.get_by_role("button", name="关闭"))

    def history(self) -> Locator:
        """The entries of the door whose sheet is open, unfolded."""
        row = self.page.locator(".history > button")
        if row.get_attribute("aria-expanded") == "false":
            self.tap(row)
        return self.page.locator(".history li")

    def states(self) -> dict[str, str]:
        """Room → display state, of the stairwell on screen."""
        expect(self.page.locator(".board-grid .hh").first).to_be_visible()
        expect(self.page.locator(".board-grid .grid > :not(.fl)")).to_have_count(0)
        found: dict[str, str] = self.page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll('.board-grid .hh')].map(
              (cell) => [cell.getAttribute('aria-label').split(' ')[0], cell.dataset.s]))"""
        )
        return found


class Desk:
    """A coordinator's browser."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_default_timeout(PATIENCE)

    def sign_in(self, login: str, password: str) -> None:
        """To the overview."""
        self.page.goto("/sign-in")
        self.page.locator("[name=login]").fill(login)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("form.entry button").first.click()
        expect(self.page.locator("main.work")).to_be_visible()

    def invite(self, name: str) -> tuple[str, str]:
        """Make an invite; its link and its typed code."""
        self.page.goto("/people")
        self.page.get_by_label("名字", exact=False).first.fill(name)
        self.page.locator("form[action='/people/invites'] button").click()
        link = self.page.locator("[data-select]").input_value()
        code = "".join(self.page.locator(".code span").all_inner_texts())
        return link, code
