"""Badges and the phones that show them, as the product makes both."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select

from tests.factories.field import NOW, Neighbourhood, Op, Phone, op
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Community, Member, Person
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.places.models import Building
from webapp.trust import badges, totp
from webapp.trust.checking import Checker, Verdict
from webapp.trust.models import BadgeCheck
from webapp.trust.numbers import Typed, read

SECRET_KEY = "only-for-tests"  # that of the fixture `settings`


@dataclass
class Badge:
    """A badge on its phone: it computes codes as the phone does."""

    phone: Phone
    id: str
    number: int
    shown: str
    key: bytes

    def code(self, now: int = NOW) -> str:
        """The six digits at a moment."""
        return totp.code(self.key, totp.step_of(now))

    def mark(self, now: int = NOW) -> str:
        """What the QR code proves with."""
        return totp.mark(self.key, self.number, totp.step_of(now))

    def start(self, now: int = NOW, *, until: int | None = None) -> None:
        """Go on duty."""
        assert self.phone.send(shift("start", at=now, until=until), now=now).status == "accepted"


def shift(action: str, *, at: int = NOW, until: int | None = None) -> Op:
    """A start or an end, as a phone writes it."""
    more = {} if until is None else {"until": product_clock.iso(until)}
    return op("shift", at=at, action=action, **more)


def acting(phone: Phone) -> ActingMember:
    """The phone's member as the routes see them."""
    with db.reading() as session:
        row = session.execute(
            select(Member, Person.name, Community.name.label("community"))
            .join(Person, Person.id == Member.person_id)
            .join(Community, Community.id == Member.community_id)
            .where(Member.community_id == phone.community_id, Member.id == phone.member_id)
        ).one()
    return ActingMember(
        session_hash=b"",
        seen_at=NOW,
        person_id=phone.person_id,
        name=row.name,
        community_id=phone.community_id,
        community_name=row.community,
        timezone="Asia/Shanghai",
        member_id=phone.member_id,
        member_role=row.Member.role,
        member_status=row.Member.status,
        device_id=phone.device_id,
    )


def issue(hood: Neighbourhood, phone: Phone | None = None, *, now: int = NOW) -> Badge:
    """A badge whose key is on the phone already."""
    phone = phone or hood.volunteer()
    who = acting(phone)
    with db.writing() as session:
        badges.issue(session, who, phone.community_id, phone.member_id, now=now)
    return fetch_key(phone, now=now)


def fetch_key(phone: Phone, *, move: bool = False, now: int = NOW) -> Badge:
    """What the phone asks for on line."""
    with db.writing() as session:
        badge, key = badges.give_key(
            session, acting(phone), secret_key=SECRET_KEY, move=move, now=now
        )
        shown = badges.shown_number(badge)
        return Badge(phone, badge.id, badge.number, shown, key)


@dataclass
class Resident:
    """Somebody behind a door, at one address."""

    address: str = "203.0.113.7"
    checker: Checker = field(init=False)

    def __post_init__(self) -> None:
        self.checker = Checker(SECRET_KEY, self.address)

    def types(self, number: str | int, code: str, *, now: int = NOW) -> Verdict:
        """Number and code on `/verify`."""
        typed = Typed(number, "") if isinstance(number, int) else read(number)
        assert typed is not None
        return self.checker.typed(typed, code, now=now)

    def types_at(self, hood: Neighbourhood, building: str, code: str, *, now: int = NOW) -> Verdict:
        """The code alone, at the address of the poster."""
        with db.reading() as session:
            row = session.get_one(Building, (hood.community_id, building))
        return self.checker.at_building(row, code, now=now)

    def scans(self, badge: Badge, *, shown: int = NOW, now: int = NOW) -> Verdict:
        """The QR code that a phone showed at a moment."""
        step = totp.step_of(shown)
        return self.checker.scanned(badge.number, step, badge.mark(shown), now=now)


def checks(*columns: str) -> list[tuple[object, ...]]:
    """The log, oldest first."""
    table = BadgeCheck.__table__
    with db.reading() as session:
        rows = session.execute(
            select(*(table.c[name] for name in columns)).order_by(table.c.at, table.c.id)
        )
        return [tuple(row) for row in rows]
