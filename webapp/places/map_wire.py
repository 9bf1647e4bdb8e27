"""What maps are told, declared once."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, UnsetType

Point = list[float]
"""Longitude, latitude in degrees, WGS-84; the route checks that there are two."""


class MapTiles(Struct):
    """Raster tiles of a server: `url` with {z}, {x}, {y}; `crs` is wgs84, gcj02 or bd09."""

    url: str
    attribution: str
    crs: str
    subdomains: list[str]
    max_zoom: int


class MapBase(Struct):
    """A raster PMTiles file on this server, of which a phone keeps at most `limit` bytes."""

    url: str
    attribution: str
    crs: str
    min_zoom: int
    max_zoom: int
    version: str
    limit: int


class MapBuilding(Struct, omit_defaults=True):
    """Where a building is: `at` is [longitude, latitude] in millionths of a degree, WGS-84.

    A ring of `outline` is steps [east, north, east, north …] in the same unit: the first corner
    from `at`, each other one from the corner before; holes by the even-odd rule.
    """

    id: str
    name: str
    at: list[int]
    compound: str = ""
    outline: list[list[int]] | UnsetType = UNSET


class MapAnswer(Struct, omit_defaults=True):
    """`GET /api/v1/map`: the member's buildings and those around them.

    `version` names this content; who asks with `?known=` that version gets `same` and no more.
    """

    version: str
    same: bool = False
    buildings: list[MapBuilding] = []
    attribution: list[str] = []
    tiles: MapTiles | UnsetType = UNSET
    base: MapBase | UnsetType = UNSET


class LocationBefore(Struct):
    """A building's place as it stands; handed back, it undoes what came after.

    `outline` is GeoJSON, `origin` who said the place where that is not the building's own source.
    """

    lat: float | None
    lon: float | None
    outline: dict[str, Any] | None
    origin: str | None


class LocationRequest(Struct):
    """`POST /api/v1/buildings/<id>/location`: one of the three, all WGS-84, longitude first.

    `at` moves the building with its outline, `outline` is its corners (null takes it away), `back`
    is what an earlier answer called `before`.
    """

    at: Point | UnsetType = UNSET
    outline: list[Point] | UnsetType | None = UNSET
    back: LocationBefore | UnsetType = UNSET


class LocationAnswer(Struct, omit_defaults=True):
    """Where the building is now (absent: nowhere), and what undoes it."""

    before: LocationBefore
    building: MapBuilding | UnsetType = UNSET


def bodies() -> dict[str, type[Struct]]:
    """The bodies that the API document describes."""
    kinds: list[type[Struct]] = [
        MapAnswer, MapTiles, MapBase, MapBuilding,
        LocationRequest, LocationAnswer, LocationBefore,
    ]  # fmt: skip
    return {kind.__name__: kind for kind in kinds}
