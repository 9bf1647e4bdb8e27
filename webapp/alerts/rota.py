"""The duty rota: who is there in the evening and at the weekend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import Actor
from webapp.accounts.models import Community, Member, Person
from webapp.alerts.fields import wrong
from webapp.alerts.models import Duty
from webapp.core import clock
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id

DAY_MINUTES = 24 * 60
MOST = 500
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """One line of the rota, with the member's name."""

    duty: Duty
    name: str


def on_duty(session: Session, community_id: int, now: int) -> set[str]:
    """The members who are on duty at that moment (ms), by the community's own clock."""
    timezone = session.scalars(select(Community.timezone).where(Community.id == community_id)).one()
    local = clock.local(now, timezone)
    minute = local.hour * 60 + local.minute
    return {
        line.duty.member_id
        for line in lines(session, community_id)
        if _covers(line.duty, local.date(), minute)
    }


def lines(session: Session, community_id: int) -> Sequence[OnDuty]:
    """The rota as it stands, of members who are there."""
    statement = (
        select(Duty, Person.name)
        .join(Member, (Member.community_id == Duty.community_id) & (Member.id == Duty.member_id))
        .join(Person, Person.id == Member.person_id)
        .where(
            Duty.community_id == community_id, Duty.ended_at.is_(None), Member.status == "active"
        )
        .order_by(Duty.day, Duty.weekday, Duty.start, Person.name)
    )
    return [OnDuty(duty, name) for duty, name in session.execute(statement)]


def add(
    session: Session,
    community_id: int,
    member_id: str,
    *,
    weekdays: Iterable[int],
    day: date | None,
    start: str,
    end: str,
    who: Actor | None,
    now: int,
) -> None:
    """Enter a member for these weekdays, or for one day; what is there already stays once.

    Problem `nothing_chosen` without a day, `time_unknown` with the field, `rota_full`; NotFound.
    """
    days: list[tuple[int | None, date | None]] = [(n, None) for n in sorted(set(weekdays))]
    days += [(None, day)] if day else []
    if not days:
        raise Problem("nothing_chosen")
    _check_member(session, community_id, member_id)
    first, last = minutes(start, "start"), minutes(end, "end")
    known = {_key(line.duty) for line in lines(session, community_id)}
    if len(known) + len(days) > MOST:
        raise Problem("rota_full", most=MOST)
    for weekday, on in days:
        row = Duty(
            community_id=community_id,
            id=new_id(),
            member_id=member_id,
            weekday=weekday,
            day=on,
            start=first,
            end=last,
            created_at=now,
        )
        if _key(row) not in known:
            session.add(row)
    audit.note(session, community_id, who, "duty_add", member_id, now=now, days=len(days))


def remove(
    session: Session, community_id: int, duty_id: str, *, who: Actor | None, now: int
) -> None:
    """Take a line out of the rota; harmless to repeat."""
    row = session.get(Duty, (community_id, duty_id))
    if row is None:
        raise NotFound("not_found")
    if row.ended_at is None:
        row.ended_at = now
        audit.note(session, community_id, who, "duty_remove", row.member_id, now=now)


def minutes(text: str, field: str) -> int:
    """`18:30` in minutes of the day; `24:00` is the end of it. Problem `time_unknown`."""
    typed = text.strip().replace("：", ":")
    if typed == "24:00":
        return 0
    found = _CLOCK.fullmatch(typed)
    if found is None:
        raise wrong("time_unknown", field, text=text[:20])
    return int(found[1]) * 60 + int(found[2])


def written(minute: int) -> str:
    """`18:30`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _covers(duty: Duty, today: date, minute: int) -> bool:
    """Over midnight it belongs to the day on which it began."""
    if duty.start < duty.end:
        return _is_on(duty, today) and duty.start <= minute < duty.end
    began_today = _is_on(duty, today) and minute >= duty.start
    began_before = _is_on(duty, today - timedelta(days=1)) and minute < duty.end
    return began_today or began_before


def _is_on(duty: Duty, day: date) -> bool:
    return duty.day == day if duty.day is not None else duty.weekday == day.weekday()


def _key(row: Duty) -> tuple[str, int | None, date | None, int, int]:
    return row.member_id, row.weekday, row.day, row.start, row.end


def _check_member(session: Session, community_id: int, member_id: str) -> None:
    statement = select(Member.status).where(
        Member.community_id == community_id, Member.id == member_id
    )
    if session.scalar(statement) != "active":
        raise NotFound("member_unknown")
