"""Questions about accounts; each answers with plain rows, never with open objects."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.identity import as_phone, fold_login
from webapp.accounts.models import Community, Device, Invite, Member, Person, SignIn
from webapp.core.errors import NotFound


@dataclass(frozen=True)
class Membership:
    """A person's place in a community that has not ended."""

    community_id: int
    community_name: str
    member_id: str
    role: str
    status: str


@dataclass(frozen=True)
class DeviceRow:
    """A phone as its member and the coordinator see it; moments in milliseconds."""

    id: str
    member_id: str
    name: str
    created_at: int
    seen_at: int
    synced_at: int | None
    waiting: int
    revoked_at: int | None


@dataclass(frozen=True)
class MemberRow:
    """A member with the person's name and devices."""

    id: str
    person_id: int
    name: str
    login: str | None
    phone: str | None
    role: str
    status: str
    lead: bool
    deputy: bool
    joined_at: int
    ended_at: int | None
    seen_at: int | None
    devices: Sequence[DeviceRow] = field(default=())


@dataclass(frozen=True)
class InviteRow:
    """An invite that is still open."""

    id: str
    purpose: str
    role: str
    name: str | None
    phone: str | None
    person_id: int | None
    code_expires_at: int | None
    created_at: int
    expires_at: int


@dataclass(frozen=True)
class CommunityRow:
    """A community in the administrator's list."""

    id: int
    name: str
    region: str
    timezone: str
    members: int
    coordinators: int


def find_person(session: Session, login: str) -> Person | None:
    """The person with that login or phone number."""
    phone = as_phone(login)
    ways = [Person.login == fold_login(login)]
    if phone:  # compared with none it would find everybody who has no phone number
        ways.append(Person.phone == phone)
    return session.scalars(
        select(Person)
        .where(or_(*ways))
        # A login wins over a phone number that looks the same.
        .order_by(case((Person.login == fold_login(login), 0), else_=1))
        .limit(1)
    ).first()


def memberships(session: Session, person_id: int) -> list[Membership]:
    """Where a person is a member, pending or active, by name of the community."""
    rows = session.execute(
        select(Member.community_id, Community.name, Member.id, Member.role, Member.status)
        .join(Community, Community.id == Member.community_id)
        .where(Member.person_id == person_id, Member.status != "ended")
        .order_by(Community.name, Community.id)
    )
    return [Membership(*row) for row in rows]


def members_of(session: Session, community_id: int) -> list[MemberRow]:
    """All members with their devices, pending first, ended last; two statements."""
    seen = (
        select(func.max(SignIn.seen_at))
        .where(SignIn.person_id == Member.person_id, SignIn.community_id == Member.community_id)
        .scalar_subquery()
    )
    devices: dict[str, list[DeviceRow]] = {}
    for device in devices_of(session, community_id):
        devices.setdefault(device.member_id, []).append(device)
    rows = session.execute(
        select(
            Member.id,
            Member.person_id,
            Person.name,
            Person.login,
            Person.phone,
            Member.role,
            Member.status,
            Member.lead,
            Member.deputy,
            Member.joined_at,
            Member.ended_at,
            seen.label("seen_at"),
        )
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id)
        .order_by(Member.role, Person.name, Member.id)
    )
    found = [MemberRow(**row, devices=devices.get(row["id"], ())) for row in rows.mappings()]
    order = {"pending": 0, "active": 1, "ended": 2}
    return sorted(found, key=lambda row: order[row.status])


def names_of(session: Session, community_id: int, member_ids: Collection[str]) -> dict[str, str]:
    """Member id → name, also of those who have left."""
    if not member_ids:
        return {}
    statement = (
        select(Member.id, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id, Member.id.in_(member_ids))
    )
    return {member_id: name for member_id, name in session.execute(statement)}


def team_of(session: Session, community_id: int) -> list[tuple[str, str]]:
    """(id, name) of those who are there, whoever leads first."""
    statement = (
        select(Member.id, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id, Member.status == "active")
        .order_by(Member.lead.desc(), Member.deputy.desc(), Person.name)
    )
    return [(member_id, name) for member_id, name in session.execute(statement)]


def devices_of(
    session: Session, community_id: int, member_id: str | None = None
) -> list[DeviceRow]:
    """The devices of a community or of one member, those in use first."""
    statement = (
        select(
            Device.id,
            Device.member_id,
            Device.name,
            Device.created_at,
            Device.seen_at,
            Device.synced_at,
            Device.waiting,
            Device.revoked_at,
        )
        .where(Device.community_id == community_id)
        .order_by(Device.revoked_at.is_not(None), Device.seen_at.desc())
    )
    if member_id is not None:
        statement = statement.where(Device.member_id == member_id)
    return [DeviceRow(*row) for row in session.execute(statement)]


def open_invites(session: Session, community_id: int, *, now: int) -> list[InviteRow]:
    """Invites that can still be used, the newest first."""
    rows = session.execute(
        select(
            Invite.id,
            Invite.purpose,
            Invite.role,
            Invite.name,
            Invite.phone,
            Invite.person_id,
            Invite.code_expires_at,
            Invite.created_at,
            Invite.expires_at,
        )
        .where(
            Invite.community_id == community_id,
            Invite.used_at.is_(None),
            Invite.expires_at > now,
        )
        .order_by(Invite.created_at.desc(), Invite.id.desc())
    )
    return [InviteRow(*row) for row in rows]


def get_member(session: Session, community_id: int, member_id: str) -> Member:
    """A member of this community; NotFound for anybody else's."""
    found = session.get(Member, (community_id, member_id))
    if found is None:
        raise NotFound("member_unknown")
    return found


def get_community(session: Session, community_id: int) -> Community:
    """A community; NotFound when there is none of that id."""
    found = session.get(Community, community_id)
    if found is None:
        raise NotFound("community_unknown")
    return found


def communities(session: Session, region: str | None = None) -> list[CommunityRow]:
    """All communities, or those under a region path, with the number of active members."""
    active = and_(Member.community_id == Community.id, Member.status == "active")
    statement = (
        select(
            Community.id,
            Community.name,
            Community.region,
            Community.timezone,
            func.count(Member.id),
            func.count(Member.id).filter(Member.role == "coordinator"),
        )
        .outerjoin(Member, active)
        .group_by(Community.id)
        .order_by(Community.region, Community.name, Community.id)
    )
    if region is not None:
        statement = statement.where(under(region))
    return [CommunityRow(*row) for row in session.execute(statement)]


def under(region: str) -> ColumnElement[bool]:
    """The condition that a community lies under a region path (`a/bc` is not under `a/b`)."""
    return or_(
        Community.region == region, Community.region.startswith(f"{region}/", autoescape=True)
    )
