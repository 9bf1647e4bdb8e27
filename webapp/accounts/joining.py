"""Using an invite: become a member, or set a new password."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit, invites, members, passwords, queries, sequence, sessions, signing
from webapp.accounts.devices import Claim
from webapp.accounts.identity import read_name, read_phone
from webapp.accounts.invites import Found
from webapp.accounts.models import Person, SignIn
from webapp.accounts.signing import Entered
from webapp.core import db
from webapp.core.errors import Problem


@dataclass(frozen=True)
class Application:
    """What the invited person typed on the phone."""

    token: str
    name: str
    phone: str
    password: str
    claim: Claim | None
    agent: str = ""
    address: str | None = None


def join(application: Application, *, now: int) -> Entered:
    """Use the invite and open a session. Repeating it after a lost answer signs in.

    Raises what `find_by_token` raises, Problem for a bad name, phone or password, and
    `phone_known` (409) when the number belongs to somebody whose password this is not.
    """
    try:
        with db.reading() as session:
            found = invites.find_by_token(session, application.token, now=now)
    except Problem as problem:
        if problem.code != "invite_used":
            raise
        return _again(application, problem, now)
    if found.purpose == "reset":
        return _reset(application, found, now)
    return _join(application, found, now)


def _join(application: Application, found: Found, now: int) -> Entered:
    name, phone = read_name(application.name), read_phone(application.phone)
    with db.reading() as session:
        known = session.scalar(select(Person.id).where(Person.phone == phone))
    if known is None:
        passwords.check_new(application.password, phone, name)
        hashed = passwords.hash_password(application.password)
    else:
        hashed = None
        known = _prove_known(application, phone, now)
    with db.writing() as session:
        seq = next(sequence.draw(session, found.community_id))
        person_id = known or _new_person(session, name, phone, hashed, now)
        invites.use(session, found, person_id, now=now)
        member = members.admit(
            session,
            seq,
            found.community_id,
            person_id,
            found.role,
            now=now,
            confirmed=False,
        )
        audit.note(session, found.community_id, None, "member_join", member.id, now=now)
        return _enter(session, application, person_id, found.community_id, now)


def _reset(application: Application, found: Found, now: int) -> Entered:
    """A new password signs out every device: one of them may be in the wrong hands."""
    assert found.person_id is not None
    passwords.check_new(application.password, found.phone, found.name)
    hashed = passwords.hash_password(application.password)
    with db.writing() as session:
        invites.use(session, found, found.person_id, now=now)
        session.get_one(Person, found.person_id).password_hash = hashed
        sessions.close_all(session, SignIn.person_id == found.person_id)
        audit.note(session, found.community_id, None, "password_reset", found.person_id, now=now)
        return _enter(session, application, found.person_id, found.community_id, now)


def _again(application: Application, problem: Problem, now: int) -> Entered:
    with db.reading() as session:
        used = invites.used_by(session, application.token, now=now)
        person = session.get(Person, used[0]) if used else None
    if used is None or person is None or not (person.phone or person.login):
        raise problem
    try:
        signing.prove(
            person.phone or person.login or "",
            application.password,
            address=application.address,
            now=now,
        )
    except Problem as failed:
        # Who finds a used link must not learn whether a guessed password was right or wrong.
        raise (problem if failed.code == "sign_in_failed" else failed) from failed
    with db.writing() as session:
        return _enter(session, application, person.id, used[1], now)


def _prove_known(application: Application, phone: str, now: int) -> int:
    """Somebody with that number exists: only their own password adds a membership."""
    try:
        return signing.prove(phone, application.password, address=application.address, now=now)
    except Problem as problem:
        if problem.code != "sign_in_failed":
            raise
        raise Problem("phone_known", status=409, field="password") from problem


def _new_person(session: Session, name: str, phone: str, hashed: str | None, now: int) -> int:
    # Somebody may have joined with this number since we looked; their password was not asked.
    if session.scalar(select(Person.id).where(Person.phone == phone)) is not None:
        raise Problem("phone_known", status=409, field="password")
    if session.scalar(select(Person.id).where(Person.login == phone)) is not None:
        raise Problem("phone_known", status=409, field="password")
    person = Person(name=name, phone=phone, password_hash=hashed, created_at=now)
    session.add(person)
    session.flush()
    return person.id


def _enter(
    session: Session, application: Application, person_id: int, community_id: int, now: int
) -> Entered:
    place = next(
        (
            one
            for one in queries.memberships(session, person_id)
            if one.community_id == community_id
        ),
        None,
    )
    if place is None:
        raise Problem("no_membership", status=403)
    return signing.open_in(
        session, person_id, place, claim=application.claim, agent=application.agent, now=now
    )
