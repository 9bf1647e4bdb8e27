"""A community for each test."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.field import Neighbourhood, neighbourhood


@pytest.fixture
def hood(context: Flask) -> Neighbourhood:
    """An empty community."""
    return neighbourhood()
