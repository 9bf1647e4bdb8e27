"""HTTP as a bad network gives it: one connection per phone, and ways to break it."""

from __future__ import annotations

import gzip
import http.client
import json
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.storm import times
from tests.storm.ledger import Window

TIMEOUT = 60
IDLE = 10_000
"""A connection that rested so long may be closed at the other end (ms)."""

LATE = 60_000
"""How long after we hung up a request may still be worked on (ms)."""


class LostError(Exception):
    """No answer came; what became of the request is unknown."""


@dataclass(slots=True)
class Answer:
    """`window`: when the request was under way, by the machine's clock."""

    status: int
    data: Any
    window: Window


@dataclass(slots=True)
class Faults:
    """How often what goes wrong; all zero in the end."""

    lose: float = 0.0
    cut: float = 0.0
    vanish: float = 0.0
    twice: float = 0.0
    gzip: float = 0.3


STORMY = Faults(lose=0.06, cut=0.05, vanish=0.02, twice=0.03)
CALM = Faults()


@dataclass
class Line:
    """One browser: its cookies and its connection. `address` is what a proxy says of it."""

    port: int
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    windows: list[Window] = field(default_factory=list)
    """Every try of the last request, also those without an answer."""
    _connection: http.client.HTTPConnection | None = None
    _used: int = 0

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        rng: Random,
        faults: Faults = CALM,
        csrf: str = "",
        kind: str = "application/json",
        more: dict[str, str] | None = None,
    ) -> Answer:
        """One request, perhaps broken. Raises LostError; never repeats by itself."""
        self.windows.clear()
        headers = self._headers(csrf, kind) | (more or {})
        if body is not None and "json" in kind and rng.random() < faults.gzip:
            body = gzip.compress(body, 1)
            headers["Content-Encoding"] = "gzip"
        fate = rng.random()
        if body is not None and fate < faults.cut:
            self._cut(method, path, body, headers, rng)
        if body is not None and fate < faults.cut + faults.vanish:
            self._vanish(method, path, body, headers)
        if body is not None and fate < faults.cut + faults.vanish + faults.twice:
            return self._twice(method, path, body, headers)
        answer = self._once(method, path, body, headers)
        if rng.random() < faults.lose:
            raise LostError("the answer")
        return answer

    def hang_up(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _headers(self, csrf: str, kind: str) -> dict[str, str]:
        return {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": kind,
            "X-CSRFToken": csrf,
            "X-Forwarded-For": self.address,
            "Accept-Encoding": "gzip",
        }

    def _open(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def _once(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        start = times.now()
        if start - self._used > IDLE:
            self.hang_up()
        self._used = start
        if self._connection is None:
            self._connection = self._open()
        try:
            self._connection.request(method, path, body, headers)
            return self._read(self._connection, start)
        except (OSError, http.client.HTTPException) as error:
            self.windows.append((start, times.now() + LATE))
            self.hang_up()
            raise LostError(str(error)) from error

    def _read(self, connection: http.client.HTTPConnection, start: int) -> Answer:
        response = connection.getresponse()
        data = response.read()
        if response.headers.get("Content-Encoding") == "gzip":
            data = gzip.decompress(data)
        window = start, times.now()
        self.windows.append(window)
        for header in response.headers.get_all("Set-Cookie", []):
            name, _, rest = header.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        is_json = "json" in response.headers.get("Content-Type", "")
        return Answer(response.status, json.loads(data) if is_json else data, window)

    def _cut(
        self, method: str, path: str, body: bytes, headers: dict[str, str], rng: Random
    ) -> None:
        """The signal ends in the middle of the request."""
        sent = body[: rng.randrange(len(body))] if len(body) > 1 else b""
        self._send_and_leave(method, path, sent, len(body), headers)
        raise LostError("cut")

    def _vanish(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> None:
        """All of it arrives, nobody waits for the answer."""
        self._send_and_leave(method, path, body, len(body), headers)
        raise LostError("vanished")

    def _send_and_leave(
        self, method: str, path: str, sent: bytes, length: int, headers: dict[str, str]
    ) -> None:
        connection, start = self._open(), times.now()
        try:
            connection.putrequest(method, path)
            for name, value in {**headers, "Content-Length": str(length)}.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(sent)
        except (OSError, http.client.HTTPException) as error:
            raise LostError(str(error)) from error
        finally:
            self.windows.append((start, times.now() + LATE))
            connection.close()

    def _twice(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Two tries under way at once; the phone hears the second."""
        first, second, start = self._open(), self._open(), times.now()
        try:
            first.request(method, path, body, headers)
            second.request(method, path, body, headers)
            answer = self._read(second, start)
            first.getresponse().read()
            self.windows.append((start, times.now()))
        except (OSError, http.client.HTTPException) as error:
            self.windows.append((start, times.now() + LATE))
            raise LostError(str(error)) from error
        finally:
            first.close()
            second.close()
        return answer
