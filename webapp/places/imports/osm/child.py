"""The child process that reads map data (see `imports.child`)."""

from __future__ import annotations

import sys

from webapp.places.imports import child
from webapp.places.imports.osm import buildings, files, overpass
from webapp.places.imports.osm.elements import MOST_BUILDINGS, Elements, TooMany
from webapp.places.imports.osm.files import MOST_UNPACKED, Broken, TooLarge
from webapp.places.imports.osm.maps import Answer

_MEGABYTE = 1024 * 1024


def _answer(data: bytes) -> Answer:
    try:
        elements = _elements(data, sys.argv[1])
    except TooLarge:
        return Answer(refusal="map_too_large", most=MOST_UNPACKED // _MEGABYTE)
    except TooMany:
        return Answer(refusal="map_too_many", most=MOST_BUILDINGS)
    except MemoryError:
        return Answer(refusal="map_too_large", most=MOST_UNPACKED // _MEGABYTE)
    except Broken as error:
        return Answer(refusal="map_entities" if "entities" in str(error) else "map_damaged")
    found = buildings.find(elements)
    return Answer(found.buildings, found.points, elements.cut)


def _elements(data: bytes, form: str) -> Elements:
    if form == "overpass":
        return overpass.read(data)
    if form == "osm.bz2":
        return files.read(files.unpacked(data), "osm")
    return files.read(data, form)


if __name__ == "__main__":
    child.answer(_answer)
