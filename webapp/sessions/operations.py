"""A training session, recorded by whoever held it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, field
from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.core.personal import personal_number
from webapp.operations.batch import Batch, Item
from webapp.operations.decode import Recorded, plain
from webapp.operations.registry import Described, Kind
from webapp.playbook.scam_types import ScamType
from webapp.sessions.models import TrainingSession

Partner = Literal["bank", "school", "property", "police", "other"]
Heads = Annotated[int, Meta(ge=0, le=5_000)]
LeafletKind = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$")]
MOST_LEAFLETS = 9_999


class SessionLog(Recorded, kw_only=True):
    """One session: where, with whom, how many residents and workers (grid workers, volunteers) were
    there, `leaflets` per kind, which tricks were explained, of which campaign it is a part. No
    personal data."""

    place: Annotated[str, Meta(min_length=1, max_length=120)]
    partner: Partner | None = None
    residents: Heads = 0
    workers: Heads = 0
    leaflets: dict[LeafletKind, Annotated[int, Meta(ge=0, le=MOST_LEAFLETS)]] = field(
        default_factory=dict
    )
    topics: Annotated[list[ScamType], Meta(max_length=11)] = field(default_factory=list)
    note: Annotated[str, Meta(max_length=500)] | None = None
    campaign: Annotated[str, Meta(max_length=60)] = ""


class SessionLogKind(Kind):
    """Nobody needs a right to have held a session."""

    name = "session_log"
    schema = SessionLog
    stage = 50

    def subject(self, operation: SessionLog) -> None:
        """It is about nothing that is known yet."""

    def check(self, operation: SessionLog) -> str | None:
        """Words without control characters, and a bound over all kinds of leaflets."""
        if not operation.place.strip() or not plain(operation.place):
            return "place"
        if operation.note and not plain(operation.note):
            return "note"
        if not plain(operation.campaign):
            return "campaign"
        if len(operation.leaflets) > 20 or sum(operation.leaflets.values()) > MOST_LEAFLETS:
            return "leaflets"
        return None

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """Taken; the author is warned of numbers that belong to persons."""
        for item in items:
            item.accept()
            texts = (item.operation.place, item.operation.note)
            if any(personal_number(text) for text in texts if text):
                item.warning = "personal_number"

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """A row of its own."""
        rows = [
            {
                "community_id": batch.community_id,
                "operation_id": item.id,
                "member_id": item.member_id,
                "moment": item.moment,
                "place": item.operation.place.strip(),
                "partner": item.operation.partner,
                "residents": item.operation.residents,
                "workers": item.operation.workers,
                "leaflets": sum(item.operation.leaflets.values()),
                "campaign": " ".join(item.operation.campaign.split()),
                "topics": list(dict.fromkeys(item.operation.topics)),
                "taken_back": False,
            }
            for item in items
        ]
        db.insert_rows(batch.session, TrainingSession, rows)

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """It counts no more."""
        statement = (
            update(TrainingSession)
            .where(
                TrainingSession.community_id == batch.community_id,
                TrainingSession.operation_id.in_([item.id for item in items]),
            )
            .values(taken_back=True)
        )
        batch.session.execute(statement, execution_options={"synchronize_session": False})

    def describe(self, session: Session, community_id: int, operation: SessionLog) -> Described:
        """Where, and for how many."""
        facts = [
            ("sessions.place", operation.place),
            ("sessions.residents", str(operation.residents)),
        ]
        return Described(facts=tuple(facts))
