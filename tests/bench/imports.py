"""Import of a real city's list of buildings, while a phone goes on pushing."""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench import rows
from tests.bench.measures import Figure, Skip, percentile
from tests.bench.rows import Person
from tests.bench.served import BIN, ROOT, Client, Installation, installation, serving
from webapp.core import clock, db

FILE = "hdb_property_info_A.csv"
MINUTES, GIGABYTE, ANSWERED_MS = 5, 1_000, 1_000
EVERY = 0.25
"""Seconds between two pushes of the phone."""


@dataclass(frozen=True, slots=True)
class _Town:
    community: int
    person: Person
    doors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    answer: dict[str, Any]
    seconds: float
    megabytes: float


def run() -> list[Figure]:
    """Seconds and memory of the import, the pushes' waits, and of importing the same again."""
    file = _file()
    with installation() as made:
        town = _build(made)
        with serving(made):
            client = Client(made.port)
            client.sign_in(town.person.login, town.person.password, device="bench")
            pusher = _Pusher(client, town.doors)
            pusher.start()
            first = _import(made, town.community, file)
            pusher.stop()
            again = _import(made, town.community, file)
    doors = first.answer["households"]["created"]
    return [
        Figure(f"import of {doors:,} doors", first.seconds, "s", MINUTES * 60),
        Figure("peak memory of the import", first.megabytes, "MB", GIGABYTE),
        Figure("longest wait of a push meanwhile", max(pusher.waits), "ms", ANSWERED_MS),
        Figure("wait of 95 % of pushes meanwhile", percentile(pusher.waits, 95), "ms"),
        Figure("pushes meanwhile", len(pusher.waits)),
        Figure("the same file again", again.seconds, "s"),
        Figure("buildings changed by that", _changed(again), "", 0),
    ]


def _file() -> Path:
    folder = Path(os.environ.get("QIAOMEN_DATA") or ROOT.parent / "shared" / "data")
    if not (folder / FILE).is_file():
        raise Skip(f"no {FILE} in {folder}: set QIAOMEN_DATA")
    return folder / FILE


def _build(made: Installation) -> _Town:
    with made.app(), db.writing() as session:
        community = rows.add_community(session, "Import")
        person = rows.add_member(session, community, "phone", "volunteer")
        place = rows.add_building(session, community, "0", 25, 200)
        rows.assign(session, community, person.member_id, [place])
    return _Town(community, person, place.doors)


def _import(made: Installation, community: int, file: Path) -> _Done:
    """The command in a process of its own, whose memory the system counts."""
    command = [str(BIN / "flask"), "--app", "wsgi", "import", "buildings", str(file),
               "--community", str(community), "--generate-households", "--json"]  # fmt: skip
    output = made.folder / "import.json"
    begin = time.perf_counter()
    with output.open("wb") as out, (made.folder / "import.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=made.environment, stdout=out, stderr=log)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    spent = time.perf_counter() - begin
    if process.returncode != 0:
        raise RuntimeError((made.folder / "import.log").read_text()[-2_000:])
    return _Done(json.loads(output.read_text()), spent, usage.ru_maxrss / 1_000)


def _changed(done: _Done) -> int:
    return sum(int(done.answer["buildings"][name]) for name in ("created", "updated"))


class _Pusher:
    """A phone that records a visit every now and then, until it is told to stop."""

    def __init__(self, client: Client, doors: tuple[str, ...]) -> None:
        self.waits: list[float] = []
        self._client = client
        self._doors = doors
        self._stopping = threading.Event()
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._run)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and raise what went wrong on the way."""
        self._stopping.set()
        self._thread.join()
        if self._problem:
            raise self._problem

    def _run(self) -> None:
        try:
            while not self._stopping.wait(EVERY):
                begin = time.perf_counter()
                self._push()
                self.waits.append((time.perf_counter() - begin) * 1_000)
        except Exception as problem:
            self._problem = problem

    def _push(self) -> None:
        door = self._doors[len(self.waits) % len(self._doors)]
        visit = rows.visit(door, "informed", clock.now())
        answer = json.loads(self._client.post("/api/v1/sync/push", {"operations": [visit]}))
        if answer["results"][0]["status"] != "accepted":
            raise RuntimeError(answer)
