"""What members have read and been asked: a pure fold of their operations, kept beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.core.clock import DAY
from webapp.operations.batch import ACCEPTED, Batch
from webapp.operations.models import Operation
from webapp.playbook.models import Training

READ, QUIZ = "card_read", "quiz_result"
AGAIN = "training"
REFRESH_AFTER = 90 * DAY
"""What was taught fades within about three months without a reminder."""


@dataclass(frozen=True, slots=True)
class Read:
    """A version of a card was opened."""

    moment: int
    id: str
    version: int


@dataclass(frozen=True, slots=True)
class Quiz:
    """A card's quiz was answered: `right` of `asked`."""

    moment: int
    id: str
    right: int
    asked: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What a member has learned of a card."""

    read_version: int | None = None
    read_at: int | None = None
    quiz_at: int | None = None
    score: int | None = None
    asked: int | None = None
    tries: int = 0


def learn(reads: Iterable[Read], quizzes: Iterable[Quiz]) -> Learned:
    """The highest version, when it was first read, and the last quiz in order (moment, then id)."""
    first = min(reads, key=lambda read: (-read.version, read.moment, read.id), default=None)
    answered = sorted(quizzes, key=lambda quiz: (quiz.moment, quiz.id))
    last = answered[-1] if answered else None
    return Learned(
        read_version=first.version if first else None,
        read_at=first.moment if first else None,
        quiz_at=last.moment if last else None,
        score=last.right if last else None,
        asked=last.asked if last else None,
        tries=len(answered),
    )


def due(quiz_at: int | None, now: int) -> bool:
    """Whether the quiz is to be taken, for the first time or again."""
    return quiz_at is None or now - quiz_at >= REFRESH_AFTER


def pair(member_id: str, card_id: str) -> str:
    """A member and a card as one id of `Batch.again`."""
    return f"{member_id} {card_id}"


def learn_again(batch: Batch) -> None:
    """At the end of a push: fold what members did with cards that this push touched."""
    pairs = batch.again.pop(AGAIN, set())
    if not pairs:
        return
    members, cards = ({one.split()[at] for one in pairs} for at in (0, 1))
    recorded = _recorded(batch.session, batch.community_id, members, cards)
    rows = [_row(batch, one, recorded.get(one, [])) for one in sorted(pairs)]
    db.upsert(
        batch.session,
        Training,
        rows,
        keys=["community_id", "member_id", "card_id"],
        columns=[*Learned.__dataclass_fields__, "seq"],
    )


def _recorded(
    session: Session, community_id: int, members: set[str], cards: set[str]
) -> dict[str, list[Operation]]:
    statement = select(Operation).where(
        Operation.community_id == community_id,
        Operation.subject_id.in_(cards),
        Operation.member_id.in_(members),
        Operation.type.in_([READ, QUIZ]),
        Operation.status == ACCEPTED,
        Operation.voided.is_(False),
    )
    found: dict[str, list[Operation]] = {}
    for row in session.scalars(statement, execution_options={"populate_existing": True}):
        found.setdefault(pair(row.member_id, row.subject_id or ""), []).append(row)
    return found


def _row(batch: Batch, one: str, recorded: Sequence[Operation]) -> dict[str, Any]:
    member_id, card_id = one.split()
    reads, quizzes = [], []
    for row in recorded:
        fields = msgspec.json.decode(row.body)
        if row.type == READ:
            reads.append(Read(row.moment, row.id, fields["version"]))
        else:
            quizzes.append(Quiz(row.moment, row.id, fields["right"], fields["asked"]))
    key = {"community_id": batch.community_id, "member_id": member_id, "card_id": card_id}
    return key | asdict(learn(reads, quizzes)) | {"seq": next(batch.numbers)}
