"""A building's doors as phones get them: identity, live visits in columns, wish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.operations.registry import Reader, Row
from webapp.places.models import Household, HouseholdAlias
from webapp.visits.models import DoorState


def household_rows(session: Session, reader: Reader, key: str, since: int) -> Iterator[Row]:
    """The doors of building `key` that changed after `since`."""
    statement = (
        select(
            Household.id,
            Household.unit,
            Household.floor,
            Household.room,
            Household.retired_at,
            Household.seq,
            DoorState.packed,
        )
        .outerjoin(
            DoorState,
            (DoorState.community_id == Household.community_id)
            & (DoorState.household_id == Household.id),
        )
        .where(
            Household.community_id == reader.community_id,
            Household.building_id == key,
            Household.seq > since,
        )
    )
    rows = session.execute(statement).all()
    aliases = _aliases(session, reader.community_id, key) if rows else {}
    for row in rows:
        yield row.seq, _encode(row, aliases.get(row.id))


def _aliases(session: Session, community_id: int, building_id: str) -> dict[str, list[str]]:
    statement = (
        select(HouseholdAlias.household_id, HouseholdAlias.id)
        .join(
            Household,
            (Household.community_id == HouseholdAlias.community_id)
            & (Household.id == HouseholdAlias.household_id),
        )
        .where(HouseholdAlias.community_id == community_id, Household.building_id == building_id)
        .order_by(HouseholdAlias.id)
    )
    aliases: dict[str, list[str]] = {}
    for row in session.execute(statement):
        aliases.setdefault(row.household_id, []).append(row.id)
    return aliases


def _encode(row: Any, aliases: list[str] | None) -> bytes:
    """The door's JSON; what comes from visits is spliced in as it was packed."""
    fields: dict[str, Any] = {
        "kind": "household",
        "id": row.id,
        "unit": row.unit,
        "floor": row.floor,
        "room": row.room,
    }
    if row.retired_at is not None:
        fields["retired"] = True
    if aliases:
        fields["aliases"] = aliases
    head = msgspec.json.encode(fields)
    if row.packed is None or row.packed == "{}":
        return head
    packed: str = row.packed
    return head[:-1] + b"," + packed.encode()[1:]
