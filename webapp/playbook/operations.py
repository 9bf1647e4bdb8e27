"""What phones record about the playbook: a trick heard in the field, a card read, a quiz taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar

from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.core.personal import personal_number
from webapp.operations.batch import Batch, Item
from webapp.operations.decode import Recorded, Uuid, plain
from webapp.operations.free_text import PersonalKind
from webapp.operations.registry import Described, Kind
from webapp.playbook import training
from webapp.playbook.content import AlertChannel, builtin
from webapp.playbook.models import FieldNote, PlaybookCard
from webapp.playbook.scam_types import ScamType
from webapp.playbook.training import AGAIN, pair

Version = Annotated[int, Meta(ge=0, le=1_000_000)]
Questions = Annotated[int, Meta(ge=1, le=5)]


class ScamNote(Recorded, kw_only=True):
    """A new trick heard in the field, in `note`; where (`place` in words, or a building) and
    through which channel. No personal data."""

    note: Annotated[str, Meta(min_length=1, max_length=500)]
    place: Annotated[str, Meta(max_length=60)] | None = None
    building: Uuid | None = None
    channel: AlertChannel | None = None
    scam_type: ScamType | None = None


class CardRead(Recorded, kw_only=True):
    """This version of a card was opened for the first time."""

    card: Uuid
    version: Version


class QuizResult(Recorded, kw_only=True):
    """The quiz of a card was answered: so many `right` of those `asked`."""

    card: Uuid
    version: Version
    right: Annotated[int, Meta(ge=0, le=5)]
    asked: Questions


class ScamNoteKind(PersonalKind):
    """A note goes into the coordinator's inbox. Nobody needs a right to have heard something."""

    name = "scam_note"
    schema = ScamNote
    stage = 50
    personal: ClassVar[tuple[str, ...]] = ("note", "place")

    def subject(self, operation: ScamNote) -> None:
        """It is about nothing that is known yet."""

    def check(self, operation: ScamNote) -> str | None:
        """Something has to be said, without control characters."""
        if not operation.note.strip() or not plain(operation.note):
            return "note"
        return "place" if operation.place and not plain(operation.place) else None

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """Taken; the author is warned of numbers that belong to persons."""
        for item in items:
            item.accept()
            if _doubtful(item.operation):
                item.warning = "personal_number"

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Into the inbox."""
        rows = [
            {
                "community_id": batch.community_id,
                "operation_id": item.id,
                "member_id": item.member_id,
                "moment": item.moment,
                "status": "open",
                "doubtful": _doubtful(item.operation),
                "answer": "",
                "seq": next(batch.numbers),
            }
            for item in items
        ]
        db.insert_rows(batch.session, FieldNote, rows)

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """Out of the inbox, unless somebody has decided on it."""
        for item in items:
            row = batch.session.get(FieldNote, (batch.community_id, item.id))
            if row is not None and row.status == "open":
                row.status, row.seq = "taken_back", next(batch.numbers)

    def describe(self, session: Session, community_id: int, operation: ScamNote) -> Described:
        """What was heard."""
        return Described(facts=(("operation.note", operation.note),))


class _AboutCard(Kind):
    """What a member did with a card: folded at the end of the push."""

    stage = 50

    def subject(self, operation: Any) -> str:
        """The card."""
        card: str = operation.card
        return card.lower()

    def check(self, operation: Any) -> str | None:
        """No rule across fields."""
        return None

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """A card that is not there is waited for."""
        wanted = {item.subject_id or "" for item in items} - builtin().keys()
        statement = select(PlaybookCard.id).where(
            PlaybookCard.community_id == batch.community_id, PlaybookCard.id.in_(wanted)
        )
        known = set(batch.session.scalars(statement)) if wanted else set()
        for item in items:
            if item.subject_id in known or item.subject_id in builtin():
                item.accept()
            else:
                item.wait()

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Have it folded, once for each member and card."""
        pairs = {pair(item.member_id, item.subject_id or "") for item in items}
        batch.again.setdefault(AGAIN, set()).update(pairs)

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """The same: the fold leaves out what was voided."""
        self.apply(batch, items)


class CardReadKind(_AboutCard):
    """A receipt: one for each version that somebody opens, so that it costs next to nothing."""

    name = training.READ
    schema = CardRead


class QuizResultKind(_AboutCard):
    """A result of at most all questions."""

    name = training.QUIZ
    schema = QuizResult

    def check(self, operation: QuizResult) -> str | None:
        """Nobody can be right more often than asked."""
        return "right" if operation.right > operation.asked else None


def _doubtful(note: ScamNote) -> bool:
    return any(personal_number(text) for text in (note.note, note.place) if text)
