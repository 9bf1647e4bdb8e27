"""Phones that run the real field app: its TypeScript on an IndexedDB in Node (see `client/`)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from tests.storm import times
from tests.storm.hand import APPS, FLAGS, NEW_FLOOR, NOTES, OUTCOMES, REASONS
from tests.storm.ledger import Ledger, Recorded
from tests.storm.phone import ServerError
from tests.storm.world import PASSWORD, Community, Member, World

CLIENT = Path(__file__).parent / "client"
ROOT = Path(__file__).parents[2]
ANSWER_SECONDS = 300
TRIES = 60
JUMP = 3 * times.DAY
CALM = {"lose": 0, "never": 0, "cut": 0, "seed": 1}


class Driver:
    """The Node process; requests may overlap, each phone has one at a time."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node") or str(Path(sys.executable).parent / "node")
        subprocess.run([node, CLIENT / "build.mjs", folder], cwd=ROOT, check=True)
        self._log = (folder / "client.log").open("wb")
        self._process = subprocess.Popen(
            [node, folder / "driver.mjs", folder / "app.js"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env={"TZ": "Asia/Shanghai", "PATH": "/usr/bin:/bin"},
            text=True,
        )
        self._lock = threading.Lock()
        self._waiting: dict[int, Future[dict[str, Any]]] = {}
        self._count = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def ask(self, phone: str, what: str, **more: Any) -> dict[str, Any]:
        """Have something done on a phone. ServerError when the app itself failed."""
        future: Future[dict[str, Any]] = Future()
        with self._lock:
            self._count += 1
            self._waiting[self._count] = future
            request = {"n": self._count, "phone": phone, "what": what, **more}
            assert self._process.stdin is not None
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        answer = future.result(ANSWER_SECONDS)
        if "failed" in answer:
            raise ServerError(f"{what}: {answer['failed']}")
        return answer

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._log):
            if pipe is not None:
                pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line)
            self._waiting.pop(answer["n"]).set_result(answer)


@dataclass
class RealHandset:
    """One of them, with one member on it."""

    driver: Driver
    name: str
    place: Community
    member: Member
    port: int
    rng: Random
    ledger: Ledger
    device: str = ""
    known: dict[str, Recorded] = field(default_factory=dict)

    def open(self) -> None:
        """Start the app and sign in; before the storm or after it."""
        answer = self.driver.ask(
            self.name,
            "open",
            port=self.port,
            address=f"10.6.0.{self.rng.randrange(1, 250)}",
            login=self.member.login,
            password=PASSWORD,
            community=self.member.community,
        )
        if answer["result"] != "done":
            raise ServerError(f"{self.name}: {answer}")
        self.device = answer["device"]

    def turn(self, size: int) -> int:
        """Somebody walks, the clock is set, the app is killed, it syncs or does not."""
        rng = self.rng
        if rng.random() < 0.06:
            offset = rng.choice((0, 0, rng.randrange(-JUMP, JUMP)))
            self.driver.ask(self.name, "clock", offset=offset)
        deeds = [self._deed() for _ in range(rng.randrange(1, 2 * size))]
        answer = self.driver.ask(self.name, "record", deeds=deeds, kill=self._kill(12 * size))
        count = self._write_down(answer["operations"])
        if rng.random() < 0.8:
            faults = {"lose": 0.08, "never": 0.05, "cut": 0.06, "seed": rng.randrange(1 << 30)}
            self._sync(faults, self._kill(40))
        return count

    def finish(self) -> None:
        """Calm weather: until everything is sent and the receipt agrees."""
        self.driver.ask(self.name, "clock", offset=0)
        for _ in range(TRIES):
            answer = self._sync(CALM, None)
            if answer["error"] is None and answer["unsent"] == 0:
                return
        raise ServerError(f"{self.name} never comes to an end: {answer}")

    def dump(self) -> dict[str, Any]:
        """Everything that it has."""
        return self.driver.ask(self.name, "dump")

    def fresh(self) -> dict[str, Any]:
        """What another phone of the same member has that was never seen before."""
        other = RealHandset(
            self.driver, f"{self.name} anew", self.place, self.member, self.port, self.rng,
            self.ledger,
        )  # fmt: skip
        other.open()
        other.finish()
        return other.dump()

    def _kill(self, most: int) -> int | None:
        return self.rng.randrange(most) if self.rng.random() < 0.25 else None

    def _sync(self, faults: dict[str, Any], kill: int | None) -> dict[str, Any]:
        answer = self.driver.ask(self.name, "sync", faults=faults, kill=kill)
        for window in answer["windows"]:
            for operation_id in window["ids"]:
                pushed = self.known.get(operation_id)
                if pushed is not None:
                    end = window["end"] or times.now() + times.MINUTE
                    pushed.pushes.append((window["start"], end))
        return answer

    def _write_down(self, operations: list[dict[str, Any]]) -> int:
        fresh = [own for own in operations if own["id"] not in self.known]
        for own in fresh:
            made = recorded(self.place.id, self.member.id, self.device, own)
            self.known[made.id] = made
            self.ledger.add(made)
            if made.type == "household_add":
                self.place.added.append((made.fields["building"], made.fields["household"]))
        return len(fresh)

    def _deed(self) -> dict[str, Any]:
        rng = self.rng
        roll, at = rng.random(), [rng.random(), rng.random()]
        if roll < 0.76:
            return {"kind": "visit", "at": at, "draft": self._draft()}
        if roll < 0.78:
            return {"kind": "floor", "at": at}
        if roll < 0.85:
            return {"kind": "void", "at": at, "reason": rng.choice(REASONS)}
        if roll < 0.90:
            return {"kind": "correct", "at": at, "draft": self._draft()}
        if roll < 0.95:
            door = {
                "unit": "1",
                "floor": rng.choice((None, 3)),
                "room": f"{NEW_FLOOR}{rng.randrange(40):02d}",
            }
            return {"kind": "add", "at": at, "door": door}
        wish = rng.choice(({}, {"no_visits_until": "2027-02-11"}, {"outcome_only": True}))
        return {"kind": "wish", "at": at, "wish": wish}

    def _draft(self) -> dict[str, Any]:
        rng = self.rng
        outcome = rng.choice(OUTCOMES)
        draft: dict[str, Any] = {"outcome": outcome, "leaflets": rng.randrange(3)}
        if outcome in ("informed", "refused", "come_back") and rng.random() < 0.5:
            draft["app"] = rng.choice(APPS)
        if rng.random() < 0.15:
            draft |= {"flags": rng.sample(FLAGS, rng.randrange(3)), "agreed": True}
        if outcome != "vacant" and rng.random() < 0.15:
            draft["followUpOn"] = f"2026-12-{rng.randrange(1, 29):02d}"
        if rng.random() < 0.2:
            draft["note"] = rng.choice(NOTES)
        return draft


def recorded(community: int, member: str, device: str, own: dict[str, Any]) -> Recorded:
    """What the app keeps of an own operation, for the ledger."""
    fields = json.loads(own["text"])
    head = {name: fields.pop(name) for name in ("type", "id", "at", "skew_ms")}
    return Recorded(
        community=community,
        id=head["id"],
        raw=own["text"].encode(),
        type=head["type"],
        fields=fields,
        member=member,
        device=device,
        moment=times.parse(head["at"]) + head["skew_ms"],
        building=own["building"],
    )


def real_handsets(
    driver: Driver, world: World, ledger: Ledger, port: int, count: int
) -> list[RealHandset]:
    """Volunteers from the end of each community's list, whom no simulated phone has first."""
    made = []
    for number in range(count):
        place = world.communities[number % len(world.communities)]
        member = place.volunteers[number // len(world.communities)]
        rng = Random(f"real {world.options.seed} {number}")
        made.append(RealHandset(driver, f"real {number}", place, member, port, rng, ledger))
    return made
