"""One paste → its messages: numbered lists, chat prefixes, headers, blank lines, or none of these.

The text is cut at every place where a message may begin; a piece begins a new message only if it
has a subject of its own (somebody, or a door) that the one before it does not share. So a single
message in many lines stays one, and ten lines about ten people become ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from webapp.alerts.intake.moments import PREFIX
from webapp.alerts.intake.parser import parse
from webapp.alerts.intake.parts import Parsed
from webapp.places.writing import fold

LONGEST = 40_000
MOST = 100
_PIECES = 500
"""More places where a message may begin are not looked at: the rest belongs to the last."""

_RULE = re.compile(r"^[\s\-—–_=*·.~…]{3,}(?:[^\n]{0,40}?[\-—–_=*]{3,})?\s*$")
_NUMBER = (
    r"(?:第?(?P<n>\d{1,2}|[一二三四五六七八九十]{1,3})(?:[、.)]|条[:、.]?|:(?!\d))(?!\d)"
    r"|\((?P<b>\d{1,2}|[一二三四五六七八九十]{1,3})\)|【(?P<c>\d{1,2})】)\s*"
)
_NUMBERED = re.compile(rf"^\s*{_NUMBER}")
_CIRCLED = re.compile(r"^\s*(?:[\u2460-\u2473\u2474-\u2487\u2776-\u277f]|\d\ufe0f?\u20e3)")
_CIRCLED_INSIDE = re.compile(r"[\u2460-\u2473\u2474-\u2487\u2776-\u277f]|\d\ufe0f?\u20e3")
_BULLET = re.compile(r"^\s*[-•●▪◆★■□○◇*]\s*(?=\S)")
_NUMBER_INSIDE = re.compile(rf"(?:(?<=[。;,!\s:])|(?<=[。;,!\s:]\s)){_NUMBER}")
_HEADER = re.compile(r"[【\[]([^【】\[\]\n]{1,30})[】\]]")
_HEADER_WORDS = re.compile(
    "预警|指令|劝阻|通报|反诈|下发|派单|线索|警情|推送|提醒|转办|紧急|高危|极高|中危|低危|高风险|重要"
)
_COUNTERS = {c: i + 1 for i, c in enumerate("一二三四五六七八九十")}
_SUBJECT = ("name", "age", "phone", "building", "unit", "room")


@dataclass(slots=True)
class _Piece:
    """A stretch of the paste from one possible beginning to the next."""

    start: int
    end: int
    how: str
    said: Parsed

    @property
    def has_subject(self) -> bool:
        """Whether it is about somebody or some door."""
        return any(name in self.said.parts for name in _SUBJECT)

    def differs(self, others: list[_Piece]) -> bool:
        """Whether it is about somebody else or another door than the pieces before it."""
        for name in ("name", "building", "room"):
            there = {piece.said.value(name) for piece in others} - {""}
            here = self.said.value(name)
            if here and there and here not in there:
                return True
        people = [piece for piece in others if "name" in piece.said.parts]
        again = [n for n in ("community", "age") if n in self.said.parts]
        return (
            bool(people)
            and any(n in p.said.parts for p in people for n in again[:1])
            and ("name" in self.said.parts or self.how == "blank")
            and not any(self.said.value("name") == p.said.value("name") for p in people)
        )


@dataclass(frozen=True, slots=True)
class Paste:
    """`messages` to be drafts, in order; `rest` is what says nothing (greetings, answers)."""

    messages: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def split(text: str) -> Paste:
    """The messages of a paste. A text that says nothing at all is one message."""
    text = text[:LONGEST].strip("\ufeff \n\r\t")
    pieces = [
        _Piece(start, end, how, parse(text[start:end], today=date(2000, 1, 1)))
        for start, end, how in _cut(text)
    ]
    groups, heading = _grouped(pieces)
    opening = text[heading[0].start : heading[-1].end].strip() if heading else ""
    keep = opening if any(p.said.parts.keys() - {"sent"} for p in heading) else ""
    messages = [_joined(keep, text, group) for group in groups if _speaks(group)]
    rest = [text[g[0].start : g[-1].end].strip() for g in groups if not _speaks(g)]
    if opening and not keep:
        rest.insert(0, opening)
    if not messages:
        return Paste([text] if text.strip() else [], [])
    return Paste(messages[:MOST], [one for one in rest if one and not _is_rule(one)])


def _joined(opening: str, text: str, group: list[_Piece]) -> str:
    body = text[group[0].start : group[-1].end].strip()
    return f"{opening}\n{body}" if opening else body


def _speaks(group: list[_Piece]) -> bool:
    return any(p.has_subject for p in group) or any(
        {"community", "compound", "scam_type", "level"} & p.said.parts.keys()
        and len(p.said.text) > 12
        for p in group
    )


def _grouped(pieces: list[_Piece]) -> tuple[list[list[_Piece]], list[_Piece]]:
    """The pieces of each message, and those of a heading that belongs to all of them."""
    heading: list[_Piece] = []
    listed = sum(p.how == "number" and p.has_subject for p in pieces) >= 2
    while (
        pieces
        and not pieces[0].has_subject
        and len(pieces) > 1
        and (listed or _announces(pieces[0]))
    ):
        heading.append(pieces.pop(0))
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if groups and not _begins(piece, groups[-1]):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if len(groups) == 1 and heading:
        return [heading + groups[0]], []
    return groups, heading


def _announces(piece: _Piece) -> bool:
    return piece.said.text.rstrip().endswith((":", "：")) and "sent" not in piece.said.parts


def _begins(piece: _Piece, before: list[_Piece]) -> bool:
    spoken = any(p.has_subject for p in before)
    if piece.how == "prefix":
        return (
            spoken or not any(p.how == "prefix" for p in before) or len(before[-1].said.text) > 30
        )
    if not piece.has_subject:
        return False
    if piece.how in {"number", "header"}:
        return spoken
    return spoken and piece.differs(before)


def _cut(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, how) of every piece: `prefix`, `number`, `header`, `blank`, `line`."""
    marks: list[tuple[int, str]] = []
    blank = False
    place = 0
    for line in text.splitlines(keepends=True):
        bare = fold(line).text
        if not bare.strip() or _is_rule(bare):
            blank = True
        else:
            marks.append((place, _how(line, bare, blank=blank)))
            marks.extend((place + at, how) for at, how in _inside(line) if at > 0)
            blank = False
        place += len(line)
    del marks[_PIECES:]
    ends = [*(at for at, _how in marks), len(text)][1:]
    for (start, how), end in zip(marks, ends, strict=True):
        if text[start:end].strip():
            yield start, end, how


def _is_rule(bare: str) -> bool:
    return len(bare) < 200 and bool(_RULE.match(bare))


def _how(line: str, bare: str, *, blank: bool) -> str:
    if PREFIX.match(bare):
        return "prefix"
    if _NUMBERED.match(bare) or _CIRCLED.match(line) or _BULLET.match(line):
        return "number"
    if _is_header(bare, 0):
        return "header"
    return "blank" if blank else "line"


def _is_header(bare: str, at: int) -> bool:
    match = _HEADER.match(bare.strip() if at == 0 else bare[at:])
    return bool(match and (_HEADER_WORDS.search(match[1]) or bare.count(match[0]) > 1))


def _inside(line: str) -> Iterator[tuple[int, str]]:
    """Numbers that count up, circled numbers and headers in the middle of a line."""
    folded = fold(line)
    found = [
        (folded.origin[m.start()], "number", _count(m))
        for m in _NUMBER_INSIDE.finditer(folded.text)
    ]
    first = _NUMBERED.match(folded.text)
    expected = _count(first) + 1 if first else 1
    marks: list[tuple[int, str]] = []
    for at, how, count in found:
        if count == expected:
            marks.append((at, how))
            expected += 1
    if len(marks) + bool(first) < 2:
        marks = []
    marks += [(m.start(), "number") for m in _CIRCLED_INSIDE.finditer(line)]
    for match in _HEADER.finditer(folded.text):
        if _is_header(folded.text, match.start()):
            marks.append((folded.origin[match.start()], "header"))
    yield from sorted(set(marks))


def _count(match: re.Match[str]) -> int:
    text = match["n"] or match["b"] or match["c"]
    if text.isdecimal():
        return int(text)
    return _COUNTERS.get(text[-1], 0) + (10 if len(text) > 1 and text[0] == "十" else 0)
