"""Doors and buildings written in one text: `3幢2单元1204`, `7-6-1046`, `8号楼`, `2#楼`, an address.

The parser takes what it understands and leaves the rest; it never fails.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LONGEST = 300
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-"))
_NUMERAL = "[一二三四五六七八九十百零〇]{1,5}"
_NUMBER = rf"(?:[A-Za-z]{{0,2}}\d{{1,4}}[A-Za-z]?(?:-\d{{1,3}})?|[A-Za-z]|{_NUMERAL}|[甲乙丙丁戊])"
_HOUSE = "号楼|號樓|号栋|号幢|#楼|#栋|#幢|幢|栋|棟|座|#"
_BUILDING = re.compile(rf"第?({_NUMBER})\s*(?:{_HOUSE})")
_FLAT_HOUSE = re.compile(rf"({_NUMBER})(?:楼|号|樓|號)(?=\s*(?:{_NUMBER})\s*(?:单元|單元|门))")
_TAIL = re.compile(
    rf"^[\s\-,，、/]*(?:({_NUMBER})\s*(?:单元|單元|门洞|门|梯))?"
    rf"[\s\-,，、/]*(?:(-?\d{{1,3}}|[Bb]\d|{_NUMERAL})\s*(?:层|層|楼|樓|[Ff](?![A-Za-z0-9])))?"
    r"[\s\-,，、/]*(?:([A-Za-z]?\d{1,5}[A-Za-z]?(?:-\d{1,3}(?!\d))?)\s*(?:号房|號房|室|房|号|號|户)?)?"
)
_UNIT = re.compile(rf"({_NUMBER})\s*(?:单元|單元|门洞|梯)")
_DASHED = re.compile(
    r"([A-Za-z]?\d{1,4}[A-Za-z]?|[A-Za-z])[-/]([A-Za-z]?\d{1,2}|[A-Za-z])[-/]([A-Za-z]?\d{1,5}[A-Za-z]?)"
)
_PAIR = re.compile(r"([A-Za-z]?\d{1,3}[A-Za-z]?|[A-Za-z])[-/]([A-Za-z]?\d{3,5}[A-Za-z]?)")
_STREET_NUMBER = re.compile(r"^(.*?)(\d+(?:[-至到、,及]\d+)*[A-Za-z]?[号號弄])")


@dataclass(frozen=True, slots=True)
class Place:
    """What a text says; "" where it says nothing. `before` is what stands before the building."""

    before: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""
    after: str = ""


def parse(text: str) -> Place:
    """Read a building or a door out of a text.

    The last building named counts (`58号A座2号楼4楼` is 2号楼); what no pattern fits stays in
    `before`.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_DASHES).strip()
    dashed = _DASHED.search(plain)
    if dashed and dashed.end() == len(plain) and (before := plain[: dashed.start()]).isalpha():
        return Place(before, dashed[1], dashed[2], room=dashed[3])
    if dashed and dashed[0] == plain:
        return Place(building=dashed[1], unit=dashed[2], room=dashed[3])
    found = _last(_BUILDING, plain) or _last(_FLAT_HOUSE, plain)
    if found is None:
        return Place(before=plain)
    tail = plain[found.end() :]
    dashed_tail = re.fullmatch(
        r"-?([A-Za-z]?\d{1,2})-([A-Za-z]?\d{3,5}[A-Za-z]?|\d{1,3}-\d{1,3})\s*[室号]?", tail
    )
    if dashed_tail:
        return _place(plain, found, dashed_tail[1], "", dashed_tail[2], "")
    rest = _TAIL.match(tail)
    if rest is None:  # every part is optional, so there is a match
        return _place(plain, found, "", "", "", tail)
    after = tail[rest.end() :]
    room = rest[3] or ""
    if re.match(r"[-~至、,+]\s*\d|\d", after) or ("-" in room and not rest[1]):
        room = ""  # several rooms (412-416室) are no door
    return _place(plain, found, rest[1] or "", rest[2] or "", room, after)


def parse_door(text: str, *, with_building: bool) -> Place:
    """Read the cell of a room column: `1204`, `2单元1204`, `2-1204`, or a whole door.

    `with_building`: the building stands elsewhere, so `2-1204` is unit and room; otherwise it is
    building and room. `12-3` (floor and room) stays a room.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).translate(_DASHES).strip()
    pair = _PAIR.fullmatch(plain)
    if pair:
        first, room = pair[1], pair[2]
        return Place(unit=first, room=room) if with_building else Place(building=first, room=room)
    place = parse(plain)
    if place.building:
        return place
    unit = _UNIT.match(plain)
    if unit is None:
        return Place(room=plain)
    rest = _TAIL.match(plain)
    if rest is None:
        return Place(unit=unit[1], room=plain[unit.end() :].strip("- "))
    room = plain[rest.end(2) if rest[2] else unit.end() :]
    return Place(unit=unit[1], floor=rest[2] or "", room=re.sub(r"^[层層楼樓F\s\-]+", "", room))


def street_number(address: str) -> tuple[str, str] | None:
    """(street, number) of an address with a house number but no building (`弥敦道591号`)."""
    plain = unicodedata.normalize("NFKC", address[:LONGEST]).translate(_DASHES).strip()
    found = _STREET_NUMBER.match(plain)
    return (found[1].strip(), found[2]) if found and found[1].strip() else None


def _place(text: str, found: re.Match[str], unit: str, floor: str, room: str, after: str) -> Place:
    return Place(
        before=text[: found.start()].strip(" ,，、-"),
        building=found[0].strip(),
        unit=unit,
        floor=floor,
        room=room,
        after=after.strip(),
    )


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    *_earlier, found = [None, *pattern.finditer(text)]
    return found
