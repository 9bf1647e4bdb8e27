"""A community with a badge on duty, seen from outside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.conftest import Clock
from tests.factories.field import Neighbourhood, neighbourhood
from tests.factories.trust import Badge, issue
from webapp.accounts.models import Community
from webapp.core import db


@dataclass
class Door:
    """What a resident's browser asks, each time from this address unless told otherwise."""

    app: Flask
    address: str = "203.0.113.7"
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, *, address: str | None = None, **query: str | int) -> TestResponse:
        """A page, in Chinese unless `lang` says otherwise."""
        return self.client.get(
            path,
            query_string={"lang": "zh", **query},
            environ_overrides={"REMOTE_ADDR": address or self.address},
        )

    def check(self, badge: Badge, clock: Clock, **query: str | int) -> TestResponse:
        """Number and code as the phone shows them now."""
        given: dict[str, Any] = {"number": badge.shown, "code": badge.code(clock.moment)}
        return self.get("/verify", **given | query)


@pytest.fixture
def hood(app: Flask, clock: Clock) -> Neighbourhood:
    """With a published phone number."""
    with app.app_context():
        hood = neighbourhood("甲社区")
        with db.writing() as session:
            session.execute(update(Community).values(phone="000-12345678"))
        return hood


@pytest.fixture
def badge(app: Flask, hood: Neighbourhood, clock: Clock) -> Badge:
    """On duty since nine."""
    with app.app_context():
        badge = issue(hood)
        badge.start(clock.moment)
        return badge


@pytest.fixture
def door(app: Flask, hood: Neighbourhood) -> Door:
    """A resident."""
    return Door(app)
