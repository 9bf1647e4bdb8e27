"""Phone numbers: the resident's own, and those of people to call; a scammer's is left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.alerts.intake import relatives, words
from webapp.alerts.intake.parts import HAN, Reading
from webapp.places.writing import Span

_GAP = r"[ \t.-]{0,2}"
_MOBILE = re.compile(
    rf"(?<![\d*])(?:\+?(?:00)?86{_GAP})?(?P<number>1[3-9]\d(?:{_GAP}\d{{4}}{_GAP}\d{{4}}"
    rf"|{_GAP}\d{{3}}{_GAP}\d{{5}}|\d{{2}}{_GAP}\d{{3}}{_GAP}\d{{3}}))(?![\d*])"
)
_LAND = re.compile(
    rf"(?<!\d)\(?(?P<number>0(?:10|2\d|[3-9]\d\d)\)?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}})(?!\d)"
)
_LOCAL = re.compile(
    r"(?:电话|座机|固话|联系方式|手机)(?:号码?)?[\s:为是]{0,3}(?P<number>[2-9]\d{6,7})(?!\d)"
)
_FOREIGN = re.compile(r"(?<![\d+])(?:\+(?!86)\d[\d -]{6,16}\d|00(?!86)\d[\d -]{6,16}\d)(?!\d)")
_SERVICE = re.compile(
    r"(?<![\d元幢栋棟楼樓座-])(?:(?:400|800|955|951)[\d-]{2,9}|96110|110|12381)"
    r"(?!\d| ?[号號幢栋棟楼樓室座弄#-])"
)
_MASKED = re.compile(r"(?<!\d)1[3-9]\d[*xX]{4}\d{4}(?!\d)")
_PERSONAL = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{9}[\dXx](?!\d)|(?<!\d)\d{15,19}(?!\d)")
_SCAMMER = re.compile(words.SCAMMERS_PHONE)
_OTHER = re.compile(words.OTHERS_PHONE)
_OTHERS_NAME = re.compile(
    rf"(?:{words.OTHERS_PHONE})(?:[:是]?[{HAN}]{{0,2}}(?:女士|先生|某|[*])|[:是]?[{HAN}]{{0,1}}$)"
)
"""`女儿李女士,电话139…`: the piece before the number's own label names somebody else."""
MOST_CONTACTS = 4
_STOPS = re.compile("[,。;\n\ufffc:()]")


def read(reading: Reading) -> None:
    """Take all numbers out of the text, and keep the first that can be the resident's own."""
    for match in _PERSONAL.finditer(reading.text):
        reading.take(match.span())
    others: list[Span] = []
    for start, end in _numbers(reading):
        label, before = _label(reading, start)
        shown = _shown(reading.folded.text[start:end])
        contact = None if _SCAMMER.search(label) else relatives.named(reading, (start, end), shown)
        if contact is not None and len(reading.contacts) < MOST_CONTACTS:
            reading.contacts.append(contact)
        elif contact is None and "phone" not in reading.parts and _is_own(label, before):
            reading.keep("phone", shown, (start, end), take=False)
        others.append((start, end))
    reading.take(*others)
    for pattern in (_FOREIGN, _MASKED, _SERVICE):
        for match in pattern.finditer(reading.text):
            reading.take(match.span())


def _numbers(reading: Reading) -> Iterator[Span]:
    spans = [
        match.span("number")
        for pattern in (_MOBILE, _LAND, _LOCAL)
        for match in pattern.finditer(reading.text)
    ]
    done = -1
    for start, end in sorted(spans):
        if start >= done:
            yield start, end
            done = end


def _shown(written: str) -> str:
    """`138 0000 1111` → `13800001111`, `(023) 4282 1234` → `023-42821234`."""
    digits = re.sub(r"\D", "", written)
    if digits[0] != "0":
        return digits
    area = 3 if digits[1] in "12" else 4
    return f"{digits[:area]}-{digits[area:]}"


def _label(reading: Reading, start: int) -> tuple[str, str]:
    """The words right before a number, and the piece of the sentence before these."""
    *earlier, label = _STOPS.split(reading.before(start, 24))
    if not label.strip() and earlier:
        label = earlier.pop()
    return label, earlier[-1] if earlier else ""


def _is_own(label: str, before: str) -> bool:
    """Whether nothing before the number makes it somebody else's: a word, or a relative's name."""
    if _SCAMMER.search(label) or _OTHER.search(label):
        return False
    return "本人" in label or not _OTHERS_NAME.search(before)
