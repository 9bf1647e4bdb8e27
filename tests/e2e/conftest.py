"""A real server and a real Chromium. Every test module gets a server and a database of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError

from tests.e2e import instances
from tests.e2e.serving import Instance, Server, chromium, launch_arguments, serving

ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; M2012K11AC) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36"
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": ANDROID,
}
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
CONTEXT: dict[str, Any] = {
    "locale": "zh-CN",
    "timezone_id": "Asia/Shanghai",
    "service_workers": "allow",
    "reduced_motion": "reduce",
}


@pytest.fixture(scope="session")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Instance:
    """The small community, made once by the commands that people use."""
    return instances.small(tmp_path_factory.mktemp("seed"))


@pytest.fixture(scope="session")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Instance, dict[str, str]]:
    return instances.demo(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def server(_seed: Instance, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """gunicorn and the worker over a copy of the small community, on a free port.

    Logins: `coordinator`, `volunteer` (has all buildings) and `second` (has all buildings).
    """
    with serving(_seed, tmp_path_factory.mktemp("instance"), worker=True) as running:
        yield running


@pytest.fixture
def releasing(_seed: Instance, tmp_path: Path) -> Iterator[Server]:
    """The small community on a server that can release a new version of the app."""
    with serving(_seed, tmp_path / "releasing", app="tests.e2e.releases:app") as running:
        yield running


@pytest.fixture(scope="module")
def demo(
    _demo: tuple[Instance, dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server over the demo, and the passwords of its accounts."""
    instance, passwords = _demo
    with serving(instance, tmp_path_factory.mktemp("shown")) as running:
        yield running, passwords


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium that the set-up found."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium(),
        "args": launch_arguments(),
    }


@pytest.fixture
def watched(
    new_context: Callable[..., BrowserContext],
) -> Iterator[Callable[..., BrowserContext]]:
    """`new_context`; no page may break its Content-Security-Policy or die of an uncaught error."""
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if re.search("Content.Security.Policy", message.text):
            complaints.append(message.text)

    def died(error: WebError) -> None:
        complaints.append(str(error.error))

    def make(**options: Any) -> BrowserContext:
        context = new_context(**{**CONTEXT, **options})
        context.on("console", hear)
        context.on("weberror", died)
        return context

    yield make
    assert complaints == []


@pytest.fixture
def new_phone(
    watched: Callable[..., BrowserContext], server: Server
) -> Callable[..., BrowserContext]:
    """Make a phone of its own: `new_phone().new_page()`. Two of them share nothing."""

    def make(**options: Any) -> BrowserContext:
        return watched(**{**PHONE, "base_url": server.url, **options})

    return make


@pytest.fixture
def phone(new_phone: Callable[..., BrowserContext]) -> Page:
    """A page on a volunteer's phone; `phone.context.set_offline(True)` is the stairwell."""
    return new_phone().new_page()


@pytest.fixture
def desk(watched: Callable[..., BrowserContext], server: Server) -> Page:
    """A page on a coordinator's desk, not signed in."""
    return watched(**DESK, base_url=server.url).new_page()
