"""Asking again: rounds are drawn, flags decided, re-checks given to somebody else or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Member
from webapp.accounts.sequence import Numbers
from webapp.core import clock, db
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.coverage.models import KnockDay
from webapp.places.models import IS_DOOR, STANDS, Building, Household
from webapp.quality import flagging
from webapp.quality.models import Recheck, RecheckRound, VisitFlag
from webapp.quality.sampling import Candidate, Wanted, draw, give
from webapp.visits.fold import INSTALLED
from webapp.visits.models import DoorState

KEPT = 180 * clock.DAY
"""How long a re-check speaks for the figures, and its door is left in peace."""


def make_round(session: Session, who: ActingMember, wanted: Wanted, *, now: int) -> RecheckRound:
    """Draw a round and give it out. Problem `nothing` when no door can be drawn."""
    numbers = sequence.draw(session, who.community_id)
    doors = population(session, who.community_id, wanted.first, wanted.last, who.timezone, now)
    if not doors:
        raise Problem("invalid", field="nothing")
    chosen = draw(doors, wanted.share, wanted.seed)
    made = RecheckRound(
        community_id=who.community_id,
        id=new_id(),
        first=wanted.first,
        last=wanted.last,
        share=wanted.share,
        seed=wanted.seed,
        population=len(doors),
        size=len(chosen),
        made_at=now,
        made_by=who.member_id,
    )
    session.add(made)
    candidates = _candidates(session, who.community_id, chosen)
    _ask(session, numbers, who.community_id, candidates, now, round_id=made.id)
    audit.note(
        session, who.community_id, who, "recheck_round", made.id, now=now, size=made.size,
        seed=made.seed,
    )  # fmt: skip
    return made


def check_flag(session: Session, who: ActingMember, flag_id: str, *, now: int) -> None:
    """Have the doors of a flag asked again. NotFound when there is no such flag."""
    numbers = sequence.draw(session, who.community_id)
    flag = decide(session, numbers, who, flag_id, flagging.RECHECKED, now=now)
    asked = _asked_lately(session, who.community_id, now)
    doors = [door for door in flag.doors if door not in asked]
    candidates = _candidates(session, who.community_id, doors)
    _ask(session, numbers, who.community_id, candidates, now, flag=flag)


def accept_flag(session: Session, who: ActingMember, flag_id: str, *, now: int) -> None:
    """It is in order. NotFound when there is no such flag."""
    numbers = sequence.draw(session, who.community_id)
    decide(session, numbers, who, flag_id, flagging.ACCEPTED, now=now)


def decide(
    session: Session, numbers: Numbers, who: ActingMember, flag_id: str, status: str, *, now: int
) -> VisitFlag:
    """Write down what a coordinator decided on the doors that are known now."""
    flag = session.get(VisitFlag, (who.community_id, flag_id))
    if flag is None:
        raise NotFound
    flag.status, flag.seen_doors, flag.seq = status, list(flag.doors), next(numbers)
    flag.decided_by, flag.decided_at = who.member_id, now
    audit.note(session, who.community_id, who, f"flag_{status}", flag.id, now=now)
    return flag


def pass_on(
    session: Session, who: ActingMember, recheck_id: str, member_id: str, *, now: int
) -> None:
    """Ask somebody else. NotFound without such a re-check; Problem for who was there before."""
    numbers = sequence.draw(session, who.community_id)
    row = _get(session, who.community_id, recheck_id)
    (door,) = _candidates(session, who.community_id, [row.household_id])
    if member_id not in _team(session, who.community_id, ("volunteer", "coordinator")):
        raise Problem("invalid", field="member")
    if member_id in door.visitors:
        raise Problem("invalid", field="visitor")
    row.member_id, row.asked, row.seq = member_id, [*row.asked, member_id], next(numbers)
    audit.note(session, who.community_id, who, "recheck_passed_on", row.id, now=now)


def withdraw(session: Session, who: ActingMember, recheck_id: str, *, now: int) -> None:
    """Nobody needs to go. NotFound without such a re-check."""
    numbers = sequence.draw(session, who.community_id)
    row = _get(session, who.community_id, recheck_id)
    row.withdrawn, row.seq = True, next(numbers)
    audit.note(session, who.community_id, who, "recheck_withdrawn", row.id, now=now)


def population(
    session: Session, community_id: int, first: date, last: date, timezone: str, now: int
) -> list[str]:
    """Doors that count as informed and were last visited on these days; not those that wish no
    visits, were asked in the last half year, or are for practice."""
    since, until = clock.span_of(first, last, timezone)
    statement = (
        select(DoorState.household_id)
        .join(
            Household,
            (Household.community_id == DoorState.community_id)
            & (Household.id == DoorState.household_id),
        )
        .join(
            Building,
            (Building.community_id == DoorState.community_id)
            & (Building.id == Household.building_id),
        )
        .where(
            DoorState.community_id == community_id,
            DoorState.reached.is_(True),
            DoorState.vacant.is_(False),
            DoorState.last_at >= since,
            DoorState.last_at < until,
            DoorState.no_visits_until.is_(None),
            DoorState.outcome_only.is_(False),
            Household.retired_at.is_(None),
            IS_DOOR,
            STANDS,
            Building.practice.is_(False),
        )
    )
    asked = _asked_lately(session, community_id, now)
    return [door for door in session.scalars(statement) if door not in asked]


def _asked_lately(session: Session, community_id: int, now: int) -> set[str]:
    statement = select(Recheck.household_id).where(
        Recheck.community_id == community_id,
        Recheck.asked_at > now - KEPT,
        Recheck.withdrawn.is_(False),
    )
    return set(session.scalars(statement))


def _candidates(session: Session, community_id: int, doors: Sequence[str]) -> list[Candidate]:
    ids = db.among(Household.__table__.c.id, "ids", doors)
    visitors: dict[str, dict[str, None]] = {}
    knocked = (
        select(KnockDay.household_id, KnockDay.member_id)
        .where(
            KnockDay.community_id == community_id,
            db.among(KnockDay.__table__.c.household_id, "ids", doors),
        )
        .order_by(KnockDay.day)
    )
    for household_id, member_id in session.execute(knocked):
        of_door = visitors.setdefault(household_id, {})
        of_door.pop(member_id, None)  # the last visit counts
        of_door[member_id] = None
    statement = (
        select(Household.id, Household.building_id, DoorState.app)
        .outerjoin(
            DoorState,
            (DoorState.community_id == Household.community_id)
            & (DoorState.household_id == Household.id),
        )
        .where(Household.community_id == community_id, ids)
    )
    return [
        Candidate(door, building, app in INSTALLED, tuple(visitors.get(door, ())))
        for door, building, app in session.execute(statement)
    ]


def _ask(
    session: Session,
    numbers: Numbers,
    community_id: int,
    doors: Sequence[Candidate],
    now: int,
    *,
    round_id: str | None = None,
    flag: VisitFlag | None = None,
) -> None:
    given = give(doors, _team(session, community_id, ("volunteer",)))
    rows: list[dict[str, Any]] = [
        {
            "community_id": community_id,
            "id": new_id(),
            "household_id": door.id,
            "round_id": round_id,
            "flag_id": flag.id if flag else None,
            "of_member": flag.member_id if flag else door.visitors[-1] if door.visitors else "",
            "app": door.app,
            "member_id": given[door.id],
            "asked": [given[door.id]] if given[door.id] else [],
            "asked_at": now,
            "tries": 0,
            "withdrawn": False,
            "seq": next(numbers),
        }
        for door in doors
    ]
    db.insert_rows(session, Recheck, rows)


def _team(session: Session, community_id: int, roles: Sequence[str]) -> list[str]:
    statement = (
        select(Member.id)
        .where(
            Member.community_id == community_id,
            Member.status == "active",
            Member.role.in_(roles),
        )
        .order_by(Member.id)
    )
    return list(session.scalars(statement))


def _get(session: Session, community_id: int, recheck_id: str) -> Recheck:
    row = session.get(Recheck, (community_id, recheck_id))
    if row is None:
        raise NotFound
    return row
