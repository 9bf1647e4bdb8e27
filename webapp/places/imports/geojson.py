"""GeoJSON → one sheet: a column for each property, a row for each feature."""

from __future__ import annotations

import math
from typing import Any

import msgspec

from webapp.places.imports.findings import Unreadable
from webapp.places.imports.sheets import Row, Sheet, blank_to_none, bounded

SHAPES = {"Polygon", "MultiPolygon", "Point", "MultiPoint", "LineString", "GeometryCollection"}
FEATURE_ID = "@id"
Geometry = dict[str, Any]


def read(text: str) -> Sheet:
    """The features as rows; the first row names the properties, feature 1 is row 1.

    Raises Unreadable for JSON that is damaged or holds no features.
    """
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable("damaged_json") from error
    features = [_flat(feature) for feature in _features(document) if isinstance(feature, dict)]
    if not features:
        raise Unreadable("no_features")
    names = _names(features)
    rows: list[Row] = [list(names)]
    rows += [[_cell(_property(feature, name)) for name in names] for feature in features]
    geometries = [_geometry(feature.get("geometry")) for feature in features]
    return Sheet("", bounded(rows), first_row=0, geometries=geometries, fixed_head=True)


def center(geometry: Geometry) -> tuple[float, float] | None:
    """Longitude and latitude of a point, or of the middle of an outline (by area)."""
    coordinates = geometry.get("coordinates")
    if geometry.get("type") == "Point":
        return _position(coordinates)
    rings = [polygon[0] for polygon in polygons(geometry) if polygon]
    parts = [part for ring in rings if (part := _middle(ring)) is not None]
    weight = sum(area for area, _lon, _lat in parts)
    if not parts:
        return None
    if weight == 0:
        return parts[0][1], parts[0][2]
    return (
        sum(area * lon for area, lon, _lat in parts) / weight,
        sum(area * lat for area, _lon, lat in parts) / weight,
    )


def polygons(geometry: Geometry) -> list[list[list[list[float]]]]:
    """The polygons of an outline, each a list of rings; none for points and lines."""
    coordinates = geometry.get("coordinates")
    if not isinstance(coordinates, list):
        return []
    found = [coordinates] if geometry.get("type") == "Polygon" else coordinates
    return found if geometry.get("type") in {"Polygon", "MultiPolygon"} else []


def _features(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return []
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        return features if isinstance(features, list) else []
    if document.get("type") == "Feature":
        return [document]
    if "elements" in document:
        raise Unreadable("overpass")
    return []


def _names(features: list[dict[str, Any]]) -> list[str]:
    names: dict[str, None] = {}
    if any(feature.get("id") is not None for feature in features):
        names[FEATURE_ID] = None
    for feature in features:
        names |= dict.fromkeys(feature["properties"])
    return list(names) or [FEATURE_ID]


def _property(feature: dict[str, Any], name: str) -> Any:
    if name == FEATURE_ID and feature.get("id") is not None:
        return feature["id"]
    return feature["properties"].get(name)


def _flat(feature: dict[str, Any]) -> dict[str, Any]:
    """The feature with its properties as one dictionary; converters put `tags` inside."""
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    tags = properties.get("tags")
    if isinstance(tags, dict):
        properties = {key: value for key, value in properties.items() if key != "tags"} | tags
    return {**feature, "properties": properties}


def _cell(value: Any) -> Any:
    return blank_to_none(None if isinstance(value, dict | list) else value)


def _geometry(value: Any) -> Geometry | None:
    """The geometry with plain positions, or none where it is missing or damaged."""
    if not isinstance(value, dict) or value.get("type") not in SHAPES:
        return None
    if value["type"] == "Point":
        position = _position(value.get("coordinates"))
        return {"type": "Point", "coordinates": list(position)} if position else None
    try:
        shapes = [
            [[list(_must(point)) for point in ring] for ring in polygon]
            for polygon in polygons(value)
        ]
    except (TypeError, ValueError):
        return None
    if not shapes or not all(shape and len(shape[0]) >= 4 for shape in shapes):
        return None
    if len(shapes) == 1:
        return {"type": "Polygon", "coordinates": shapes[0]}
    return {"type": "MultiPolygon", "coordinates": shapes}


def _must(point: Any) -> tuple[float, float]:
    position = _position(point)
    if position is None:
        raise ValueError("no position")
    return position


def _position(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, list | tuple) or len(value) < 2:
        return None
    lon, lat = value[0], value[1]
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in (lon, lat)):
        return None
    if abs(lon) > 180 or abs(lat) > 90:  # metres of some map sheet, not degrees
        return None
    return float(lon), float(lat)


def _middle(ring: list[list[float]]) -> tuple[float, float, float] | None:
    """Area (unsigned) and middle of a ring; taken from its first corner for precision."""
    if not ring:
        return None
    x0, y0 = ring[0]
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:], strict=False):
        cross = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        area += cross
        x += cross * (x1 + x2 - 2 * x0)
        y += cross * (y1 + y2 - 2 * y0)
    if area == 0:
        return 0.0, x0, y0
    return abs(area) / 2, x0 + x / (3 * area), y0 + y / (3 * area)
