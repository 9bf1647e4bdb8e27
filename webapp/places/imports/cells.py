"""Cells → values: whole numbers, floors, coordinates, numbers of buildings and rooms."""

from __future__ import annotations

import math
import re
import unicodedata

from webapp.places.imports.sheets import Cell, text_of
from webapp.places.numbers import numeral

_FLOOR = re.compile(
    r"(?:第|地上)?(?P<number>[-+]?\d+(?:\.\d+)?|[零一二三四五六七八九十百]+)"
    r"\s*(?:层|層|楼|樓|F|ST|ND|RD|TH)?(?:FLOOR)?"
)
_BELOW = re.compile(r"(?:地下|负|負|B|-)\s*(?P<number>\d|[一二三四五])\s*(?:层|層|楼|F)?")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_UNITS_OF_COUNT = re.compile(r"(?:层|層|户|戶|单元|單元|套|个|间|F)$")
_DATE = re.compile(
    r"\d{4}[-/年]\d{1,2}[-/月]\d{1,2}日?(?: .*)?|\d{1,2}月\d{1,2}日"
    r"|\d{1,2}[- ]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ]?\d{1,4}",
    re.IGNORECASE,
)
_LETTER_FOR_DIGIT = re.compile(r"\d+[Oo]\d*|[Oo]\d+")


class NotANumber(ValueError):
    """A cell that should hold a number and holds something else."""


def number(cell: Cell) -> float | None:
    """A count as it stands (`18`, `18层`, `15.8`, `1,204`); blank is none.

    Raises NotANumber.
    """
    if cell is None:
        return None
    if isinstance(cell, int | float):
        if not math.isfinite(cell):
            raise NotANumber(str(cell))
        return float(cell)
    text = unicodedata.normalize("NFKC", cell).strip().upper()
    if text in {"-", "--", "/", "无", "N/A", "NA", "NULL", "NONE", "?"}:
        return None
    plain = _UNITS_OF_COUNT.sub("", text).strip().replace(",", "")
    if _NUMBER.fullmatch(plain) and len(plain) < 40:
        return float(plain)
    written = numeral(plain)
    if written is None:
        raise NotANumber(cell)
    return float(written)


def floor(cell: Cell) -> float | None:
    """The floor of a door: `14`, `14层`, `十四楼`, `负一`, `B1`; blank is none.

    Raises NotANumber.
    """
    if cell is None or isinstance(cell, int | float):
        return number(cell)
    text = unicodedata.normalize("NFKC", cell).strip().upper()
    below = _BELOW.fullmatch(text)
    if below:
        return -float(numeral(below["number"]) or below["number"])
    above = _FLOOR.fullmatch(text)
    if above:
        written = numeral(above["number"])
        return float(above["number"]) if written is None else float(written)
    return number(cell)


def rounded(value: float) -> int:
    """The nearest whole number, halves away from zero."""
    return math.floor(abs(value) + 0.5) * (1 if value >= 0 else -1)


def degrees(cell: Cell) -> float | None:
    """A coordinate in degrees; blank is none. Raises NotANumber."""
    if isinstance(cell, str):
        cell = cell.strip().rstrip("°NEne").strip() or None
    return number(cell)


def is_date(cell: Cell) -> bool:
    """Whether a spreadsheet has made a date of what was typed (`3-2` → 2 March)."""
    return _DATE.fullmatch(text_of(cell).strip()) is not None


def letter_for_digit(room: str) -> str | None:
    """`14O3` → `1403`: a letter where a digit was meant; none when all is well."""
    if _LETTER_FOR_DIGIT.fullmatch(room) and len(room) >= 3:
        return re.sub("[Oo]", "0", room)
    return None
