"""The server under the storm: gunicorn as in production, killed and restored at will."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.support.postgres import binaries, shared_server

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
START_SECONDS = 60.0


class Server:
    """One installation; `environment` is that of its commands and of gunicorn."""

    def __init__(self, folder: Path, port: int, database_url: str) -> None:
        self.folder, self.port, self.database_url = folder, port, database_url
        self.kills = 0
        self._process: subprocess.Popen[bytes] | None = None
        kept = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "PUBLIC_URL")}
        self.environment = {
            **kept,
            "QIAOMEN_INSTANCE": str(folder),
            "DATABASE_URL": database_url,
            "PORT": str(port),
            "PYTHONPATH": str(ROOT),
            # Every phone has an address of its own: what limits an address must not stop a fleet.
            "TRUSTED_PROXIES": "127.0.0.1",
        }
        if database_url.startswith("postgresql"):
            self.environment["PATH"] = f"{binaries()}{os.pathsep}{kept.get('PATH', '')}"

    def start(self) -> None:
        """Start gunicorn and wait until it answers."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [BIN / "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(self.log()[-3_000:])
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL to the master and all workers at once: nobody tidies up."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        while self._answers():  # a worker may take a moment to die
            time.sleep(0.01)
        self._process = None
        self.kills += 1

    def stop(self) -> None:
        """End it politely."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def flask(self, *arguments: str, good: tuple[int, ...] = (0,)) -> str:
        """`flask --app wsgi …`; its standard output. RuntimeError for other exit codes."""
        done = subprocess.run(
            [BIN / "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in good:
            raise RuntimeError(f"flask {' '.join(arguments)}: {done.stderr}{done.stdout}")
        return done.stdout

    def log(self) -> str:
        """What gunicorn wrote."""
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


@contextmanager
def installed(engine: str, port: int, *, keep: bool = False) -> Iterator[Server]:
    """A new installation with an up-to-date, empty database; gone when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="qiaomen-storm-"))
    try:
        with _database(engine, folder) as url:
            server = Server(folder, port or _free_port(), url)
            try:
                server.flask("db", "upgrade")
                yield server
            finally:
                server.stop()
    finally:
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(engine: str, folder: Path) -> Iterator[str]:
    """SQLite in the folder, or a database of a PostgreSQL server that only the storm has."""
    if engine == "sqlite":
        yield f"sqlite:///{folder / 'qiaomen.sqlite'}"
        return
    with shared_server(folder) as address:
        maker = create_engine(address, isolation_level="AUTOCOMMIT")
        with maker.connect() as connection:
            connection.execute(text("CREATE DATABASE storm ENCODING 'UTF8' TEMPLATE template0"))
        maker.dispose()
        yield address.replace("/postgres?", "/storm?")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
