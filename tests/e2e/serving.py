"""Installations for the browser to visit: an instance folder, a server, a worker."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webapp.app import create_app
from webapp.core import db
from webapp.core.settings import Settings

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
Flask = Callable[..., str]


@dataclass(frozen=True)
class Instance:
    """A folder with a database. `password` opens every account that its maker added."""

    folder: Path
    community: int
    password: str


@dataclass(frozen=True)
class Server:
    """A running installation and who can sign in to it."""

    url: str
    instance: Path
    community: int
    password: str

    def flask(self, *arguments: str, stdin: str | None = None) -> str:
        """The same as `shell`, inside this process: much faster."""
        with commands(self.instance) as flask:
            return flask(*arguments, stdin=stdin)

    def shell(self, *arguments: str, stdin: str | None = None) -> str:
        """Run `flask --app wsgi …` against this installation; returns standard output."""
        done = subprocess.run(
            [BIN / "flask", "--app", "wsgi", *arguments],
            cwd=ROOT,
            env=environment(self.instance),
            input=stdin or "",
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stderr}"
        return done.stdout

    def coverage(self) -> dict[str, Any]:
        """What `flask coverage show` says of the community."""
        shown = self.flask("coverage", "show", "--community", str(self.community), "--json")
        return dict(json.loads(shown))

    def verify(self) -> list[object]:
        """What `flask coverage verify` found different; it fails the test by its exit code."""
        return list(json.loads(self.flask("coverage", "verify", "--json"))["differences"])


def environment(instance: Path, port: int = 8000) -> dict[str, str]:
    """What a command or the server is started with."""
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {
        **kept,
        "QIAOMEN_INSTANCE": str(instance),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


@contextmanager
def commands(instance: Path) -> Iterator[Flask]:
    """`flask("db", "upgrade")` inside this process: far faster than starting Flask for each."""
    app = create_app(
        Settings(instance, f"sqlite:///{instance / 'qiaomen.sqlite'}", secrets.token_hex(32))
    )
    runner = app.test_cli_runner()

    def flask(*arguments: str, stdin: str | None = None) -> str:
        done = runner.invoke(args=arguments, input=stdin, catch_exceptions=False)
        assert done.exit_code == 0, f"flask {' '.join(arguments)}: {done.output}"
        return done.stdout

    yield flask
    app.extensions[db.EXTENSION].dispose()


@contextmanager
def serving(
    made: Instance, folder: Path, *, worker: bool = False, app: str = "wsgi:app"
) -> Iterator[Server]:
    """gunicorn, and the background worker if asked for, over a copy of an instance."""
    shutil.copytree(made.folder, folder, dirs_exist_ok=True)
    port = _free_port()
    log = folder / "server.log"
    programs: list[list[str | Path]] = [
        [BIN / "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1", app]
    ]
    if worker:
        programs.append([BIN / "flask", "--app", "wsgi", "worker"])
    with log.open("wb") as output:
        running = [
            subprocess.Popen(
                program,
                cwd=ROOT,
                env=environment(folder, port),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
            for program in programs
        ]
        try:
            _wait_until_it_answers(port, running[0], log)
            yield Server(f"http://127.0.0.1:{port}", folder, made.community, made.password)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(15)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no answer within 30 s: {log.read_text()}")


def chromium() -> str:
    """Where Chromium is: CHROMIUM, what `make setup` wrote down, or one on the PATH."""
    noted = ROOT / ".venv" / "stamps" / "chromium"
    found = os.environ.get("CHROMIUM") or (noted.read_text().strip() if noted.is_file() else "")
    found = found or shutil.which("chromium") or ""
    assert found, "no Chromium: run `make setup`"
    return found


def launch_arguments() -> list[str]:
    """What Chromium is started with; as root it runs without its sandbox."""
    arguments = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    return [*arguments, "--no-sandbox"] if os.getuid() == 0 else arguments
