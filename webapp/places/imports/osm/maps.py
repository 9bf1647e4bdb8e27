"""A file of map data → one sheet: a row for each building, columns as OpenStreetMap names them."""

from __future__ import annotations

import bz2
import re
from typing import Literal

import msgspec

from webapp.places.imports import attribution, child, outlines
from webapp.places.imports.child import Refusals
from webapp.places.imports.findings import EXAMPLES, Finding, Unreadable
from webapp.places.imports.osm import tags
from webapp.places.imports.osm.buildings import Feature
from webapp.places.imports.sheets import Book, Row, Sheet, bounded

Form = Literal["osm", "osm.bz2", "pbf", "overpass"]

_CHILD = "webapp.places.imports.osm.child"
_REFUSALS = Refusals(killed="map_too_large", broken="map_damaged", most=32)
_HEAD = 4_096
_XML = re.compile(rb"<osm[\s>]")
_OVERPASS = re.compile(rb'^\s*\{.{0,2000}?"(?:elements|osm3s)"\s*:', re.DOTALL)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Answer(msgspec.Struct):
    """What the child says: the buildings, or the code of a refusal.

    `points` are the names of points that were left out, `cut` is why the file is incomplete.
    """

    buildings: list[Feature] = []
    points: list[str] = []
    cut: str = ""
    refusal: str | None = None
    most: int = 0


def form_of(data: bytes) -> Form | None:
    """Which kind of map data a file is, by its first bytes; none for anything else."""
    head = data[:_HEAD]
    if data.startswith(b"BZh"):
        packed = _first_of_bzip2(data)
        return "osm.bz2" if packed is not None and (not packed or _is_xml(packed)) else None
    if head[4:15] == b"\x0a\x09OSMHeader":
        return "pbf"
    if _is_xml(head):
        return "osm"
    return "overpass" if _OVERPASS.match(head.removeprefix(b"\xef\xbb\xbf")) else None


def read(data: bytes, form: Form) -> Book:
    """The buildings as rows. Raises Unreadable when there are none, or the file is damaged."""
    answer = child.ask(_CHILD, data, Answer, _REFUSALS, form)
    if answer.refusal is not None:
        raise Unreadable(answer.refusal, most=answer.most)
    if not answer.buildings:
        raise Unreadable("map_empty")
    rows: list[Row] = [tags.cells(feature) for feature in answer.buildings]
    geometries = [outlines.clean(feature.geometry) for feature in answer.buildings]
    sheet = Sheet(
        "",
        bounded(_without_blank_columns([list(tags.HEADINGS), *rows])),
        first_row=0,
        geometries=geometries,
        fixed_head=True,
    )
    return Book([sheet], "osm", attribution.OPENSTREETMAP, tuple(_notices(answer)))


def _notices(answer: Answer) -> list[Finding]:
    notices = [
        Finding("map_outline_cut", row)
        for row, feature in enumerate(answer.buildings, start=1)
        if feature.cut
    ]
    if answer.points:
        names = ", ".join(answer.points[:EXAMPLES])
        notices.append(Finding("map_points", params={"count": len(answer.points), "names": names}))
    if answer.cut:
        notices.append(Finding("map_cut", params={"reason": answer.cut}))
    return notices


def _without_blank_columns(rows: list[Row]) -> list[Row]:
    filled = [any(row[i] is not None for row in rows[1:]) for i in range(len(rows[0]))]
    return [[cell for cell, keep in zip(row, filled, strict=True) if keep] for row in rows]


def _is_xml(head: bytes) -> bool:
    if head.startswith(_UTF16):
        head = head.decode("utf-16", errors="ignore").encode()
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") and bool(_XML.search(head))


def _first_of_bzip2(data: bytes) -> bytes | None:
    """The first bytes of what is packed, none if it is no bzip2; b"" where a block is cut short.

    A block is at most 900 kB, so this costs little.
    """
    try:
        return bz2.BZ2Decompressor().decompress(data, _HEAD)
    except OSError:
        return None
