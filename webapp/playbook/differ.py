"""What is different between two versions of a card, part by part and line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from webapp.playbook.content import CardText, Content
from webapp.playbook.rules import PARTS


@dataclass(frozen=True, slots=True)
class Line:
    """`sign`: "+" is new, "-" is gone, " " is the same."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a card in one language that is not the same in both versions."""

    language: str
    name: str
    lines: tuple[Line, ...]


def differences(before: Content | None, after: Content) -> list[Part]:
    """Every part that differs, in the order of reading, Chinese first."""
    return list(_differences(before, after))


def changed_parts(before: Content, after: Content) -> list[str]:
    """The same in words: `say`, `en.quiz`."""
    parts = (
        part.name if part.language == "zh" else f"{part.language}.{part.name}"
        for part in _differences(before, after)
    )
    facts = [name for name in ("type", "channels") if getattr(before, name) != getattr(after, name)]
    return [*facts, *parts]


def _differences(before: Content | None, after: Content) -> Iterator[Part]:
    for language in ("zh", "en"):
        old: CardText | None = getattr(before, language) if before else None
        new: CardText | None = getattr(after, language)
        for name in PARTS:
            was, now = readable(old, name), readable(new, name)
            if was != now:
                yield Part(language, name, tuple(_lines(was, now)))


def readable(text: CardText | None, part: str) -> list[str]:
    """A part as lines that a person can compare."""
    if text is None:
        return []
    if part == "ladder":
        return [" → ".join(step) for step in text.ladder]
    if part == "chain":
        return [f"{link.says} → {link.truth}" for link in text.chain]
    if part == "sunk":
        return [f"{regret.says} → {regret.answer}" for regret in text.sunk]
    if part == "quiz":
        return list(_questions(text))
    value: str | list[str] = getattr(text, part)
    return [value] if isinstance(value, str) else list(value)


def _questions(text: CardText) -> Iterator[str]:
    for question in text.quiz:
        yield question.question
        for at, option in enumerate(question.options):
            yield f"{'✓' if at == question.answer else '·'} {option}"
        yield question.why


def _lines(was: list[str], now: list[str]) -> Iterator[Line]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (Line(" ", text) for text in was[i1:i2])
        else:
            yield from (Line("-", text) for text in was[i1:i2])
            yield from (Line("+", text) for text in now[j1:j2])
