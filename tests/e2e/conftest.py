"""A real server and a real Chromium. Every test module gets a server and a database of its own."""

from __future__ import annotations

import csv
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from webapp.app import create_app
from webapp.core import db
from webapp.core.settings import Settings

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 13; M2012K11AC) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36",
}
DESK = {"viewport": {"width": 1440, "height": 900}}
CONTEXT = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "service_workers": "allow",
    "reduced_motion": "reduce",
}
BUILDINGS = (
    # name, units, floors, rooms per floor
    ("1幢", 2, 6, 2),
    ("2幢", 1, 34, 4),
    ("3幢", 3, 11, 2),
)
PEOPLE = (
    # login, name, role
    ("coordinator", "何静", "coordinator"),
    ("volunteer", "张敏", "volunteer"),
    ("second", "李强", "volunteer"),
)


@dataclass(frozen=True)
class Server:
    """A running installation and who can sign in to it.

    Logins: `coordinator`, `volunteer` (has all buildings) and `second` (has all buildings).
    """

    url: str
    instance: Path
    community: int
    password: str

    def flask(self, *arguments: str, stdin: str | None = None) -> str:
        """Run `flask --app wsgi …` against this installation; returns standard output."""
        return _flask(self.instance, *arguments, stdin=stdin)


@dataclass(frozen=True)
class _Seed:
    instance: Path
    community: int
    password: str


def _environment(instance: Path, port: int = 8000) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return {
        **kept,
        "QIAOMEN_INSTANCE": str(instance),
        "PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }


def _flask(instance: Path, *arguments: str, stdin: str | None = None) -> str:
    done = subprocess.run(
        [BIN / "flask", "--app", "wsgi", *arguments],
        cwd=ROOT,
        env=_environment(instance),
        input=stdin or "",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"flask {' '.join(arguments)}: {done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> _Seed:
    """An instance folder with a small community, made once by the commands that people use.

    They run inside this process: starting Flask for each would take ten times as long.
    """
    instance = tmp_path_factory.mktemp("seed")
    password = secrets.token_urlsafe(12)
    app = create_app(
        Settings(instance, f"sqlite:///{instance / 'qiaomen.sqlite'}", secrets.token_hex(32))
    )
    runner = app.test_cli_runner()

    def flask(*arguments: str, stdin: str | None = None) -> str:
        done = runner.invoke(args=arguments, input=stdin)
        assert done.exit_code == 0, f"flask {' '.join(arguments)}: {done.output}"
        return done.stdout

    flask("db", "upgrade")
    added = flask(
        "community", "add", "紫荆园社区", "--region", "重庆市/合川区/南津街街道",
        "--timezone", "Asia/Shanghai", "--json",
    )  # fmt: skip
    community = int(json.loads(added)["id"])
    here = ("--community", str(community))
    flask("import", "buildings", str(_buildings_file(instance)), *here, "--generate-households")
    for login, name, role in PEOPLE:
        flask(
            "user", "add", login, "--name", name, "--role", role, *here, "--password-stdin",
            stdin=password,
        )  # fmt: skip
    for login in ("volunteer", "second"):
        flask("assign", login, *here, "--all")
    app.extensions[db.EXTENSION].dispose()
    return _Seed(instance, community, password)


def _buildings_file(folder: Path) -> Path:
    path = folder / "buildings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["小区", "楼栋", "单元数", "楼层数", "总户数"])
        for name, units, floors, rooms in BUILDINGS:
            writer.writerow(["紫荆花园", name, units, floors, units * floors * rooms])
    return path


@pytest.fixture(scope="module")
def server(_seed: _Seed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn over a copy of the seeded instance, on a free port."""
    instance = tmp_path_factory.mktemp("instance")
    shutil.copytree(_seed.instance, instance, dirs_exist_ok=True)
    port = _free_port()
    log = (instance / "server.log").open("wb")
    process = subprocess.Popen(
        [BIN / "gunicorn", "--config", "gunicorn.conf.py", "--workers", "1", "wsgi:app"],
        cwd=ROOT,
        env=_environment(instance, port),
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        _wait_until_it_answers(port, process, instance / "server.log")
        yield Server(f"http://127.0.0.1:{port}", instance, _seed.community, _seed.password)
    finally:
        process.terminate()
        process.wait(15)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"no answer within 15 s: {log.read_text()}")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium that the set-up found; as root it runs without its sandbox."""
    arguments = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    if os.getuid() == 0:
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": chromium(), "args": arguments}


def chromium() -> str:
    """Where Chromium is: CHROMIUM, what `make setup` wrote down, or one on the PATH."""
    noted = ROOT / ".venv" / "stamps" / "chromium"
    found = os.environ.get("CHROMIUM") or (noted.read_text().strip() if noted.is_file() else "")
    found = found or shutil.which("chromium") or ""
    assert found, "no Chromium: run `make setup`"
    return found


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """What every `new_context()` starts from: a browser in China."""
    return {**browser_context_args, **CONTEXT}


@pytest.fixture
def new_phone(
    new_context: Callable[..., BrowserContext], server: Server
) -> Callable[[], BrowserContext]:
    """Make a phone of its own: `new_phone().new_page()`. Two of them share nothing."""

    def make() -> BrowserContext:
        return new_context(**PHONE, base_url=server.url)

    return make


@pytest.fixture
def phone(new_phone: Callable[[], BrowserContext]) -> Page:
    """A page on a volunteer's phone; `phone.context.set_offline(True)` is the stairwell."""
    return new_phone().new_page()


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], server: Server) -> Page:
    """A page on a coordinator's desk, not signed in."""
    return new_context(**DESK, base_url=server.url).new_page()


@pytest.fixture(autouse=True)
def _quiet_pages(request: pytest.FixtureRequest) -> Iterator[None]:
    """No page may break its Content-Security-Policy or die of an uncaught error."""
    names = {"phone", "desk", "page"} & set(request.fixturenames)
    complaints: list[str] = []
    for name in sorted(names):
        page: Page = request.getfixturevalue(name)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if re.search("Content.Security.Policy", message.text)
                else None
            ),
        )
    yield
    assert complaints == []
