"""Who may record what of an alert, judged at the moment of the operation.

A coordinator may record everything; others what they worked: an alert that they were given or
took, or a follow-up that is theirs, at any time between 7 days before the moment and the receipt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import bindparam, select

from webapp.accounts.models import Member
from webapp.alerts.models import Alert, AlertRuling, AlertWorker, FollowUpDue
from webapp.core import db
from webapp.operations.batch import Batch, Item
from webapp.places.doors import Span, ids_of_doors, in_time

_A, _W, _F = Alert.__table__.c, AlertWorker.__table__.c, FollowUpDue.__table__.c
_KNOWN = select(_A.id).where(_A.community_id == bindparam("of"), db.among(_A.id, "ids"))
_WORKED = select(_W.member_id, _W.alert_id, _W.since, _W.ended_at, _W.left_at).where(
    _W.community_id == bindparam("of"), db.among(_W.alert_id, "ids")
)
_ASKED = select(_F.given_to, _F.alert_id, _F.given_at, _F.done_at, _F.gone_at).where(
    _F.community_id == bindparam("of"), db.among(_F.alert_id, "ids"), _F.given_to.is_not(None)
)
_CONFIRMED = select(Member.id, Member.role).where(
    Member.community_id == bindparam("of"),
    db.among(Member.__table__.c.id, "members"),
    Member.confirmed_at.is_not(None),
)
_AT_DOOR = (
    select(_W.since, _W.ended_at, _W.left_at, _A.closed_at)
    .join_from(
        AlertWorker.__table__,
        Alert.__table__,
        (_A.community_id == _W.community_id) & (_A.id == _W.alert_id),
    )
    .where(
        _W.community_id == bindparam("of"),
        _W.member_id == bindparam("member"),
        db.among(_A.household_id, "doors"),
    )
)


class Rights:
    """Who of these authors may record for these items' alerts."""

    def __init__(self, batch: Batch, items: Sequence[Item]) -> None:
        self._roles = roles_of(batch, {item.member_id for item in items})
        self._spans: dict[tuple[str, str], list[Span]] = {}
        values = {
            "of": batch.community_id,
            "ids": {item.subject_id for item in items if item.subject_id},
        }
        for statement in (_WORKED, _ASKED):
            for member_id, alert_id, since, *ends in batch.session.execute(statement, values):
                span = (since, _first(ends))
                self._spans.setdefault((member_id, alert_id), []).append(span)

    def allow(self, item: Item) -> bool:
        """Whether the item's author may record for its alert."""
        if item.released:
            return True
        role = self._roles.get(item.member_id)
        if role is None:
            return False
        spans = self._spans.get((item.member_id, item.subject_id or ""), ())
        return role == "coordinator" or any(in_time(item, span) for span in spans)

    def rules(self, item: Item) -> bool:
        """Whether it is recorded with a coordinator's right."""
        return item.released or self._roles.get(item.member_id) == "coordinator"


def roles_of(batch: Batch, member_ids: Collection[str]) -> dict[str, str]:
    """The roles of those who were confirmed at some time."""
    values = {"of": batch.community_id, "members": list(member_ids)}
    return {member_id: role for member_id, role in batch.session.execute(_CONFIRMED, values)}


def known_alerts(batch: Batch, ids: Collection[str]) -> set[str]:
    """Which of these alerts there are."""
    values = {"of": batch.community_id, "ids": list(ids)}
    return set(batch.session.execute(_KNOWN, values).scalars())


def note_rulings(batch: Batch, items: Sequence[Item]) -> None:
    """Write down which of these were recorded by a coordinator: the fold asks for it later."""
    roles = roles_of(batch, {item.member_id for item in items})
    rows = [
        {"community_id": batch.community_id, "operation_id": item.id}
        for item in items
        if roles.get(item.member_id) == "coordinator"
    ]
    if rows:
        statement = db.insert(batch.session, AlertRuling).on_conflict_do_nothing()
        batch.session.execute(statement, rows)


def errands(batch: Batch, member_id: str, door_id: str) -> Iterable[Span]:
    """When this member worked an alert at that door: visits there count as theirs."""
    doors = ids_of_doors(batch.session, batch.community_id, [door_id])
    values = {"of": batch.community_id, "member": member_id, "doors": list(doors)}
    for since, *ends in batch.session.execute(_AT_DOOR, values):
        yield since, _first(ends)


def _first(moments: Iterable[int | None]) -> int | None:
    return min((moment for moment in moments if moment is not None), default=None)
