"""Alerts of the same door: who was warned before may be cheated again."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.alerts.models import Alert
from webapp.places.doors import doors_by_id, ids_of_doors


def alerts_of_door(session: Session, community_id: int, household_id: str) -> Sequence[Alert]:
    """All alerts of a door that were not dropped, under whichever of its ids, oldest first."""
    door = doors_by_id(session, community_id, [household_id]).get(household_id)
    if door is None:
        return []
    ids = ids_of_doors(session, community_id, [door.id])
    statement = (
        select(Alert)
        .where(
            Alert.community_id == community_id,
            Alert.household_id.in_(set(ids)),
            Alert.status != "dropped",
        )
        .order_by(Alert.received_at, Alert.number)
    )
    return session.scalars(statement).all()


def earlier_alerts(
    session: Session, community_id: int, household_id: str | None, *, before: Alert
) -> list[Alert]:
    """Those of the door that came before this one."""
    if household_id is None:
        return []
    mark = (before.received_at, before.number)
    return [
        alert
        for alert in alerts_of_door(session, community_id, household_id)
        if alert.id != before.id and (alert.received_at, alert.number) < mark
    ]


def open_alert(session: Session, community_id: int, household_id: str) -> Alert | None:
    """The alert that is open at a door, which a repeat may join; the latest of several."""
    found = [a for a in alerts_of_door(session, community_id, household_id) if a.status == "open"]
    return found[-1] if found else None
