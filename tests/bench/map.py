"""The map of a whole city at the desk: until it is drawn, and how long one frame takes while the
hand moves it."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import update

from tests.bench import rows
from tests.bench.measures import RUNS, Figure, Skip, tell
from tests.bench.rows import Person
from tests.bench.served import ROOT, Client, Installation, installation, serving
from tests.e2e.conftest import CONTEXT, DESK
from tests.e2e.serving import chromium
from webapp.core import db
from webapp.places.models import Building

BUILDINGS, HOUSEHOLDS = 6_387, 590_530
FRAME_MS = 100
ACROSS = 80
"""Buildings beside each other; the city is a grid."""

# The longest time between two frames while `work` runs.
FRAMES = """
(on) => {
  if (on) {
    window.frames_ = [];
    let last = performance.now();
    const look = (now) => {
      window.frames_.push(now - last);
      last = now;
      window.looking = requestAnimationFrame(look);
    };
    window.looking = requestAnimationFrame(look);
    return [];
  }
  cancelAnimationFrame(window.looking);
  return window.frames_.slice(1);
}
"""
DRAWN = """
() => document.querySelectorAll('.deskmap-list li').length > 0
  && document.querySelectorAll('.qmap canvas.leaflet-tile-loaded').length > 3
"""


def run() -> list[Figure]:
    """The longest frame while panning at three zooms, after the map is there; and until it is."""
    if not (ROOT / "static" / "dist" / "manifest.json").is_file():
        raise Skip("the client is not built: make build")
    with installation() as made:
        person = _build(made)
        with serving(made), _page(made) as page:
            client = Client(made.port)
            client.sign_in(person.login, person.password, device="bench")
            size = len(client.get("/map/data"))
            _sign_in(page, person)
            opened = statistics.median(_open(page) for _run in range(RUNS))
            frames = {zoom: _pan(page, zoom) for zoom in ("all", "near", "close")}
    longest = [
        Figure(f"longest frame while panning, {zoom}", max(spent), "ms", FRAME_MS)
        for zoom, spent in frames.items()
    ]
    middle = statistics.median(frame for spent in frames.values() for frame in spent)
    return [
        *longest,
        Figure("frame while panning, median", middle, "ms"),
        Figure(f"until {BUILDINGS:,} buildings are drawn", opened, "ms"),
        Figure("their data, before packing", size / 1_000, "kB"),
    ]


def _build(made: Installation) -> Person:
    with made.app(), db.writing() as session:
        city = rows.add_community(session, "City")
        person = rows.add_member(session, city, "mapper", "coordinator")
        rows.add_town(session, city, BUILDINGS, HOUSEHOLDS)
    with made.app(), db.writing() as session:
        ids = [row.id for row in session.query(Building.id).order_by(Building.id)]
        for n, some in enumerate(ids):
            lon, lat = 106.2 + (n % ACROSS) * 0.0006, 29.9 + (n // ACROSS) * 0.0006
            session.execute(
                update(Building)
                .where(Building.community_id == city, Building.id == some)
                .values(lon=lon, lat=lat, outline=_block(lon, lat))
            )
    return person


def _block(lon: float, lat: float) -> dict[str, object]:
    """A slab with three stairwells, as most outlines are: some fourteen corners."""
    w, h, step = 0.0002, 0.00006, 0.00002
    top = [
        point
        for n in range(3)
        for x in [lon - w + n * 2 * w / 3]
        for point in (
            [x + 0.00003, lat + h], [x + 0.00003, lat + h + step],
            [x + 0.00009, lat + h + step], [x + 0.00009, lat + h],
        )
    ]  # fmt: skip
    ring = [[lon - w, lat - h], [lon - w, lat + h], *top, [lon + w, lat + h], [lon + w, lat - h]]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


@contextmanager
def _page(made: Installation) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                  "--disable-background-networking", "--disable-component-update"],
        )  # fmt: skip
        context = browser.new_context(**DESK, **CONTEXT, base_url=made.url)
        yield context.new_page()
        browser.close()


def _sign_in(page: Page, person: Person) -> None:
    page.goto("/sign-in")
    page.locator("[name=login]").fill(person.login)
    page.locator("[name=password]").fill(person.password)
    page.locator("form.entry button").first.click()
    page.locator("main.work").wait_for()


def _open(page: Page) -> float:
    page.goto("about:blank")
    page.goto("/map", wait_until="commit")
    page.wait_for_function(DRAWN, timeout=60_000)
    spent: float = page.evaluate("performance.now()")
    return spent


def _pan(page: Page, zoom: str) -> list[float]:
    """Drag the map about, at the zoom that shows all of it, or closer."""
    for _step in range({"all": 0, "near": 2, "close": 2}[zoom]):
        page.locator(".leaflet-control-zoom-in").click()
        page.wait_for_timeout(800)
    page.wait_for_timeout(1_500)  # after load
    page.evaluate(FRAMES, True)
    for dx, dy in ((-300, 0), (0, -200), (300, 0), (0, 200), (-250, -150), (250, 150)):
        page.mouse.move(500, 450)
        page.mouse.down()
        page.mouse.move(500 + dx, 450 + dy, steps=30)
        page.mouse.up()
        page.wait_for_timeout(400)
    found: list[float] = page.evaluate(FRAMES, False)
    tell(f"  {zoom}: {len(found)} frames, longest {max(found):.0f} ms")
    return found
