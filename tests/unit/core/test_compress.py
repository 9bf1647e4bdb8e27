"""Compressed answers, and compressed requests with a bound."""

from __future__ import annotations

import gzip
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.factories.accounts import PASSWORD, make_community, make_member
from webapp.core import compress

GZIP = {"Content-Encoding": "gzip", "Content-Type": "application/json"}


def sign_in(app: Flask, body: bytes, **headers: str) -> int:
    """Send these bytes as a sign-in; the status of the answer."""
    answer = app.test_client().post("/api/v1/session", data=body, headers={**GZIP, **headers})
    return answer.status_code


def credentials(app: Flask) -> bytes:
    """The body of a sign-in that works."""
    user = make_member(app, make_community(app))
    return json.dumps({"login": user.login, "password": PASSWORD}).encode()


def test_a_compressed_request_is_read_like_a_plain_one(app: Flask) -> None:
    assert sign_in(app, gzip.compress(credentials(app))) == 200


def test_a_request_that_is_cut_off_or_no_gzip_is_refused_in_words(app: Flask) -> None:
    whole = gzip.compress(credentials(app))
    assert sign_in(app, whole[:-6]) == 400
    assert sign_in(app, b"not gzip at all") == 400
    assert sign_in(app, whole, **{"Content-Encoding": "br"}) == 415


def test_a_bomb_is_refused_before_it_fills_the_memory(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compress, "MAX_INFLATED", 100_000)
    assert sign_in(app, gzip.compress(b" " * 200_000)) == 413


def test_long_answers_are_compressed_for_those_who_can_read_them(client: FlaskClient) -> None:
    packed = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    plain = client.get("/sign-in")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.data) < len(plain.data) / 2
    assert "<form" in gzip.decompress(packed.data).decode()
    assert "Content-Encoding" not in plain.headers


def test_who_refuses_gzip_gets_it_plain(client: FlaskClient) -> None:
    answer = client.get("/sign-in", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers


def test_short_answers_stay_as_they_are(client: FlaskClient) -> None:
    answer = client.get("/api/v1/session", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
