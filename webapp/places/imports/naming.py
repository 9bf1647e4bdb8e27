"""Which building a row means, and how it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass

from webapp.places import addresses
from webapp.places.addresses import Place
from webapp.places.imports.vocabulary import has_cjk
from webapp.places.numbers import building_key, compound_key, numeral, street_key, tidy

_BARE = re.compile(r"[A-Za-z]?\d{1,4}[A-Za-z]?(?:-\d{1,2})?")
_LETTER = re.compile(r"[A-Za-z]")
NUMBERED, LETTERED, HOUSE = "号楼", "座", "号"
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Named:
    """A building as a row names it; see BuildingRecord for `scope` and `number`."""

    scope: str
    number: str
    name: str
    compound: str
    address: str
    place: Place


@dataclass(frozen=True, slots=True)
class Words:
    """The cells of a row that have to do with the building's name, as text.

    `chinese`: the list's headings are; a bare `3` is then 3号楼.
    """

    building: str = ""
    name: str = ""
    compound: str = ""
    street: str = ""
    address: str = ""
    door: str = ""
    chinese: bool = False
    located: bool = False


def identify(words: Words) -> Named | None:
    """The building that the words mean, or none when they name none.

    A number alone is no key: compound, else street, else what stands before the number in an
    address belongs to it.
    """
    door = addresses.parse_door(words.door, with_building=False) if words.door else Place()
    text, place = _text(words, door)
    if not text:
        return _by_address(words)
    parsed = addresses.parse(text)
    if parsed.building:
        place = _fuller(parsed, place)
        text = f"{parsed.before}{parsed.building}" if parsed.before else parsed.building
    compound = words.compound or _prefix(parsed)
    if not compound and door.before and door.building:
        compound = _prefix(door)
    number = building_key(_without(text, compound))
    scope = compound_key(compound) or street_key(words.street)
    if not scope and not words.building and not words.name:
        scope = tidy(place.before)[:120]
    return Named(
        scope=scope,
        number=number,
        name=_name(words, text),
        compound=compound[:LONGEST_NAME],
        address=_address(words, text),
        place=place,
    )


def _text(words: Words, door: Place) -> tuple[str, Place]:
    """The words for the building's number: a name with a number in it, the column, the door."""
    if words.name and (addresses.parse(words.name).building or not words.building):
        return words.name, door
    if words.building:
        return words.building, door
    return door.building, door


def _by_address(words: Words) -> Named | None:
    if not words.address:
        return None
    place = addresses.parse(words.address)
    if place.building:
        return _addressed(words, place.before, place.building, place)
    street = addresses.street_number(words.address)
    if street is not None:
        return _addressed(words, street[0], street[1], Place())
    if words.located:
        return _addressed(words, "", words.address, Place())
    return None


def _addressed(words: Words, before: str, number: str, place: Place) -> Named:
    scope = compound_key(words.compound) or tidy(before)[:120]
    whole = f"{before}{number}"
    short = number if words.compound else whole
    return Named(
        scope=scope,
        number=building_key(number),
        name=short[-LONGEST_NAME:],
        compound=words.compound[:LONGEST_NAME],
        address=whole[:240],
        place=place,
    )


def _name(words: Words, text: str) -> str:
    """What the building is called: its own name, or its number with the words that belong."""
    if words.name:
        return words.name[:LONGEST_NAME]
    plain = _without(text, words.compound)
    bare = _BARE.fullmatch(plain) or numeral(plain) is not None
    if words.street and not words.compound and (bare or _LETTER.fullmatch(plain)):
        chinese = has_cjk(words.street)
        return f"{words.street}{plain}{HOUSE}" if chinese else f"{plain} {words.street}"
    if words.chinese and bare:
        return f"{plain}{NUMBERED}"
    if words.chinese and _LETTER.fullmatch(plain):
        return f"{plain}{LETTERED}"
    return plain[:LONGEST_NAME]


def _address(words: Words, text: str) -> str:
    """The building's address; rooms are cut off it."""
    if words.address:
        place = addresses.parse(words.address)
        known = place.before + place.building if place.building else words.address
        return known[:240]
    if words.street:
        if has_cjk(words.street):
            return f"{words.street}{text}"[:240]
        return f"{text} {words.street}"[:240]
    return ""


def _prefix(place: Place) -> str:
    """`紫荆园3幢` names its compound: two characters or more, no digits in them."""
    before = place.before.strip()
    return before if place.building and len(before) >= 2 and before.isalpha() else ""


def _without(text: str, compound: str) -> str:
    short = text.removeprefix(compound).strip() if compound else text
    return short or text


def _fuller(first: Place, second: Place) -> Place:
    """The place that says more about the door."""
    return first if first.room or (first.unit and not second.room) else second
