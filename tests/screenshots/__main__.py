"""Every screen as a picture: `python -m tests.screenshots [WORD…]` writes into screenshots/.

With words, only looks whose name contains one of them (`app/zh-light`, `desk`, `large`).
`--docs` writes the four pictures of the README into docs/screenshots/ instead.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e import instances, tour
from tests.e2e.hands import PATIENCE
from tests.e2e.serving import ROOT, Server, chromium, launch_arguments, serving
from tests.e2e.tour import Field, Look

TARGET = ROOT / "screenshots"
KEPT = ROOT / "docs" / "screenshots"
PHONES = (
    Look(scale=2),
    Look(theme="dark", scale=2),
    Look(language="en", scale=2),
    Look(width=360, height=640),
    Look(large=True, scale=2),
    Look(language="en", theme="dark", width=360, height=640, large=True),
)
DESKS = (
    Look(width=1440, height=900),
    Look(theme="dark", width=1440, height=900),
    Look(language="en", width=1440, height=900),
    Look(),
    Look(language="en", theme="dark", large=True),
)
#: The outcomes and app answers of an hour's walk, by their place on the sheet.
WALK = ((0, 0), (0, None), (1, None), (0, 1), (0, None), (1, None), (2, None), (0, 0), (0, None))
AFTER_TOAST = 6_500
#: Percent: a tall building with all states.
WELL_ON = 66
JPEG_QUALITY = 82


class Shop:
    """A demo that is served, a browser, and the passwords."""

    def __init__(self, server: Server, passwords: dict[str, str], browser: Browser) -> None:
        self.server, self.passwords, self.browser = server, passwords, browser

    def account(self, login: str) -> tuple[str, str]:
        """Login and password."""
        return login, self.passwords[login]

    @contextmanager
    def page(self, look: Look) -> Iterator[Page]:
        """A page of its own browser context."""
        context = self.browser.new_context(**look.context(self.server.url))
        if look.large:
            tour.large_desk(context, self.server.url)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        yield page
        context.close()

    def app(self, look: Look) -> Iterator[tuple[str, Page]]:
        """All screens of the app, from the invite to signing out."""
        with self.page(look) as desk:
            tour.sign_in_to_desk(desk, self.account("coordinator"))
            invite = tour.new_invite(desk)
        with self.page(look) as page:
            for stop in tour.outside(page, invite):
                yield stop, page
            tour.accept(page, look)
            yield "pending", page
        with self.page(look) as page:
            tour.sign_in_to_app(page, self.account("volunteer3"))
            if look.large:
                tour.make_large(page)
            for stop in Field(page).walk():
                yield stop, page

    def desk(self, look: Look) -> Iterator[tuple[str, Page]]:
        """All pages of the desk, of regions and of communities."""
        with self.page(look) as page, tempfile.TemporaryDirectory() as folder:
            page.goto("/sign-in")
            yield "sign-in", page
            tour.sign_in_to_desk(page, self.account("coordinator"))
            for stop in tour.desk_pages(page, tour.messy_list(Path(folder))):
                yield stop, page
            expect(page.locator(".import-result")).to_be_visible()
            yield "import-done", page
            tour.open_menu(page)
            yield "menu", page
        with self.page(look) as page:
            tour.sign_in_to_desk(page, self.account("admin"))
            for stop, address in (("regions", "/regions"), ("communities", "/communities")):
                page.goto(address)
                yield stop, page


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Load the demo into a temporary folder, serve it, start the browser."""
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder) / "seed"
        seed.mkdir()
        instance, passwords = instances.demo(seed)
        with (
            serving(instance, Path(folder) / "served", worker=True) as server,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=launch_arguments()
            )
            yield Shop(server, passwords, browser)
            browser.close()


def everything(shop: Shop, words: list[str]) -> None:
    """One folder a look, numbered in the order of the walk."""
    for side, looks, walk in (("app", PHONES, shop.app), ("desk", DESKS, shop.desk)):
        for look in looks:
            name = f"{side}/{look.name}"
            if words and not any(word in name for word in words):
                continue
            shutil.rmtree(TARGET / name, ignore_errors=True)
            (TARGET / name).mkdir(parents=True)
            for number, (stop, page) in enumerate(walk(look), 1):
                tour.settled(page)
                path = TARGET / name / f"{number:02}-{stop}.png"
                page.screenshot(path=path, full_page=side == "desk")
            sys.stderr.write(f"{name}: {number} pictures\n")


def for_readme(shop: Shop) -> None:
    """Four pictures, small enough to live in the repository."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with shop.page(PHONES[0]) as page:
        tour.sign_in_to_app(page, shop.account("volunteer3"))
        field = Field(page)
        field.building()
        field.log(WALK)
        page.locator(".units [role=tab]").first.click()
        page.locator("main").evaluate("(main) => main.scrollTo(0, 0)")
        keep(page, "building-grid")
        page.locator(".appbar .iconbtn").first.click()
        keep(page, "today")
    with shop.page(DESKS[0]) as page:
        tour.sign_in_to_desk(page, shop.account("coordinator"))
        page.goto("/coverage")
        keep(page, "coverage")
        tour.open_half_done(page, WELL_ON)
        keep(page, "building-heat")


def keep(page: Page, name: str) -> None:
    """One picture of the README."""
    page.wait_for_timeout(AFTER_TOAST if page.locator(".toast").count() else 0)
    tour.settled(page)
    page.screenshot(path=KEPT / f"{name}.jpg", type="jpeg", quality=JPEG_QUALITY)


def main(arguments: list[str]) -> None:
    """See above."""
    words = [word for word in arguments if not word.startswith("--")]
    with open_shop() as shop:
        if "--docs" in arguments:
            for_readme(shop)
        else:
            everything(shop, words)


if __name__ == "__main__":
    main(sys.argv[1:])
