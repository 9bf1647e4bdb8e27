"""Who walks which building, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import Actor
from webapp.accounts.models import Member
from webapp.accounts.sequence import Numbers
from webapp.core import db
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.operations.feeds import bury
from webapp.places.models import IS_DOOR, STANDS, Assignment, Building, Household


@dataclass(frozen=True, slots=True)
class Assigned:
    """How many assignments are new, have other units than before, or were there already."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


def assign(
    session: Session,
    community_id: int,
    building_ids: Sequence[str],
    member_ids: Sequence[str],
    *,
    units: Sequence[str] = (),
    who: Actor | None,
    now: int,
) -> Assigned:
    """Ask every member to walk every building, or only these `units` of a single one.

    Repeats change nothing. Raises NotFound for what is not in the community, Problem
    `nothing_chosen`, `member_not_active`, `unit_unknown`.
    """
    buildings, members = _once(building_ids), _once(member_ids)
    numbers = sequence.draw(session, community_id, len(buildings) * len(members))
    _check(session, community_id, buildings, members)
    wanted = _units(session, community_id, buildings, units)
    live = _live(session, community_id, buildings, members)
    new: list[dict[str, Any]] = []
    changed = 0
    for member_id in members:
        for building_id in buildings:
            known = live.get((building_id, member_id), [])
            if not known:
                new.append(
                    _row(community_id, building_id, member_id, wanted, who, now)
                    | {"seq": next(numbers)}
                )
            other = [row for row in known if row.units != wanted]
            for row in other:
                row.units, row.seq = wanted, next(numbers)
            changed += bool(other)
    if new:
        session.execute(insert(Assignment), new)
    count = len(buildings) * len(members)
    done = Assigned(len(new), changed, count - len(new) - changed)
    _note(session, community_id, who, members, buildings, wanted, now=now)
    return done


def end(
    session: Session,
    community_id: int,
    assignment_ids: Sequence[str],
    *,
    who: Actor | None,
    now: int,
) -> int:
    """End these assignments; returns how many were still running. Repeats change nothing.

    What was recorded until then, and for seven days after, still counts as theirs.
    """
    numbers = sequence.draw(session, community_id, 2 * len(assignment_ids))
    statement = select(Assignment).where(
        Assignment.community_id == community_id,
        Assignment.id.in_(list(assignment_ids)),
        Assignment.ended_at.is_(None),
    )
    running = list(session.scalars(statement))
    for assignment in running:
        _end_one(session, numbers, assignment, now)
        audit.note(
            session,
            community_id,
            who,
            "unassign",
            assignment.member_id,
            now=now,
            building=assignment.building_id,
        )
    return len(running)


def _end_one(session: Session, numbers: Numbers, assignment: Assignment, now: int) -> None:
    assignment.ended_at, assignment.seq = now, next(numbers)
    bucket = f"me:{assignment.member_id}"
    bury(session, numbers, assignment.community_id, bucket, assignment.id, now)


def _once(ids: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _check(
    session: Session, community_id: int, buildings: Sequence[str], members: Sequence[str]
) -> None:
    if not buildings or not members:
        raise Problem("nothing_chosen")
    known = 0
    for chunk in db.chunks(buildings):
        found = select(Building.id).where(
            Building.community_id == community_id, Building.id.in_(chunk), STANDS
        )
        known += len(session.scalars(found).all())
    if known != len(buildings):
        raise NotFound("building_unknown")
    statement = select(Member.id, Member.status).where(
        Member.community_id == community_id, Member.id.in_(list(members))
    )
    status = {member_id: state for member_id, state in session.execute(statement)}
    if len(status) != len(members):
        raise NotFound("member_unknown")
    if any(state != "active" for state in status.values()):
        raise Problem("member_not_active", status=409)


def _units(
    session: Session, community_id: int, buildings: Sequence[str], units: Sequence[str]
) -> list[str] | None:
    """The units in the order of the building's; none for the whole building."""
    if not units or len(buildings) != 1:
        return None
    statement = (
        select(Household.unit)
        .where(
            Household.community_id == community_id, Household.building_id == buildings[0], IS_DOOR
        )
        .distinct()
    )
    known = sorted(session.scalars(statement), key=lambda unit: (len(unit), unit))
    if set(units) - set(known):
        raise Problem("unit_unknown")
    return [unit for unit in known if unit in units]


def _live(
    session: Session, community_id: int, buildings: Sequence[str], members: Sequence[str]
) -> dict[tuple[str, str], list[Assignment]]:
    """Several of one member, where buildings were merged that were assigned one by one."""
    statement = select(Assignment).where(
        Assignment.community_id == community_id,
        Assignment.member_id.in_(list(members)),
        Assignment.ended_at.is_(None),
    )
    wanted = set(buildings)
    live: dict[tuple[str, str], list[Assignment]] = {}
    for row in session.scalars(statement):
        if row.building_id in wanted:
            live.setdefault((row.building_id, row.member_id), []).append(row)
    return live


def _row(
    community_id: int,
    building_id: str,
    member_id: str,
    units: list[str] | None,
    who: Actor | None,
    now: int,
) -> dict[str, Any]:
    return {
        "community_id": community_id,
        "id": new_id(),
        "building_id": building_id,
        "member_id": member_id,
        "units": units,
        "assigned_at": now,
        "assigned_by": who.member_id if who else None,
    }


def _note(
    session: Session,
    community_id: int,
    who: Actor | None,
    members: Sequence[str],
    buildings: Sequence[str],
    units: Sequence[str] | None,
    *,
    now: int,
) -> None:
    """One line per member: the building when it is one, else how many."""
    for member_id in members:
        audit.note(
            session,
            community_id,
            who,
            "assign",
            member_id,
            now=now,
            building=buildings[0] if len(buildings) == 1 else None,
            buildings=len(buildings),
            units=",".join(units) if units else None,
        )
