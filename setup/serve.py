"""Serves: gunicorn and the background worker under one parent, which ends both.

`python setup/serve.py` is the last step of `make run`; `--reload` is `make dev`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


def prepare() -> None:
    """Bring the database up to date and, if it is empty, load the demo community."""
    for command in (["db", "upgrade"], ["demo", "load", "--if-empty"]):
        # The demo prints its sign-ins; `announce` does, on every start.
        subprocess.run(
            [BIN / "flask", "--app", "wsgi", *command],
            cwd=ROOT,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def announce() -> None:
    """Say where the pages are and who can sign in."""
    port = os.environ.get("PORT") or "8000"
    address = os.environ.get("PUBLIC_URL") or f"http://127.0.0.1:{port}"
    print(f"\nQiaomen is at {address}\n", flush=True)
    signins = Path(os.environ.get("QIAOMEN_INSTANCE") or "instance") / "demo-signins.txt"
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

    signal.signal(signal.SIGTERM, asked)
    try:
        prepare()
    except subprocess.CalledProcessError as error:
        return int(error.returncode) or 1
    children = start("--reload" in arguments)
    try:
        announce()
        while all(child.poll() is None for child in children):
            time.sleep(0.3)
    except KeyboardInterrupt:
        return 0
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        stop(children)
    print("The server or its worker ended by itself; see above.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
