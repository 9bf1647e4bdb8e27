"""W1 and W3: fifty phones hand over their day at once, and send everything again."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cache
from random import Random

from tests.bench import raw, rows
from tests.bench.loader import Parcel, parcel, send_all
from tests.bench.measures import RUNS, Figure, Measured, SideBySide, median_by_name
from tests.bench.rows import Person
from tests.bench.served import Client, Installation, installation, serving
from webapp.core import clock, db

DEVICES, VISITS, BUILDINGS = 50, 200, 4
SLOWER, CPU, LOADER = 2.0, 0.7, 1.5
BARE = "tests.bench.bare:app"
Both = dict[str, tuple[Measured, Measured]]
"""By variant: handing over, and sending again."""


def hand_over() -> SideBySide:
    """W1: every device sends its visits, all at the same time."""
    found = _measured()
    job = {variant: both[0] for variant, both in found.items()}
    product, bare = job["qiaomen"], job["bare_flask"]
    headroom = job.pop("loader")["ops_per_s"] / bare["ops_per_s"]
    return SideBySide(
        [
            Figure("visits a second", product["ops_per_s"], "1/s"),
            Figure("times slower than bare Flask", _ratio(bare, product), "×", aim=SLOWER),
            Figure("server CPU for all visits", product["server_cpu_s"], "s", aim=CPU),
            Figure("server CPU, bare Flask", bare["server_cpu_s"], "s"),
            Figure("bare Flask against the loader alone", 1 / headroom, "×", aim=1 / LOADER),
        ],
        job,
    )


def send_again() -> SideBySide:
    """W3: every device sends all of it a second time."""
    found = _measured()
    job = {variant: both[1] for variant, both in found.items() if variant != "loader"}
    again, first = job["qiaomen"], found["qiaomen"][0]
    return SideBySide(
        [
            Figure("repeats a second", again["ops_per_s"], "1/s"),
            Figure("time against the first sending", _ratio(first, again), "×", aim=1.0),
            Figure("server CPU for all repeats", again["server_cpu_s"], "s"),
        ],
        job,
    )


def _ratio(one: Measured, other: Measured) -> float:
    return one["ops_per_s"] / other["ops_per_s"]


@cache
def _measured() -> Both:
    """Both jobs need the same town, and the second needs the first."""
    with installation() as made:
        people = build(made)
        with serving(made) as server:
            phones = [Client(made.port) for _person in people]
            for phone, (person, _doors) in zip(phones, people, strict=True):
                phone.sign_in(person.login, person.password, device="bench")
            batches = [_parcels(phones, [own[n] for _, own in people]) for n in range(RUNS)]
            product = [
                (send_all(server, b, status="accepted"), send_all(server, b, status="duplicate"))
                for b in batches
            ]
        with serving(made, BARE) as server:
            bare = [_bare(made, parcels) for parcels in batches]
            loader = [send_all(server, p, path="/nothing") for p in bare]
            plain = [(send_all(server, p), send_all(server, p)) for p in bare]
        alone = [_alone(made, people, n) for n in range(RUNS)]
    return {
        "qiaomen": _medians(product),
        "bare_flask": _medians(plain),
        "raw_sqlite": _medians(alone),
        "loader": (median_by_name(loader), {}),
    }


def _medians(runs: Sequence[tuple[Measured, Measured]]) -> tuple[Measured, Measured]:
    return median_by_name(run[0] for run in runs), median_by_name(run[1] for run in runs)


def build(made: Installation) -> list[tuple[Person, list[list[str]]]]:
    """Who walks, and for each run the doors: nobody has been there before."""
    with made.app(), db.writing() as session:
        community = rows.add_community(session, "Walks")
        found = []
        for index in range(DEVICES):
            person = rows.add_member(session, community, f"walker{index}", "volunteer")
            places = [
                rows.add_building(session, community, f"{index}-{n}", 25, VISITS // BUILDINGS)
                for n in range(RUNS * BUILDINGS)
            ]
            rows.assign(session, community, person.member_id, places)
            doors = [door for place in places for door in place.doors]
            found.append((person, [doors[n * VISITS : (n + 1) * VISITS] for n in range(RUNS)]))
    return found


def _parcels(phones: Sequence[Client], doors: Sequence[Sequence[str]]) -> list[Parcel]:
    start = clock.now() - 6 * clock.HOUR
    return [
        parcel(phone, rows.walk(own, start, Random(index)))
        for index, (phone, own) in enumerate(zip(phones, doors, strict=True))
    ]


def _bare(made: Installation, parcels: Sequence[Parcel]) -> list[Parcel]:
    """The same bodies on connections to the other server."""
    return [Parcel(Client(made.port), p.body, p.operations) for p in parcels]


def _alone(
    made: Installation, people: Sequence[tuple[Person, list[list[str]]]], run: int
) -> tuple[Measured, Measured]:
    """One process, one synced transaction a device, of rows that are ready."""
    start = clock.now() - 6 * clock.HOUR
    batches = [
        raw.rows_of(rows.walk(own[run], start, Random(index)))
        for index, (_, own) in enumerate(people)
    ]
    database = raw.connect(made.folder)
    try:
        return _stored(database, batches), _stored(database, batches)
    finally:
        database.close()


def _stored(database: raw.Database, batches: Sequence[Sequence[raw.Row]]) -> Measured:
    used, begin = time.process_time(), time.perf_counter()
    for batch in batches:
        raw.store(database, batch)
    spent = time.perf_counter() - begin
    operations = sum(len(batch) for batch in batches)
    return {
        "ops_per_s": operations / spent,
        "server_cpu_s": time.process_time() - used,
        "wall_s": spent,
    }
