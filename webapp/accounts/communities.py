"""Communities and persons as administrators and the command line make them."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import available_timezones

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.accounts import members, passwords, sequence
from webapp.accounts.identity import as_phone, read_login, read_name, read_region
from webapp.accounts.models import Community, CommunitySeq, Member, Person
from webapp.accounts.queries import get_community
from webapp.core.errors import Problem

MEMBER_ROLES = members.ROLES
INSTALLATION_ROLES = ("supervisor", "admin")
FIRST_SEQ = 2  # 1 is the leaflet kind's, see feed.py


@dataclass(frozen=True)
class NewUser:
    """A person as the command line describes them; a member or an installation role."""

    login: str
    name: str
    role: str
    password: str | None
    community_id: int | None = None
    region: str | None = None


def add_community(
    session: Session, name: str, region: str, timezone: str = "Asia/Shanghai", *, now: int
) -> int:
    """Make a community; returns its id. Problem for a bad name, region or time zone."""
    if timezone not in available_timezones():
        raise Problem("timezone_unknown", field="timezone", timezone=timezone)
    community = Community(
        name=read_name(name),
        region=read_region(region),
        timezone=timezone,
        created_at=now,
        seq=FIRST_SEQ,
    )
    session.add(community)
    session.flush()
    session.add(CommunitySeq(community_id=community.id, seq=FIRST_SEQ))
    session.flush()
    return community.id


def add_user(session: Session, user: NewUser, *, now: int) -> tuple[int, bool]:
    """Make a person, or give one who exists the role or membership; active at once.

    Returns the person's id and whether the person is new. An existing person keeps name and
    password. A login that looks like a phone number is the phone number too.
    """
    seq = 0
    if user.role in MEMBER_ROLES:
        if user.community_id is None:
            raise Problem("community_needed", field="community")
        seq = next(sequence.draw(session, user.community_id))
    person, new = _person(session, user, now)
    if user.role in MEMBER_ROLES:
        assert user.community_id is not None
        members.admit(
            session, seq, user.community_id, person.id, user.role, now=now, confirmed=True
        )
    else:
        _appoint(person, user)
    return person.id, new


def change_community(
    session: Session,
    community_id: int,
    *,
    name: str,
    phone: str | None,
    headline: str,
    publicity_target: int,
    app_target: int,
    leaflet_default: int,
) -> None:
    """Set what a coordinator may set; targets in basis points, leaflets 0–99."""
    seq = next(sequence.draw(session, community_id))
    if headline not in {"publicity", "app"}:
        raise Problem("invalid", field="headline")
    if not (0 < publicity_target <= 10_000 and 0 < app_target <= 10_000):
        raise Problem("target_invalid", field="publicity_target")
    if not 0 <= leaflet_default <= 99:
        raise Problem("invalid", field="leaflet_default")
    community = get_community(session, community_id)
    community.name, community.phone, community.headline = read_name(name), phone, headline
    community.publicity_target, community.app_target = publicity_target, app_target
    community.leaflet_default, community.seq = leaflet_default, seq


def rename(session: Session, person_id: int, name: str) -> None:
    """Change a person's name; the phones of all their communities learn it."""
    places = session.execute(
        select(Member.community_id, Member.id)
        .where(Member.person_id == person_id)
        # Always the same order, so that two renames cannot wait for each other.
        .order_by(Member.community_id)
    ).all()
    for place in places:
        seq = next(sequence.draw(session, place.community_id))
        session.get_one(Member, (place.community_id, place.id)).seq = seq
    session.get_one(Person, person_id).name = read_name(name)


def _person(session: Session, user: NewUser, now: int) -> tuple[Person, bool]:
    phone = as_phone(user.login)
    login = phone or read_login(user.login)
    known = session.scalars(
        select(Person).where(or_(Person.login == login, Person.phone == login))
    ).first()
    if known is not None:
        return known, False
    if not user.password:
        raise Problem("password_empty", field="password")
    person = Person(
        login=login,
        phone=phone,
        name=read_name(user.name),
        password_hash=passwords.hash_password(user.password),
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person, True


def _appoint(person: Person, user: NewUser) -> None:
    if user.role not in INSTALLATION_ROLES:
        raise Problem("invalid", field="role")
    if user.role == "supervisor" and not user.region:
        raise Problem("region_needed", field="region")
    person.role = user.role
    person.region = read_region(user.region) if user.region else None
