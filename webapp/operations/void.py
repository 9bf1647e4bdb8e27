"""Taking back: an operation that cancels another, whenever its target is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import select, update

from webapp.accounts.models import Member
from webapp.operations.batch import ACCEPTED, Batch, Item
from webapp.operations.decode import Recorded, Uuid
from webapp.operations.models import Operation
from webapp.operations.push import reread
from webapp.operations.registry import Kind, registry


class Void(Recorded, kw_only=True):
    """Cancels `operation`."""

    operation: Uuid
    reason: Literal["wrong_door", "wrong_outcome", "duplicate", "other"] | None = None


class VoidKind(Kind):
    """The author may void an own operation, a coordinator any; a void itself cannot be voided."""

    name = "void"
    schema = Void
    stage = 90

    def subject(self, operation: Void) -> str:
        """Its target."""
        return operation.operation.lower()

    def check(self, operation: Void) -> str | None:
        """It cannot cancel itself."""
        return "operation" if operation.operation.lower() == operation.id.lower() else None

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """The right is judged when the target is there."""
        targets = self._targets(batch, items)
        coordinators = self._coordinators(batch, items)
        for item in items:
            target = targets.get(item.subject_id or "")
            if target is None:
                item.wait()
            elif target.type == self.name:
                item.hold("invalid", "operation")
            elif not (
                item.released
                or target.member_id == item.member_id
                or item.member_id in coordinators
            ):
                item.hold("not_yours")
            else:
                item.accept()

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Mark the targets, and take back the effect of those that had one."""
        targets = self._targets(batch, items)
        live = [row for row in targets.values() if not row.voided]
        statement = (
            update(Operation)
            .where(
                Operation.community_id == batch.community_id,
                Operation.id.in_([row.id for row in live]),
            )
            .values(voided=True)
        )
        batch.session.execute(statement, execution_options={"synchronize_session": False})
        undone: dict[str, list[Item]] = {}
        for row in live:
            if row.status == ACCEPTED:
                undone.setdefault(row.type, []).append(reread(row))
        for name, group in undone.items():
            registry.undo(name, batch, group)

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """Never: a void cannot be voided (see `judge`)."""
        raise AssertionError("a void was voided")

    def _targets(self, batch: Batch, items: Sequence[Item]) -> dict[str, Any]:
        statement = select(Operation).where(
            Operation.community_id == batch.community_id,
            Operation.id.in_({item.subject_id for item in items}),
        )
        rows = batch.session.scalars(statement, execution_options={"populate_existing": True})
        return {row.id: row for row in rows}

    def _coordinators(self, batch: Batch, items: Sequence[Item]) -> set[str]:
        statement = select(Member.id).where(
            Member.community_id == batch.community_id,
            Member.id.in_({item.member_id for item in items}),
            Member.role == "coordinator",
            Member.status == "active",
        )
        return set(batch.session.scalars(statement))
