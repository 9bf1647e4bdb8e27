"""W4: coverage of 200 buildings with 500 households each and 300,000 visits."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.bench import raw, rows
from tests.bench.measures import RUNS, Figure, Measured, SideBySide, milliseconds
from tests.bench.rows import Person, Place
from tests.bench.served import Client, Installation, Server, installation, serving
from tests.bench.walks import BARE
from webapp.core import clock, db

BUILDINGS, HOUSEHOLDS, VISITS = 200, 500, 300_000
REQUESTS, MILLISECONDS = 15, 20
REPORT = "/api/v1/coverage"
FLOORS = 25


@dataclass(frozen=True, slots=True)
class Town:
    """A community with a coordinator, and a walker who may record everywhere."""

    community: int
    coordinator: Person
    walker: Person
    places: list[Place]


def run() -> SideBySide:
    """Milliseconds of the counters, of GROUP BY behind Flask, and of GROUP BY alone."""
    with installation() as made:
        town = build(made)
        database = raw.connect(made.folder)
        put_households(database, town.places)
        with made.app():
            for visits in walks(town.places, VISITS):
                store(town, visits)
                put_visits(database, visits)
        with serving(made) as server:
            client = Client(made.port)
            client.sign_in(town.coordinator.login, town.coordinator.password)
            product, page = asked(server, client, REPORT), asked(server, client, "/coverage")
        with serving(made, BARE) as server:
            plain = asked(server, Client(made.port), REPORT, 3)
        alone = statistics.median(
            milliseconds(lambda: raw.coverage(database)) for _run in range(RUNS)
        )
        database.close()
    return SideBySide(
        [
            Figure(f"coverage with {VISITS:,} visits", product["ms"], "ms", aim=MILLISECONDS),
            Figure("the same as the overview page", page["ms"], "ms"),
            Figure("GROUP BY behind bare Flask", plain["ms"], "ms"),
            Figure("GROUP BY alone", alone, "ms"),
        ],
        {"qiaomen": product, "bare_flask": plain, "raw_sqlite": {"ms": alone}},
    )


def build(made: Installation) -> Town:
    """The town before anybody walks."""
    with made.app(), db.writing() as session:
        community = rows.add_community(session, "Coverage")
        return Town(
            community,
            rows.add_member(session, community, "desk", "coordinator"),
            rows.add_member(session, community, "walker", "coordinator"),
            [
                rows.add_building(session, community, str(n + 1), FLOORS, HOUSEHOLDS, units=5)
                for n in range(BUILDINGS)
            ],
        )


def walks(places: Sequence[Place], visits: int, skip: int = 0) -> Iterator[list[dict[str, Any]]]:
    """Rounds through the town, a building a shift, until so many visits are made.

    `skip`: so many were made before.
    """
    chance, done = Random(skip), skip
    while done < visits:
        place = places[done // HOUSEHOLDS % len(places)]
        start = clock.now() - clock.DAY - (done // HOUSEHOLDS) * clock.MINUTE
        found = rows.walk(place.doors[: visits - done], start, chance)
        done += len(found)
        yield found


def store(town: Town, visits: Sequence[dict[str, Any]]) -> None:
    """One shift, through the product's own push; needs the application's context."""
    with db.writing() as session:
        rows.store_visits(session, town.community, town.walker.member_id, visits)


def put_households(database: raw.Database, places: Sequence[Place]) -> None:
    """The same doors for SQLite alone."""
    pairs = [(door, place.id) for place in places for door in place.doors]
    with database:
        database.executemany("INSERT INTO household VALUES (?, ?)", pairs)


def put_visits(database: raw.Database, visits: Sequence[dict[str, Any]]) -> None:
    """The same visits for SQLite alone, in columns."""
    found = [(v["household"], clock.parse(v["at"]), v["outcome"], v.get("app")) for v in visits]
    database.execute("BEGIN")
    database.executemany("INSERT INTO visit VALUES (?, ?, ?, ?)", found)
    database.execute("COMMIT")


def asked(server: Server, client: Client, path: str, requests: int = REQUESTS) -> Measured:
    """The median time of some requests, after one that warms up."""
    client.get(path)
    used, begin = server.cpu(), time.perf_counter()
    spent = [milliseconds(lambda: client.get(path)) for _request in range(requests)]
    return {
        "ms": statistics.median(spent),
        "server_cpu_s": (server.cpu() - used) / requests,
        "wall_s": (time.perf_counter() - begin) / requests,
    }
