"""Tags of OpenStreetMap → the cells of a list of buildings."""

from __future__ import annotations

import re
from collections.abc import Iterable

from webapp.places.imports.osm.buildings import Feature
from webapp.places.imports.osm.elements import Tags
from webapp.places.imports.sheets import Row
from webapp.places.imports.vocabulary import has_cjk
from webapp.places.numbers import unit_key

HEADINGS = (
    "@id", "name", "addr:housenumber", "addr:street", "addr:full", "addr:place",
    "building:levels", "entrances", "entrance:units", "building:flats",
)  # fmt: skip
_CHINESE = ("name:zh-Hans", "name:zh", "name:zh-CN", "name:zh-Hant")
_NO_STAIRWELL = {"no", "service", "emergency", "garage", "exit", "shop", "window"}
_UNIT = re.compile(r"[A-Z]?\d{1,2}|[A-Z]")


def cells(feature: Feature) -> Row:
    """One row under `HEADINGS`."""
    tags = feature.tags
    stairwells = _stairwells(feature.entrances)
    return [
        feature.id,
        _name(tags),
        tags.get("addr:housenumber") or None,
        tags.get("addr:street") or None,
        tags.get("addr:full") or None,
        feature.compound or tags.get("addr:neighbourhood") or tags.get("addr:place") or None,
        tags.get("building:levels") or None,
        tags.get("building:units") or len(stairwells) or None,
        _units(stairwells),
        tags.get("building:flats") or None,
    ]


def _name(tags: Tags) -> str | None:
    """The name that people there read: the Chinese one where there is one."""
    name = tags.get("name", "")
    if has_cjk(name):
        return name
    chinese = next((text for key in _CHINESE if (text := tags.get(key))), "")
    return chinese or name or tags.get("addr:housename") or None


def _stairwells(entrances: Iterable[Tags]) -> list[Tags]:
    """The entrances that lead to doors; where stairs are marked, only these."""
    doors = [tags for tags in entrances if tags["entrance"] not in _NO_STAIRWELL]
    return [tags for tags in doors if tags["entrance"] == "staircase"] or doors


def _units(stairwells: list[Tags]) -> str | None:
    """What the units are called, when every stairwell says it and no two say the same."""
    names = [_unit(tags) for tags in stairwells]
    different = len(set(names)) == len(names)
    return ";".join(names) if names and all(names) and different else None


def _unit(tags: Tags) -> str:
    texts = (unit_key(tags.get(key, "")) for key in ("addr:unit", "ref", "name"))
    return next((text for text in texts if _UNIT.fullmatch(text)), "")
