"""An alert as it comes in, by whatever way: a message, fields that somebody filled in, or both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.alerts.fields import LENGTHS, AlertFields
from webapp.alerts.intake import people
from webapp.alerts.intake.matching import Said
from webapp.alerts.intake.parts import Parsed
from webapp.places.writing import plain

DEFAULT_LEVEL = "high"
ADULT = 18
PLACE = ("region", "community", "compound", "street", "number", "building", "unit", "floor", "room")
_OWN = ("name", "sex", "age", "phone", "level", "channel", "scam_type", "amount", "unit", "room")
_NAMES = {"name": "resident_name"}
_LONGEST_RUN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`fields` are names of AlertFields and of PLACE; what is given here goes before what the
    `text` says. `reference`: the sender's own for it, none where there is none."""

    text: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    reference: str | None = None


def fields_of(entry: Entry, parsed: Parsed, *, now: int) -> AlertFields:
    """The alert's fields. A whole name becomes surname and title: no more is kept (design 7)."""
    values: dict[str, Any] = {}
    for name in _OWN:
        if (part := parsed.parts.get(name)) is not None:
            values[_NAMES.get(name, name)] = part.value
    values["place_text"] = place_text(parsed)
    values["contacts"] = [
        {"role": one.role, "name": one.name, "phone": one.phone} for one in parsed.contacts
    ]
    given = {name: value for name, value in entry.fields.items() if value not in (None, "")}
    values |= {name: given[name] for name in given if name in AlertFields.__dataclass_fields__}
    if "place_text" not in given and any(name in given for name in PLACE):
        values["place_text"] = " ".join(str(given[name]) for name in PLACE if name in given)
    values["resident_name"] = short_name(values.get("resident_name", ""), values.get("sex"))
    age = values.get("age")
    values["minor"] = bool(given.get("minor")) or (age is not None and age < ADULT)
    values.setdefault("level", DEFAULT_LEVEL)
    values.setdefault("received_at", now)
    values["original"] = entry.text[: LENGTHS["original"]]
    for name in ("unit", "room", "place_text", "resident_name"):
        values[name] = str(values.get(name) or "")[: LENGTHS[name]]
    return AlertFields(**values)


def said_of(parsed: Parsed, given: Mapping[str, Any]) -> Said:
    """What is known of the place, to look for the door."""
    names = Said.__dataclass_fields__
    return Said(**{name: str(given.get(name) or "") or parsed.value(name) for name in names})


def place_text(parsed: Parsed) -> str:
    """What the message says of the place, in its own words; in one piece if it stands together."""
    spans = sorted(s for name in PLACE if name in parsed.parts for s in parsed.parts[name].spans)
    if not spans:
        return ""
    start, end = spans[0][0], max(last for _first, last in spans)
    if end - start <= _LONGEST_RUN and "\n" not in parsed.text[start:end]:
        return plain(parsed.text[start:end]).strip()[: LENGTHS["place_text"]]
    pieces = (plain(parsed.text[first:last]).strip() for first, last in spans)
    return " ".join(dict.fromkeys(pieces))[: LENGTHS["place_text"]]


def short_name(name: str, sex: str | None) -> str:
    """`张秀兰` → `张女士`: surname and title are enough; what is short or masked stays."""
    return people.shortened(name, sex)
