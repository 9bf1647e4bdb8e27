"""Any file that a clerk may have → tables of cells, or a sentence why not.

What a file is, its content says; its name only breaks ties. Sizes are bounded before anything is
unpacked.
"""

from __future__ import annotations

from dataclasses import replace

from webapp.places.imports import geojson, texts, workbooks
from webapp.places.imports.findings import Unreadable
from webapp.places.imports.osm import maps
from webapp.places.imports.sheets import Book

MOST_BYTES = 32 * 1024 * 1024
_MEGABYTE = 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "a_pdf"),
    (b"\x89PNG", "a_picture"),
    (b"\xff\xd8\xff", "a_picture"),
    (b"GIF8", "a_picture"),
    (b"Rar!", "an_archive"),
    (b"7z\xbc\xaf", "an_archive"),
    (b"\x1f\x8b", "an_archive"),
    (b"BZh", "an_archive"),
    (b"{\\rtf", "a_document"),
)


def read(data: bytes) -> Book:
    """The file's tables.

    Raises Unreadable for what is no table, empty, locked, damaged or too large.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large", most=MOST_BYTES // _MEGABYTE)
    if not data.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise Unreadable("empty")
    if data.startswith((_ZIP, _OLE)):
        return _filled(Book(workbooks.read(data)))
    form = maps.form_of(data)
    if form is not None:
        return maps.read(data, form)
    for magic, code in _FOREIGN:
        if data.startswith(magic):
            raise Unreadable(code)
    text = texts.decode(data)
    head = text[:2_000].lstrip().lower()
    if head.startswith("<"):
        raise Unreadable("a_web_page" if "<htm" in head or "<table" in head else "an_xml")
    if head.startswith(("{", "[{", "[\n", "[\r", "[ ")):
        return _filled(geojson.read(text))
    return _filled(Book([texts.read(text)]))


def _filled(book: Book) -> Book:
    kept = [sheet for sheet in book.sheets if any(any(row) for row in sheet.rows)]
    if not kept:
        raise Unreadable("empty")
    return replace(book, sheets=kept)
