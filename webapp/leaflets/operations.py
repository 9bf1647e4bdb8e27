"""Leaflets that a volunteer takes from stock, or brings back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta
from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.core import db
from webapp.leaflets.models import LeafletMove
from webapp.operations.batch import Batch, Item
from webapp.operations.decode import Recorded
from webapp.operations.registry import Described, Kind

MOST = 9_999


class LeafletTake(Recorded, kw_only=True):
    """`count` of a kind taken from stock; negative: brought back."""

    count: Annotated[int, Meta(ge=-MOST, le=MOST)]
    kind: Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$")] = "general"


class LeafletTakeKind(Kind):
    """Nobody is kept from taking: the ledger says where it does not balance."""

    name = "leaflet_take"
    schema = LeafletTake
    stage = 50

    def subject(self, operation: LeafletTake) -> None:
        """It is about nothing that is known yet."""

    def check(self, operation: LeafletTake) -> str | None:
        """Nothing is not a movement."""
        return None if operation.count else "count"

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """Taken."""
        for item in items:
            item.accept()

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Between stock and the bag."""
        db.insert_rows(batch.session, LeafletMove, [_row(batch, item) for item in items])

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """It did not happen."""
        statement = (
            update(LeafletMove)
            .where(
                LeafletMove.community_id == batch.community_id,
                LeafletMove.id.in_([item.id for item in items]),
            )
            .values(taken_back=True)
        )
        batch.session.execute(statement, execution_options={"synchronize_session": False})

    def describe(self, session: Session, community_id: int, operation: LeafletTake) -> Described:
        """How many."""
        return Described(facts=(("operation.leaflets", str(operation.count)),))


def _row(batch: Batch, item: Item) -> dict[str, object]:
    count = item.operation.count
    ends = ("stock", "bag") if count > 0 else ("bag", "stock")
    return {
        "community_id": batch.community_id,
        "id": item.id,
        "moment": item.moment,
        "source": ends[0],
        "target": ends[1],
        "kind": item.operation.kind,
        "count": abs(count),
        "member_id": item.member_id,
        "by": item.member_id,
        "note": "",
        "taken_back": False,
    }
