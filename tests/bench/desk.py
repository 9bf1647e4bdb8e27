"""The desk at its heaviest: a city's monthly report, a large file, a split of sixty buildings."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from tests.bench import rows
from tests.bench.measures import RUNS, Figure
from tests.bench.served import Client, installation, serving
from webapp.core import clock, db, tables
from webapp.coverage.models import COUNTS, BuildingDay
from webapp.coverage.turf.split import cut
from webapp.coverage.turf.walking import route

BUILDINGS, HOUSEHOLDS, DAYS = 6_387, 600_000, 30
ROWS, WALK = 100_000, 60
SECONDS, MEGABYTES = 2, 64


def run() -> list[Figure]:
    """A city whose every building changed on every day of the month."""
    with installation() as made:
        with made.app(), db.writing() as session:
            community = rows.add_community(session, "City")
            rows.add_town(session, community, BUILDINGS, HOUSEHOLDS)
            who = rows.add_member(session, community, "boss", "coordinator")
            _every_day(session, community)
        with serving(made):
            client = Client(made.port)
            client.sign_in(who.login, who.password)
            month = "group=building&kind=month"
            page = _median(lambda: client.get(f"/reports?{month}"))
            file = _median(lambda: client.get(f"/reports/file.xlsx?{month}"))
    chance = Random(1)
    points = [(29.97 + chance.random() / 100, 106.27 + chance.random() / 100) for _ in range(WALK)]
    way = _median(lambda: cut([30.0] * WALK, 6) if route(points) else None)
    seconds, peak = _large_file()
    return [
        Figure(f"monthly report of {HOUSEHOLDS:,} doors, page", page, "s", SECONDS),
        Figure("the same as XLSX, a line for each building", file, "s"),
        Figure(f"way and split of {WALK} buildings", way, "s", SECONDS),
        Figure(f"XLSX of {ROWS:,} rows", seconds, "s"),
        Figure("memory for it beyond the file itself", peak, "MB", MEGABYTES),
    ]


def _every_day(session: Any, community_id: int) -> None:
    today = clock.day_of(clock.now(), rows.TIMEZONE)
    known = session.query(BuildingDay).filter_by(community_id=community_id, day=today).all()
    counts = [{name: getattr(one, name) for name in ("building_id", *COUNTS)} for one in known]
    have = {today - timedelta(days=ago) for ago in (0, 7, 14)}
    for ago in range(DAYS):
        day = today - timedelta(days=ago)
        if day not in have:
            tenant = {"community_id": community_id, "day": day}
            session.execute(insert(BuildingDay), [tenant | one for one in counts])


def _median(work: Any) -> float:
    spent = []
    for _run in range(RUNS):
        begin = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent)


def _large_file() -> tuple[float, float]:
    """Seconds, and the peak in MB over what the finished file takes."""
    begin = time.perf_counter()
    size = len(tables.as_xlsx("bench", _lines()))
    seconds = time.perf_counter() - begin
    tracemalloc.start()
    tables.as_xlsx("bench", _lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return seconds, max(0.0, (peak - size) / 1e6)


def _lines() -> Iterator[list[str | int]]:
    yield ["name", *range(12)]
    for n in range(1, ROWS):
        yield [f"Building {n}", *range(12)]
