"""What the desk sees: questions that wait for a decision, rounds, and what they found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from webapp.accounts.queries import names_of
from webapp.coverage import queries
from webapp.operations.models import OperationText
from webapp.places.models import Building, Household
from webapp.quality import settings
from webapp.quality.agreement import Agreement, Checked, app_there, margin, visited
from webapp.quality.asking import KEPT
from webapp.quality.flagging import EXPLAINED, OPEN
from webapp.quality.models import AT_DOOR, OF_DOOR, OF_FLAG, Recheck, RecheckRound, VisitFlag

ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Question:
    """A flag with the names that it needs. `said`: what the volunteer explained, none if nothing or
    if it was erased."""

    flag: VisitFlag
    name: str
    place: str
    said: str | None


@dataclass(frozen=True, slots=True)
class Visit:
    """A re-check that is still to be done; `name` none: nobody was found who could go."""

    row: Recheck
    place: str
    unit: str
    room: str
    name: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """What re-checks at random doors found; `members` by name, the most checked first."""

    visits: Agreement
    app: Agreement
    margin: tuple[int, int] | None
    recorded: int | None
    members: tuple[tuple[str, Agreement, Agreement], ...]


def questions(
    session: Session, community_id: int, now: int, building_id: str | None = None
) -> tuple[list[Question], int]:
    """The flags that a coordinator may decide on (of one building), the latest first, and how many
    are still with the volunteers."""
    limits = settings.of(session, community_id)
    statement = (
        select(VisitFlag, Building.name, OperationText.text)
        .outerjoin(Building, OF_FLAG)
        .outerjoin(
            OperationText,
            and_(
                OperationText.community_id == VisitFlag.community_id,
                OperationText.operation_id == VisitFlag.explanation_id,
            ),
        )
        .where(VisitFlag.community_id == community_id, VisitFlag.status.in_([OPEN, EXPLAINED]))
        .order_by(VisitFlag.moment.desc(), VisitFlag.id)
    )
    if building_id is not None:
        statement = statement.where(VisitFlag.building_id == building_id)
    found = session.execute(statement).all()
    names = names_of(session, community_id, {flag.member_id for flag, _place, _said in found})
    ready = [
        Question(flag, names.get(flag.member_id, "–"), place or "", said)
        for flag, place, said in found
        if flag.status == EXPLAINED or flag.found_at + limits.patience <= now
    ]
    return ready, len(found) - len(ready)


def rounds(session: Session, community_id: int) -> list[tuple[RecheckRound, int, int]]:
    """The last rounds, each with how many doors have answered and how many were withdrawn."""
    answered = func.sum(case((Recheck.answer.is_not(None), 1), else_=0))
    gone = func.sum(case((and_(Recheck.answer.is_(None), Recheck.withdrawn), 1), else_=0))
    statement = (
        select(Recheck.round_id, answered, gone)
        .where(Recheck.community_id == community_id)
        .group_by(Recheck.round_id)
    )
    counts = {of: (int(done), int(lost)) for of, done, lost in session.execute(statement)}
    last = (
        select(RecheckRound)
        .where(RecheckRound.community_id == community_id)
        .order_by(RecheckRound.made_at.desc())
        .limit(ROUNDS)
    )
    return [(one, *counts.get(one.id, (0, 0))) for one in session.scalars(last)]


def to_do(session: Session, community_id: int) -> list[Visit]:
    """Doors that wait for an answer: those that nobody could be given first."""
    statement = (
        select(Recheck, Building.name, Household.unit, Household.room)
        .join(Household, AT_DOOR)
        .join(Building, OF_DOOR)
        .where(
            Recheck.community_id == community_id,
            Recheck.answer.is_(None),
            Recheck.withdrawn.is_(False),
        )
        .order_by(
            Recheck.member_id.is_not(None), Building.name, Household.unit_key, Household.room_key
        )
    )
    found = session.execute(statement).all()
    names = names_of(session, community_id, {row.member_id for row, *_ in found if row.member_id})
    return [
        Visit(row, place, unit, room, names.get(row.member_id or ""))
        for row, place, unit, room in found
    ]


def figures(session: Session, community_id: int, now: int) -> Found:
    """What the random rounds of the last half year found."""
    checks = _checks(session, community_id, now)
    tally = queries.everything(session, community_id, 0).tally
    there = app_there(checks)
    return Found(
        visits=visited(checks),
        app=there,
        margin=margin(tally.installed, tally.occupied, there),
        recorded=tally.app_rate,
        members=tuple(_by_member(session, community_id, checks)),
    )


def app_bounds(session: Session, community_id: int, now: int) -> tuple[int, int] | None:
    """`Found.margin` alone."""
    there = app_there(_checks(session, community_id, now))
    if not there.asked:
        return None
    tally = queries.everything(session, community_id, 0).tally
    return margin(tally.installed, tally.occupied, there)


def _checks(session: Session, community_id: int, now: int) -> list[Checked]:
    """Answers at random doors. Doors of flags are not among them: they were chosen because
    something looked odd."""
    statement = select(Recheck.of_member, Recheck.answer, Recheck.app, Recheck.found_app).where(
        Recheck.community_id == community_id,
        Recheck.round_id.is_not(None),
        Recheck.answer.is_not(None),
        Recheck.asked_at > now - KEPT,
    )
    return [
        Checked(member, answer or "", app, found_app)
        for member, answer, app, found_app in session.execute(statement)
    ]


def _by_member(
    session: Session, community_id: int, checks: Sequence[Checked]
) -> list[tuple[str, Agreement, Agreement]]:
    of: dict[str, list[Checked]] = {}
    for one in checks:
        of.setdefault(one.of_member, []).append(one)
    names = names_of(session, community_id, of.keys() - {""})
    ranked = sorted(of.items(), key=lambda pair: (-len(pair[1]), names.get(pair[0], "")))
    return [(names.get(member, "–"), visited(some), app_there(some)) for member, some in ranked]
