"""Keep the flags of each day true to its visits: a push marks days, the worker looks at them.

Looking again at a day finds the same flags; what a volunteer said and a coordinator decided stays,
unless more doors have come since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.models import Community
from webapp.accounts.sequence import Numbers
from webapp.core import clock, db
from webapp.core.ids import derived_id
from webapp.coverage.models import KnockDay
from webapp.places.announce import Change
from webapp.quality import settings
from webapp.quality.day import read_day, stairwells
from webapp.quality.models import DayToLookAt, VisitFlag
from webapp.quality.rules import Finding, look_at
from webapp.quality.settings import Thresholds
from webapp.visits.refold import DoorChange

BACK = timedelta(days=60)
"""Older days are not looked at: nobody could explain them any more."""

AT_ONCE = 50
"""Days in one transaction, so that pushes do not wait for long."""

OPEN, EXPLAINED, ACCEPTED, RECHECKED, GONE = "open", "explained", "accepted", "rechecked", "gone"
DECIDED = (ACCEPTED, RECHECKED)


def mark(change: Change, doors: Sequence[DoorChange]) -> None:
    """Remember whose days these doors' visits belong to; of doors that were folded anew also those
    that the counters still know of (a visit may have been voided), so that this comes before them.
    """
    timezone = _timezone(change.session, change.community_id)
    day_of = clock.days_in(timezone)
    days = {(visit.by, day_of(visit.seen.moment)) for door in doors for visit in door.visits}
    anew = [door.household_id for door in doors if not door.grown and door.before.knocks]
    if anew:
        knocked = select(KnockDay.member_id, KnockDay.day).where(
            KnockDay.community_id == change.community_id,
            db.among(KnockDay.__table__.c.household_id, "ids", anew),
        )
        days.update((row.member_id, row.day) for row in change.session.execute(knocked))
    since = day_of(change.now) - BACK
    rows = [(change.community_id, *one) for one in days if one[1] >= since]
    keys = ("community_id", "member_id", "day")
    db.upsert(change.session, DayToLookAt, rows, keys, keys=keys, columns=("day",))


def look(now: int) -> None:
    """Look at all days that were marked, community by community. The worker's step."""
    with db.reading() as session:
        found = session.scalars(select(DayToLookAt.community_id).distinct()).all()
    for community_id in found:
        more = True
        while more:
            with db.writing() as session:
                more = look_at_days(session, community_id, now)


def look_at_days(session: Session, community_id: int, now: int) -> bool:
    """Look at some of a community's marked days; says whether there may be more."""
    desk = _Desk(
        session,
        sequence.draw(session, community_id),
        community_id,
        _timezone(session, community_id),
        settings.of(session, community_id),
        now,
    )
    statement = select(DayToLookAt.member_id, DayToLookAt.day).where(
        DayToLookAt.community_id == community_id
    )
    days = session.execute(statement.limit(AT_ONCE)).all()
    for member_id, day in days:
        desk.judge(member_id, day)
        session.execute(
            delete(DayToLookAt).where(
                DayToLookAt.community_id == community_id,
                DayToLookAt.member_id == member_id,
                DayToLookAt.day == day,
            )
        )
    return len(days) == AT_ONCE


@dataclass(frozen=True, slots=True)
class _Desk:
    """A transaction in which a community's days are looked at."""

    session: Session
    numbers: Numbers
    community_id: int
    timezone: str
    limits: Thresholds
    now: int

    def judge(self, member_id: str, day: date) -> None:
        """Bring a day's flags in line with its visits."""
        visits = read_day(self.session, self.community_id, member_id, day, self.timezone)
        buildings = {visit.building for visit in visits}
        whole = stairwells(self.session, self.community_id, buildings)
        known = self._known(member_id, day)
        for finding in look_at(visits, whole, self.limits):
            flag_id = _id_of(self.community_id, member_id, day, finding)
            flag = known.pop(flag_id, None)
            if flag is not None:
                _update(flag, finding, self.numbers)
                continue
            flag = self._new(flag_id, member_id, day, finding)
            _update(flag, finding, self.numbers)
            # Not before it is whole: drawing a number sends what is pending.
            self.session.add(flag)
        for flag in known.values():
            if flag.status in (OPEN, EXPLAINED):
                flag.status, flag.seq = GONE, next(self.numbers)

    def _known(self, member_id: str, day: date) -> dict[str, VisitFlag]:
        statement = select(VisitFlag).where(
            VisitFlag.community_id == self.community_id,
            VisitFlag.member_id == member_id,
            VisitFlag.day == day,
        )
        return {flag.id: flag for flag in self.session.scalars(statement)}

    def _new(self, flag_id: str, member_id: str, day: date, finding: Finding) -> VisitFlag:
        return VisitFlag(
            community_id=self.community_id,
            id=flag_id,
            member_id=member_id,
            day=day,
            rule=finding.rule,
            building_id=finding.building,
            found_at=self.now,
            status=OPEN,
            seen_doors=[],
        )


def _update(flag: VisitFlag, finding: Finding, numbers: Numbers) -> None:
    """Write down what is found now, and whether somebody has to look at it (again)."""
    status = flag.status
    more = not set(finding.doors) <= set(flag.seen_doors)
    if status == GONE or (status in DECIDED and more):
        status = EXPLAINED if flag.explained_at else OPEN
    moment = finding.visits[0].moment
    now = (finding.doors, finding.floors, finding.unit, finding.value, moment, status)
    if now != (flag.doors, flag.floors, flag.unit, flag.value, flag.moment, flag.status):
        flag.doors, flag.floors, flag.unit, flag.value, flag.moment, flag.status = now
        flag.seq = next(numbers)


def _id_of(community_id: int, member_id: str, day: date, finding: Finding) -> str:
    place = f"{finding.building or ''} {finding.key}"
    return derived_id(f"flag {community_id} {member_id} {day} {finding.rule} {place}")


def _timezone(session: Session, community_id: int) -> str:
    return session.get_one(Community, community_id).timezone
