"""What a message says, part by part, each with where it stands in the text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from webapp.places.writing import Folded, Span, fold, plain

FIELDS = (
    "region", "community", "compound", "street", "number", "building", "unit", "floor", "room",
    "name", "sex", "age", "phone", "level", "channel", "scam_type", "amount", "sent",
)  # fmt: skip
"""The parts there may be, in the order of a page."""

HAN = "\u3400-\u9fff"
"""The Chinese signs, for a class of signs in a pattern."""

TAKEN = "\ufffc"
"""Stands in the working text where something has been taken; no letter, digit or space."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the message says.

    `value` is normalised: `3`, `1204`, a code of the alert, years, fen. `about`: the message gives
    it as approximate, or it follows from a year of birth.
    """

    value: str | int
    spans: tuple[Span, ...]
    about: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody whom the message names with a number: `role` as alerts know it, `name` with what
    they are to the resident (`女儿 李女士`), `phone` in digits."""

    role: str
    name: str
    phone: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A message and its parts by field, and whom it names beside; what is not written has no
    part."""

    text: str
    parts: Mapping[str, Part] = field(default_factory=dict, hash=False)
    contacts: tuple[Contact, ...] = ()

    def value(self, name: str) -> str:
        """The part as text, "" if there is none."""
        part = self.parts.get(name)
        return "" if part is None else str(part.value)

    def number(self, name: str) -> int | None:
        """The part as a whole number, or none."""
        part = self.parts.get(name)
        return part.value if part is not None and isinstance(part.value, int) else None

    def written(self, name: str) -> str:
        """The part as it was written, its pieces put together."""
        part = self.parts.get(name)
        return "" if part is None else "".join(plain(self.text[a:b]) for a, b in part.spans)


@dataclass(frozen=True, slots=True)
class Known:
    """What this installation knows of places: helps to tell names apart, invents nothing.

    `communities` are (name, region path) pairs, `own` among them; `compounds` are names.
    """

    communities: tuple[tuple[str, str], ...] = ()
    compounds: tuple[str, ...] = ()


class Reading:
    """A message while it is being read: `text` is folded, with `TAKEN` where parts were found."""

    def __init__(self, original: str, known: Known, today: date) -> None:
        self.original, self.known, self.today = original, known, today
        self.folded: Folded = fold(original)
        self.text = self.folded.text
        self.parts: dict[str, Part] = {}
        self.contacts: list[Contact] = []

    def keep(
        self, name: str, value: str | int, *spans: Span, about: bool = False, take: bool = True
    ) -> None:
        """Write a part down; `spans` are of the folded text. The first to be found stays."""
        if name not in self.parts:
            there = tuple(self.folded.span(*span) for span in spans)
            self.parts[name] = Part(value, there, about)
        if take:
            self.take(*spans)

    def take(self, *spans: Span) -> None:
        """Make signs of the working text invisible to what reads later."""
        for start, end in spans:
            self.text = self.text[:start] + TAKEN * (end - start) + self.text[end:]

    def written(self, start: int, end: int) -> str:
        """The writer's own signs for a stretch of the folded text."""
        return plain(self.original[slice(*self.folded.span(start, end))])

    def index(self, place: int) -> int:
        """The first sign of the folded text that comes from this place of the original."""
        return bisect_left(self.folded.origin, place)

    def before(self, start: int, size: int) -> str:
        """What stands before, in the folded text."""
        return self.folded.text[max(0, start - size) : start]

    def after(self, end: int, size: int) -> str:
        """What stands behind, in the folded text."""
        return self.folded.text[end : end + size]


def highlights(parsed: Parsed) -> Iterator[tuple[str, str | None]]:
    """The message in pieces: (text, field that was taken from it, `contact`, or none)."""
    taken = [(name, part.spans) for name, part in parsed.parts.items()]
    taken += [("contact", contact.spans) for contact in parsed.contacts]
    marks = sorted((start, end, name) for name, spans in taken for start, end in spans)
    done = 0
    for start, end, name in marks:
        if start < done:
            continue  # one piece of text may say two things (`何女士`: name and sex)
        if start > done:
            yield parsed.text[done:start], None
        yield parsed.text[start:end], name
        done = end
    if done < len(parsed.text):
        yield parsed.text[done:], None
