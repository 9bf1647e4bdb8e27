"""What phones get of trust, all in `me`: the badge, the shift, and whose shift has no end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Device, Member, Person
from webapp.core import clock
from webapp.operations.registry import Reader, Row
from webapp.trust.badges import REVOKED, shown_number
from webapp.trust.checking import CONFIRMED, OFF_DUTY
from webapp.trust.models import Badge, BadgeCheck, BadgePhoto, Shift

CHECKS_SHOWN = 5


def badge_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's badges; a revoked one is sent once more, so that the phone drops its key."""
    statement = (
        select(Badge, Device.name.label("device_name"), BadgePhoto.digest)
        .outerjoin(
            Device, and_(Device.community_id == Badge.community_id, Device.id == Badge.device_id)
        )
        .outerjoin(
            BadgePhoto,
            and_(BadgePhoto.community_id == Badge.community_id, BadgePhoto.badge_id == Badge.id),
        )
        .where(
            Badge.community_id == reader.community_id,
            Badge.member_id == reader.member_id,
            Badge.seq > since,
        )
    )
    for badge, device_name, photo in session.execute(statement).all():
        if badge.status == REVOKED and since < 0:
            continue
        yield badge.seq, msgspec.json.encode(_badge(session, badge, device_name, photo))


def shift_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's own shift, as folded here; nulls when off duty."""
    row = session.execute(
        select(Shift).where(
            Shift.community_id == reader.community_id,
            Shift.member_id == reader.member_id,
            Shift.seq > since,
        )
    ).scalar_one_or_none()
    if row is not None:
        fields = {"kind": "shift", "id": row.member_id, "since": row.since, "until": row.until}
        yield row.seq, msgspec.json.encode(fields)


def late_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """For those who lead: whose shift did not end in time. Nulls: it did after all."""
    if not _leads(session, reader):
        return
    statement = (
        select(Shift, Person.name)
        .join(Member, and_(Member.community_id == Shift.community_id, Member.id == Shift.member_id))
        .join(Person, Person.id == Member.person_id)
        .where(Shift.community_id == reader.community_id, Shift.seq > since)
    )
    for row, name in session.execute(statement).all():
        late = row.warned_at is not None
        if not late and since < 0:
            continue
        fields = {
            "kind": "late_shift",
            "id": f"late-{row.member_id}",
            "name": name,
            "since": row.since if late else None,
            "until": row.until if late else None,
        }
        yield row.seq, msgspec.json.encode(fields)


def _leads(session: Session, reader: Reader) -> bool:
    statement = select(Member.id).where(
        Member.community_id == reader.community_id,
        Member.id == reader.member_id,
        Member.status == "active",
        or_(Member.lead, Member.deputy, Member.role == "coordinator"),
    )
    return session.scalar(statement) is not None


def _badge(
    session: Session, badge: Badge, device_name: str | None, photo: str | None
) -> dict[str, Any]:
    return {
        "kind": "badge",
        "id": badge.id,
        "number": shown_number(badge),
        "digits": badge.number,
        "status": badge.status,
        "device": badge.device_id,
        "device_name": device_name,
        "work_phone": badge.work_phone,
        "photo": photo,
        "checks": _checks(session, badge),
    }


def _checks(session: Session, badge: Badge) -> Sequence[int]:
    """When residents checked it last, the latest first; at most of the last week."""
    statement = (
        select(BadgeCheck.at)
        .where(
            BadgeCheck.community_id == badge.community_id,
            BadgeCheck.badge_id == badge.id,
            BadgeCheck.at > clock.now() - 7 * clock.DAY,
            BadgeCheck.result.in_([CONFIRMED, OFF_DUTY]),
        )
        .order_by(BadgeCheck.at.desc())
        .limit(CHECKS_SHOWN)
    )
    return session.scalars(statement).all()
