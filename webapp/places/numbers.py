"""Numbers of buildings, units and rooms: how they are compared, shown and read.

A door's key is (unit_key, room_key) inside its building: NFKC-normalised, without the words for
"unit" and "room", without leading zeros. `0302`, `302室` and full-width digits are one door.
"""

from __future__ import annotations

import re
import unicodedata

_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣~～_", "-"))
_SPACE = re.compile(r"\s+")
_LEADING_ZEROS = re.compile(r"^0+(?=.)|(?<![0-9A-Z.])0+(?=[0-9])")
_NUMERAL = re.compile("[零〇一二三四五六七八九十百两]+")
_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

_UNIT_WORD = re.compile(r"^(?:第|UNIT)|(?:单元|單元|梯口|梯|门洞|UNIT|号)$")
_ROOM_WORD = re.compile(r"^(?:#|第|ROOM|RM|FLAT|APT\.?|NO\.?)|(?:室|号房|號房|房间|房|号|號|户|#)$")
_BUILDING_WORD = re.compile(
    r"^(?:第|BLOCK|BLK\.?|BUILDING|BLDG\.?|NO\.?|#)"
    r"|(?:号(?:住宅|公寓|宿舍|写字|综合|办公|教学|商住|商务|居民|家属|职工)楼|号楼|號樓|号栋|号幢|#楼|#樓|#栋|#幢|栋楼|幢楼|楼栋|幢|栋|棟|座|楼|樓|号|號|#)$"
)
_STREET_WORDS = {
    short: long
    for long, shorts in {
        "ROAD": "RD", "AVENUE": "AVE AV", "STREET": "ST", "LINK": "LK", "DRIVE": "DR",
        "CRESCENT": "CRES", "CENTRAL": "CTRL", "NORTH": "NTH", "SOUTH": "STH", "BUKIT": "BT",
        "JALAN": "JLN", "LORONG": "LOR", "CLOSE": "CL", "PLACE": "PL", "TERRACE": "TER",
        "UPPER": "UPP", "GARDENS": "GDNS", "HEIGHTS": "HTS", "PARK": "PK", "KAMPONG": "KG",
        "TANJONG": "TG", "COMMONWEALTH": "C'WEALTH", "MARKET": "MKT", "SQUARE": "SQ",
        "CENTRE": "CTR", "LANE": "LN", "BOULEVARD": "BLVD", "WEST": "W", "EAST": "E",
    }.items()
    for short in shorts.split()
}  # fmt: skip
_PLAIN_ROOM = re.compile(r"[A-Z]?(\d{1,3})(\d{2})[A-Z]?")
_SPLIT_ROOM = re.compile(r"[A-Z]?(-?\d{1,3})-\d{1,3}[A-Z]?")
HIGHEST_FLOOR = 150


def tidy(text: str) -> str:
    """NFKC, upper case, no white space, one kind of dash: the form in which texts are compared."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return _SPACE.sub("", text).upper()


def numeral(text: str) -> int | None:
    """The number written in Chinese numerals (`十二` → 12, `一百零三` → 103), or none."""
    if not _NUMERAL.fullmatch(text):
        return None
    if not any(c in text for c in "十百"):
        return int("".join(str(_DIGIT[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in "十百":
            total += (digit or 1) * (10 if c == "十" else 100)
            digit = 0
        else:
            digit = _DIGIT[c]
    return total + digit


def unit_key(text: str) -> str:
    """`2单元`, `02`, `二单元`, `２` → `2`; an unknown unit is ""."""
    return _key(text, _UNIT_WORD)[:20]


def room_key(text: str) -> str:
    """`0302`, `302室`, `302 ` → `302`; `12-03` → `12-3`."""
    return _key(text, _ROOM_WORD)[:40]


def building_key(text: str) -> str:
    """`8号楼`, `8#`, `08幢`, `八栋`, `Blk 8` → `8`; `C座` → `C`; names stay as they are."""
    return _key(text, _BUILDING_WORD)[:120]


def compound_key(text: str) -> str:
    """`金色年华小区` and `金色年华` are the same compound."""
    return tidy(text).removesuffix("小区")[:120]


def street_key(text: str) -> str:
    """`BEDOK STH AVE 1` and `Bedok South Avenue 1` are the same street."""
    words = unicodedata.normalize("NFKC", text).upper().replace(".", " ").split()
    return tidy("".join(_STREET_WORDS.get(word, word) for word in words))[:120]


def source_key(unit: str, room: str) -> str:
    """The one text under which a renamed door remembers the (unit_key, room_key) of its list."""
    return f"{unit}|{room}"[:64]


def shown_unit(text: str) -> str:
    """A unit as it is shown: without the word, in Western digits, zeros kept out."""
    return unit_key(text)


def shown_room(text: str) -> str:
    """A room as it is shown: without the word, its zeros kept (`0302室` → `0302`)."""
    plain = tidy(text)
    return (_ROOM_WORD.sub("", plain) or plain)[:40]


def floor_of(room: str, *, highest: int = HIGHEST_FLOOR) -> int | None:
    """The floor that a room's number tells: `1403` → 14, `0302` → 3, `12-3` → 12; else none.

    `highest` is the building's top floor where that is known; a number beyond it tells nothing.
    """
    plain = _ROOM_WORD.sub("", tidy(room))
    match = _SPLIT_ROOM.fullmatch(plain) or _PLAIN_ROOM.fullmatch(plain)
    if match is None:
        return None
    floor = int(match[1])
    return floor if floor != 0 and floor <= highest else None


def _key(text: str, word: re.Pattern[str]) -> str:
    if text.isdecimal() and text.isascii():  # by far the most: worth a short way
        return text.lstrip("0") or text[-1:]
    plain = tidy(text)
    while (shorter := word.sub("", plain)) and shorter != plain:
        plain = shorter
    number = numeral(plain)
    return str(number) if number is not None else _LEADING_ZEROS.sub("", plain)
