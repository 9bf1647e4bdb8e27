"""What phones get of places: buildings, and who walks them. Doors come with their visits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.core import db
from webapp.operations.registry import Reader, Row
from webapp.places.models import Assignment, Building, Household

_B = Building.__table__.c
_BUILDING = select(*_B).where(
    _B.community_id == bindparam("of"), _B.id == bindparam("id"), _B.seq > bindparam("since")
)
"""Put together once: a pull runs it for every building."""


def building_scope(session: Session, reader: Reader) -> Sequence[str]:
    """Buckets of the buildings assigned now, and of the practice building."""
    active = select(Member.id).where(
        Member.community_id == reader.community_id,
        Member.id == reader.member_id,
        Member.status == "active",
    )
    if session.scalar(active) is None:
        return []
    assigned = select(Assignment.building_id).where(
        Assignment.community_id == reader.community_id,
        Assignment.member_id == reader.member_id,
        Assignment.ended_at.is_(None),
    )
    statement = (
        select(Building.id)
        .where(
            Building.community_id == reader.community_id,
            or_(Building.id.in_(assigned), Building.practice.is_(True)),
        )
        .order_by(Building.id)
    )
    return [f"building:{building_id}" for building_id in session.scalars(statement)]


def building_latest(session: Session, reader: Reader, keys: Sequence[str]) -> dict[str, int]:
    """The highest seq in each building's bucket: its own or that of one of its doors."""
    doors = (
        select(func.max(Household.seq))
        .where(
            Household.community_id == Building.community_id, Household.building_id == Building.id
        )
        .scalar_subquery()
    )
    latest: dict[str, int] = {}
    for ids in db.chunks(keys):
        statement = select(Building.id, Building.seq, doors.label("doors")).where(
            Building.community_id == reader.community_id, Building.id.in_(ids)
        )
        latest |= {row.id: max(row.seq, row.doors or 0) for row in session.execute(statement)}
    return latest


def building_rows(session: Session, reader: Reader, key: str, since: int) -> Iterator[Row]:
    """The building itself; no outline, phones draw no map."""
    values = {"of": reader.community_id, "id": key, "since": since}
    for row in session.execute(_BUILDING, values).all():
        fields = {
            "kind": "building",
            "id": row.id,
            "name": row.name,
            "compound": row.compound,
            "grid": row.grid,
            "address": row.address,
            "lat": row.lat,
            "lon": row.lon,
            "units": row.units,
            "floors": row.floors,
            "access_note": row.access_note,
            "caretaker_name": row.caretaker_name,
            "caretaker_role": row.caretaker_role,
            "practice": row.practice,
            "provisional": row.provisional,
        }
        yield row.seq, msgspec.json.encode(fields)


def assignment_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's present assignments; an ended one leaves by a tombstone."""
    statement = select(Assignment).where(
        Assignment.community_id == reader.community_id,
        Assignment.member_id == reader.member_id,
        Assignment.ended_at.is_(None),
        Assignment.seq > since,
    )
    for row in session.scalars(statement):
        fields = {
            "kind": "assignment",
            "id": row.id,
            "building": row.building_id,
            "units": row.units,
            "assigned_at": row.assigned_at,
        }
        yield row.seq, msgspec.json.encode(fields)
