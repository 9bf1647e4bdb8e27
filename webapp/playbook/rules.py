"""What a card must have before others read it, and what no card may hold."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from webapp.core.errors import Problem
from webapp.core.personal import personal_number
from webapp.operations.decode import plain
from webapp.playbook.content import CardText, Content, texts

PARTS = (
    "title",
    "mark",
    "hook",
    "lead",
    "ladder",
    "flags",
    "openings",
    "say",
    "avoid",
    "chain",
    "sunk",
    "tone",
    "whom",
    "probe",
    "first",
    "quiz",
    "keywords",
    "heard",
)
"""The parts of a card in the order in which it is read."""

NEEDED = ("title", "mark", "hook", "lead", "flags", "say")
"""Without these a card helps nobody at a door; a new trick need not have more on its first day."""


def check(card: Content, *, whole: bool = False) -> None:
    """Raises Problem `card_number` (a number of a person), `card_text` (signs that no text has)
    and, for a card that has to be `whole`, `card_incomplete`; each names the part."""
    for text in texts(card):
        for part in PARTS:
            for line in lines_of(text, part):
                _check_line(part, line)
        missing = next((part for part in NEEDED if not getattr(text, part)), None)
        if whole and missing is not None:
            raise Problem("card_incomplete", part=missing, field=missing)


def lines_of(text: CardText, part: str) -> Iterator[str]:
    """The texts of a part, one by one."""
    yield from _flat(msgspec.to_builtins(getattr(text, part)))


def _flat(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _flat(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _flat(one)


def _check_line(part: str, line: str) -> None:
    if not plain(line):
        raise Problem("card_text", part=part, field=part)
    if personal_number(line) is not None:
        raise Problem("card_number", part=part, field=part)
