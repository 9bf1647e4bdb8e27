"""Two rows that are one door, or one building: said at the desk, and taken back there.

Merging says so and nothing else: rows keep what they are by themselves (`arrange.py`), so that
taking it back brings back what was there, with all that was recorded meanwhile where it belongs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import Actor
from webapp.accounts.sequence import Numbers
from webapp.core import db
from webapp.core.errors import Problem
from webapp.core.ids import new_id
from webapp.places.announce import Change
from webapp.places.desk import get_building, get_door
from webapp.places.models import Assignment, Building, Household
from webapp.places.rearrange import Forest, Group, group_of, rearranging


def merge_doors(
    session: Session, community_id: int, stays: str, goes: str, *, who: Actor | None, now: int
) -> None:
    """Have one door be another id of a door of the same building; its visits count there. Repeats
    change nothing.

    Raises NotFound, Problem `merge_same`, `merge_elsewhere`.
    """
    numbers = sequence.draw(session, community_id, 16)
    if stays == goes:
        raise Problem("merge_same", status=409)
    building_id = get_door(session, community_id, stays).building_id
    known = session.get(Household, (community_id, goes))
    if known is not None and known.merged_into == stays:
        return
    going = get_door(session, community_id, goes)
    if going.building_id != building_id:
        raise Problem("merge_elsewhere", status=409)
    with rearranging(Change(session, community_id, numbers, now), [building_id], merging=True):
        _say(session, community_id, goes, stays)
    audit.note(session, community_id, who, "door_merge", goes, now=now, into=stays)


def unmerge_door(
    session: Session, community_id: int, household_id: str, *, who: Actor | None, now: int
) -> None:
    """Have a merged door be one of its own again. Repeats change nothing.

    Raises NotFound, Problem `merged_by_building` for one that is another door only because their
    buildings were merged.
    """
    numbers = sequence.draw(session, community_id, 16)
    household = session.get(Household, (community_id, household_id))
    if household is None or household.door_id is None:
        get_door(session, community_id, household_id)
        return
    if household.merged_into is None:
        raise Problem("merged_by_building", status=409)
    change = Change(session, community_id, numbers, now)
    with rearranging(change, [household.building_id], merging=True):
        _say(session, community_id, household_id, None)
    audit.note(session, community_id, who, "door_unmerge", household_id, now=now)


def merge_buildings(
    session: Session, community_id: int, stays: str, goes: str, *, who: Actor | None, now: int
) -> None:
    """Have one building stand for another: its doors move there, those with equal keys become
    one, who walked the one walks the other. Repeats change nothing.

    Raises NotFound, Problem `merge_same`, `merge_practice`.
    """
    numbers = sequence.draw(session, community_id, 64)
    if stays == goes:
        raise Problem("merge_same", status=409)
    staying = get_building(session, community_id, stays)
    known = session.get(Building, (community_id, goes))
    if known is not None and known.merged_into == stays:
        return
    going = get_building(session, community_id, goes)
    if staying.practice or going.practice:
        raise Problem("merge_practice", status=409)
    with rearranging(Change(session, community_id, numbers, now), [stays, goes], merging=True):
        going.merged_into, going.merged_at, going.seq = stays, now, next(numbers)
        session.flush()
    _hand_over(session, community_id, numbers, goes, stays)
    audit.note(session, community_id, who, "building_merge", goes, now=now, into=stays)


def unmerge_building(
    session: Session, community_id: int, building_id: str, *, who: Actor | None, now: int
) -> None:
    """Have a merged building stand for itself again, with its own doors and walkers. Repeats change
    nothing. What the desk merged across both in the meantime ends. Raises NotFound.
    """
    numbers = sequence.draw(session, community_id, 64)
    building = session.get(Building, (community_id, building_id))
    if building is None or building.merged_into is None:
        get_building(session, community_id, building_id)
        return
    since = building.merged_at or now
    group = group_of(session, community_id, building_id)
    change = Change(session, community_id, numbers, now)
    with rearranging(change, [building_id], merging=True):
        building = session.get_one(Building, (community_id, building_id))
        building.merged_into, building.merged_at, building.seq = None, None, next(numbers)
        session.flush()
        own = Forest(session, community_id).homes(building_id)
        for household_id in _across(group, own):
            _say(session, community_id, household_id, None)
    _hand_back(session, community_id, numbers, group.homes[0], own, since, now)
    audit.note(session, community_id, who, "building_unmerge", building_id, now=now)


def _say(session: Session, community_id: int, household_id: str, into: str | None) -> None:
    statement = (
        update(Household)
        .where(Household.community_id == community_id, Household.id == household_id)
        .values(merged_into=into)
    )
    session.execute(statement, execution_options={"synchronize_session": False})


def _across(group: Group, own: Sequence[str]) -> Iterator[str]:
    """Doors that the desk merged with one of the other side."""
    for record in group.records.values():
        target = group.records.get(record.merged_into or "")
        if target is not None and (record.home in own) != (target.home in own):
            yield record.id


# -- who walks there -----------------------------------------------------------------------------


def _hand_over(
    session: Session, community_id: int, numbers: Numbers, goes: str, stays: str
) -> None:
    """Assignments follow, also ended ones: rights are judged by them long afterwards."""
    for row in _assignments(session, community_id, [goes]):
        row.home_id = row.home_id or goes
        row.building_id, row.seq = stays, next(numbers)


def _hand_back(
    session: Session,
    community_id: int,
    numbers: Numbers,
    root: str,
    own: Sequence[str],
    since: int,
    now: int,
) -> None:
    """The building's own assignments come back. Those who had both because they were one keep,
    for what they recorded until now, the right to the other one as ended assignments."""
    rows = _assignments(session, community_id, [root])
    building_id = own[0]
    returning = [row for row in rows if row.home_id in own]
    staying = [row for row in rows if row.home_id not in own]
    spans = [*_spans(staying, building_id, since, now), *_spans(returning, root, since, now)]
    for row in returning:
        row.building_id, row.seq = building_id, next(numbers)
        if row.home_id == building_id:
            row.home_id = None
    session.flush()
    db.insert_rows(session, Assignment, spans)


def _assignments(
    session: Session, community_id: int, building_ids: Iterable[str]
) -> Sequence[Assignment]:
    statement = select(Assignment).where(
        Assignment.community_id == community_id, Assignment.building_id.in_(list(building_ids))
    )
    return session.scalars(statement).all()


def _spans(
    rows: Sequence[Assignment], building_id: str, since: int, now: int
) -> Iterator[dict[str, Any]]:
    """What these gave of the other building while both were one."""
    for row in rows:
        until = now if row.ended_at is None else row.ended_at
        if until >= since:
            yield {
                "community_id": row.community_id,
                "id": new_id(),
                "building_id": building_id,
                "member_id": row.member_id,
                "units": row.units,
                "assigned_at": max(row.assigned_at, since),
                "assigned_by": row.assigned_by,
                "ended_at": until,
                "seq": 0,
            }
