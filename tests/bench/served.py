"""An installation of its own in a temporary folder, served as people would serve it."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask

from tests.bench.measures import tell
from tests.support.databases import PostgresDatabases
from tests.support.postgres import shared_server
from webapp.app import create_app
from webapp.core import db
from webapp.core.settings import from_environment

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ENGINE = os.environ.get("ENGINE") or "sqlite"


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder with a database of the newest structure."""

    folder: Path
    port: int
    database_url: str | None = None

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """For its commands and its server."""
        kept = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "SECRET_KEY")}
        return {
            **kept,
            "QIAOMEN_INSTANCE": str(self.folder),
            "PORT": str(self.port),
            "PUBLIC_URL": self.url,
            "PYTHONPATH": str(ROOT),
        } | ({"DATABASE_URL": self.database_url} if self.database_url else {})

    def flask(self, *arguments: str, stdin: str = "") -> str:
        """`flask --app wsgi …`; returns its standard output."""
        done = subprocess.run(
            [BIN / "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"flask {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    @contextmanager
    def app(self) -> Iterator[Flask]:
        """The application in this process, with its context pushed: to make rows quickly."""
        application = create_app(from_environment(self.environment))
        with application.app_context():
            yield application
        application.extensions[db.EXTENSION].dispose()


@contextmanager
def installation() -> Iterator[Installation]:
    """A new one, on the engine that ENGINE names; its folder goes when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="qiaomen-bench-"))
    try:
        with _database(folder) as url:
            made = Installation(folder, _free_port(), url)
            made.flask("db", "upgrade")
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(folder: Path) -> Iterator[str | None]:
    """The address of an empty database on a PostgreSQL of its own; none is a file of SQLite."""
    if ENGINE == "sqlite":
        yield None
        return
    with shared_server(folder, durable=True) as url:
        databases = PostgresDatabases(url, "qiaomen_bench")
        made = databases.empty("town")
        yield made
        databases.drop(made)


@dataclass(frozen=True, slots=True)
class Server:
    """gunicorn and its workers."""

    process: int

    def cpu(self) -> float:
        """Seconds of processor time that they have used so far."""
        ticks = sum(_ticks(pid) for pid in (self.process, *_children(self.process)))
        return ticks / os.sysconf("SC_CLK_TCK")


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
    return [int(pid) for pid in listed.split()]


def _ticks(process: int) -> int:
    """utime + stime of a process and all its threads (proc(5))."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def serving(made: Installation, application: str = "wsgi:app") -> Iterator[Server]:
    """gunicorn with the product's own configuration, until the block ends."""
    with (made.folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [BIN / "gunicorn", "--config", "gunicorn.conf.py", application],
            cwd=ROOT,
            env=made.environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(made, process)
            yield Server(process.pid)
        except Exception:
            tell((made.folder / "server.log").read_text()[-3_000:])
            raise
        finally:
            process.terminate()
            process.wait(20)


@dataclass(slots=True)
class Client:
    """Somebody with a session on one kept-alive connection."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _connection: http.client.HTTPConnection | None = None

    def sign_in(self, login: str, password: str, device: str | None = None) -> dict[str, Any]:
        """As a phone with a device, or as a browser without."""
        body: dict[str, Any] = {"login": login, "password": password}
        if device:
            body["device"] = {"name": device}
        answer: dict[str, Any] = json.loads(self.post("/api/v1/session", body))
        self.token = answer["csrf_token"]
        return answer

    def connect(self) -> None:
        """Open the connection, so that its making is not measured."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            self._connection.connect()

    def get(self, path: str) -> bytes:
        """A page; RuntimeError for anything but 200."""
        return self._send("GET", path, None)

    def post(self, path: str, body: object) -> bytes:
        """Send JSON; RuntimeError for anything but 200."""
        return self._send("POST", path, json.dumps(body).encode())

    def post_packed(self, path: str, body: bytes) -> bytes:
        """Send JSON as a phone does, gzip both ways; the answer as it came over the wire."""
        packed = {"Content-Encoding": "gzip", "Accept-Encoding": "gzip"}
        return self._send("POST", path, body, packed)

    def ask_packed(self, path: str, body: object) -> bytes:
        """Send plain JSON and take a compressed answer, as it came over the wire."""
        return self._send("POST", path, json.dumps(body).encode(), {"Accept-Encoding": "gzip"})

    def _send(
        self, method: str, path: str, body: bytes | None, more: Mapping[str, str] | None = None
    ) -> bytes:
        self.connect()
        assert self._connection is not None
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Content-Type": "application/json",
            "X-CSRFToken": self.token,
            **(more or {}),
        }
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        for header in answer.headers.get_all("Set-Cookie", []):
            if match := re.match(r"([^=]+)=([^;]*)", header):
                self.cookies[match[1]] = match[2]
        return text


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(made: Installation, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", made.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError((made.folder / "server.log").read_text())
