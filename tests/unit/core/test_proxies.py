"""Whose X-Forwarded-For is believed, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from webapp.core.http import TrustedProxies, _networks
from webapp.core.settings import SettingsError

TRUSTED = ("10.0.0.0/8", "127.0.0.1", "fd00::/8")


def seen(remote: str, forwarded: str | None, scheme: str | None = None) -> tuple[str, str]:
    """The address and scheme that the application gets to see."""
    got: list[tuple[str, str]] = []

    def application(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        got.append((environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]))
        return []

    environ: dict[str, Any] = {"REMOTE_ADDR": remote, "wsgi.url_scheme": "http"}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    if scheme is not None:
        environ["HTTP_X_FORWARDED_PROTO"] = scheme
    TrustedProxies(application, _networks(TRUSTED))(environ, lambda *_: None)  # type: ignore[arg-type]
    return got[0]


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7, unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.7:51234", "198.51.100.7"),
        ("10.0.0.1", "[2001:db8::7]:51234", "2001:db8::7"),
        ("10.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "198.51.100.7", "198.51.100.7"),
        ("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("", "198.51.100.7", ""),
    ],
)
def test_the_client_is_the_rightmost_address_that_is_not_ours(
    remote: str, forwarded: str | None, client: str
) -> None:
    assert seen(remote, forwarded)[0] == client


def test_the_scheme_is_believed_from_our_proxies_only() -> None:
    assert seen("10.0.0.1", "198.51.100.7", "https")[1] == "https"
    assert seen("203.0.113.9", "198.51.100.7", "https")[1] == "http"
    assert seen("10.0.0.1", "198.51.100.7", "gopher")[1] == "http"


def test_a_network_that_is_none_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        _networks(["10.0.0.0/99"])
