"""The coordinators: what they do on their pages, when, and what a restore undid of it."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlencode

from tests.storm import rescue, times
from tests.storm.database import Database
from tests.storm.ledger import Window
from tests.storm.merging import Estate, estate
from tests.storm.wire import Answer, Line, LostError
from tests.storm.world import BUILDINGS, PASSWORD, Community

RETRIES, PAUSE = 600, 0.1
REASON = "storm"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
UPLOAD = f"multipart/form-data; boundary={rescue.BOUNDARY}"
EARLY_ALERTS, MOST_ALERTS = 3, 40
MERGING = ("merge", "unmerge", "join", "part")


@dataclass(frozen=True, slots=True)
class Action:
    """One decision. `what` and `args` say which; the server's time lies in `window`."""

    what: str
    args: tuple[str, ...]
    window: Window


@dataclass
class Desk:
    """One community's coordinator at a browser; `journal` is what holds, in the server's order."""

    place: Community
    line: Line
    database: Database
    rng: Random
    journal: list[Action] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    revocable: list[str] = field(default_factory=list)
    warned: list[str] = field(default_factory=list)
    """Its own references of the alerts that it entered."""
    later: list[Action] = field(default_factory=list)
    files: int = 0
    """How many backup files of phones it took in."""

    _cookies: dict[str, str] = field(default_factory=dict)
    _csrf: str = ""
    _tries: list[Window] = field(default_factory=list)

    def sign_in(self) -> None:
        """On a page: without a device."""
        body = json.dumps({"login": self.place.coordinator.login, "password": PASSWORD})
        answer = self._send("POST", "/api/v1/session", body.encode())
        self._csrf = answer.data["csrf_token"]
        self._cookies = dict(self.line.cookies)

    def begin(self) -> None:
        """What is going on already when the storm breaks loose."""
        for number in range(1, EARLY_ALERTS + 1):
            self.warned.append(f"W{number}")
            self.do("warn", self.warned[-1], str(number))
            for member in self.rng.sample(self.place.volunteers, 2):
                self.do("dispatch", self.warned[-1], member.id)

    def something(self) -> None:
        """One decision at random."""
        with self.lock:
            rng, place = self.rng, self.place
            roll = rng.random()
            if rng.random() < 0.2:
                self._alert()
                return
            moved = [door for door in place.doors if door.moved]
            if roll < 0.2:
                self._merge()
            elif roll < 0.3:
                self.do("rename", rng.choice(moved).id, f"R{rng.randrange(10**9)}")
            elif roll < 0.4:
                self.do(rng.choice(("retire", "unretire")), rng.choice(moved).id)
            elif roll < 0.65:
                member, building = rng.choice(place.volunteers), rng.choice(place.buildings[:-1])
                self.do(rng.choice(("assign", "unassign")), member.id, building)
            elif roll < 0.7:
                self.do("name", rng.choice(place.buildings[:-1]), f"B{rng.randrange(10**9)}")
            elif roll < 0.72 and self.revocable:
                self.do("revoke", self.revocable.pop())
            else:
                self._decide()

    def do(self, what: str, *args: str) -> None:
        """Decide, and write it into the journal once the server has it."""
        with self.lock:
            start = times.now()
            if self._act(what, args):
                self.journal.append(Action(what, args, (start, times.now())))

    def repeat(self, since: int) -> None:
        """After a restore: all that was decided since the backup, again. Call with `lock`."""
        undone, self.journal = self.journal[since:], self.journal[:since]
        self._again(undone)

    def catch_up(self) -> None:
        """Decide again about what was not there when it was repeated."""
        with self.lock:
            later, self.later = self.later, []
            self._again(later)

    def _again(self, actions: list[Action]) -> None:
        for action in actions:
            if action.what in ("release", "dismiss", "revoke"):
                known = len(self.journal)
                self.do(action.what, *action.args)
                if len(self.journal) == known and self._may_come(action):
                    self.later.append(action)
            else:
                self.do(action.what, *action.args)

    def release_all(self, *, stuck: set[bytes]) -> int:
        """Let in everything that is held, poison excepted; returns how many."""
        done = 0
        for operation_id, digest, _ in self.database.held(self.place.id):
            if digest not in stuck:
                self.do("release", operation_id, digest.hex())
                done += 1
        return done

    def dismissed(self) -> set[bytes]:
        """Hashes of what was set aside."""
        return {bytes.fromhex(a.args[1]) for a in self.journal if a.what == "dismiss"}

    def last(self, *whats: str) -> dict[str, Action]:
        """The last action of these kinds for each first argument."""
        return {action.args[0]: action for action in self.journal if action.what in whats}

    def assigned(self) -> dict[tuple[str, str], Window]:
        """(member, building) → when the storm first assigned it."""
        first: dict[tuple[str, str], Window] = {}
        for action in self.journal:
            if action.what == "assign":
                first.setdefault((action.args[0], action.args[1]), action.window)
        return first

    def import_file(self, file: bytes) -> list[Window]:
        """Take in a phone's backup file; when that was under way."""
        with self.lock:
            path = "/held/rescue"
            self._send("POST", path, rescue.form(file, self._csrf), kind=UPLOAD)
            self.files += 1
            return list(self._tries)

    # --- merging ----------------------------------------------------------------------------

    def _alert(self) -> None:
        """A warning comes in, or goes to somebody."""
        rng, place = self.rng, self.place
        if not self.warned or (rng.random() < 0.3 and len(self.warned) < MOST_ALERTS):
            self.warned.append(f"W{len(self.warned) + 1}")
            self.do("warn", self.warned[-1], str(rng.randrange(1, BUILDINGS + 1)))
            return
        reference, member = rng.choice(self.warned), rng.choice(place.volunteers)
        roll = rng.random()
        if roll < 0.7:
            self.do("dispatch", reference, member.id)
        elif roll < 0.85:
            self.do("offer", reference)
        else:
            self.do("withdraw", reference, member.id)

    def _warn(self, reference: str, building: str) -> bool:
        """As the anti-fraud centre's program posts it; then a coordinator confirms the draft."""
        body = {"reference": reference, "text": f"{building}幢1单元101何女士，58岁，疑似被骗"}
        token = {"Authorization": f"Bearer {self.place.token}"}
        answer = self._send("POST", "/api/v1/alerts", json.dumps(body).encode(), more=token)
        if answer.status not in (200, 201):
            raise RuntimeError(f"{answer.status} {answer.data!r}")
        self._post(f"/alerts/{answer.data['id']}/confirm")
        return self.database.alert(self.place.id, reference, standing=True) is not None

    def _move(self, what: str, reference: str, *members: str) -> bool:
        """Dispatch, offer or withdraw; some are closed by now, others were never given."""
        alert = self.database.alert(self.place.id, reference)
        fields = {"member": list(members)} if members else {}
        return alert is not None and self._post(f"/alerts/{alert}/{what}", fields) == 302

    def _merge(self) -> None:
        """Say that two doors or buildings are one, or take it back."""
        rng, place = self.rng, self.place
        known = estate(place.doors, self.journal)
        merged = [row.listed for row in known.rows if row.into is not None and row.listed]
        standing = [b for b in place.buildings[:-1] if b not in known.into]
        roll = rng.random()
        if roll < 0.3 and merged:
            self.do("unmerge", rng.choice(merged))
        elif roll < 0.75:
            self._merge_doors(known, rng.choice(standing))
        elif known.into and (roll < 0.9 or len(standing) < 3):
            self.do("part", rng.choice(list(known.into)))
        elif len(standing) > 1:
            self.do("join", *rng.sample(standing, 2))

    def _merge_doors(self, known: Estate, building: str) -> None:
        twins = {door.id for door in self.place.doors if door.twin}
        doors = [
            door.listed
            for row, door in known.shown().items()
            if row is door and door.listed in twins and known.root(door.home) == building
        ]
        if len(doors) > 1:
            self.do("merge", *self.rng.sample(doors, 2))

    def _is_merged(self, what: str, *args: str) -> bool:
        """Do it; whether it is so now: the page says "no" with the same status as "yes"."""
        self._post(*self._merge_page(what, args))
        kind = "door" if what in ("merge", "unmerge") else "building"
        wanted = args[0] if what in ("merge", "join") else None
        return self.database.merged_into(kind, self.place.id, args[-1]) == wanted

    def _merge_page(self, what: str, args: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
        if what == "join":
            return f"/buildings/{args[0]}/merge", {"goes": args[1]}
        if what == "part":
            return f"/buildings/{args[0]}/unmerge", {}
        building = f"/buildings/{self._home(args[0])}"
        if what == "merge":
            return f"{building}/merge-doors", {"stays": args[0], "goes": args[1]}
        return f"{building}/doors/{args[0]}/unmerge", {}

    def _home(self, door_id: str) -> str:
        return next(door.building for door in self.place.doors if door.id == door_id)

    # --- requests ---------------------------------------------------------------------------

    def _decide(self) -> None:
        held = self.database.held(self.place.id)
        if not held:
            return
        operation_id, digest, _ = self.rng.choice(held)
        what = "dismiss" if self.rng.random() < 0.3 else "release"
        self.do(what, operation_id, digest.hex())

    def _may_come(self, action: Action) -> bool:
        if action.what == "revoke":
            return True
        status = self.database.status(self.place.id, action.args[0], bytes.fromhex(action.args[1]))
        return status is None or (status == "waiting" and action.what == "dismiss")

    def _act(self, what: str, args: tuple[str, ...]) -> bool:
        """Do it; whether it is so now."""
        if what in ("release", "dismiss"):
            return self._judge(what, *args)
        if what == "warn":
            return self._warn(*args)
        if what in ("dispatch", "offer", "withdraw"):
            return self._move(what, *args)
        if what in MERGING:
            return self._is_merged(what, *args)
        if what == "revoke":
            return self._post(f"/api/v1/devices/{args[0]}/revoke", form=False) == 204
        path, fields = self._page(what, args)
        return path == "" or self._post(path, fields) == 303

    def _page(self, what: str, args: tuple[str, ...]) -> tuple[str, dict[str, Any]]:
        if what == "assign":
            return "/buildings/assign", {"member": args[0], "building": args[1]}
        if what == "unassign":
            running = self.database.running(self.place.id, args[1], args[0])
            return ("/buildings/unassign" if running else ""), {"assignment": running}
        if what == "name":
            return f"/buildings/{args[0]}", {"name": args[1]}
        building = self._home(args[0])
        door = next(door for door in self.place.doors if door.id == args[0])
        fields = {"unit": door.unit, "room": args[1], "floor": "1"} if what == "rename" else {}
        return f"/buildings/{building}/doors/{args[0]}/{what}", fields

    def _judge(self, what: str, operation_id: str, digest: str) -> bool:
        fields = {"hash": digest, "reason": REASON}
        self._post(f"/held/{operation_id}/{what}", fields)
        now = self.database.status(self.place.id, operation_id, bytes.fromhex(digest))
        return now == "dismissed" if what == "dismiss" else now in ("accepted", "waiting")

    def _post(self, path: str, fields: dict[str, Any] | None = None, *, form: bool = True) -> int:
        if not form:
            return self._send("POST", path, b"{}").status
        body = urlencode({"csrf_token": self._csrf, **(fields or {})}, doseq=True).encode()
        return self._send("POST", path, body, kind=FORM).status

    def _send(
        self,
        method: str,
        path: str,
        body: bytes,
        *,
        kind: str = JSON,
        more: dict[str, str] | None = None,
    ) -> Answer:
        """Until there is an answer: a person presses the button again."""
        self._tries = []
        for _ in range(RETRIES):
            try:
                self.line.cookies = dict(self._cookies)  # messages pile up in what pages set
                answer = self.line.call(
                    method, path, body, rng=self.rng, csrf=self._csrf, kind=kind, more=more
                )
            except LostError:
                time.sleep(PAUSE)
                continue
            finally:
                self._tries += self.line.windows
            if answer.status < 500:
                return answer
            time.sleep(PAUSE)
        raise RuntimeError(f"{path}: no answer")
