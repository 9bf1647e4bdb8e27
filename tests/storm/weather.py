"""When the server dies and when an older backup comes back: drawn before the storm begins."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from random import Random

from tests.storm.database import Database
from tests.storm.desk import Desk
from tests.storm.options import Options
from tests.storm.server import Server

KILL, BACKUP, RESTORE = "kill", "backup", "restore"
SLACK = 4
"""Turns that may begin while an event is due: phones meet a dead server, but the storm waits."""


@dataclass(order=True, frozen=True, slots=True)
class Event:
    """What happens when so many turns have begun."""

    turn: int
    what: str


def plan(options: Options, turns: int) -> list[Event]:
    """The events in order; every restore has a backup some time before it."""
    rng = Random(f"weather {options.seed}")
    last = max(2, turns * 9 // 10)
    events = [Event(rng.randrange(1, last), KILL) for _ in range(options.kills)]
    for n in range(options.restores):
        share = last // options.restores
        first = n * share + rng.randrange(share // 4, share // 2 + 1)
        events.append(Event(first, BACKUP))
        events.append(Event(first + rng.randrange(1, share // 3 + 2), RESTORE))
    return sorted(events)


@dataclass
class Weather:
    """Carries the plan out while the workers take their turns."""

    server: Server
    database: Database
    desks: list[Desk]
    events: list[Event]
    rng: Random
    restores: int = 0
    turn: int = 0
    done: int = 0
    failed: Exception | None = None
    _marks: list[int] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def over(self) -> bool:
        """Whether everything that was planned has happened."""
        return self.done == len(self.events)

    def begin_turn(self) -> bool:
        """Wait until the next turn may begin; false when the storm has failed."""
        with self._changed:
            while self.failed is None and self.turn > self._next() + SLACK:
                self._changed.wait(5)
            if self.failed is not None:
                return False
            self.turn += 1
            self._changed.notify_all()
            return True

    def run(self) -> None:
        """In a thread of its own: every event when its turn has come."""
        for event in self.events:
            with self._changed:
                while self.turn < event.turn:
                    self._changed.wait(5)
            try:
                self._happen(event)
            except Exception as error:  # told to the workers, raised at the end
                self.failed = error
            with self._changed:
                self.done += 1
                self._changed.notify_all()
            if self.failed:
                return

    def _next(self) -> int:
        return self.events[self.done].turn if self.done < len(self.events) else 1 << 60

    def _happen(self, event: Event) -> None:
        if event.what == KILL:
            time.sleep(self.rng.random() * 0.3)
            self.server.kill()
            time.sleep(self.rng.random() * 0.2)
            self.server.start()
        elif event.what == BACKUP:
            self._back_up()
        else:
            self._restore()

    def _back_up(self) -> None:
        """While the server works; the desks wait, so that it is known what it holds of theirs."""
        for desk in self.desks:
            desk.lock.acquire()
        try:
            self.server.flask("backup", "create", str(self._file))
            self._marks = [len(desk.journal) for desk in self.desks]
        finally:
            for desk in self.desks:
                desk.lock.release()

    def _restore(self) -> None:
        """With the server running, or after it died."""
        for desk in self.desks:
            desk.lock.acquire()
        try:
            dead = self.rng.random() < 0.5
            if dead:
                self.server.kill()
            self.database.close()
            self.server.flask("backup", "restore", str(self._file))
            if dead:
                self.server.start()
            self.restores += 1
            for desk, mark in zip(self.desks, self._marks, strict=True):
                desk.repeat(mark)
        finally:
            for desk in self.desks:
                desk.lock.release()

    @property
    def _file(self) -> str:
        return str(self.server.folder / "storm.backup")
