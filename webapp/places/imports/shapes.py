"""Where a building is: from an outline, from two columns, or from one."""

from __future__ import annotations

import re

from webapp.places.imports import cells, crs, outlines
from webapp.places.imports.records import BuildingRecord
from webapp.places.imports.sheets import Cell

_PAIR = re.compile(r"\D*?(-?\d+\.\d+)\D+?(-?\d+\.\d+)\D*")


def locate(record: BuildingRecord, geometry: outlines.Geometry, system: str) -> None:
    """Give the record its middle and, unless it is a point, its outline, both in WGS-84."""
    moved = crs.shape_to_wgs84(geometry, system)
    middle = outlines.center(moved)
    if middle is not None:
        record.lon, record.lat = round(middle[0], 7), round(middle[1], 7)
    if moved["type"] in outlines.AREAS:
        record.outline = outlines.canonical(moved)


def point(lon: Cell, lat: Cell, both: str = "") -> crs.Point | None:
    """Longitude and latitude from cells; none when both are blank.

    Exchanged columns are recognised by a latitude beyond 90°. Raises NotANumber for anything
    that is no place on earth.
    """
    if both and lon is None and lat is None:
        pair = _PAIR.fullmatch(both)
        if pair is None:
            raise cells.NotANumber(both)
        lon, lat = pair[1], pair[2]
    x, y = cells.degrees(lon), cells.degrees(lat)
    if x is None or y is None:
        return None
    if abs(y) > 90 and abs(x) <= 90:
        x, y = y, x
    if abs(y) > 90 or abs(x) > 180 or (x == 0 and y == 0):
        raise cells.NotANumber(f"{lon}, {lat}")
    return x, y
