"""Comma, semicolon and tab separated text in the encodings that Chinese offices save."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from typing import Literal

from webapp.places.imports.findings import Unreadable
from webapp.places.imports.sheets import MOST_CELLS, Row, Sheet, blank_to_none, bounded

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"
_NONE = "\x1f"
_STRANGE = {"Cc", "Cn", "Co", "Cs"}
_ALLOWED = "\t\r\n\f\v\x1a\x85"
_SAMPLE_LINES = 200
_LONGEST_FIELD = 131_072
_MOST_LINES_IN_A_FIELD = 60


def decode(data: bytes) -> str:
    """The bytes as text: by its mark, else UTF-16 by its zeros, else UTF-8, else GB18030.

    Raises Unreadable when it is no text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(name, errors="replace"))
    if b"\0" in data[:4_096]:
        return _checked(data.decode(_utf16_side(data), errors="replace"))
    for name in ("utf-8", "gb18030", "big5hkscs"):
        try:
            return _checked(data.decode(name))
        except UnicodeDecodeError:
            continue
    return _checked(_least_damaged(data))


def read(text: str) -> Sheet:
    """The text as one sheet."""
    delimiter, body = _delimiter(text)
    try:
        rows = _rows(body, delimiter, csv.QUOTE_MINIMAL)
    except csv.Error:
        # a quotation mark that is never closed swallows the rest: take marks as characters
        rows = _rows(body, delimiter, csv.QUOTE_NONE)
    return Sheet("", bounded(rows))


def _rows(text: str, delimiter: str, quoting: Literal[0, 3]) -> list[Row]:
    rows: list[Row] = []
    cells = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, quoting=quoting)
    for fields in reader:
        cells += len(fields)
        if cells > MOST_CELLS:
            raise Unreadable("too_many_cells", most=MOST_CELLS)
        if quoting == csv.QUOTE_MINIMAL and any(_runaway(field) for field in fields):
            raise csv.Error("a quotation mark is not closed")
        rows.append([blank_to_none(field) for field in fields])
    return rows


def _runaway(field: str) -> bool:
    return len(field) > 2_000 and field.count("\n") + field.count("\r") > _MOST_LINES_IN_A_FIELD


def _utf16_side(data: bytes) -> str:
    """Which byte of each pair is zero more often: commas and digits have a zero high byte."""
    sample = data[:65_536]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    return "utf-16-le" if odd >= even else "utf-16-be"


def _least_damaged(data: bytes) -> str:
    """Text with a few broken bytes (cut in two, or pasted together from two encodings)."""
    tries = [data.decode(name, errors="replace") for name in ("utf-8", "gb18030")]
    best = min(tries, key=lambda text: text.count("\ufffd"))
    if best.count("\ufffd") * 50 > len(best):
        raise Unreadable("no_text")
    return best


def _checked(text: str) -> str:
    text = text.removeprefix("\ufeff")
    sample = text[:20_000]
    strange = sum(1 for c in sample if unicodedata.category(c) in _STRANGE and c not in _ALLOWED)
    if strange * 100 > len(sample) or "\0" in sample:
        raise Unreadable("no_text")
    if not text.strip():
        raise Unreadable("empty")
    return text


def _delimiter(text: str) -> tuple[str, str]:
    """The character that divides most lines into the same number of fields, and the text."""
    first = text[:16].split("\n")[0].strip().lower()
    if first.startswith("sep=") and len(first) == 5:
        return first[4], "\n" + text.split("\n", 1)[1]
    lines = list(_lines(text))
    best = max(_DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))
    # one column of prose: a comma now and then divides nothing
    return best if _evenness(lines, best)[0] * 3 >= len(lines) else _NONE, text


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many lines share the commonest number (over one) of fields, and that number."""
    try:
        fields = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
    except csv.Error:
        return 0, 0
    counts = Counter(n for n in fields if n > 1)
    if not counts:
        return 0, 0
    number, times = max(counts.items(), key=lambda item: (item[1], item[0]))
    return times, number


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text[:500_000], newline=None)):
        if number >= _SAMPLE_LINES:
            return
        if line.strip():
            yield line[:_LONGEST_FIELD]
