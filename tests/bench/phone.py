"""The field app on a slow phone without a network, with 5,000 households on it."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from tests.bench import rows
from tests.bench.measures import RUNS, Figure, Skip, tell
from tests.bench.rows import Person, Place
from tests.bench.served import ROOT, Installation, installation, serving
from tests.e2e.conftest import CONTEXT, PHONE
from tests.e2e.serving import chromium
from webapp.core import db

HOUSEHOLDS, BUILDINGS = 5_000, 50
FLOORS, ROOMS = 34, 4
SLOWER = 6
START_MS, OPEN_MS, SAVE_MS = 1_500, 150, 100
SAVES = 8
TALL = "34"
"""The name of the tall building."""

# Asked before every frame is drawn; the answer is the time just after the frame that shows it.
PAINTED = """
(ready) => new Promise((resolve, reject) => {
  const begin = performance.now();
  const look = () => {
    if (ready()) setTimeout(() => resolve(performance.now()), 0);
    else if (performance.now() - begin > 60_000) reject(new Error('never painted'));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})
"""
STARTED = f"""
(rows) => ({PAINTED})(() => document.querySelectorAll('.bldrow').length >= rows)
"""
OPENED = f"""
async ([name, doors]) => {{
  const row = [...document.querySelectorAll('.bldrow')]
    .find((found) => found.querySelector('b').textContent === name);
  const cells = () => document.querySelectorAll('.hh');
  const filled = () => cells().length >= doors
    || (cells().length > 0 && [...cells()].at(-1).getBoundingClientRect().top > innerHeight);
  const begin = performance.now();
  row.click();
  const screen = await ({PAINTED})(filled);
  const whole = await ({PAINTED})(() => cells().length >= doors);
  return [screen - begin, whole - begin];
}}
"""
SAVED = f"""
async (door) => {{
  const cell = () => document.querySelector(`.hh[data-id="${{door}}"]`);
  const before = cell().dataset.s;
  const begin = performance.now();
  document.querySelector('.sheet-foot .btn').click();
  const end = await ({PAINTED})(() => cell().dataset.s !== before);
  return end - begin;
}}
"""


def run() -> list[Figure]:
    """Start, opening a building and saving, each the median of some runs."""
    if not (ROOT / "static" / "dist" / "sw.js").is_file():
        raise Skip("the client is not built: make build")
    with installation() as made:
        person, tall = _build(made)
        with serving(made), phone_context(made) as context:
            page = context.new_page()
            _fill(page, person)
            context.set_offline(True)
            slow = context.new_cdp_session(page)
            slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            starts = [_start(page) for _run in range(RUNS)]
            opens = [_open(page) for _run in range(RUNS)]
            saves = _saves(page, tall)
            quick = _unslowed(page, slow)
    return [
        Figure(f"start with {HOUSEHOLDS:,} households, offline", _median(starts), "ms", START_MS),
        Figure(
            f"opening a building of {FLOORS} floors", _median(o[0] for o in opens), "ms", OPEN_MS
        ),
        Figure("until all its doors are drawn", _median(o[1] for o in opens), "ms"),
        Figure("from the save tap to the painted state", _median(saves), "ms", SAVE_MS),
        Figure("slowest of the saves", max(saves), "ms"),
        Figure("start without slow-down", quick, "ms"),
    ]


def _build(made: Installation) -> tuple[Person, Place]:
    others, rest = divmod(HOUSEHOLDS - FLOORS * ROOMS, BUILDINGS - 1)
    with made.app(), db.writing() as session:
        community = rows.add_community(session, "Phone")
        person = rows.add_member(session, community, "walker", "volunteer")
        tall = rows.add_building(session, community, TALL, FLOORS, FLOORS * ROOMS)
        low = [
            rows.add_building(session, community, f"{n + 101}", 17, others + (n < rest), units=2)
            for n in range(BUILDINGS - 1)
        ]
        rows.assign(session, community, person.member_id, [tall, *low])
        rows.add_visits(session, community, person.member_id, [tall, *low])
    return person, tall


@contextmanager
def phone_context(made: Installation) -> Iterator[BrowserContext]:
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update"],
        )  # fmt: skip
        context = browser.new_context(**PHONE, **CONTEXT, base_url=made.url)
        yield context
        browser.close()


def _fill(page: Page, person: Person) -> None:
    """Sign in and wait until all buildings and the app itself are on the phone."""
    page.goto("/app")
    page.locator("input[autocomplete=username]").fill(person.login)
    page.locator("input[autocomplete=current-password]").fill(person.password)
    page.locator("input[autocomplete=current-password]").press("Enter")
    page.evaluate(STARTED, BUILDINGS)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.evaluate(STARTED, BUILDINGS)
    if not page.evaluate("navigator.serviceWorker.controller !== null"):
        raise RuntimeError("the service worker does not serve the app")
    tell("  the phone is filled")


def _start(page: Page) -> float:
    """From the start of the navigation to the painted list."""
    page.reload(wait_until="commit")
    spent: float = page.evaluate(STARTED, BUILDINGS)
    return spent


def _open(page: Page) -> tuple[float, float]:
    """Until the screen is full of doors, and until all doors are there."""
    page.goto("/app")
    page.evaluate(STARTED, BUILDINGS)
    page.wait_for_timeout(1_500)  # the start's own work is over
    screen, whole = page.evaluate(OPENED, [TALL, FLOORS * ROOMS])
    return screen, whole


def _saves(page: Page, tall: Place) -> list[float]:
    """Log doors that nobody has visited, one after the other."""
    spent: list[float] = []
    untouched = [door for n, door in enumerate(tall.doors) if n % 3 == 0]
    for door in untouched[:SAVES]:
        page.evaluate("(id) => document.querySelector(`.hh[data-id='${id}']`).click()", door)
        page.locator(".sheet .outcome").first.click()
        page.wait_for_timeout(300)
        spent.append(page.evaluate(SAVED, door))
        page.wait_for_timeout(300)
        page.locator(".sheet-head .iconbtn").last.click()
        page.locator(".sheet").wait_for(state="detached")
    return spent


def _unslowed(page: Page, slow: CDPSession) -> float:
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    page.goto("/app")
    return _median([_start(page) for _run in range(RUNS)])


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)
