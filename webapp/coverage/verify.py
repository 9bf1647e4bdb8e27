"""Recompute every counter from operations, compare, and repair (design 3.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.models import Community
from webapp.core import clock, db
from webapp.coverage.counters import (
    NOTHING,
    ZERO,
    Knocks,
    counted,
    days_of,
    knocks_of,
    write_building_days,
)
from webapp.coverage.models import COUNTS, DONE, BuildingCount, CommunityDay, KnockDay, MemberDay
from webapp.places.announce import Change, DoorEvent, Standing
from webapp.places.models import IS_DOOR, Building, Household
from webapp.places.rearrange import misplaced, rearranging
from webapp.visits.fold import State, fold_ordered
from webapp.visits.models import DoorState
from webapp.visits.refold import DoorChange, Doorstep, kept_row, read_doors, refold

READ_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A kept value that is not what the operations say. `subject` names the row."""

    table: str
    subject: str
    field: str
    kept: Any
    computed: Any


@dataclass(slots=True)
class Truth:
    """All counters of a community as its operations say, and what is wrong in single doors.

    `events` name the doors that have to be folded again.
    """

    buildings: dict[str, dict[str, Any]] = field(default_factory=dict)
    knocks: Knocks = field(default_factory=dict)
    members: dict[tuple[str, date], tuple[int, int, int]] = field(default_factory=dict)
    doors: list[Difference] = field(default_factory=list)
    events: list[DoorEvent] = field(default_factory=list)


def verify(session: Session, community_id: int) -> list[Difference]:
    """Every difference between what is kept and what the operations say; none is expected."""
    return _differences(session, community_id, compute(session, community_id))


def rebuild(session: Session, community_id: int, *, now: int) -> list[Difference]:
    """Repair what `verify` finds; doors whose state changes get a new seq. Returns what differed.

    The trend of earlier days stays as it was known then; today's row is set right.
    """
    numbers = sequence.draw(session, community_id, 64)
    truth = compute(session, community_id)
    found = _differences(session, community_id, truth)
    if any(difference.table == "household" for difference in found):
        _put_in_place(Change(session, community_id, numbers, now))
        truth = compute(session, community_id)
    if found:
        refold(Change(session, community_id, numbers, now), truth.events)
        _rewrite(session, community_id, truth, now)
    return found


def compute(session: Session, community_id: int) -> Truth:
    """Fold every door from its operations, building by building, and add up."""
    timezone = session.get_one(Community, community_id).timezone
    truth = Truth()
    practice = select(Building.id, Building.practice).where(Building.community_id == community_id)
    for building_id, is_practice in session.execute(practice).all():
        doors = list(_doors(session, community_id, building_id, truth))
        if not is_practice:
            truth.buildings[building_id] = _counts(doors)
            truth.knocks |= knocks_of(doors, timezone)
    for member_day, (door, leaflets, helped) in days_of(truth.knocks):
        doors_before, leaflets_before, helped_before = truth.members.get(member_day, NOTHING)
        truth.members[member_day] = (
            doors_before + door,
            leaflets_before + leaflets,
            helped_before + helped,
        )
    return truth


def _differences(session: Session, community_id: int, truth: Truth) -> list[Difference]:
    return [
        *_place_differences(session, community_id),
        *truth.doors,
        *_state_differences(session, community_id),
        *_building_differences(session, community_id, truth),
        *_knock_differences(session, community_id, truth),
        *_member_differences(session, community_id, truth),
        *_total_differences(session, community_id, truth),
    ]


def _doors(
    session: Session, community_id: int, building_id: str, truth: Truth
) -> Iterator[DoorChange]:
    statement = select(Household.id, Household.retired_at).where(
        Household.community_id == community_id, Household.building_id == building_id, IS_DOOR
    )
    for rows in db.chunks(session.execute(statement).all(), READ_AT_ONCE):
        ids = [row.id for row in rows]
        read, kept = read_doors(session, community_id, ids), _kept(session, community_id, ids)
        for row in rows:
            standing: Standing = "live" if row.retired_at is None else "retired"
            event = DoorEvent(row.id, building_id, standing, standing)
            door = read.get(row.id) or Doorstep()
            state = fold_ordered([visit.seen for visit in door.visits])
            _compare(truth, event, kept.get(row.id), kept_row(community_id, event, state, door))
            yield DoorChange(row.id, building_id, standing, standing, state, state, door.visits)


def _place_differences(session: Session, community_id: int) -> Iterator[Difference]:
    """Rows of merged doors and buildings that are not where their merging puts them."""
    for household_id, kept, computed in misplaced(session, community_id):
        yield Difference("household", household_id, "place", kept, computed)


def _put_in_place(change: Change) -> None:
    buildings = select(Building.id).where(Building.community_id == change.community_id)
    with rearranging(change, change.session.scalars(buildings).all()):
        pass


def _state_differences(session: Session, community_id: int) -> Iterator[Difference]:
    """A row that is another door's id has no state of its own."""
    statement = (
        select(DoorState.household_id)
        .join(
            Household,
            (Household.community_id == DoorState.community_id)
            & (Household.id == DoorState.household_id),
        )
        .where(DoorState.community_id == community_id, ~IS_DOOR)
    )
    for household_id in session.scalars(statement):
        yield Difference("door_state", household_id, "row", "there", None)


def _kept(
    session: Session, community_id: int, household_ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    statement = select(*DoorState.__table__.columns).where(
        DoorState.community_id == community_id, DoorState.household_id.in_(household_ids)
    )
    rows = session.execute(statement).mappings()
    return {row["household_id"]: dict(row) for row in rows}


def _compare(
    truth: Truth, event: DoorEvent, kept: dict[str, Any] | None, computed: dict[str, Any]
) -> None:
    """A door that was never visited needs no row."""
    if kept is None:
        kept = kept_row(computed["community_id"], event, State(), Doorstep())
    wrong = [name for name in computed if kept[name] != computed[name]]
    truth.doors += [
        Difference("door_state", event.household_id, name, kept[name], computed[name])
        for name in wrong
    ]
    truth.events += [event] if wrong else []


def _counts(doors: Sequence[DoorChange]) -> dict[str, Any]:
    total = list(ZERO)
    for door in doors:
        total = [a + b for a, b in zip(total, counted(door.now, door.after), strict=True)]
    latest = [door.after.last_at for door in doors if door.after.last_at is not None]
    return dict(zip(COUNTS, total, strict=True)) | {"last_at": max(latest, default=None)}


def _building_differences(
    session: Session, community_id: int, truth: Truth
) -> Iterator[Difference]:
    names = (*COUNTS, "last_at")
    kept_rows = {
        row.building_id: row
        for row in session.scalars(
            select(BuildingCount).where(BuildingCount.community_id == community_id)
        )
    }
    nothing = dict.fromkeys(COUNTS, 0) | {"last_at": None}
    for building_id in kept_rows.keys() | truth.buildings.keys():
        row = kept_rows.get(building_id)
        computed = truth.buildings.get(building_id, nothing)
        for name in names:
            kept = getattr(row, name) if row is not None else nothing[name]
            if kept != computed[name]:
                yield Difference("building_count", building_id, name, kept, computed[name])


def _knock_differences(session: Session, community_id: int, truth: Truth) -> Iterator[Difference]:
    kept = {
        (row.household_id, row.day, row.member_id): (row.visits, row.leaflets, row.helped)
        for row in session.scalars(select(KnockDay).where(KnockDay.community_id == community_id))
    }
    for key in kept.keys() | truth.knocks.keys():
        if kept.get(key) != truth.knocks.get(key):
            yield Difference(
                "knock_day", " ".join(map(str, key)), "visits", kept.get(key), truth.knocks.get(key)
            )


def _member_differences(session: Session, community_id: int, truth: Truth) -> Iterator[Difference]:
    kept = {
        (row.member_id, row.day): (row.doors, row.leaflets, row.helped)
        for row in session.scalars(select(MemberDay).where(MemberDay.community_id == community_id))
    }
    for key in kept.keys() | truth.members.keys():
        was, is_now = kept.get(key, NOTHING), truth.members.get(key, NOTHING)
        if was != is_now:
            yield Difference("member_day", " ".join(map(str, key)), "doors", was, is_now)


def _total_differences(session: Session, community_id: int, truth: Truth) -> Iterator[Difference]:
    latest = session.scalars(
        select(CommunityDay)
        .where(CommunityDay.community_id == community_id)
        .order_by(CommunityDay.day.desc())
        .limit(1)
    ).first()
    for name in COUNTS:
        kept = getattr(latest, name) if latest is not None else 0
        computed = sum(counts[name] for counts in truth.buildings.values())
        if kept != computed:
            yield Difference("community_day", str(latest and latest.day), name, kept, computed)


def _rewrite(session: Session, community_id: int, truth: Truth, now: int) -> None:
    day = clock.day_of(now, session.get_one(Community, community_id).timezone)
    for table in (BuildingCount, KnockDay, MemberDay):
        session.execute(delete(table).where(table.community_id == community_id))
    tenant = {"community_id": community_id}
    buildings = [tenant | {"building_id": b} | counts for b, counts in truth.buildings.items()]
    knocks = [
        tenant
        | dict(zip(("household_id", "day", "member_id"), key, strict=True))
        | dict(zip(("visits", "leaflets", "helped"), values, strict=True))
        for key, values in truth.knocks.items()
    ]
    members = [
        tenant | {"member_id": m, "day": d} | dict(zip(DONE, done, strict=True))
        for (m, d), done in truth.members.items()
    ]
    for table, rows in ((BuildingCount, buildings), (KnockDay, knocks), (MemberDay, members)):
        if rows:
            session.execute(insert(table), rows)
    write_building_days(session, buildings, day)
    session.execute(
        delete(CommunityDay).where(
            CommunityDay.community_id == community_id, CommunityDay.day >= day
        )
    )
    totals = {name: sum(row[name] for row in buildings) for name in COUNTS}
    session.execute(insert(CommunityDay), [tenant | {"day": day} | totals])
