"""The form of a card at the desk: one language at a time, lists with one entry a line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from werkzeug.datastructures import MultiDict

from webapp.core.errors import Problem
from webapp.playbook.content import CHANNELS, CardText, Content
from webapp.playbook.scam_types import SCAM_TYPES

HEADS = ("title", "mark", "hook", "lead")
LISTS = ("flags", "openings", "say", "avoid", "tone", "whom", "probe", "first")
HIDDEN_LISTS = ("keywords", "heard")
PAIRS = {"chain": ("says", "truth"), "sunk": ("says", "answer")}
ROWS = {"ladder": ("does", "gets"), **PAIRS}
QUESTIONS, OPTIONS = 5, 4
_PATH = re.compile(r"\$\.(?P<part>[a-z_]+)(?:\[(?P<at>\d+)])?")


def read_card(form: MultiDict[str, str], card: Content, language: str) -> Content:
    """The card with this language as the form has it; English without a title is left out.

    Raises Problem `card_field` naming the part and the line that does not fit.
    """
    empty = language == "en" and not form.get("title", "").strip()
    text = None if empty else read_text(form)
    kind, chosen = form.get("type", card.type), form.getlist("channels")
    known = [*card.channels, *(one for one in CHANNELS if one not in card.channels)]
    changed = {
        "type": kind if kind in SCAM_TYPES else card.type,
        "channels": [one for one in known if one in chosen],
        language: text,
    }
    return msgspec.structs.replace(card, **changed)


def read_text(form: MultiDict[str, str]) -> CardText:
    """One language of a card. Raises Problem `card_field`."""
    fields: dict[str, Any] = {name: _one(form, name) for name in HEADS}
    fields["mark"] = fields["mark"] or fields["title"][:1]
    fields |= {name: _lines(form, name) for name in (*LISTS, *HIDDEN_LISTS)}
    fields |= {name: _pairs(form, name, names) for name, names in PAIRS.items()}
    fields["ladder"] = [tuple(one.values()) for one in _pairs(form, "ladder", ROWS["ladder"])]
    fields["quiz"] = [one for at in range(QUESTIONS) if (one := _question(form, at))]
    try:
        return msgspec.convert(fields, CardText)
    except msgspec.ValidationError as error:
        raise _problem(str(error)) from error


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the form shows it; `options` has empty places for more."""

    question: str = ""
    options: tuple[str, ...] = ("",) * OPTIONS
    answer: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form's fields: from a card, or as somebody typed it."""

    lines: Mapping[str, str]
    pairs: Mapping[str, Sequence[tuple[str, str]]]
    quiz: Sequence[Asked]


def filled(text: CardText | None) -> Typed:
    """The fields of a card's form; empty ones for a language that is not written yet."""
    if text is None:
        return Typed({}, dict.fromkeys(ROWS, ()), [Asked()] * QUESTIONS)
    lines = {name: getattr(text, name) for name in HEADS}
    lines |= {name: "\n".join(getattr(text, name)) for name in (*LISTS, *HIDDEN_LISTS)}
    pairs = {
        "ladder": list(text.ladder),
        "chain": [(link.says, link.truth) for link in text.chain],
        "sunk": [(regret.says, regret.answer) for regret in text.sunk],
    }
    quiz = [
        Asked(one.question, tuple(_padded(one.options)), one.answer, one.why) for one in text.quiz
    ]
    return Typed(lines, pairs, [*quiz, *[Asked()] * (QUESTIONS - len(quiz))])


def typed(form: MultiDict[str, str]) -> Typed:
    """The fields as they came, also with what does not fit."""
    pairs = {
        name: list(zip(*(form.getlist(f"{name}_{one}") for one in names), strict=False))
        for name, names in ROWS.items()
    }
    quiz = [
        Asked(
            form.get(f"quiz{at}_question", ""),
            tuple(form.get(f"quiz{at}_option{place}", "") for place in range(OPTIONS)),
            _answer(form, at),
            form.get(f"quiz{at}_why", ""),
        )
        for at in range(QUESTIONS)
    ]
    return Typed(form.to_dict(), pairs, quiz)


def _padded(options: Sequence[str]) -> list[str]:
    return [*options, *[""] * (OPTIONS - len(options))]


def _answer(form: Mapping[str, str], at: int) -> int:
    chosen = form.get(f"quiz{at}_answer", "")
    return int(chosen) if chosen in {"0", "1", "2", "3"} else 0


def _one(form: Mapping[str, str], name: str) -> str:
    return " ".join(form.get(name, "").split())


def _lines(form: Mapping[str, str], name: str) -> list[str]:
    return [line.strip() for line in form.get(name, "").splitlines() if line.strip()]


def _pairs(form: MultiDict[str, str], name: str, names: Sequence[str]) -> list[dict[str, str]]:
    """Rows of two fields; a row with nothing in it is left out."""
    columns = [form.getlist(f"{name}_{one}") for one in names]
    rows = [[cell.strip() for cell in row] for row in zip(*columns, strict=False)]
    return [dict(zip(names, row, strict=True)) for row in rows if any(row)]


def _question(form: Mapping[str, str], at: int) -> dict[str, Any] | None:
    question = form.get(f"quiz{at}_question", "").strip()
    if not question:
        return None
    given = [form.get(f"quiz{at}_option{place}", "").strip() for place in range(OPTIONS)]
    kept = [(place, option) for place, option in enumerate(given) if option]
    right = _answer(form, at)
    answer = next((n for n, (place, _option) in enumerate(kept) if place == right), -1)
    return {
        "question": question,
        "options": [option for _place, option in kept],
        "answer": answer,
        "why": form.get(f"quiz{at}_why", "").strip(),
    }


def _problem(message: str) -> Problem:
    found = _PATH.search(message)
    part = found["part"] if found else "title"
    at = int(found["at"]) + 1 if found and found["at"] else 0
    return Problem("card_field", part=part, line=at, field=part)
