"""What is said of persons is erased when it is no longer needed (design 7).

180 days after closing (a setting) an alert loses its person, the message as it came, the values of
personal fields that were changed, and the personal fields of its operations; codes, moments,
amounts and hashes stay, so that figures and receipts stay right. Whatever arrives later goes the
same way with the next run.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import Audit
from webapp.alerts import dues, settings
from webapp.alerts.change import begin
from webapp.alerts.models import Alert, AlertChange, AlertPerson, AlertReveal, Handover
from webapp.alerts.operations import NAMES
from webapp.core import db
from webapp.core.clock import DAY
from webapp.operations.forgetting import forget_tombstones, old_tombstones
from webapp.operations.models import Operation, OperationRival, OperationText

UNREAD = ("invalid", "not_understood")
"""Why an operation is kept as it came, with whatever it says."""

ENVELOPE = ("type", "id", "at", "skew_ms", "alert")
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Erased:
    """What a run erased in one community, or would: alerts whose person went, texts of operations,
    operations of which only the envelope is left, lines of the audit log, tombstones."""

    community: int
    alerts: int
    texts: int
    operations: int
    audit: int
    tombstones: int

    @property
    def nothing(self) -> bool:
        """Whether there was nothing to erase."""
        return not any((self.alerts, self.texts, self.operations, self.audit, self.tombstones))


def due(session: Session, community_id: int, *, now: int) -> Erased:
    """What `run` would erase."""
    chosen = settings.of(session, community_id)
    before, audit_before = now - chosen.kept, now - chosen.audit_days * DAY
    return Erased(
        community_id,
        len(_with_person(session, community_id, before)),
        _count(session, _texts(community_id, before)),
        len(list(_unread(session, community_id, before))),
        _count(session, _audit(community_id, audit_before)),
        old_tombstones(session, community_id, now=now),
    )


def run(session: Session, community_id: int, *, now: int) -> Erased:
    """Erase what is due, in one transaction; running it again finds nothing."""
    change = begin(session, community_id, now)
    found = due(session, community_id, now=now)
    chosen = settings.of(session, community_id)
    before, audit_before = now - chosen.kept, now - chosen.audit_days * DAY
    persons = _with_person(session, community_id, before)
    _erase_persons(session, community_id, persons, now)
    dues.close(change, persons)
    session.execute(_without_sync(delete(OperationText).where(_texts(community_id, before))))
    for row, body in list(_unread(session, community_id, before)):
        row.body = body
    session.execute(delete(Audit).where(_audit(community_id, audit_before)))
    session.execute(
        delete(AlertReveal).where(
            AlertReveal.community_id == community_id, AlertReveal.at < audit_before
        )
    )
    forget_tombstones(session, community_id, now=now)
    return found


def _over(community_id: int, before: int) -> Condition:
    """Alerts that have been over since then: closed, or never confirmed."""
    closed = and_(Alert.status == "closed", Alert.closed_at < before)
    never = and_(Alert.status.in_(("draft", "dropped")), Alert.received_at < before)
    return and_(Alert.community_id == community_id, or_(closed, never))


def _with_person(session: Session, community_id: int, before: int) -> list[str]:
    kept = and_(AlertPerson.community_id == Alert.community_id, AlertPerson.alert_id == Alert.id)
    statement = select(Alert.id).join(AlertPerson, kept).where(_over(community_id, before))
    return list(session.scalars(statement))


def _texts(community_id: int, before: int) -> Condition:
    """Personal fields of operations about these alerts."""
    about = select(Operation.id).where(
        Operation.community_id == community_id,
        Operation.type.in_(NAMES),
        Operation.subject_id.in_(select(Alert.id).where(_over(community_id, before))),
    )
    return and_(OperationText.community_id == community_id, OperationText.operation_id.in_(about))


def _unread(
    session: Session, community_id: int, before: int
) -> Iterator[tuple[Operation | OperationRival, str]]:
    """Operations that came so long ago and were kept as they came, with what may stay of them."""
    held = select(Operation).where(
        Operation.community_id == community_id,
        Operation.type.in_(NAMES),
        Operation.code.in_(UNREAD),
        Operation.received_at < before,
    )
    rivals = select(OperationRival).where(
        OperationRival.community_id == community_id,
        OperationRival.type.in_(NAMES),
        OperationRival.received_at < before,
    )
    for row in (*session.scalars(held), *session.scalars(rivals)):
        body = _envelope(row)
        if row.body != body:
            yield row, body


def _envelope(row: Operation | OperationRival) -> str:
    try:
        fields: dict[str, Any] = msgspec.json.decode(row.body, type=dict[str, Any])
    except msgspec.DecodeError:  # it was no JSON to begin with
        fields = {"type": row.type}
    return msgspec.json.encode({k: v for k, v in fields.items() if k in ENVELOPE}).decode()


def _audit(community_id: int, before: int) -> Condition:
    return and_(Audit.community_id == community_id, Audit.at < before)


def _count(session: Session, rows: Condition) -> int:
    return session.scalar(select(func.count()).where(rows)) or 0


def _erase_persons(
    session: Session, community_id: int, alert_ids: Collection[str], now: int
) -> None:
    for ids in db.chunks(alert_ids):
        persons = and_(AlertPerson.community_id == community_id, AlertPerson.alert_id.in_(ids))
        session.execute(_without_sync(delete(AlertPerson).where(persons)))
        changes = and_(
            AlertChange.community_id == community_id,
            AlertChange.alert_id.in_(ids),
            AlertChange.personal.is_(True),
        )
        nothing = {"before": None, "after": None}
        session.execute(_without_sync(update(AlertChange).where(changes).values(nothing)))
        alerts = and_(Alert.community_id == community_id, Alert.id.in_(ids))
        session.execute(_without_sync(update(Alert).where(alerts).values(erased_at=now)))
        offers = and_(Handover.from_community == community_id, Handover.alert_id.in_(ids))
        session.execute(_without_sync(update(Handover).where(offers).values(sealed=None)))


def _without_sync(statement: Any) -> Any:
    return statement.execution_options(synchronize_session=False)
