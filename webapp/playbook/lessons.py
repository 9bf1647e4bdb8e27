"""The training record as the coordinator sees it: every member, every card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.playbook import queries
from webapp.playbook.models import Training
from webapp.playbook.queries import Line
from webapp.playbook.training import due

PASSED = 4
"""So many right answers of five: one slip is no gap."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A member and a card. `state`: none (never asked), passed, again (too few right), due (long
    ago); `unread`: a version of the community that they have not opened."""

    state: str
    score: int | None = None
    asked: int | None = None
    quiz_at: int | None = None
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Pupil:
    """One member's line; `passed` of all cards, `unread` new ones."""

    name: str
    cells: Sequence[Cell]
    passed: int
    unread: int


@dataclass(frozen=True, slots=True)
class Record:
    """All active members against the cards that phones have."""

    cards: Sequence[Line]
    pupils: Sequence[Pupil]


def record(session: Session, community_id: int, *, now: int) -> Record:
    """The whole record; the same number of statements for any number of members."""
    cards = [line for line in queries.cards(session, community_id) if line.version is not None]
    rows = session.scalars(select(Training).where(Training.community_id == community_id))
    known = {(row.member_id, row.card_id): row for row in rows}
    pupils = []
    for member_id, name in queries.members(session, community_id).items():
        cells = [_cell(known.get((member_id, card.id)), card, now) for card in cards]
        passed = sum(cell.state == "passed" for cell in cells)
        pupils.append(Pupil(name, cells, passed, sum(cell.unread for cell in cells)))
    return Record(cards, pupils)


def _cell(row: Training | None, card: Line, now: int) -> Cell:
    unread = bool(card.version) and (row is None or (row.read_version or 0) < (card.version or 0))
    if row is None or row.quiz_at is None or not row.asked:
        return Cell("none", unread=unread)
    if due(row.quiz_at, now):
        state = "due"
    else:
        state = "passed" if (row.score or 0) * 5 >= PASSED * row.asked else "again"
    return Cell(state, row.score, row.asked, row.quiz_at, unread)
