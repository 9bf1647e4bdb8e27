"""A building's doors as phones get them: identity, live visits in columns, wish."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.operations.registry import Reader, Row
from webapp.places.models import Household, HouseholdAlias
from webapp.visits.models import DoorState

_H, _A, _S = Household.__table__.c, HouseholdAlias.__table__.c, DoorState.__table__.c
_IN_BUILDING = (_H.community_id == bindparam("of")) & (_H.building_id == bindparam("building"))
_DOORS = (
    select(_H.id, _H.unit, _H.floor, _H.room, _H.retired_at, _H.seq, _S.packed)
    .join_from(
        Household.__table__,
        DoorState.__table__,
        (_S.community_id == _H.community_id) & (_S.household_id == _H.id),
        isouter=True,
    )
    .where(_IN_BUILDING, _H.door_id.is_(None), _H.seq > bindparam("since"))
)
_ALIASES = (
    select(_A.household_id, _A.id)
    .join_from(
        HouseholdAlias.__table__,
        Household.__table__,
        (_H.community_id == _A.community_id) & (_H.id == _A.household_id),
    )
    .where(_IN_BUILDING)
    .order_by(_A.id)
)
"""Put together once: a pull runs them for every building."""


def household_rows(session: Session, reader: Reader, key: str, since: int) -> Iterator[Row]:
    """The doors of building `key` that changed after `since`."""
    values = {"of": reader.community_id, "building": key, "since": since}
    rows = session.execute(_DOORS, values).all()
    aliases = _aliases(session, reader.community_id, key) if rows else {}
    for row in rows:
        yield row[5], _encode(row, aliases.get(row[0]))


def _aliases(session: Session, community_id: int, building_id: str) -> dict[str, list[str]]:
    aliases: dict[str, list[str]] = {}
    found = session.execute(_ALIASES, {"of": community_id, "building": building_id})
    for household_id, alias in found:
        aliases.setdefault(household_id, []).append(alias)
    return aliases


def _encode(row: Any, aliases: list[str] | None) -> bytes:
    """The door's JSON; what comes from visits is spliced in as it was packed."""
    door_id, unit, floor, room, retired_at, _seq, packed = row
    fields: dict[str, Any] = {
        "kind": "household",
        "id": door_id,
        "unit": unit,
        "floor": floor,
        "room": room,
    }
    if retired_at is not None:
        fields["retired"] = True
    if aliases:
        fields["aliases"] = aliases
    head = msgspec.json.encode(fields)
    if packed is None or packed == "{}":
        return head
    text: str = packed
    return head[:-1] + b"," + text.encode()[1:]
