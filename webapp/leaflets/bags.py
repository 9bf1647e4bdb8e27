"""What is in whose bag, kept by difference: each operation counts once, when it is taken, and no
more when it is taken back.

Listens to operations of other features (`wiring.py`): visits and training sessions hand leaflets
out. What is handed out in practice buildings counts nowhere, as everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.accounts.sequence import Numbers, draw
from webapp.core import db
from webapp.leaflets.models import LeafletBag, LeafletMove
from webapp.operations.batch import ACCEPTED, Batch, Item
from webapp.operations.models import Operation
from webapp.places.doors import doors_by_id, doors_of
from webapp.places.models import Building

COLUMNS = ("into", "out", "at_doors", "in_sessions")
Key = tuple[str, str, str]
"""(member, kind, column)"""


def at_doors(batch: Batch, items: Sequence[Item], sign: int) -> None:
    """Visits hand out: of whose bag `by` says, where the desk typed them."""
    given = [item for item in items if any(item.operation.leaflets.values())]
    if not given:
        return
    doors = doors_of(batch, {item.subject_id or "" for item in given})
    practice = _practice(batch.session, batch.community_id, {d.building_id for d in doors.values()})
    counts: Counter[Key] = Counter()
    for item in given:
        door = doors.get(item.subject_id or "")
        if door is not None and door.building_id not in practice:
            by = item.operation.by
            _add(counts, by.lower() if by else item.member_id, item.operation.leaflets, "at_doors")
    write(batch.session, batch.numbers, batch.community_id, counts, sign)


def in_sessions(batch: Batch, items: Sequence[Item], sign: int) -> None:
    """Sessions hand out, of the bag of who recorded them."""
    counts: Counter[Key] = Counter()
    for item in items:
        _add(counts, item.member_id, item.operation.leaflets, "in_sessions")
    write(batch.session, batch.numbers, batch.community_id, counts, sign)


def moved(batch: Batch, items: Sequence[Item], sign: int) -> None:
    """Taken from stock, or brought back."""
    counts: Counter[Key] = Counter()
    for item in items:
        count = item.operation.count
        column = "into" if count > 0 else "out"
        _add(counts, item.member_id, {item.operation.kind: abs(count)}, column)
    write(batch.session, batch.numbers, batch.community_id, counts, sign)


def write(
    session: Session, numbers: Numbers, community_id: int, counts: Mapping[Key, int], sign: int = 1
) -> None:
    """Add these counts to the bags, or take them out again."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for (member, kind, column), count in counts.items():
        if not count:
            continue
        row = rows.setdefault((member, kind), dict.fromkeys(COLUMNS, 0))
        row[column] += sign * count
    keys = ("community_id", "member_id", "kind")
    values = [
        {"community_id": community_id, "member_id": member, "kind": kind, **row,
         "seq": next(numbers)}
        for (member, kind), row in rows.items()
    ]  # fmt: skip
    db.upsert(session, LeafletBag, values, keys=keys, columns=("seq",), added=COLUMNS)


def recount(session: Session, community_id: int) -> dict[tuple[str, str], tuple[int, ...]]:
    """(member, kind) → into, out, at doors, in sessions, from the operations and the desk's
    movements alone."""
    counts: Counter[Key] = Counter()
    moves = select(LeafletMove).where(
        LeafletMove.community_id == community_id,
        LeafletMove.taken_back.is_(False),
        LeafletMove.member_id.is_not(None),
    )
    for move in session.scalars(moves):
        column = "into" if move.target == "bag" else "out"
        _add(counts, move.member_id or "", {move.kind: move.count}, column)
    handed = list(_handed_out(session, community_id))
    doors = doors_by_id(
        session, community_id, {row.subject_id for row, _b in handed if row.subject_id}
    )
    practice = _practice(session, community_id, {door.building_id for door in doors.values()})
    for row, body in handed:
        if row.type == "session_log":
            _add(counts, row.member_id, body.leaflets, "in_sessions")
            continue
        door = doors.get(row.subject_id or "")
        if door is not None and door.building_id not in practice:
            _add(counts, body.by.lower() if body.by else row.member_id, body.leaflets, "at_doors")
    found = {(member, kind) for member, kind, _column in counts}
    return {
        (member, kind): tuple(counts[member, kind, column] for column in COLUMNS)
        for member, kind in found
    }


def differences(session: Session, community_id: int) -> list[str]:
    """Bags that are not what the records say; empty when all are right."""
    truth = recount(session, community_id)
    bags = session.scalars(select(LeafletBag).where(LeafletBag.community_id == community_id))
    kept = {(b.member_id, b.kind): tuple(getattr(b, name) for name in COLUMNS) for b in bags}
    nothing = (0,) * len(COLUMNS)
    return [
        f"{member} {kind}: {kept.get((member, kind), nothing)} should be "
        f"{truth.get((member, kind), nothing)}"
        for member, kind in sorted(truth.keys() | kept.keys())
        if kept.get((member, kind), nothing) != truth.get((member, kind), nothing)
    ]


def rebuild(session: Session, community_id: int) -> None:
    """Write all bags anew."""
    numbers = draw(session, community_id)
    session.execute(delete(LeafletBag).where(LeafletBag.community_id == community_id))
    counts = {
        (member, kind, column): count
        for (member, kind), row in recount(session, community_id).items()
        for column, count in zip(COLUMNS, row, strict=True)
    }
    write(session, numbers, community_id, counts)


def begin() -> None:
    """After the upgrade that brought bags: fill those of communities that have none."""
    with db.reading() as session:
        known = set(session.scalars(select(LeafletBag.community_id).distinct()))
        new = [one for one in session.scalars(select(Community.id)) if one not in known]
    for community_id in new:
        with db.writing() as session:
            rebuild(session, community_id)


class _Body(msgspec.Struct):
    leaflets: dict[str, int] = msgspec.field(default_factory=dict)
    by: str | None = None


_bodies = msgspec.json.Decoder(_Body)


def _handed_out(session: Session, community_id: int) -> Iterator[tuple[Any, _Body]]:
    statement = select(
        Operation.type, Operation.member_id, Operation.subject_id, Operation.body
    ).where(
        Operation.community_id == community_id,
        Operation.type.in_(["visit", "session_log"]),
        Operation.status == ACCEPTED,
        Operation.voided.is_(False),
        Operation.body.contains('"leaflets"'),
    )
    for row in session.execute(statement):
        yield row, _bodies.decode(row.body)


def _practice(session: Session, community_id: int, building_ids: set[str]) -> set[str]:
    statement = select(Building.id).where(
        Building.community_id == community_id,
        Building.practice.is_(True),
        db.among(Building.__table__.c.id, "ids", list(building_ids)),
    )
    return set(session.scalars(statement))


def _add(counts: Counter[Key], member: str, leaflets: Mapping[str, int], column: str) -> None:
    for kind, count in leaflets.items():
        counts[member, kind, column] += count
