"""What phones get of the playbook: published cards, answers to field notes, what was learned."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.operations.registry import Reader, Row
from webapp.playbook import rows
from webapp.playbook.models import (
    FieldNote,
    PlaybookCard,
    PlaybookEdition,
    PlaybookVersion,
    Training,
)
from webapp.playbook.wire import NoteAnswerRow, TrainingRow

FIRST_SEQ = 1
"""The product's cards came with the community, before anything that its members did."""

DECIDED = ("merged", "dismissed")


def card_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The community's bucket: the cards in force that changed after `since`."""
    community_id = reader.community_id
    edition = session.scalar(
        select(PlaybookEdition.seq).where(PlaybookEdition.community_id == community_id)
    )
    own = session.scalars(select(PlaybookCard).where(PlaybookCard.community_id == community_id))
    cards = {card.id: card for card in own}
    came = edition or FIRST_SEQ
    if came > since:
        yield came, rows.words_row()
    for card_id, row in rows.builtin_rows().items():
        changed = cards.get(card_id)
        if changed is not None and changed.published is not None:
            continue
        seq = max(came, changed.seq) if changed else came
        if seq > since:
            yield seq, row
    yield from _published(session, community_id, since)


def note_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's own bucket: what became of their field notes."""
    statement = select(FieldNote).where(
        FieldNote.community_id == reader.community_id,
        FieldNote.member_id == reader.member_id,
        FieldNote.seq > since,
        FieldNote.status.in_(DECIDED),
    )
    for note in session.scalars(statement):
        row = NoteAnswerRow(
            id=note.operation_id,
            status=note.status,
            at=note.decided_at or 0,
            moment=note.moment,
            card=note.card_id,
            answer=note.answer or None,
        )
        yield note.seq, msgspec.json.encode(row)


def training_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's own bucket: what they have read and been asked, a row for each card."""
    statement = select(Training).where(
        Training.community_id == reader.community_id,
        Training.member_id == reader.member_id,
        Training.seq > since,
    )
    for one in session.scalars(statement):
        row = TrainingRow(
            id=one.card_id,
            read_version=one.read_version,
            quiz_at=one.quiz_at,
            right=one.score,
            asked=one.asked,
        )
        yield one.seq, msgspec.json.encode(row)


def _published(session: Session, community_id: int, since: int) -> Iterator[Row]:
    statement = (
        select(PlaybookCard.seq, PlaybookVersion.row)
        .join(
            PlaybookVersion,
            (PlaybookVersion.community_id == PlaybookCard.community_id)
            & (PlaybookVersion.card_id == PlaybookCard.id)
            & (PlaybookVersion.number == PlaybookCard.published),
        )
        .where(PlaybookCard.community_id == community_id, PlaybookCard.seq > since)
    )
    for seq, row in session.execute(statement):
        yield seq, (row or "{}").encode()
