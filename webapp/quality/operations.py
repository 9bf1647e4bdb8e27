"""What phones record here: a word about a flag, and what a re-check found."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core.personal import personal_number
from webapp.operations.batch import ACCEPTED, Batch, Item
from webapp.operations.decode import Recorded, Uuid, plain
from webapp.operations.models import Operation
from webapp.operations.registry import Described, Kind
from webapp.places.labels import door_label
from webapp.quality import flagging
from webapp.quality.models import Recheck, VisitFlag

Answer = Literal["visited", "not_visited", "refused", "no_answer"]
FoundApp = Literal["installed", "none"]
WITH_APP = ("visited", "not_visited")


class FlagExplain(Recorded, kw_only=True):
    """How it came about, in the volunteer's words. Only where they were erased there is no note."""

    flag: Uuid
    note: Annotated[str, Meta(max_length=500)] | None = None


class RecheckAnswer(Recorded, kw_only=True):
    """What was found at a door. `visited`: they remember us; `app` only if they were asked."""

    recheck: Uuid
    answer: Answer
    app: FoundApp | None = None


class _Own(Kind):
    """About a row that the server made for somebody: it is there before anybody hears of it."""

    stage = 50
    row: type[Any]
    field: str

    def subject(self, operation: Any) -> str:
        """The row."""
        subject: str = getattr(operation, self.field)
        return subject.lower()

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """Whoever was asked may answer."""
        for item in items:
            row = batch.session.get(self.row, (batch.community_id, item.subject_id))
            if row is None:
                item.hold("invalid", self.field)
            elif item.released or item.member_id in self.asked(row):
                item.accept()
            else:
                item.hold("not_yours")

    @abstractmethod
    def asked(self, row: Any) -> Sequence[str]:
        """The members whose word it is."""

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Derive the row anew from all its operations that count."""
        for subject in sorted({item.subject_id or "" for item in items}):
            row = batch.session.get_one(self.row, (batch.community_id, subject))
            self.fold(row, _told(batch.session, batch.community_id, self.name, subject))
            row.seq = next(batch.numbers)
        batch.session.flush()

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """The same: what was voided is left out."""
        self.apply(batch, items)

    @abstractmethod
    def fold(self, row: Any, told: Sequence[Any]) -> None:
        """Set what follows from the operations, the earliest first."""


class FlagExplainKind(_Own):
    """The volunteer's word about their own flag; the last one holds."""

    name = "flag_explain"
    schema = FlagExplain
    row = VisitFlag
    field = "flag"

    def check(self, operation: FlagExplain) -> str | None:
        """Something has to be said."""
        said = operation.note is not None and operation.note.strip() and plain(operation.note)
        return None if said else "note"

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """As all; with a warning of numbers that belong to persons."""
        super().judge(batch, items)
        for item in items:
            if item.note and personal_number(item.note):
                item.warning = "personal_number"

    def asked(self, row: VisitFlag) -> Sequence[str]:
        """Whose day it was."""
        return (row.member_id,)

    def fold(self, row: VisitFlag, told: Sequence[Any]) -> None:
        """What is decided stays decided."""
        last = told[-1] if told else None
        row.explanation_id = last.id if last else None
        row.explained_at = last.moment if last else None
        if row.status in (flagging.OPEN, flagging.EXPLAINED):
            row.status = flagging.EXPLAINED if last else flagging.OPEN

    def describe(self, session: Session, community_id: int, operation: FlagExplain) -> Described:
        """What was said."""
        return Described(facts=(("operation.note", operation.note or ""),))


class RecheckKind(_Own):
    """An answer of somebody who was asked to go; the last one that met a person holds."""

    name = "recheck"
    schema = RecheckAnswer
    row = Recheck
    field = "recheck"

    def check(self, operation: RecheckAnswer) -> str | None:
        """Who met nobody has not seen the app."""
        return "app" if operation.app and operation.answer not in WITH_APP else None

    def asked(self, row: Recheck) -> Sequence[str]:
        """All that it was ever given to."""
        return row.asked

    def fold(self, row: Recheck, told: Sequence[Any]) -> None:
        """Nobody at home is a try, not an answer."""
        said = [(one, msgspec.json.decode(one.body, type=RecheckAnswer)) for one in told]
        met = [(one, answer) for one, answer in said if answer.answer != "no_answer"]
        row.tries = len(said) - len(met)
        one, answer = met[-1] if met else (None, None)
        row.answer = answer.answer if answer else None
        row.found_app = answer.app == "installed" if answer and answer.app else None
        row.answered_by = one.member_id if one else None
        row.answered_at = one.moment if one else None

    def describe(self, session: Session, community_id: int, operation: RecheckAnswer) -> Described:
        """The door, and what was found."""
        row = session.get(Recheck, (community_id, operation.recheck.lower()))
        facts = (("operation.recheck", operation.answer),)
        place = door_label(session, community_id, row.household_id) if row else ""
        return Described(place=place, facts=facts)


def _told(session: Session, community_id: int, kind: str, subject: str) -> Sequence[Any]:
    statement = (
        select(Operation.id, Operation.member_id, Operation.moment, Operation.body)
        .where(
            Operation.community_id == community_id,
            Operation.subject_id == subject,
            Operation.type == kind,
            Operation.status == ACCEPTED,
            Operation.voided.is_(False),
        )
        .order_by(Operation.moment, Operation.id)
    )
    return session.execute(statement).all()
