"""One storm from its first turn to its last line."""

from __future__ import annotations

import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar

from tests.storm import times, weather, world
from tests.storm.alerting import Leases
from tests.storm.check import (
    Findings,
    check_community,
    check_phone,
    check_real,
    check_verify,
)
from tests.storm.database import Database
from tests.storm.desk import Desk
from tests.storm.fleet import Handset, handsets
from tests.storm.ledger import STUCK, Ledger
from tests.storm.options import WORKERS, Options
from tests.storm.oracle import Expected
from tests.storm.phone import Phone
from tests.storm.real import Driver, RealHandset, real_handsets
from tests.storm.rights import unjust
from tests.storm.server import Server, installed
from tests.storm.weather import Weather
from tests.storm.wire import Line
from tests.storm.world import Member, World

T = TypeVar("T")
ROUNDS = 6
DESK = 0.2
ERRORS = 20


@dataclass
class Storm:
    """Everything that takes part."""

    options: Options
    server: Server
    world: World
    ledger: Ledger = field(default_factory=Ledger)
    fleet: list[Handset] = field(default_factory=list)
    desks: list[Desk] = field(default_factory=list)
    real: list[RealHandset] = field(default_factory=list)
    expected: dict[int, Expected] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        seed = self.options.seed
        self.database = Database(self.server.database_url)
        mass = self.options.devices - self.options.real
        self.fleet = handsets(self.world, self.ledger, self.server.port, mass)
        for number, place in enumerate(self.world.communities):
            line = Line(self.server.port, f"10.8.0.{number + 1}")
            self.desks.append(Desk(place, line, self.database, Random(f"desk {seed} {number}")))
        by_place = {desk.place.id: desk for desk in self.desks}
        for handset in self.fleet:
            handset.desk = by_place[handset.place.id]
            if len(handset.hands) == 1 and handset.rng.random() < 0.2:
                by_place[handset.place.id].revocable.append(handset.hand.phone.device)

    def run(self) -> Findings:
        """The storm itself, the calm after it, and the checks."""
        self.server.start()
        for desk in self.desks:
            desk.sign_in()
            desk.begin()
        if self.options.real:
            self.driver = Driver(self.server.folder)
            self.real = real_handsets(
                self.driver, self.world, self.ledger, self.server.port, self.options.real
            )
            self._each(self.real, RealHandset.open)
        turns = max(10, self.options.operations // self.options.turn_size)
        events = weather.plan(self.options, turns)
        rng = Random(f"weather at work {self.options.seed}")
        self.weather = Weather(self.server, self.database, self.desks, events, rng)
        thread = threading.Thread(target=self.weather.run, daemon=True)
        thread.start()
        started = time.monotonic()
        self._each(range(WORKERS), self._work)
        thread.join()
        if self.weather.failed:
            raise self.weather.failed
        tell(f"{len(self.ledger)} operations in {time.monotonic() - started:.0f} s; now the calm")
        self._calm_down()
        return self._check()

    def _work(self, worker: int) -> None:
        """Turn after turn, until all was recorded and all of the weather has passed."""
        rng = Random(f"worker {self.options.seed} {worker}")
        everybody: list[Handset | RealHandset] = [*self.fleet, *self.real]
        mine = everybody[worker::WORKERS]
        while mine and (len(self.ledger) < self.options.operations or not self.weather.over):
            if not self.weather.begin_turn():
                return
            try:
                rng.choice(mine).turn(self.options.turn_size)
                if rng.random() < DESK:
                    rng.choice(self.desks).something()
            except Exception:  # told at the end: one phone must not stop the storm
                self.errors.append(traceback.format_exc())
                if len(self.errors) > ERRORS:
                    return

    def _calm_down(self) -> None:
        """All phones send what they have, the desks let in what is held, until nothing changes."""
        stuck = {o.digest for o in self.ledger.all if o.fate == STUCK}
        self._finish()
        self.unjust = [
            line
            for desk in self.desks
            for line in unjust(
                list(self.ledger.of(desk.place.id)),
                self.database.stored(desk.place.id),
                desk,
                Leases(self.database, desk.place.id),
            )
        ]
        for _ in range(ROUNDS):
            self._finish()
            self._each(self.desks, Desk.catch_up)
            released = sum(self._each(self.desks, lambda desk: desk.release_all(stuck=stuck)))
            again = sum(len(desk.later) for desk in self.desks)
            if not released and not again:
                break
        self._finish()

    def _finish(self) -> None:
        self._each([*self.fleet, *self.real], lambda handset: handset.finish())

    def _check(self) -> Findings:
        done = Counter(action.what for desk in self.desks for action in desk.journal)
        tell(f"the desks: {dict(done)}, {sum(desk.files for desk in self.desks)} backup files")
        findings = Findings(counter_differences=self.unjust)
        check_verify(findings, self.server)
        self._each(self.desks, lambda desk: self._check_place(findings, desk))
        self._each(self.fleet, lambda handset: self._check_handset(findings, handset))
        self._each(self.real, lambda handset: self._check_real(findings, handset))
        log = self.server.log()
        if "Traceback" in log:
            tell(f"server: {log[log.index('Traceback') - 200 :][:4_000]}")
        return findings

    def _check_place(self, findings: Findings, desk: Desk) -> None:
        inspector = self._fresh(desk.place.inspector)
        self.expected[desk.place.id] = check_community(
            findings, desk.place, self.ledger, self.database, desk, inspector.disk.rows
        )

    def _check_handset(self, findings: Findings, handset: Handset) -> None:
        for phone in handset.phones():
            if phone.line is handset.line and phone is not handset.hand.phone:
                handset._leave([hand.phone for hand in handset.hands].index(phone))
                phone.sync()
            fresh = None if phone.revoked else self._fresh(phone.member)
            check_phone(findings, phone, fresh, self.database)

    def _check_real(self, findings: Findings, handset: RealHandset) -> None:
        expected = self.expected[handset.place.id]
        check_real(findings, handset, handset.dump(), handset.fresh(), expected, self.database)

    def _fresh(self, member: Member) -> Phone:
        """A new phone that has just downloaded everything."""
        rng = Random(f"fresh {member.id}")
        line = Line(self.server.port, f"10.7.{rng.randrange(250)}.{rng.randrange(250)}")
        phone = Phone(line, member, times.uuid7(times.now(), Random()), rng)
        phone.sign_in()
        phone.sync()
        line.hang_up()
        return phone

    def close(self) -> None:
        """Let go of everything."""
        self.database.close()
        if self.real:
            self.driver.close()

    def _each(self, items: Sequence[Any], work: Callable[[Any], T]) -> list[T]:
        with ThreadPoolExecutor(WORKERS) as pool:
            return list(pool.map(work, items))


def storm(options: Options) -> tuple[dict[str, Any], Findings, list[str]]:
    """Let it break loose; the last line's object, what was found, and what went wrong besides."""
    with installed(options.engine, options.port, keep=options.keep) as server:
        made = Storm(options, server, world.build(server, options))
        findings = made.run()
        made.close()
        summary = {
            "seed": options.seed,
            "engine": options.engine,
            "operations": len(made.ledger),
            "kills": server.kills,
            "restores": made.weather.restores,
            **findings.numbers(),
        }
        return summary, findings, made.errors


def tell(line: str) -> None:
    """To people, beside the last line for programs."""
    sys.stderr.write(f"{line}\n")
