"""Badge numbers: drawn at random, unique in the installation, typed by people.

The digits alone name a badge; the mark before them (a letter of the community's name, as in
`甲-0218`) is for people and may be left out. Numbers are drawn, not counted up, from a range that
is at most half used: they tell neither how many there are nor who came when.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.trust.models import BadgeNumber

SHORTEST = 4
NO_LETTER = "Q"
_LETTERS = re.compile(r"[^\W\d_]{0,4}")
_BETWEEN = re.compile(r"[\s\-_.·‐-―−－]+")


@dataclass(frozen=True)
class Typed:
    """A number as somebody typed it: the mark may be missing."""

    number: int
    mark: str


def shown(mark: str, number: int) -> str:
    """As it stands on the badge: `甲-0218`."""
    return f"{mark}-{number:0{SHORTEST}}"


def mark_of(name: str) -> str:
    """The first letter of a community's name."""
    letters = (letter for letter in unicodedata.normalize("NFKC", name) if letter.isalpha())
    return next(letters, NO_LETTER).upper()


def read(text: str) -> Typed | None:
    """A typed number, in any width and with any dash; none when it can be no number."""
    folded = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:40])).upper()
    mark = folded.rstrip("0123456789")
    digits = folded[len(mark) :]
    if not 1 <= len(digits) <= 9 or not _LETTERS.fullmatch(mark):
        return None
    return Typed(int(digits), mark)


def read_code(text: str) -> str | None:
    """Six digits, however they were grouped; none for anything else."""
    folded = _BETWEEN.sub("", unicodedata.normalize("NFKC", text[:40]))
    return folded if re.fullmatch(r"[0-9]{6}", folded) else None


def draw(session: Session, community_id: int) -> int:
    """Take a number that nobody ever had."""
    used = session.scalar(select(func.count()).select_from(BadgeNumber)) or 0
    digits = max(SHORTEST, len(str(2 * used)))
    while True:
        number = 1 + secrets.randbelow(10**digits - 1)
        row = {"number": number, "community_id": community_id}
        statement = (
            db.insert(session, BadgeNumber)
            .values(row)
            .on_conflict_do_nothing()
            .returning(BadgeNumber.number)
        )
        if session.execute(statement).first():
            return number
