"""The simulated phone: push, pull and receipt exactly as the design says (section 4).

It is not the product's client: it is written from the text, so that a mistake in the client and
one in the server cannot hide each other. (The real client takes part beside it: `real.py`.)
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from tests.storm import times
from tests.storm.disk import AppKilledError, Disk, Own, commit
from tests.storm.ledger import REFUSED, Recorded
from tests.storm.rescue import rescue_file
from tests.storm.wire import CALM, Answer, Faults, Line, LostError
from tests.storm.world import PASSWORD, Member

TOLERANCE = 2_000
MODULUS = 1 << 256
API = "/api/v1"
COMPARED = 10_000


class SignedOutError(Exception):
    """The server does not know the session."""


class ServerError(Exception):
    """An answer that no phone should ever get."""


class Phone:
    """One member's database on one phone, and the app that works on it."""

    def __init__(self, line: Line, member: Member, device: str, rng: Random) -> None:
        self.line, self.member, self.device, self.rng = line, member, device, rng
        self.disk = Disk()
        self.faults: Faults = CALM
        self.deadly = 0.0
        self.offset = 0
        self.revoked = False
        self.csrf = ""
        self.key = self.public = ""
        self.judged: list[tuple[Recorded, dict[str, Any], tuple[int, int]]] = []

    def clock(self) -> int:
        """What the phone takes for the time."""
        return times.now() + self.offset

    def record(self, operations: Sequence[Recorded]) -> None:
        """Into the outbox, in one transaction."""

        def change() -> None:
            for operation in operations:
                own = Own(operation)
                self.disk.own[operation.digest] = own
                self.disk.unsent[operation.digest] = own

        commit(change, self.rng, 0)

    # --- a run ------------------------------------------------------------------------------

    def sync(self, *, receipt: bool = False) -> None:
        """Push before pull, then compare receipts if there is doubt. Raises LostError,
        SignedOutError, AppKilledError; what is on disk stays right whichever it is."""
        self._open()
        self._push()
        if not self.revoked:
            self._pull()
        if receipt or self.disk.doubt:
            self._compare()

    def sign_in(self) -> None:
        """With the id that was made with this database. SignedOutError when it was revoked."""
        body = {
            "login": self.member.login,
            "password": PASSWORD,
            "community": self.member.community,
            "device": {"id": self.device, "name": "Storm"},
        }
        answer = self._call("POST", "/session", body)
        if answer.status == 410:
            self.revoked = True
            raise SignedOutError
        self._expect(answer, 200)
        self._hear(answer)

    def sign_out(self) -> None:
        """As far as the network allows; the database stays."""
        self._open()
        self.line.call("DELETE", f"{API}/session", rng=self.rng, csrf=self.csrf)
        self.line.cookies.clear()

    def take(self, alert: str) -> None:
        """Ask for an alert: it may be somebody else's by now, closed, or gone with a restore."""
        self._open()
        if self.revoked:
            return
        answer = self._call("POST", f"/alerts/{alert}/take", {})
        if answer.status not in (200, 204, 404, 409, 410):
            raise ServerError(f"{answer.status} {answer.data!r}")

    def file(self) -> tuple[bytes, list[Recorded]] | None:
        """A backup of what waits, and what is in it; none while there is nothing, or no key."""
        waiting = [own.operation for own in self.disk.unsent.values()]
        row = self.disk.rows.get("community", {}).get(("community", str(self.member.community)))
        public = (row or {}).get("public_key") or self.public
        if not waiting or not public or not self.key:
            return None
        self.public = public
        return rescue_file(
            [operation.raw for operation in waiting],
            community=self.member.community,
            device=self.device,
            public=public,
            key=self.key,
        ), waiting

    def receipt(self) -> tuple[int, str]:
        """What the server says it has of this device."""
        answer = self._call("GET", "/sync/receipt")
        self._expect(answer, 200)
        return answer.data["count"], answer.data["digest"]

    def own_receipt(self) -> tuple[int, str]:
        """What this phone recorded; refused ones are left out."""
        digests = [d for d, own in self.disk.own.items() if own.operation.fate != REFUSED]
        total = sum(int.from_bytes(digest, "big") for digest in digests) % MODULUS
        return len(digests), f"{total:064x}"

    def differences(self) -> tuple[list[str], list[str]]:
        """The server's answer to the phone's own (id, hash) pairs."""
        pairs = [
            [own.operation.id, digest.hex()]
            for digest, own in self.disk.own.items()
            if own.operation.fate != REFUSED
        ]
        missing: list[str] = []
        different: list[str] = []
        for start in range(0, len(pairs), COMPARED):
            body = {"operations": pairs[start : start + COMPARED]}
            answer = self._call("POST", "/sync/receipt", body)
            self._expect(answer, 200)
            missing += answer.data["missing"]
            different += answer.data["different"]
        return missing, different

    # --- its parts --------------------------------------------------------------------------

    def _open(self) -> None:
        answer = self._call("GET", "/session")
        if answer.status == 410:
            self.revoked = True
            self.csrf = answer.data["csrf_token"]

            def erase() -> None:
                self.disk.rows.clear()
                self.disk.cursors.clear()

            commit(erase, self.rng, self.deadly)
            return
        self._expect(answer, 200)
        self.revoked = False
        device = answer.data["device"]
        if answer.data["member"]["id"] != self.member.id or device["id"] != self.device:
            raise SignedOutError
        self._hear(answer)

    def _hear(self, answer: Answer) -> None:
        """Clock and epoch, which every answer tells."""
        if "csrf_token" in answer.data:
            self.csrf = answer.data["csrf_token"]
        self.key = (answer.data.get("device") or {}).get("key") or self.key
        sent, received = (moment + self.offset for moment in answer.window)
        fresh = times.parse(answer.data["server_time"]) - (sent + received) // 2
        disk = self.disk
        if abs(fresh - disk.skew) > TOLERANCE:
            disk.skew = fresh
        if disk.epoch not in (None, answer.data["epoch"]):
            disk.doubt = True
        disk.epoch = answer.data["epoch"]

    def _push(self) -> None:
        most = self.rng.choice((500, 500, 60, 7, 1))
        waiting = list(self.disk.unsent.values())
        if self.rng.random() < 0.25:
            self.rng.shuffle(waiting)
        while waiting:
            batch, waiting = waiting[:most], waiting[most:]
            self._push_once(batch)

    def _push_once(self, batch: Sequence[Own]) -> None:
        texts = b",".join(own.operation.raw for own in batch)
        sent_at = json.dumps(times.iso(self.clock(), self.rng)).encode()
        body = b'{"sent_at":' + sent_at + b',"operations":[' + texts + b"]}"
        try:
            answer = self._call_raw("POST", "/sync/push", body)
        finally:
            for own in batch:
                own.operation.pushes += self.line.windows
        self._expect(answer, 200)
        results = answer.data["results"]
        if len(results) != len(batch):
            raise ServerError(f"{len(batch)} sent, {len(results)} answered")

        def change() -> None:
            self._hear(answer)
            self.disk.tick += 1
            for own, result in zip(batch, results, strict=True):
                status = result["status"]
                self.disk.settle(own, result["present"] if status == "duplicate" else status)

        commit(change, self.rng, self.deadly)
        self.judged += [
            (own.operation, result, answer.window)
            for own, result in zip(batch, results, strict=True)
        ]

    def _pull(self) -> None:
        for _ in range(1_000):
            body = {"cursors": self.disk.cursors, "waiting": len(self.disk.unsent)}
            answer = self._call("POST", "/sync/pull", body)
            self._expect(answer, 200)
            self._hear(answer)
            for bucket, changes in answer.data["changes"].items():
                self._take(bucket, changes)
            if not answer.data["more"]:
                self._complete(set(answer.data["scope"]))
                return
        raise ServerError("the pull never ends")

    def _take(self, bucket: str, changes: dict[str, Any]) -> None:
        """A bucket and its cursor, in one transaction."""

        def change() -> None:
            rows = self.disk.rows.setdefault(bucket, {})
            if changes.get("reset"):
                rows.clear()
            gone = set(changes["gone"])
            for key in [key for key in rows if key[1] in gone]:
                del rows[key]
            for row in changes["rows"]:
                rows[row["kind"], str(row["id"])] = row
                if row["kind"] == "result":
                    self._heed(row)
            self.disk.cursors[bucket] = changes["cursor"]

        commit(change, self.rng, self.deadly)

    def _heed(self, row: dict[str, Any]) -> None:
        for own in self.disk.own.values() if "hash" in row else self._own(row["id"]):
            rival = row.get("hash") == own.operation.digest.hex()
            if ("hash" not in row or rival) and own.status != "unsent":
                self.disk.settle(own, row["status"])

    def _own(self, operation_id: str) -> list[Own]:
        """Own operations under an id, by the index that is kept in memory."""
        index = self.__dict__.setdefault("_ids", {})
        if len(index) != len(self.disk.own):
            index.clear()
            for own in self.disk.own.values():
                index.setdefault(own.operation.id, []).append(own)
        found: list[Own] = index.get(operation_id, [])
        return found

    def _complete(self, scope: set[str]) -> None:
        """What is no longer ours goes, once nothing of it is open."""
        gone = [bucket for bucket in self.disk.rows if bucket not in scope]
        if not gone:
            return
        busy = {f"building:{o.operation.building}" for o in self.disk.own.values() if o.open}

        def change() -> None:
            for bucket in gone:
                if bucket not in busy:
                    del self.disk.rows[bucket]
                    self.disk.cursors.pop(bucket, None)

        commit(change, self.rng, self.deadly)

    def _compare(self) -> None:
        """Ask what the server lacks and send it again."""
        if self.disk.unsent:
            return
        count, digest = self.receipt()
        missing: set[str] = set()
        if (count, digest) != self.own_receipt() or count < self.disk.confirmed:
            missing = set(self.differences()[0]) | set(self.differences()[1])

        def change() -> None:
            self.disk.doubt = bool(missing)
            self.disk.confirmed = 0 if missing else count
            for own in self.disk.own.values():
                if own.operation.id in missing and own.operation.fate != REFUSED:
                    self.disk.settle(own, "unsent")

        commit(change, self.rng, self.deadly)
        if missing:
            self._push()

    # --- requests ---------------------------------------------------------------------------

    def _call(self, method: str, path: str, body: Any = None) -> Answer:
        raw = None if body is None else json.dumps(body).encode()
        return self._call_raw(method, path, raw)

    def _call_raw(self, method: str, path: str, body: bytes | None) -> Answer:
        answer = self.line.call(
            method, API + path, body, rng=self.rng, faults=self.faults, csrf=self.csrf
        )
        if answer.status == 401:
            raise SignedOutError
        busy = answer.status == 409 and answer.data["code"] == "met_another"
        if busy or answer.status in (502, 503, 504):  # "please try again"
            raise LostError(str(answer.status))
        return answer

    def _expect(self, answer: Answer, status: int) -> None:
        if answer.status == 410 and status == 200:
            self.revoked = True
            raise AppKilledError
        if answer.status != status:
            raise ServerError(f"{answer.status} {answer.data!r}")
