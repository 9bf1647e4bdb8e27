"""A community for each test that asks for one."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.factories.field import Neighbourhood, Phone, neighbourhood


@pytest.fixture
def hood(context: Flask) -> Neighbourhood:
    """An empty community."""
    return neighbourhood()


@pytest.fixture
def boss(hood: Neighbourhood) -> Phone:
    """Its only coordinator."""
    return hood.member("coordinator")
