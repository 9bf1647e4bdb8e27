"""Giving badges out and taking them back. For coordinators, but for a phone fetching its key.

Phones carry their badge, so each of these draws its number before anything else.
"""

from __future__ import annotations

import secrets

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember, Actor
from webapp.accounts.identity import plain, read_phone
from webapp.accounts.models import Community, Device, Member
from webapp.accounts.queries import get_member
from webapp.core import sealing
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.trust import numbers, totp
from webapp.trust.models import Badge

ACTIVE, SUSPENDED, REVOKED = "active", "suspended", "revoked"
PURPOSE = "badge key"


def issue(session: Session, who: Actor, community_id: int, member_id: str, *, now: int) -> Badge:
    """Give a member a badge; who has one keeps it.

    NotFound for a member of another community, Problem `member_not_active` (409).
    """
    seqs = sequence.draw(session, community_id)
    member = get_member(session, community_id, member_id)
    if member.status != "active":
        raise Problem("member_not_active", status=409)
    badge = _badge_of(session, community_id, member_id)
    return badge or _make(session, who, member, next(seqs), now)


def issue_to_all(session: Session, who: Actor, community_id: int, *, now: int) -> int:
    """Give a badge to every active member who has none; returns how many."""
    seqs = sequence.draw(session, community_id, 32)
    badged = exists().where(
        Badge.community_id == Member.community_id,
        Badge.member_id == Member.id,
        Badge.status != REVOKED,
    )
    without = session.scalars(
        select(Member)
        .where(Member.community_id == community_id, Member.status == "active", ~badged)
        .order_by(Member.joined_at, Member.id)
    ).all()
    for member in without:
        _make(session, who, member, next(seqs), now)
    return len(without)


def suspend(session: Session, who: Actor, community_id: int, badge_id: str, *, now: int) -> None:
    """Residents who check it are warned; its phone keeps the key. Repeats change nothing."""
    _set_status(session, who, community_id, badge_id, ACTIVE, SUSPENDED, now)


def resume(session: Session, who: Actor, community_id: int, badge_id: str, *, now: int) -> None:
    """Take a suspension back. Repeats change nothing."""
    _set_status(session, who, community_id, badge_id, SUSPENDED, ACTIVE, now)


def revoke(session: Session, who: Actor, community_id: int, badge_id: str, *, now: int) -> None:
    """End a badge for good: its key is destroyed, its number never comes back."""
    seq = next(sequence.draw(session, community_id))
    badge = get_badge(session, community_id, badge_id)
    if badge.status == REVOKED:
        return
    badge.status, badge.sealed, badge.device_id, badge.seq = REVOKED, None, None, seq
    audit.note(session, community_id, who, "badge_revoke", badge_id, now=now)


def set_work_phone(
    session: Session, who: Actor, community_id: int, badge_id: str, phone: str, *, now: int
) -> None:
    """The number that the contact card hands on; empty for the community's. Problem
    `phone_invalid`."""
    number = read_phone(phone) if plain(phone) else None
    seq = next(sequence.draw(session, community_id))
    badge = get_badge(session, community_id, badge_id)
    if badge.work_phone != number:
        badge.work_phone, badge.seq = number, seq
        audit.note(session, community_id, who, "badge_phone", badge_id, now=now)


def give_key(
    session: Session, who: ActingMember, *, secret_key: str, move: bool, now: int
) -> tuple[Badge, bytes]:
    """A new key for the phone that asks; what an earlier one showed no longer counts.

    Problem `badge_none` (404), `badge_suspended` (409), `badge_elsewhere` (409) while another
    phone that is in use holds the badge, unless it shall `move`.
    """
    seq = next(sequence.draw(session, who.community_id))
    badge = own(session, who.community_id, who.member_id)
    if badge.status == SUSPENDED:
        raise Problem("badge_suspended", status=409)
    if not move and _held_elsewhere(session, badge, who.device_id):
        raise Problem("badge_elsewhere", status=409)
    key = secrets.token_bytes(totp.KEY_BYTES)
    badge.sealed = sealing.seal(secret_key, PURPOSE, key)
    badge.device_id, badge.seq = who.device_id, seq
    audit.note(session, who.community_id, who, "badge_key", badge.id, now=now)
    return badge, key


def get_badge(session: Session, community_id: int, badge_id: str) -> Badge:
    """A badge of this community; NotFound for any other."""
    badge = session.get(Badge, (community_id, badge_id))
    if badge is None:
        raise NotFound("badge_unknown")
    return badge


def own(session: Session, community_id: int, member_id: str) -> Badge:
    """The badge that a member has, suspended or not; NotFound `badge_none`."""
    badge = _badge_of(session, community_id, member_id)
    if badge is None:
        raise NotFound("badge_none")
    return badge


def shown_number(badge: Badge) -> str:
    """As it stands on the badge: `甲-0218`."""
    return numbers.shown(badge.mark, badge.number)


def _badge_of(session: Session, community_id: int, member_id: str) -> Badge | None:
    statement = select(Badge).where(
        Badge.community_id == community_id,
        Badge.member_id == member_id,
        Badge.status != REVOKED,
    )
    return session.scalars(statement).one_or_none()


def _make(session: Session, who: Actor, member: Member, seq: int, now: int) -> Badge:
    community = session.get_one(Community, member.community_id)
    badge = Badge(
        community_id=community.id,
        id=new_id(),
        member_id=member.id,
        number=numbers.draw(session, community.id),
        mark=numbers.mark_of(community.name),
        status=ACTIVE,
        issued_at=now,
        seq=seq,
    )
    session.add(badge)
    session.flush()
    audit.note(session, community.id, who, "badge_issue", badge.id, now=now)
    return badge


def _set_status(
    session: Session,
    who: Actor,
    community_id: int,
    badge_id: str,
    before: str,
    after: str,
    now: int,
) -> None:
    seq = next(sequence.draw(session, community_id))
    badge = get_badge(session, community_id, badge_id)
    if badge.status == after:
        return
    if badge.status != before:
        raise Problem("badge_ended", status=409)
    badge.status, badge.seq = after, seq
    audit.note(session, community_id, who, f"badge_{after}", badge_id, now=now)


def _held_elsewhere(session: Session, badge: Badge, device_id: str | None) -> bool:
    if badge.device_id is None or badge.device_id == device_id:
        return False
    device = session.get_one(Device, (badge.community_id, badge.device_id))
    return device.revoked_at is None
