"""W1 and W4 with more and more visits stored: flat, or not."""

from __future__ import annotations

import os
from dataclasses import dataclass
from random import Random

from tests.bench import coverage, rows
from tests.bench.coverage import REPORT, Town
from tests.bench.loader import parcel, send_all
from tests.bench.measures import RUNS, Figure, Measured, SideBySide, median_by_name, tell
from tests.bench.served import Client, Installation, installation, serving
from tests.bench.walks import DEVICES, VISITS
from webapp.core import clock, db

STEPS = (10_000, 100_000, 1_000_000)
FLAT = 1.3


@dataclass(frozen=True, slots=True)
class _Step:
    stored: int
    handed_over: Measured
    coverage: Measured


def run() -> SideBySide:
    """Server CPU of W1 and time of W4 at each step, and the last against the first."""
    most = int(os.environ.get("BENCH_VISITS") or STEPS[-1])
    steps = _measured([*(n for n in STEPS if n < most), most])
    first, last = steps[0], steps[-1]
    figures = []
    for step in steps:
        stored = f"{step.stored:,} visits stored"
        cpu, spent = step.handed_over["server_cpu_s"], step.coverage["ms"]
        figures.append(Figure(f"W1, server CPU, {stored}", cpu, "s"))
        figures.append(Figure(f"W4, {stored}", spent, "ms"))
    cpu = last.handed_over["server_cpu_s"] / first.handed_over["server_cpu_s"]
    spent = last.coverage["ms"] / first.coverage["ms"]
    figures.append(Figure("W1, server CPU, last against first", cpu, "×", aim=FLAT))
    figures.append(Figure("W4, last against first", spent, "×", aim=FLAT))
    values = {f"W1_cpu_s_{step.stored}": step.handed_over["server_cpu_s"] for step in steps}
    values |= {f"W4_ms_{step.stored}": step.coverage["ms"] for step in steps}
    return SideBySide(figures, {"qiaomen": values})


def _measured(sizes: list[int]) -> list[_Step]:
    with installation() as made:
        town = coverage.build(made)
        people = _add_walkers(made, town)
        stored, steps = 0, []
        for size in sizes:
            with made.app():
                for visits in coverage.walks(town.places, size, stored):
                    coverage.store(town, visits)
            tell(f"  {size:,} visits stored")
            steps.append(_step(made, town, people, size))
            stored = size
    return steps


def _add_walkers(made: Installation, town: Town) -> list[tuple[rows.Person, tuple[str, ...]]]:
    """Each walks some floors of four buildings: doors that the shifts before have visited, too."""
    with made.app(), db.writing() as session:
        people = []
        for index in range(DEVICES):
            person = rows.add_member(session, town.community, f"walker{index}", "volunteer")
            places = town.places[index * 4 : index * 4 + 4]
            rows.assign(session, town.community, person.member_id, places)
            part = VISITS // len(places)
            own = tuple(door for place in places for door in place.doors[:part])
            people.append((person, own))
    return people


def _step(
    made: Installation, town: Town, people: list[tuple[rows.Person, tuple[str, ...]]], size: int
) -> _Step:
    with serving(made) as server:
        phones = [(Client(made.port), own) for _person, own in people]
        for (phone, _own), (person, _) in zip(phones, people, strict=True):
            phone.sign_in(person.login, person.password, device=f"bench {size}")
        runs = []
        for run_ in range(RUNS):
            start = clock.now() - (6 - run_) * clock.HOUR
            parcels = [
                parcel(phone, rows.walk(own, start, Random(size + n)))
                for n, (phone, own) in enumerate(phones)
            ]
            runs.append(send_all(server, parcels, status="accepted"))
        desk = Client(made.port)
        desk.sign_in(town.coordinator.login, town.coordinator.password)
        found = coverage.asked(server, desk, REPORT)
    return _Step(size, median_by_name(runs), found)
