"""What the pages about badges ask for: who has one, who is out, who was checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Device, Member, Person
from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.places.models import Building
from webapp.trust.badges import REVOKED
from webapp.trust.checking import CLOSED, CONFIRMED, OFF_DUTY, WRONG
from webapp.trust.models import Badge, BadgeCheck, BadgePhoto, Shift
from webapp.trust.numbers import shown
from webapp.trust.shifts import Duty

LOG_SHOWN = 100


@dataclass(frozen=True)
class TeamRow:
    """An active member, with their badge if they have one. `ready`: a phone holds its key.

    `wrong` counts checks of the number in the last day that were not right. `late`: the shift
    should have ended, and its lead was warned.
    """

    member_id: str
    name: str
    role: str
    badge_id: str | None
    number: str
    status: str
    ready: bool
    duty: Duty | None
    late: bool
    checked_at: int | None = None
    wrong: int = 0


@dataclass(frozen=True)
class BadgePage:
    """One badge with everything that its page shows. `log`: the latest checks first."""

    row: TeamRow
    issued_at: int
    device_name: str | None
    device_revoked: bool
    work_phone: str
    photo: bool
    log: Sequence[Logged]


@dataclass(frozen=True)
class Logged:
    """One check of a badge; `building` where it was made by a stairwell's poster."""

    at: int
    way: str
    result: str
    building: str | None


def team(session: Session, community_id: int, *, now: int) -> list[TeamRow]:
    """All active members by name, those who should be back first; three statements."""
    day = now - clock.DAY
    checked = _times(session, community_id, [CONFIRMED, OFF_DUTY], 0)
    wrong = _times(session, community_id, [WRONG, CLOSED], day)
    rows = session.execute(_TEAM.where(Member.community_id == community_id)).all()
    found = [
        _row(row, now, checked.get(row.badge_id, (0, None))[1], wrong.get(row.badge_id, (0, 0))[0])
        for row in rows
    ]
    return sorted(found, key=lambda row: not row.late)


def page(session: Session, community_id: int, badge_id: str, *, now: int) -> BadgePage:
    """One badge, also one that has ended; NotFound for any other community's."""
    row = session.execute(
        _ROWS.join(Badge, _BADGE_OF)
        .outerjoin(Shift, _SHIFT_OF)
        .outerjoin(Device, _DEVICE_OF)
        .outerjoin(BadgePhoto, _PHOTO_OF)
        .add_columns(
            Badge.issued_at,
            Badge.work_phone,
            Device.name.label("device_name"),
            Device.revoked_at.label("device_revoked_at"),
            BadgePhoto.digest.label("photo"),
        )
        .where(Badge.community_id == community_id, Badge.id == badge_id)
    ).one_or_none()
    if row is None:
        raise NotFound("badge_unknown")
    log = _log(session, community_id, badge_id)
    return BadgePage(
        row=_row(row, now),
        issued_at=row.issued_at,
        device_name=row.device_name,
        device_revoked=row.device_revoked_at is not None,
        work_phone=row.work_phone or "",
        photo=row.photo is not None,
        log=log,
    )


def _row(row: Any, now: int, checked: int | None = None, wrong: int = 0) -> TeamRow:
    duty = Duty(row.since, row.until) if row.since is not None else None
    late = row.warned_at is not None
    return TeamRow(
        member_id=row.member_id,
        name=row.name,
        role=row.role,
        badge_id=row.badge_id,
        number=shown(row.mark, row.number) if row.badge_id else "",
        status=row.status or "",
        ready=row.device_id is not None,
        duty=duty if duty and (late or duty.covers(now)) else None,
        late=late,
        checked_at=checked,
        wrong=wrong,
    )


def _times(
    session: Session, community_id: int, results: Sequence[str], since: int
) -> dict[str | None, tuple[int, int | None]]:
    """Badge → (how often, when last) it was checked with one of these results."""
    statement = (
        select(BadgeCheck.badge_id, func.count(), func.max(BadgeCheck.at))
        .where(
            BadgeCheck.community_id == community_id,
            BadgeCheck.result.in_(results),
            BadgeCheck.badge_id.is_not(None),
            BadgeCheck.at > since,
        )
        .group_by(BadgeCheck.badge_id)
    )
    return {badge: (count, last) for badge, count, last in session.execute(statement)}


def _log(session: Session, community_id: int, badge_id: str) -> list[Logged]:
    statement = (
        select(BadgeCheck.at, BadgeCheck.way, BadgeCheck.result, Building.name)
        .outerjoin(
            Building,
            and_(
                Building.community_id == BadgeCheck.community_id,
                Building.id == BadgeCheck.building_id,
            ),
        )
        .where(BadgeCheck.community_id == community_id, BadgeCheck.badge_id == badge_id)
        .order_by(BadgeCheck.at.desc(), BadgeCheck.id.desc())
        .limit(LOG_SHOWN)
    )
    return [Logged(*row) for row in session.execute(statement)]


_BADGE_OF = and_(Badge.community_id == Member.community_id, Badge.member_id == Member.id)
_SHIFT_OF = and_(Shift.community_id == Member.community_id, Shift.member_id == Member.id)
_DEVICE_OF = and_(Device.community_id == Badge.community_id, Device.id == Badge.device_id)
_PHOTO_OF = and_(BadgePhoto.community_id == Badge.community_id, BadgePhoto.badge_id == Badge.id)
_ROWS = select(
    Member.id.label("member_id"),
    Person.name,
    Member.role,
    Badge.id.label("badge_id"),
    Badge.number,
    Badge.mark,
    Badge.status,
    Badge.device_id,
    Shift.since,
    Shift.until,
    Shift.warned_at,
).join(Person, Person.id == Member.person_id)
_TEAM = (
    _ROWS.outerjoin(Badge, and_(_BADGE_OF, Badge.status != REVOKED))
    .outerjoin(Shift, _SHIFT_OF)
    .where(Member.status == "active")
    .order_by(Person.name, Member.id)
)
