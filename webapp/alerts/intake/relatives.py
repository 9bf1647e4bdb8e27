"""Who else can be called: a relative, a guardian or a neighbour whose number the message gives."""

from __future__ import annotations

import re

from webapp.alerts.intake import people, surnames, words
from webapp.alerts.intake.parts import HAN, Contact, Reading
from webapp.places.writing import Span

_RELATIONS = "|".join(sorted(words.CONTACTS, key=len, reverse=True))
_SURNAME = surnames.PATTERN
_TITLE = f"{words.FEMALE}|{words.MALE}|{words.OFFICERS}|老师|师傅|某某?|[{''.join(words.SHORT)}]"
_GIVEN = rf"[*xX○]{{1,2}}[{HAN}]?|(?!电话|手机|联系)[{HAN}]{{1,2}}"
_NAME = rf"[老小]{_SURNAME}|{_SURNAME}(?:{_TITLE}|{_GIVEN})"
_LABEL = r"的?(?:联系|手机)?(?:电话|手机|方式|电)?号?码?"
_BEFORE = re.compile(
    rf"(?P<theirs>{words.REPORTING})?(?P<guard>监护人)?[,:是]?(?:[其她他]的?)?(?P<relation>{_RELATIONS})"
    rf"[\s:,(是叫为]{{0,2}}(?P<name>{_NAME})?(?:[,(\s]{{0,2}}\d{{1,3}}周?岁)?"
    rf"[),\s]{{0,2}}{_LABEL}[\s:,(是为]{{0,3}}$"
)
_BEHIND = re.compile(rf"\s*\((?:[这是系为]|[其她他]的?)*(?P<relation>{_RELATIONS})(?P<name>)\)")
_FAR = 40
_SENTENCE_END = re.compile("[。;\n]")


def named(reading: Reading, number: Span, phone: str) -> Contact | None:
    """Whose the `phone` at `number` is, if the words right before or behind it name whom to call.

    `李女士反映其母亲139…` names nobody else: the relative is the one at risk.
    """
    start, end = number
    text = reading.folded.text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, max(0, start - _FAR), start)]
    since = ends[-1] if ends else max(0, start - _FAR)
    match = _BEFORE.search(text[since:start])
    if match is None:
        behind = _BEHIND.match(text, end)
        return _contact(reading, number, phone, behind, 0) if behind else None
    return None if match["theirs"] else _contact(reading, number, phone, match, since)


def _contact(
    reading: Reading, number: Span, phone: str, said: re.Match[str], since: int
) -> Contact:
    relation, role, sex = words.CONTACTS[said["relation"]]
    places = [
        (since + a, since + b) for a, b in (said.span("relation"), said.span("name")) if a < b
    ]
    name = reading.written(*places[1]) if len(places) > 1 else ""
    spans = tuple(reading.folded.span(*span) for span in sorted((*places, number)))
    if said.re is _BEFORE and said["guard"]:
        role = "guardian"
    if not re.search(rf"(?:{words.OFFICERS})$", name):
        name = people.shortened(name, sex)
    return Contact(role, " ".join(filter(None, (relation, name))), phone, spans)
