"""The live operations of alerts, as the fold sees them and as phones get them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.alerts.fold import Fact
from webapp.alerts.models import AlertRuling
from webapp.alerts.operations import NAMES
from webapp.core import db
from webapp.operations.batch import ACCEPTED
from webapp.operations.free_text import put_together
from webapp.operations.models import Operation, OperationText

_O, _T, _R = Operation.__table__.c, OperationText.__table__.c, AlertRuling.__table__.c
_ENVELOPE = ("at", "skew_ms", "alert")
"""What only the way to the server needs."""

_LIVE = (
    select(
        _O.id,
        _O.type,
        _O.subject_id,
        _O.member_id,
        _O.device_id,
        _O.moment,
        _O.received_at,
        _O.body,
        _T.text,
        _R.operation_id.label("ruling"),
    )
    .join_from(
        Operation.__table__,
        OperationText.__table__,
        (_T.community_id == _O.community_id) & (_T.operation_id == _O.id),
        isouter=True,
    )
    .join(
        AlertRuling.__table__,
        (_R.community_id == _O.community_id) & (_R.operation_id == _O.id),
        isouter=True,
    )
    .where(
        _O.community_id == bindparam("of"),
        db.among(_O.subject_id, "ids"),
        _O.status == ACCEPTED,
        _O.voided.is_(False),
        _O.type.in_(NAMES),
    )
    .order_by(_O.moment, _O.id)
)


@dataclass(frozen=True, slots=True)
class Noted:
    """One operation: its fields with the personal ones, and what the server knows of it."""

    alert_id: str
    fields: dict[str, Any]
    device_id: str | None
    received_at: int

    @property
    def fact(self) -> Fact:
        """As the fold sees it."""
        return msgspec.convert(self.fields, Fact)


def read_alerts(
    session: Session, community_id: int, alert_ids: Iterable[str]
) -> dict[str, list[Noted]]:
    """The live operations of each of these alerts, in order."""
    found: dict[str, list[Noted]] = {alert_id: [] for alert_id in alert_ids}
    for row in session.execute(_LIVE, {"of": community_id, "ids": list(found)}):
        found[row.subject_id].append(
            Noted(row.subject_id, _fields(row), row.device_id, row.received_at)
        )
    return found


def facts_of(noted: Sequence[Noted]) -> list[Fact]:
    """The same for the fold."""
    return [one.fact for one in noted]


def _fields(row: Any) -> dict[str, Any]:
    """`id, type, moment, by, coordinator?` and the type's own fields."""
    fields = put_together(msgspec.json.decode(row.body), row.text)
    for name in _ENVELOPE:
        fields.pop(name, None)
    fields |= {"id": row.id, "type": row.type, "moment": row.moment, "by": row.member_id}
    return fields | ({"coordinator": True} if row.ruling is not None else {})
