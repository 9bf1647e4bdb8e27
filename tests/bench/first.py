"""W2: a phone's first start with 5,000 doors, 60 % of them visited."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from random import Random
from typing import Any

import orjson

from tests.bench import raw, rows
from tests.bench.loader import unpacked
from tests.bench.measures import RUNS, Figure, Measured, SideBySide, median_by_name
from tests.bench.rows import Person, Place
from tests.bench.served import Client, Installation, Server, installation, serving
from tests.bench.walks import BARE
from webapp.core import clock, db

DOORS, BUILDINGS, VISITED = 5_000, 50, 0.6
PULL = "/api/v1/sync/pull"
BYTES_A_DOOR, BYTES_A_VISIT, SECONDS = 20, 30, 0.2


@dataclass(frozen=True, slots=True)
class _Town:
    community: int
    person: Person
    without: Person
    """Nobody has given them a building yet."""
    places: list[Place]


def run() -> SideBySide:
    """Bytes a door and a visit on the wire, and how long it takes to the last page."""
    with installation() as made:
        town = _build(made)
        with serving(made) as server:
            nobody = Client(made.port)
            nobody.sign_in(town.without.login, town.without.password, device="bench")
            without, _ = _first_start(server, nobody)
            client = Client(made.port)
            client.sign_in(town.person.login, town.person.password, device="bench")
            bare_doors, _ = _first_start(server, client)
            visits = _visit(made, town)
            runs = [_first_start(server, client) for _run in range(RUNS)]
        product = median_by_name(measured for measured, _ in runs)
        plain, alone = _others(made, runs[0][1])
    door = (bare_doors["bytes_down"] - without["bytes_down"]) / DOORS
    visit = (product["bytes_down"] - bare_doors["bytes_down"]) / visits
    product |= {"bytes_a_door": door, "bytes_a_visit": visit}
    product |= {"bytes_without_doors": without["bytes_down"]}
    return SideBySide(
        [
            Figure("compressed bytes a door", door, "B", aim=BYTES_A_DOOR),
            Figure("compressed bytes a visit", visit, "B", aim=BYTES_A_VISIT),
            Figure("playbook, team and settings", without["bytes_down"], "B"),
            Figure(f"first start, {DOORS:,} doors, {visits:,} visits", product["bytes_down"], "B"),
            Figure("until the last page has come", product["wall_s"], "s", aim=SECONDS),
            Figure("server CPU for it", product["server_cpu_s"], "s"),
        ],
        {"qiaomen": product, "bare_flask": plain, "raw_sqlite": alone},
    )


def _build(made: Installation) -> _Town:
    with made.app(), db.writing() as session:
        community = rows.add_community(session, "First")
        person = rows.add_member(session, community, "phone", "volunteer")
        without = rows.add_member(session, community, "new", "volunteer")
        places = [
            rows.add_building(session, community, str(n + 1), 25, DOORS // BUILDINGS)
            for n in range(BUILDINGS)
        ]
        rows.assign(session, community, person.member_id, places)
    return _Town(community, person, without, places)


def _visit(made: Installation, town: _Town) -> int:
    """Several members have walked, a building a day."""
    chance, count = Random(2), 0
    with made.app(), db.writing() as session:
        walkers = [
            rows.add_member(session, town.community, f"other{n}", "coordinator") for n in range(5)
        ]
        for index, place in enumerate(town.places):
            start = clock.now() - (index + 1) * 12 * clock.HOUR
            doors = [door for door in place.doors if chance.random() < VISITED]
            count += len(doors)
            walker = walkers[index % len(walkers)].member_id
            visits = rows.walk(doors, start, chance)
            rows.store_visits(session, town.community, walker, visits)
    return count


def _first_start(server: Server, client: Client) -> tuple[Measured, list[bytes]]:
    """Pull from nothing to the last page; returns the rows, too."""
    cursors: dict[str, str] = {}
    pages: list[bytes] = []
    used, begin = server.cpu(), time.perf_counter()
    more = True
    while more:
        pages.append(client.ask_packed(PULL, {"cursors": cursors}))
        page: dict[str, Any] = orjson.loads(unpacked(pages[-1]))
        cursors |= {bucket: new["cursor"] for bucket, new in page["changes"].items()}
        more = page["more"]
    measured = {
        "wall_s": time.perf_counter() - begin,
        "server_cpu_s": server.cpu() - used,
        "bytes_down": float(sum(map(len, pages))),
        "pages": float(len(pages)),
    }
    changes = [change for p in pages for change in orjson.loads(unpacked(p))["changes"].values()]
    return measured, [orjson.dumps(row) for change in changes for row in change["rows"]]


def _others(made: Installation, found: list[bytes]) -> tuple[Measured, Measured]:
    """The same rows, ready as text, from the bare endpoint and from SQLite alone."""
    database = raw.connect(made.folder)
    raw.put_doors(database, found)
    with serving(made, BARE) as server:
        client = Client(made.port)
        plain = [_asked(server, client) for _run in range(RUNS)]
    alone = [_read(database) for _run in range(RUNS)]
    database.close()
    return median_by_name(plain), median_by_name(alone)


def _asked(server: Server, client: Client) -> Measured:
    used, begin = server.cpu(), time.perf_counter()
    answer = client.ask_packed(PULL, {})
    json.loads(unpacked(answer))
    return {
        "wall_s": time.perf_counter() - begin,
        "server_cpu_s": server.cpu() - used,
        "bytes_down": float(len(answer)),
    }


def _read(database: raw.Database) -> Measured:
    used, begin = time.process_time(), time.perf_counter()
    found = raw.read_doors(database)
    return {
        "wall_s": time.perf_counter() - begin,
        "server_cpu_s": time.process_time() - used,
        "bytes_down": float(sum(map(len, found))),
    }
