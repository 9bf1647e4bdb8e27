"""The playbook on a slow phone, offline: the product's cards and twenty of the community."""

from __future__ import annotations

import json
import statistics

import msgspec
from playwright.sync_api import Page, expect

from tests.bench import rows
from tests.bench.measures import RUNS, Figure, Skip, percentile, tell
from tests.bench.phone import SLOWER, phone_context
from tests.bench.rows import Person
from tests.bench.served import ROOT, Installation, installation, serving
from tests.factories.field import Phone
from tests.factories.playbook import new_trick, published
from webapp.core import db
from webapp.playbook.content import builtin

OWN = 20
SEARCH_MS = 50
TYPED = ("shuadan", "sdfl", "刷单反利", "老是带你稳赚", "anquanzhanghu", "moeny laundring", "jp")
"""Names, pinyin, initials and slips, beside whole sentences."""

# From the keystroke to the cards in the page: the search and the drawing of what it found.
SEARCHED = """
async (typed) => {
  const field = document.querySelector('input[type=search]');
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const type = (text) => new Promise((resolve, reject) => {
    const begin = performance.now();
    const watch = new MutationObserver(() => {
      watch.disconnect();
      resolve(performance.now() - begin);
    });
    const all = {childList: true, subtree: true, characterData: true};
    watch.observe(document.querySelector('main'), all);
    setTimeout(() => reject(new Error(`nothing changed for ${text}`)), 20_000);
    set.call(field, text);
    field.dispatchEvent(new Event('input', {bubbles: true}));
  });
  if (field.value !== '') await type('');
  await new Promise((done) => setTimeout(done, 50));
  return type(typed);
}
"""


def run() -> list[Figure]:
    """Opening the list, the first search, and the search from then on."""
    if not (ROOT / "static" / "dist" / "sw.js").is_file():
        raise Skip("the client is not built: make build")
    with installation() as made:
        person = _build(made)
        with serving(made), phone_context(made) as context:
            page = context.new_page()
            _fill(page, person)
            context.set_offline(True)
            slow = context.new_cdp_session(page)
            slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
            first = statistics.median(_first(page) for _run in range(RUNS))
            spent = [_search(page, typed) for typed in _queries()]
    return [
        Figure(f"search over {len(builtin()) + OWN} cards, median", statistics.median(spent), "ms"),
        Figure("95 of 100 searches within", percentile(spent, 95), "ms", SEARCH_MS),
        Figure("the first one, when nobody waited for the index", first, "ms"),
    ]


def _queries() -> list[str]:
    vectors = ROOT / "tests" / "vectors" / "first_sentences.json"
    said = [row["said"] for row in json.loads(vectors.read_text(encoding="utf-8"))]
    return [*said[::3], *TYPED]


def _build(made: Installation) -> Person:
    """A volunteer with a building, and a community that has noted twenty tricks of its own."""
    with made.app():
        with db.writing() as session:
            community = rows.add_community(session, "Playbook")
            boss = rows.add_member(session, community, "boss", "coordinator")
            person = rows.add_member(session, community, "walker", "volunteer")
            place = rows.add_building(session, community, "1", 6, 24)
            rows.assign(session, community, person.member_id, [place])
        desk = Phone(community, boss.member_id, 0, None)
        for n, card in enumerate(list(builtin().values()) * 2):
            if n < OWN:
                trick = new_trick(f"第{n}种{card.content.zh.title}")
                own = msgspec.structs.replace(
                    trick, zh=msgspec.structs.replace(card.content.zh, title=trick.zh.title)
                )
                published(desk, own)
        tell(f"  {OWN} own cards are published")
    return person


def _fill(page: Page, person: Person) -> None:
    page.goto("/app")
    page.locator("input[autocomplete=username]").fill(person.login)
    page.locator("input[autocomplete=current-password]").fill(person.password)
    page.locator("input[autocomplete=current-password]").press("Enter")
    expect(page.locator(".bldrow").first).to_be_visible(timeout=60_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.goto("/app/playbook")
    expect(page.locator(".pbrow").nth(OWN)).to_be_visible(timeout=60_000)


def _first(page: Page) -> float:
    """Somebody types at once: the index is built then."""
    page.goto("/app/playbook")
    page.locator(".pbrow").first.wait_for()
    return _search(page, "老师带你稳赚")


def _search(page: Page, typed: str) -> float:
    spent: float = page.evaluate(SEARCHED, typed)
    return spent
