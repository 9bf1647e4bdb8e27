"""Counters by difference: brought up to date in the transaction that changes doors (design 3.3).

Listens to `visits`: every change of a door tells its state before and after, so that no page ever
scans visits. A practice building counts nowhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import add, sub
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, func, select, tuple_
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.core import clock, db
from webapp.coverage.models import (
    COUNTS,
    DONE,
    BuildingCount,
    BuildingDay,
    CommunityDay,
    KnockDay,
    MemberDay,
)
from webapp.places.announce import Change, Standing
from webapp.places.models import Building, Household
from webapp.visits.fold import HELPED, INSTALLED, VACANT, State
from webapp.visits.models import DoorState
from webapp.visits.refold import DoorChange

Counts = tuple[int, ...]
"""In the order of COUNTS."""

ZERO: Counts = (0,) * len(COUNTS)
UNTOUCHED: Counts = (1, *ZERO[1:])
NOTHING = 0, 0, 0
KnockKey = tuple[str, date, str]
"""(household, day, member)"""

Knocks = dict[KnockKey, tuple[int, int, int]]
"""→ (visits, leaflets, visits at which the app was installed with help)"""

_OF: BindParameter[int] = bindparam("of")
_BUILDINGS = Building.__table__.c
_COUNTED = db.Query(
    select(_BUILDINGS.id).where(
        _BUILDINGS.community_id == _OF,
        db.among(_BUILDINGS.id, "ids"),
        _BUILDINGS.practice.is_(False),
    )
)
_NOW = BuildingCount.__table__.c
_PRESENT = db.Query(
    select(_NOW.building_id, _NOW.last_at, *(_NOW[name] for name in COUNTS)).where(
        _NOW.community_id == _OF, db.among(_NOW.building_id, "ids")
    )
)
_DAYS = CommunityDay.__table__.c
_LATEST = db.Query(
    select(_DAYS.day, *(_DAYS[name] for name in COUNTS))
    .where(_DAYS.community_id == _OF)
    .order_by(_DAYS.day.desc())
    .limit(1)
)
_KNOCKS = KnockDay.__table__.c
_KNOCKS_AT = select(
    _KNOCKS.household_id,
    _KNOCKS.day,
    _KNOCKS.member_id,
    _KNOCKS.visits,
    _KNOCKS.leaflets,
    _KNOCKS.helped,
).where(_KNOCKS.community_id == _OF, db.among(_KNOCKS.household_id, "ids"))
_KNOCKED = db.Query(_KNOCKS_AT)
_KNOCKED_ON = db.Query(_KNOCKS_AT.where(db.among(_KNOCKS.day, "days")))
_TIMEZONE = db.Query(select(Community.__table__.c.timezone).where(Community.__table__.c.id == _OF))


def counted(standing: Standing | None, state: State) -> Counts:
    """What one door adds to its building's counts; a retired one only its leaflets."""
    if standing is None:
        return ZERO
    if standing == "retired":
        return (*ZERO[:-1], state.leaflets)
    if not state.knocks:
        return UNTOUCHED
    contact, app = state.contact, state.app
    return (
        1,
        int(contact == VACANT),
        1,
        int(state.reached),
        int(app in INSTALLED),
        int(app == "no_smartphone"),
        int(contact == "refused"),
        state.leaflets,
    )


@dataclass(slots=True)
class _Delta:
    """The change of one building's counts, and what its latest visit was and is."""

    counts: list[int] = field(default_factory=lambda: list(ZERO))
    latest: int = -1
    lost: int = -1

    def add(self, door: DoorChange) -> None:
        before, after = counted(door.was, door.before), counted(door.now, door.after)
        if before != after:
            self.counts = [*map(add, self.counts, map(sub, after, before))]
        was, now = door.before.last_at, door.after.last_at
        if now is not None and now > self.latest:
            self.latest = now
        if was is not None and (now is None or now < was):
            self.lost = max(self.lost, was)


def count(change: Change, doors: Sequence[DoorChange]) -> None:
    """Bring all counters up to date with these changes of doors."""
    counting = _counting(change, {door.building_id for door in doors})
    doors = [door for door in doors if door.building_id in counting]
    deltas: defaultdict[str, _Delta] = defaultdict(_Delta)
    for door in doors:
        deltas[door.building_id].add(door)
    if not deltas:
        return
    (timezone,) = _TIMEZONE.first(change.session, of=change.community_id)
    _count_buildings(change, deltas, clock.day_of(change.now, timezone))
    _count_knocks(change, [door for door in doors if door.visits or door.before.knocks], timezone)


def _counting(change: Change, building_ids: Iterable[str]) -> set[str]:
    found = _COUNTED.rows(change.session, of=change.community_id, ids=building_ids)
    return {building_id for (building_id,) in found}


def _count_buildings(change: Change, deltas: Mapping[str, _Delta], day: date) -> None:
    community_id, session = change.community_id, change.session
    found = _PRESENT.rows(session, of=community_id, ids=list(deltas))
    present = {building_id: (last_at, counts) for building_id, last_at, *counts in found}
    rows: list[dict[str, Any]] = []
    total = list(ZERO)
    for building_id, delta in deltas.items():
        last_at, before = present.get(building_id, (None, ZERO))
        counts = [count + step for count, step in zip(before, delta.counts, strict=True)]
        total = [a + b for a, b in zip(total, delta.counts, strict=True)]
        rows.append(
            {"community_id": community_id, "building_id": building_id}
            | dict(zip(COUNTS, counts, strict=True))
            | {"last_at": _latest(change, building_id, last_at, delta)}
        )
    keys = ["community_id", "building_id"]
    db.upsert(session, BuildingCount, rows, keys=keys, columns=[*COUNTS, "last_at"])
    write_building_days(session, rows, day)
    _write_community_day(change, total, day)


def write_building_days(session: Session, rows: Sequence[Mapping[str, Any]], day: date) -> None:
    """Keep the counts as they are known today; earlier days are never rewritten."""
    days = [{k: v for k, v in row.items() if k != "last_at"} | {"day": day} for row in rows]
    db.upsert(
        session, BuildingDay, days, keys=["community_id", "building_id", "day"], columns=COUNTS
    )


def _latest(change: Change, building_id: str, known: int | None, delta: _Delta) -> int | None:
    """The latest moment of a visit; looked up only when the latest was voided."""
    latest = max(known if known is not None else -1, delta.latest)
    if delta.lost >= latest:
        doors = select(Household.id).where(
            Household.community_id == change.community_id, Household.building_id == building_id
        )
        found = change.session.scalar(
            select(func.max(DoorState.last_at)).where(
                DoorState.community_id == change.community_id, DoorState.household_id.in_(doors)
            )
        )
        return int(found) if found is not None else None
    return latest if latest >= 0 else None


def _write_community_day(change: Change, total: Sequence[int], day: date) -> None:
    """Today's sum is the latest sum plus the difference: no building is read for it."""
    latest = _LATEST.first(change.session, of=change.community_id)
    before = latest[1:] if latest else ZERO
    row = {
        "community_id": change.community_id,
        "day": max(day, latest[0]) if latest else day,
    } | {name: a + b for name, a, b in zip(COUNTS, before, total, strict=True)}
    db.upsert(change.session, CommunityDay, [row], keys=["community_id", "day"], columns=COUNTS)


def knocks_of(doors: Iterable[DoorChange], timezone: str) -> Knocks:
    """What was done at these doors, from their visits."""
    found: Knocks = {}
    day_of = clock.days_in(timezone)
    for door in doors:
        for visit in door.visits:
            key = door.household_id, day_of(visit.seen.moment), visit.by
            visits, leaflets, helped = found.get(key, NOTHING)
            seen = visit.seen
            found[key] = visits + 1, leaflets + seen.leaflets, helped + (seen.app == HELPED)
    return found


def _count_knocks(change: Change, doors: Sequence[DoorChange], timezone: str) -> None:
    if not doors:
        return
    before, after = _knocks_anew(change, [door for door in doors if not door.grown], timezone)
    added = knocks_of([door for door in doors if door.grown], timezone)
    known = _knocks_before(change, [door for door in doors if door.grown], added)
    before |= known
    for key, (visits, leaflets, helped) in added.items():
        before_visits, before_leaflets, before_helped = known.get(key, NOTHING)
        after[key] = before_visits + visits, before_leaflets + leaflets, before_helped + helped
    _write_knocks(change, before, after)
    steps: defaultdict[tuple[str, date], list[int]] = defaultdict(lambda: [0, 0, 0])
    for sign, side in ((-1, before), (1, after)):
        for member_day, done in days_of(side):
            step = steps[member_day]
            for i, value in enumerate(done):
                step[i] += sign * value
    _write_member_days(change, {key: step for key, step in steps.items() if any(step)})


def days_of(knocks: Knocks) -> Iterator[tuple[tuple[str, date], tuple[int, int, int]]]:
    """(member, day) → what each door adds to it, in the order of DONE."""
    for (_, day, member_id), (_, leaflets, helped) in knocks.items():
        yield (member_id, day), (1, leaflets, int(helped > 0))


def _knocks_anew(
    change: Change, doors: Sequence[DoorChange], timezone: str
) -> tuple[Knocks, Knocks]:
    """All knocks at doors whose visits are all known, as written down and as they are now."""
    ids = [door.household_id for door in doors if door.was]
    before = _knocks(change, _KNOCKED, ids=ids) if ids else {}
    return before, knocks_of(doors, timezone)


def _knocks_before(change: Change, doors: Sequence[DoorChange], added: Knocks) -> Knocks:
    """What is written down of the knocks that visits were added to."""
    ids = [door.household_id for door in doors if door.before.knocks]
    if not ids:
        return {}
    days = {day for _, day, _ in added}
    known = _knocks(change, _KNOCKED_ON, ids=ids, days=days)
    return {key: values for key, values in known.items() if key in added}


def _knocks(change: Change, query: db.Query, **values: Any) -> Knocks:
    found = query.rows(change.session, of=change.community_id, **values)
    return {
        (household_id, day, member_id): (visits, leaflets, helped)
        for household_id, day, member_id, visits, leaflets, helped in found
    }


def _write_knocks(change: Change, before: Knocks, after: Knocks) -> None:
    rows = [
        (change.community_id, *key, *values)
        for key, values in after.items()
        if before.get(key) != values
    ]
    keys = ("community_id", "household_id", "day", "member_id")
    columns = ("visits", "leaflets", "helped")
    db.upsert(change.session, KnockDay, rows, keys + columns, keys=keys, columns=columns)
    key = tuple_(KnockDay.household_id, KnockDay.day, KnockDay.member_id)
    for gone in db.chunks(before.keys() - after.keys()):
        change.session.execute(
            delete(KnockDay).where(KnockDay.community_id == change.community_id, key.in_(gone)),
            execution_options={"synchronize_session": False},
        )


def _write_member_days(change: Change, steps: Mapping[tuple[str, date], Sequence[int]]) -> None:
    if not steps:
        return
    rows = [
        {
            "community_id": change.community_id,
            "member_id": member_id,
            "day": day,
            **dict(zip(DONE, step, strict=True)),
        }
        for (member_id, day), step in steps.items()
    ]
    keys = ["community_id", "member_id", "day"]
    db.upsert(change.session, MemberDay, rows, keys=keys, added=DONE)
