"""The coordinator's inbox: what volunteers heard becomes part of a card, or is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.core.errors import NotFound, Problem
from webapp.operations.free_text import put_together
from webapp.operations.models import Operation, OperationText
from webapp.places.models import Building
from webapp.playbook import queries, versions
from webapp.playbook.content import CardText, Content
from webapp.playbook.models import FieldNote

ANSWER_LENGTH = 200
PLACES = ("openings", "flags", "heard")
"""Where in a card a note can go."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A note as the inbox shows it. `text` is empty when it was erased; `doubtful`: it holds a
    number that may be somebody's."""

    id: str
    text: str
    where: str
    channel: str | None
    scam_type: str | None
    author: str
    moment: int
    status: str
    doubtful: bool
    card_id: str | None
    answer: str
    decided_by: str
    decided_at: int | None


def inbox(session: Session, community_id: int, *, limit: int = 100) -> list[Heard]:
    """What waits for somebody, oldest first."""
    statement = _notes(community_id).where(FieldNote.status == "open")
    statement = statement.order_by(FieldNote.moment, FieldNote.operation_id).limit(limit)
    return _read(session, community_id, statement)


def decided(session: Session, community_id: int, *, limit: int = 50) -> list[Heard]:
    """What was decided, newest first."""
    statement = _notes(community_id).where(FieldNote.status.in_(["merged", "dismissed"]))
    return _read(
        session, community_id, statement.order_by(FieldNote.decided_at.desc()).limit(limit)
    )


def merge(
    session: Session,
    who: ActingMember,
    note_id: str,
    card_id: str,
    place: str,
    text: str,
    answer: str,
    *,
    now: int,
) -> int:
    """Put what was heard into the draft of a card and thank the author; the draft's number.

    `text` is the coordinator's wording. Raises NotFound, Problem `note_decided`, `note_empty`.
    """
    numbers = sequence.draw(session, who.community_id)
    note = _open(session, who.community_id, note_id)
    text = " ".join(text.split())
    if not text or place not in PLACES:
        raise Problem("note_empty", field="text")
    draft = versions.open_draft(session, who, card_id, now=now)
    card = versions.decode(draft)
    versions.save(session, who, draft, _with(card, place, text), draft.note, now=now)
    _decide(session, who, note, "merged", answer, seq=next(numbers), now=now, card_id=card_id)
    return draft.number


def begin_card(
    session: Session, who: ActingMember, note_id: str, card: Content, answer: str, *, now: int
) -> str:
    """Make a new card of a note; the card's id."""
    numbers = sequence.draw(session, who.community_id)
    note = _open(session, who.community_id, note_id)
    card_id = versions.add_card(session, who, card, now=now)
    _decide(session, who, note, "merged", answer, seq=next(numbers), now=now, card_id=card_id)
    return card_id


def dismiss(session: Session, who: ActingMember, note_id: str, answer: str, *, now: int) -> None:
    """Set a note aside and say why. Raises NotFound, Problem `note_decided`, `reason_missing`."""
    numbers = sequence.draw(session, who.community_id)
    note = _open(session, who.community_id, note_id)
    if not answer.strip():
        raise Problem("reason_missing", field="answer")
    _decide(session, who, note, "dismissed", answer, seq=next(numbers), now=now)


def _with(card: Content, place: str, text: str) -> Content:
    lines: list[str] = getattr(card.zh, place)
    zh: CardText = msgspec.structs.replace(card.zh, **{place: [*lines, text[:160]]})
    return msgspec.structs.replace(card, zh=zh)


def _open(session: Session, community_id: int, note_id: str) -> FieldNote:
    note = session.get(FieldNote, (community_id, note_id))
    if note is None:
        raise NotFound("note_unknown")
    if note.status != "open":
        raise Problem("note_decided", status=409)
    return note


def _decide(
    session: Session,
    who: ActingMember,
    note: FieldNote,
    status: str,
    answer: str,
    *,
    seq: int,
    now: int,
    card_id: str | None = None,
) -> None:
    note.status, note.card_id, note.seq = status, card_id, seq
    note.answer = " ".join(answer.split())[:ANSWER_LENGTH]
    note.decided_at, note.decided_by = now, who.member_id
    audit.note(
        session,
        who.community_id,
        who,
        f"field_note_{status}",
        note.operation_id,
        now=now,
        card=card_id,
    )


def _notes(community_id: int) -> Any:
    return (
        select(FieldNote, Operation.body, OperationText.text)
        .join(
            Operation,
            (Operation.community_id == FieldNote.community_id)
            & (Operation.id == FieldNote.operation_id),
        )
        .outerjoin(
            OperationText,
            (OperationText.community_id == FieldNote.community_id)
            & (OperationText.operation_id == FieldNote.operation_id),
        )
        .where(FieldNote.community_id == community_id)
    )


def _read(session: Session, community_id: int, statement: Any) -> list[Heard]:
    found = [
        (note, put_together(msgspec.json.decode(body), text))
        for note, body, text in session.execute(statement)
    ]
    names = queries.everybody(session, community_id)
    wanted = {fields["building"].lower() for _note, fields in found if fields.get("building")}
    buildings = _building_names(session, community_id, wanted)
    return [_heard(note, fields, names, buildings) for note, fields in found]


def _building_names(session: Session, community_id: int, ids: set[str]) -> dict[str, str]:
    statement = select(Building.id, Building.name).where(
        Building.community_id == community_id, Building.id.in_(ids)
    )
    return {row.id: row.name for row in session.execute(statement)} if ids else {}


def _heard(
    note: FieldNote, fields: dict[str, Any], names: dict[str, str], buildings: dict[str, str]
) -> Heard:
    where = (buildings.get(str(fields.get("building") or "").lower()), fields.get("place"))
    return Heard(
        id=note.operation_id,
        text=fields.get("note") or "",
        where=" · ".join(part for part in where if part),
        channel=fields.get("channel"),
        scam_type=fields.get("scam_type"),
        author=names.get(note.member_id, ""),
        moment=note.moment,
        status=note.status,
        doubtful=note.doubtful,
        card_id=note.card_id,
        answer=note.answer,
        decided_by=names.get(note.decided_by or "", ""),
        decided_at=note.decided_at,
    )
