"""WGS-84, GCJ-02 and BD-09, against what gcoord says of the same places (tests/vectors)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.places.imports import crs

VECTORS = Path(__file__).parents[2] / "vectors" / "coordinates.json"
PLACES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["cases"]
MILLIMETRE = 1e-8
"""Degrees."""


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["name"])
@pytest.mark.parametrize("system", crs.SYSTEMS)
def test_a_place_is_where_gcoord_puts_it(place: dict[str, Any], system: str) -> None:
    lon, lat = place["wgs84"]
    assert crs.from_wgs84(lon, lat, system) == pytest.approx(place[system], abs=MILLIMETRE)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["name"])
@pytest.mark.parametrize("system", crs.SYSTEMS)
def test_it_comes_back_to_within_a_millimetre(place: dict[str, Any], system: str) -> None:
    lon, lat = place[system]
    assert crs.to_wgs84(lon, lat, system) == pytest.approx(place["wgs84"], abs=MILLIMETRE)


@pytest.mark.parametrize("system", crs.SYSTEMS)
@given(lon=st.floats(73, 135), lat=st.floats(18, 54))
def test_every_place_in_china_comes_back(system: str, lon: float, lat: float) -> None:
    assert crs.to_wgs84(*crs.from_wgs84(lon, lat, system), system) == pytest.approx(
        (lon, lat), abs=MILLIMETRE
    )


def test_an_outline_is_moved_corner_by_corner() -> None:
    ring = [place["bd09"] for place in PLACES[:3]]
    ring.append(ring[0])
    moved = crs.shape_to_wgs84({"type": "Polygon", "coordinates": [ring]}, "bd09")
    for corner, place in zip(moved["coordinates"][0], PLACES[:3], strict=False):
        assert corner == pytest.approx(place["wgs84"], abs=MILLIMETRE)
