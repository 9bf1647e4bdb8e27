"""A community at the desk for each test."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.factories.places import Estate, estate


@pytest.fixture
def place(app: Flask, clock: Clock) -> Estate:
    """An empty community with a coordinator at the desk; the clock stands still."""
    return estate(app)
