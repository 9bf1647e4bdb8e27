"""The same map in every format is the same list of buildings; what is hostile gets a sentence."""

from __future__ import annotations

import bz2
import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.osm import Drawn, place
from webapp.places.imports import child, tables
from webapp.places.imports.findings import Unreadable, sentence
from webapp.places.imports.osm import files, maps, overpass
from webapp.places.imports.osm.files import Broken, TooLarge
from webapp.places.imports.sheets import Book

FORMATS: dict[str, Callable[[Drawn], bytes]] = {
    "xml": Drawn.xml,
    "xml, UTF-16": lambda drawn: drawn.xml().decode().replace("UTF-8", "UTF-16").encode("utf-16"),
    "bzip2": Drawn.bzip2,
    "bzip2 in parts": lambda drawn: bz2.compress(drawn.xml()[:900]) + bz2.compress(
        drawn.xml()[900:]
    ),
    "pbf": Drawn.pbf,
    "overpass": Drawn.overpass,
    "overpass geom": lambda drawn: drawn.overpass("geom"),
}  # fmt: skip


def estate() -> Drawn:
    """Two buildings, one of them with a courtyard, and a road."""
    drawn = Drawn()
    drawn.square(0, 0, building="apartments", name="1号楼", building__levels="6")
    outer, inner = drawn.square(5, 5, 3), drawn.square(6, 6)
    drawn.relation((outer, "outer"), (inner, "inner"), building="yes", name="2号楼")
    drawn.way((20, 20), (30, 30), highway="service")
    return drawn


def read(data: bytes) -> Book:
    return tables.read(data)


def lines(book: Book) -> list[dict[str, object]]:
    head, *rows = book.sheets[0].rows
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def refusal(data: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        tables.read(data)
    return caught.value.finding.code


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_gives_the_same_buildings(form: str) -> None:
    book = read(FORMATS[form](estate()))
    courtyard, block = sorted(lines(book), key=lambda line: str(line["@id"]))
    assert (block["@id"], block["name"], block["building:levels"]) == ("way/10", "1号楼", "6")
    assert (courtyard["@id"], courtyard["name"]) == ("relation/500", "2号楼")
    ids = [line["@id"] for line in lines(book)]
    whole = (book.sheets[0].geometries or [])[ids.index("relation/500")]
    assert whole is not None
    assert whole["type"] == "Polygon"
    assert [len(ring) for ring in whole["coordinates"]] == [5, 5]
    assert whole["coordinates"][0][0] == list(place((5, 5)))
    assert (book.source, book.attribution[:15]) == ("osm", "© OpenStreetMap")


def test_a_middle_is_enough_where_overpass_was_asked_for_no_more() -> None:
    book = read(estate().overpass("center"))
    assert book.sheets[0].geometries == [
        {"type": "Point", "coordinates": list(place(corner))} for corner in ((5, 5), (0, 0))
    ]
    assert not book.notices


def test_positions_written_into_the_ways_do_without_nodes() -> None:
    text = estate().xml().decode()
    for number, (corner, _tags) in estate().nodes.items():
        lon, lat = place(corner)
        text = text.replace(
            f'<nd ref="{number}"/>', f'<nd ref="{number}" lat="{lat}" lon="{lon}"/>'
        )
        text = text.replace(f'<node id="{number}" lat="{lat}" lon="{lon}"></node>', "")
    assert "<node" not in text
    assert read(text.encode()).sheets[0].geometries == read(estate().xml()).sheets[0].geometries


def test_what_overpass_could_not_finish_is_said(context: Flask) -> None:
    book = read(estate().overpass(remark="runtime error: Query timed out"))
    (notice,) = book.notices
    assert "Query timed out" in sentence(notice)


@pytest.mark.parametrize("form", ["xml", "bzip2", "pbf", "overpass"])
def test_a_map_without_buildings_is_refused(context: Flask, form: str) -> None:
    drawn = Drawn()
    drawn.square(0, 0, landuse="grass")
    drawn.square(2, 2, building="no")
    with pytest.raises(Unreadable) as caught:
        tables.read(FORMATS[form](drawn))
    assert caught.value.finding.code == "map_empty"
    assert "import." not in sentence(caught.value.finding)


BOMB = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
NODE = '<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="building" v="%s"/></node></osm>'
BILLION_LAUGHS = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "a">{BOMB}]>{NODE % "&a9;"}'
SECRETS = (
    f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{NODE % "&a;"}'
)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (estate().xml()[:400], "map_damaged"),
        (estate().xml(version="0.5"), "map_damaged"),
        (estate().xml().replace(b'lat="39.96"', b'lat="north"'), "map_damaged"),
        (estate().bzip2()[:-40], "map_damaged"),
        (estate().pbf()[:-30], "map_damaged"),
        (estate().pbf()[:60] + b"\xff" * 80, "map_damaged"),
        (estate().overpass()[:-20], "map_damaged"),
        (b'{"elements": [{"type": "way"}]}', "map_damaged"),
        (b'{"elements": 3}', "map_damaged"),
        (BILLION_LAUGHS.encode(), "map_entities"),
        (SECRETS.encode(), "map_entities"),
        ((NODE % ("a" * 3_000_000)).encode(), "map_damaged"),
    ],
)
def test_what_is_damaged_or_hostile_gets_a_sentence(context: Flask, data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as caught:
        tables.read(data)
    assert caught.value.finding.code == code
    assert "import." not in sentence(caught.value.finding)


def test_a_bzip2_bomb_is_given_up_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(files, "MOST_UNPACKED", 100_000)
    assert files.unpacked(bz2.compress(b" " * 60_000)) == b" " * 60_000
    for bomb in (bz2.compress(b" " * 1_000_000), bz2.compress(b" " * 60_000) * 2):
        with pytest.raises(TooLarge):
            files.unpacked(bomb)


def test_padding_after_a_packed_map_is_ignored() -> None:
    assert len(read(estate().bzip2() + b"\0" * 100).sheets[0].rows) == 3


def test_a_packed_file_that_is_no_map_is_an_archive() -> None:
    assert refusal(bz2.compress("楼号,房号\n3,101\n".encode())) == "an_archive"


def test_a_map_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MOST_SECONDS", 0.001)
    assert refusal(estate().xml()) == "too_slow"


def test_more_buildings_than_a_community_has_are_refused() -> None:
    way = {"type": "way", "id": 1, "nodes": [], "tags": {"building": "yes"}}
    elements = [way | {"id": number} for number in range(50_001)]
    assert refusal(json.dumps({"elements": elements}).encode()) == "map_too_many"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_change_of_a_file_makes_its_reader_fail(data: st.DataObject) -> None:
    """In this process: a child for each would take minutes, and would hide what it died of."""
    form = data.draw(st.sampled_from(["osm", "pbf", "overpass"]))
    whole = {"osm": Drawn.xml, "pbf": Drawn.pbf, "overpass": Drawn.overpass}[form](estate())
    at = data.draw(st.integers(0, len(whole) - 1))
    damaged = whole[:at] + data.draw(st.binary(max_size=6)) + whole[at + 1 :]
    with suppress(Broken):
        overpass.read(damaged) if form == "overpass" else files.read(damaged, form)


@given(st.binary(max_size=300).filter(lambda data: not data.startswith(b"BZh")))
def test_other_bytes_are_no_map(data: bytes) -> None:
    assert maps.form_of(data) is None
