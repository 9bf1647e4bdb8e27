"""What happens to a membership: joined, confirmed, marked, ended.

Phones carry the team, so each of these draws its number before anything else.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from webapp.accounts import announce, audit, devices, sequence, sessions
from webapp.accounts.actor import Actor
from webapp.accounts.models import Member, SignIn
from webapp.accounts.queries import get_member
from webapp.core.errors import Problem
from webapp.core.ids import new_id

ROLES = ("volunteer", "coordinator")


def admit(
    session: Session,
    seq: int,
    community_id: int,
    person_id: int,
    role: str,
    *,
    now: int,
    confirmed: bool,
    by: str | None = None,
) -> Member:
    """Make a person a member, or take a member back whose membership had ended.

    `seq` was drawn by the caller. Who is a member already keeps role and status, unless the
    membership is `confirmed` here, which sets both.
    """
    member = session.scalars(
        select(Member).where(Member.community_id == community_id, Member.person_id == person_id)
    ).one_or_none()
    if member is None:
        member = Member(
            community_id=community_id, id=new_id(), person_id=person_id, joined_at=now, role=role
        )
        session.add(member)
    elif member.status != "ended" and not confirmed:
        return member
    member.role, member.seq, member.ended_at = role, seq, None
    member.status = "active" if confirmed else "pending"
    if confirmed:
        member.confirmed_at, member.confirmed_by = now, by
    session.flush()
    return member


def confirm(session: Session, who: Actor, community_id: int, member_id: str, *, now: int) -> None:
    """ "That is them": a pending member may begin. Repeats change nothing.

    NotFound for a member of another community; Problem `membership_ended` (409).
    """
    seq = next(sequence.draw(session, community_id))
    member = get_member(session, community_id, member_id)
    if member.status == "ended":
        raise Problem("membership_ended", status=409)
    if member.status == "active":
        return
    member.status, member.seq = "active", seq
    member.confirmed_at, member.confirmed_by = now, _own_member(who, community_id)
    audit.note(session, community_id, who, "member_confirm", member_id, now=now)


def end(session: Session, who: Actor, community_id: int, member_id: str, *, now: int) -> None:
    """End a membership, or decline a pending one: history stays, devices are shut out.

    The devices may still hand over what they recorded. Repeats change nothing. Problem
    `last_coordinator` (409) when nobody would be left to run the community.
    """
    seq = next(sequence.draw(session, community_id))
    member = get_member(session, community_id, member_id)
    if member.status == "ended":
        return
    if member.status == "active":
        _keep_one_coordinator(session, member)
        member.confirmed_at = member.confirmed_at or member.joined_at
    member.status, member.ended_at, member.seq = "ended", now, seq
    member.lead = member.deputy = False
    devices.revoke_all(session, community_id, member_id, now=now)
    sessions.close_all(session, _of(community_id, member_id), SignIn.device_id.is_(None))
    audit.note(session, community_id, who, "member_end", member_id, now=now)
    announce.membership_ended(session, community_id, member_id, now)


def change(
    session: Session,
    who: Actor,
    community_id: int,
    member_id: str,
    *,
    role: str,
    lead: bool,
    deputy: bool,
    now: int,
) -> None:
    """Set a member's role and marks. Problem `last_coordinator` (409), `membership_ended`."""
    seq = next(sequence.draw(session, community_id))
    member = get_member(session, community_id, member_id)
    if role not in ROLES:
        raise Problem("invalid", field="role")
    if member.status == "ended":
        raise Problem("membership_ended", status=409)
    if role != "coordinator":
        _keep_one_coordinator(session, member)
    member.role, member.lead, member.deputy, member.seq = role, lead, deputy, seq
    audit.note(
        session,
        community_id,
        who,
        "member_change",
        member_id,
        now=now,
        role=role,
        lead=lead,
        deputy=deputy,
    )


def _keep_one_coordinator(session: Session, leaving: Member) -> None:
    """The community's lock is held, so two who leave at once cannot both pass."""
    if leaving.role != "coordinator" or leaving.status != "active":
        return
    others = session.scalar(
        select(func.count())
        .select_from(Member)
        .where(
            Member.community_id == leaving.community_id,
            Member.role == "coordinator",
            Member.status == "active",
            Member.id != leaving.id,
        )
    )
    if not others:
        raise Problem("last_coordinator", status=409)


def _own_member(who: Actor, community_id: int) -> str | None:
    return who.member_id if who.community_id == community_id else None


def _of(community_id: int, member_id: str) -> ColumnElement[bool]:
    return and_(SignIn.community_id == community_id, SignIn.member_id == member_id)
