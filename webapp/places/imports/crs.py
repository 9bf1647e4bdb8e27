"""Coordinates that Chinese maps give out → WGS-84.

GCJ-02 (Amap, Tencent) moves WGS-84 by up to 700 m inside China; BD-09 (Baidu) moves GCJ-02 once
more. The forward formulas are public (the Krasovsky 1940 ellipsoid and two series of sines); the
way back has no formula and is found by repetition, to well under a centimetre.
"""

from __future__ import annotations

from collections.abc import Callable
from math import atan2, cos, pi, radians, sin, sqrt
from typing import Any

from webapp.core import map_settings

Point = tuple[float, float]
"""Longitude, latitude in degrees."""

SYSTEMS = map_settings.SYSTEMS

_AXIS = 6_378_245.0
_ECCENTRICITY = 0.006_693_421_622_965_943_23
_BD_TURN = pi * 3000 / 180


def to_wgs84(lon: float, lat: float, system: str) -> Point:
    """A point of one of `SYSTEMS` in WGS-84."""
    if system == "bd09":
        lon, lat = _bd09_to_gcj02(lon, lat)
    return (lon, lat) if system == "wgs84" else _undo(_wgs84_to_gcj02, lon, lat)


def shape_to_wgs84(geometry: dict[str, Any], system: str) -> dict[str, Any]:
    """A GeoJSON geometry in WGS-84."""
    if system == "wgs84":
        return geometry
    return {**geometry, "coordinates": _moved(geometry["coordinates"], system)}


def from_wgs84(lon: float, lat: float, system: str) -> Point:
    """The inverse of `to_wgs84`."""
    if system == "wgs84":
        return lon, lat
    lon, lat = _wgs84_to_gcj02(lon, lat)
    return (lon, lat) if system == "gcj02" else _gcj02_to_bd09(lon, lat)


def _moved(coordinates: Any, system: str) -> Any:
    if coordinates and isinstance(coordinates[0], int | float):
        return list(to_wgs84(coordinates[0], coordinates[1], system))
    return [_moved(part, system) for part in coordinates]


def _undo(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    x, y = lon, lat
    for _round in range(6):
        moved = forward(x, y)
        x, y = x + lon - moved[0], y + lat - moved[1]
    return x, y


def _in_china(lon: float, lat: float) -> bool:
    """Roughly: outside, GCJ-02 is WGS-84."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _wgs84_to_gcj02(lon: float, lat: float) -> Point:
    if not _in_china(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    common = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += 2 / 3 * (common + 20 * sin(y * pi) + 40 * sin(y / 3 * pi))
    north += 2 / 3 * (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += 2 / 3 * (common + 20 * sin(x * pi) + 40 * sin(x / 3 * pi))
    east += 2 / 3 * (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi))
    magic = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY) / (magic * sqrt(magic)) * pi / 180
    parallel = _AXIS / sqrt(magic) * cos(radians(lat)) * pi / 180
    return lon + east / parallel, lat + north / meridian


def _gcj02_to_bd09(lon: float, lat: float) -> Point:
    distance = sqrt(lon * lon + lat * lat) + 0.00002 * sin(lat * _BD_TURN)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return distance * cos(angle) + 0.0065, distance * sin(angle) + 0.006


def _bd09_to_gcj02(lon: float, lat: float) -> Point:
    return _undo(_gcj02_to_bd09, lon, lat)
