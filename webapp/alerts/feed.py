"""What phones get of alerts: the team's list without persons, and one's own with them.

A row's number is the highest of what it is made of: the alert, the lease, the building.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw
from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.alerts.models import Alert, AlertPerson, AlertWorker, FollowUpDue
from webapp.alerts.reading import read_alerts
from webapp.alerts.wire import (
    AlertBasis,
    AlertCaretaker,
    AlertPersonal,
    AlertRow,
    MyAlertRow,
    MyFollowUpRow,
)
from webapp.core import db
from webapp.operations.registry import Reader, Row
from webapp.places.models import Building

_ON_BUILDING = and_(Building.community_id == Alert.community_id, Building.id == Alert.building_id)
_LISTED = and_(Alert.community_id == bindparam("of"), Alert.listed.is_(True))
_CHANGED = (
    select(Alert, Building)
    .join_from(Alert, Building, _ON_BUILDING, isouter=True)
    .where(_LISTED, Alert.seq > bindparam("since"))
)
_MOVED = (
    select(Alert, Building)
    .join_from(Alert, Building, _ON_BUILDING)
    .where(_LISTED, Alert.seq <= bindparam("since"), Building.seq > bindparam("since"))
)
_ASSIGNED = (
    select(AlertWorker.alert_id, AlertWorker.member_id)
    .where(
        AlertWorker.community_id == bindparam("of"),
        db.among(AlertWorker.__table__.c.alert_id, "ids"),
        AlertWorker.ended_at.is_(None),
        AlertWorker.left_at.is_(None),
    )
    .order_by(AlertWorker.since, AlertWorker.id)
)


def alert_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The team's list: what is open, and what was closed a short while ago."""
    values = {"of": reader.community_id, "since": since}
    found = [*session.execute(_CHANGED, values), *session.execute(_MOVED, values)]
    assigned = assigned_to(session, reader.community_id, [alert.id for alert, _ in found])
    for alert, building in found:
        seq = max(alert.seq, building.seq if building else 0)
        row = AlertRow(**_basis(alert, building, assigned.get(alert.id, [])))
        yield seq, msgspec.json.encode(row)


def my_alert_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The alerts that this member works, with the person and all that was recorded."""
    for seq, row in _my_alerts(session, reader, since):
        yield seq, msgspec.json.encode(row)


def my_alert(session: Session, reader: Reader, alert_id: str) -> MyAlertRow | None:
    """One of them; none if it is not theirs."""
    return next((row for _, row in _my_alerts(session, reader, -1, alert_id)), None)


def my_follow_up_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The days on which this member asks again; the person only once it is opened."""
    statement = (
        _with_person(select(FollowUpDue, Alert, AlertPerson, Building), FollowUpDue)
        .where(
            FollowUpDue.community_id == reader.community_id,
            FollowUpDue.given_to == reader.member_id,
            FollowUpDue.done_at.is_(None),
            FollowUpDue.gone_at.is_(None),
        )
        .where(_active(reader))
    )
    for due, alert, person, building in session.execute(statement):
        seq = max(due.seq, alert.seq, building.seq if building else 0)
        if seq > since:
            yield seq, msgspec.json.encode(_follow_up(due, alert, person, building))


def assigned_to(
    session: Session, community_id: int, alert_ids: Sequence[str]
) -> Mapping[str, list[str]]:
    """Who has each of these alerts now, in the order in which they were given it."""
    assigned: dict[str, list[str]] = {}
    for alert_id, member_id in session.execute(_ASSIGNED, {"of": community_id, "ids": alert_ids}):
        assigned.setdefault(alert_id, []).append(member_id)
    return assigned


def _my_alerts(
    session: Session, reader: Reader, since: int, alert_id: str | None = None
) -> Iterator[tuple[int, MyAlertRow]]:
    statement = (
        _with_person(select(AlertWorker, Alert, AlertPerson, Building), AlertWorker)
        .where(
            AlertWorker.community_id == reader.community_id,
            AlertWorker.member_id == reader.member_id,
            AlertWorker.ended_at.is_(None),
            AlertWorker.left_at.is_(None),
            Alert.status == "open",
        )
        .where(_active(reader))
    )
    if alert_id is not None:
        statement = statement.where(Alert.id == alert_id)
    found = [
        (max(worker.seq, alert.seq, building.seq if building else 0), alert, person, building)
        for worker, alert, person, building in session.execute(statement)
    ]
    changed = [one for one in found if one[0] > since]
    ids = [alert.id for _, alert, _, _ in changed]
    noted = read_alerts(session, reader.community_id, ids) if ids else {}
    assigned = assigned_to(session, reader.community_id, ids) if ids else {}
    for seq, alert, person, building in changed:
        row = MyAlertRow(
            **_basis(alert, building, assigned.get(alert.id, [])),
            **personal(alert, person, building),
            follow_up_days=alert.follow_up_days,
            operations=[Raw(msgspec.json.encode(one.fields)) for one in noted[alert.id]],
        )
        yield seq, row


def _with_person(statement: Any, of: type[AlertWorker] | type[FollowUpDue]) -> Any:
    """With the alert, its person and its building."""
    return (
        statement.join(Alert, and_(Alert.community_id == of.community_id, Alert.id == of.alert_id))
        .outerjoin(
            AlertPerson,
            and_(AlertPerson.community_id == Alert.community_id, AlertPerson.alert_id == Alert.id),
        )
        .outerjoin(Building, _ON_BUILDING)
    )


def _active(reader: Reader) -> Any:
    """Nobody keeps a resident's data whose membership has ended."""
    return (
        select(Member.id)
        .where(
            Member.community_id == reader.community_id,
            Member.id == reader.member_id,
            Member.status == "active",
        )
        .exists()
    )


def _basis(alert: Alert, building: Building | None, assigned: Iterable[str]) -> dict[str, Any]:
    fields = {
        name: getattr(alert, name)
        for name in AlertBasis.__struct_fields__
        if name not in ("building", "place", "scam_type", "assigned", "offered")
    }
    having = list(assigned)
    free = alert.offered or alert.help or not having
    return fields | {
        "building": alert.building_id,
        "place": building.name if building else "",
        "scam_type": alert.confirmed or alert.scam_type,
        "assigned": having,
        "offered": alert.status == "open" and free,
    }


def personal(alert: Alert, person: AlertPerson | None, building: Building | None) -> dict[str, Any]:
    """What only those get who need it."""
    fields: dict[str, Any] = {"household": alert.household_id, "repeat": alert.repeat}
    fields["amount"] = alert.amount
    for name in AlertPersonal.__struct_fields__:
        if person is not None and hasattr(person, name):
            fields[name] = getattr(person, name)
    if building is not None:
        fields |= {"access_note": building.access_note, "lat": building.lat, "lon": building.lon}
        if building.caretaker_name or building.caretaker_role:
            caretaker = AlertCaretaker(building.caretaker_name, building.caretaker_role)
            fields["caretaker"] = caretaker
    return fields


def _follow_up(
    due: FollowUpDue, alert: Alert, person: AlertPerson | None, building: Building | None
) -> MyFollowUpRow:
    opened = due.opened_at is not None
    return MyFollowUpRow(
        id=due.id,
        alert=alert.id,
        number=alert.number,
        due_on=due.due_on,
        step=due.step,
        risk=due.risk,  # type: ignore[arg-type]  # a code of the plan
        scam_type=alert.confirmed or alert.scam_type,  # type: ignore[arg-type]
        outcome=alert.outcome,  # type: ignore[arg-type]
        building=alert.building_id,
        place=building.name if building else "",
        opened=opened,
        **(personal(alert, person, building) if opened else {}),
    )
