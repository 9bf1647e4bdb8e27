"""What people may change about themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.accounts import communities, passwords, queries, sessions
from webapp.accounts.actor import Actor
from webapp.accounts.models import Person, SignIn
from webapp.accounts.queries import DeviceRow, Membership
from webapp.core import clock, db, limits
from webapp.core.errors import Problem
from webapp.core.i18n import LOCALES

PER_PERSON = limits.Rule("password", 5, 15 * clock.MINUTE, 15 * clock.MINUTE)


@dataclass(frozen=True)
class Own:
    """A person as they see themselves."""

    name: str
    login: str | None
    phone: str | None
    locale: str | None
    places: Sequence[Membership]
    devices: Sequence[DeviceRow]


def show(session: Session, who: Actor) -> Own:
    """The page of one's own account."""
    person = session.get_one(Person, who.person_id)
    devices: Sequence[DeviceRow] = ()
    if who.community_id is not None:
        devices = queries.devices_of(session, who.community_id, who.member_id)
    return Own(
        name=person.name,
        login=person.login,
        phone=person.phone,
        locale=person.locale,
        places=queries.memberships(session, person.id),
        devices=devices,
    )


def change(who: Actor, name: str, language: str) -> None:
    """Set name and language; an empty language follows the browser."""
    if language and language not in LOCALES:
        raise Problem("invalid", field="language")
    with db.writing() as session:
        if name != who.name:
            communities.rename(session, who.person_id, name)
        session.get_one(Person, who.person_id).locale = language or None


def change_password(who: Actor, present: str, new: str, *, now: int) -> None:
    """Set another password; everything else that is signed in must sign in again.

    Guessing the present one is limited like signing in. Problem `password_wrong` (403).
    """
    with db.writing() as session:
        limits.take(session, PER_PERSON, str(who.person_id), now=now)
        person = session.get_one(Person, who.person_id)
        kept, known = person.password_hash, (person.phone, person.login, person.name)
    if not passwords.matches(kept, present):
        raise Problem("password_wrong", status=403, field="present")
    passwords.check_new(new, *known)
    hashed = passwords.hash_password(new)
    with db.writing() as session:
        limits.clear(session, PER_PERSON, str(who.person_id))
        session.get_one(Person, who.person_id).password_hash = hashed
        sessions.close_all(
            session, SignIn.person_id == who.person_id, SignIn.token_hash != who.session_hash
        )
