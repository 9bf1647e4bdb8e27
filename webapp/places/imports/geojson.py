"""GeoJSON → one sheet: a column for each property, a row for each feature."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from webapp.places.imports import attribution, columns, outlines
from webapp.places.imports.findings import Unreadable
from webapp.places.imports.sheets import Book, Row, Sheet, blank_to_none, bounded

FEATURE_ID = "@id"
_TYPED = re.compile(r"(?:node|way|relation)/\d+")
_SHORT = re.compile(r"([nwr])/?(\d+)")
_LETTERS = {"n": "node", "w": "way", "r": "relation"}
_ID_NAMES = ("@id", "id", "full_id", "osm_id", "osmid")
_TYPE_NAMES = ("element", "element_type", "osm_type", "@type", "type")


def read(text: str) -> Book:
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
    of_osm = sum(feature["osm"] is not None for feature in features) * 2 > len(features)
    if of_osm:
        features = [feature | {"id": feature["osm"]} for feature in features]
    names = _names(features)
    rows: list[Row] = [list(names)]
    rows += [[_cell(_property(feature, name)) for name in names] for feature in features]
    geometries = [outlines.clean(feature.get("geometry")) for feature in features]
    sheet = Sheet("", bounded(rows), first_row=0, geometries=geometries, fixed_head=True)
    said = attribution.said(document) if isinstance(document, dict) else ""
    if of_osm or "osm_id" in names or columns.has_osm_kinds(rows[0], rows[1:]):
        said = attribution.OPENSTREETMAP
    return Book([sheet], "osm" if of_osm else "geojson", said)


def _features(document: Any) -> list[Any]:
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return []
    if document.get("type") == "FeatureCollection":
        features = document.get("features")
        return features if isinstance(features, list) else []
    return [document] if document.get("type") == "Feature" else []


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
    """The feature with its properties as one dictionary; converters put `tags` inside.

    `osm` is its id in OpenStreetMap, as far as the file says it.
    """
    properties = feature.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    osm = _osm_id(feature.get("id"), properties)
    tags = properties.get("tags")
    if isinstance(tags, dict):
        properties = {key: value for key, value in properties.items() if key != "tags"} | tags
    return {**feature, "properties": properties, "osm": osm}


def _osm_id(own: Any, properties: dict[str, Any]) -> str | None:
    """`way/1` of what the usual converters write: `way/1`, `w1`, or type and number apart."""
    texts = [str(value) for value in (own, *map(properties.get, _ID_NAMES)) if value is not None]
    typed = next((text for text in texts if _TYPED.fullmatch(text)), None)
    if typed:
        return typed
    short = _SHORT.fullmatch(str(properties.get("full_id")))
    if short:
        return f"{_LETTERS[short[1]]}/{short[2]}"
    kind = next((k for name in _TYPE_NAMES if (k := properties.get(name)) in _LETTERS.values()), "")
    number = next((text for text in texts if text.isdecimal()), "")
    return f"{kind}/{number}" if kind and number else None


def _cell(value: Any) -> Any:
    return blank_to_none(None if isinstance(value, dict | list) else value)
