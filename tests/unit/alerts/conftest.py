"""A community for each test, in which nothing may be miscounted when the test is over."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.factories.field import Neighbourhood, differences, neighbourhood


@pytest.fixture
def hood(context: Flask) -> Iterator[Neighbourhood]:
    """An empty community; whatever a test did, its counters must agree with its operations."""
    community = neighbourhood()
    yield community
    assert differences(community) == []
