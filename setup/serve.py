"""Serves: gunicorn and the background worker under one parent, which ends both.

`python -m setup.serve` is the last step of `make run`; `--reload` is `make dev`.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from webapp.core.settings import Settings, SettingsError, from_environment

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PORT = int(os.environ.get("PORT") or "8000")


def prepare(settings: Settings) -> None:
    """Bring the database up to date and, if it is empty, load the demo community.

    The demo is for trying out on this machine: an installation that others reach starts empty.
    """
    flask("db", "upgrade")
    if settings.loopback:
        flask("demo", "load", "--if-empty")


def flask(*command: str) -> None:
    """Run a command; what it prints for programs is left out, sign-ins are shown at every start."""
    subprocess.run(
        [BIN / "flask", "--app", "wsgi", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def announce(settings: Settings) -> None:
    """Say where the pages are and who can sign in."""
    print(f"\nQiaomen is at {settings.public_url}\n", flush=True)
    signins = settings.instance / "demo-signins.txt"
    if signins.is_file():
        print(signins.read_text(encoding="utf-8"), flush=True)


def start(reload: bool) -> list[subprocess.Popen[bytes]]:
    """The server and the worker, each in a session of its own: Ctrl-C reaches only the parent."""
    server: list[str | Path] = [BIN / "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    worker: list[str | Path] = [BIN / "flask", "--app", "wsgi", "worker"]
    if reload:
        server.append("--reload")
        worker = [BIN / "watchfiles", "--filter", "python",
                  " ".join(map(str, worker)), "webapp"]  # fmt: skip
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    return [
        subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        for command in (server, worker)
    ]


def alive(children: list[subprocess.Popen[bytes]]) -> bool:
    """Whether both are running."""
    return all(child.poll() is None for child in children)


def answers() -> bool:
    """Whether something listens on the port."""
    try:
        socket.create_connection(("127.0.0.1", PORT), timeout=1).close()
    except OSError:
        return False
    return True


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask all to end, and make them after 15 seconds."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + 15
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def main(arguments: list[str]) -> int:
    """Serve until asked to stop (0), or until one of the two ends by itself (1)."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
    try:
        settings = from_environment()
        if answers():
            print(f"Port {PORT} is taken. Try another: make run PORT={PORT + 1}", file=sys.stderr)
            return 1
        prepare(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except subprocess.CalledProcessError as error:
        return int(error.returncode) or 1
    children = start("--reload" in arguments)
    try:
        while alive(children) and not answers():
            time.sleep(0.1)
        if alive(children):
            announce(settings)
        while alive(children):
            time.sleep(0.3)
    except KeyboardInterrupt:
        return 0
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        stop(children)
    print("The server or its worker ended by itself; see above.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
