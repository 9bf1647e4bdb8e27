"""Signing in: prove who it is, choose the community, open a session."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.accounts import devices, passwords, queries, sessions
from webapp.accounts.actor import Actor
from webapp.accounts.devices import Claim
from webapp.accounts.identity import as_phone, fold_login
from webapp.accounts.models import Person, SignIn
from webapp.accounts.queries import Membership
from webapp.core import clock, db, limits
from webapp.core.errors import Problem
from webapp.core.limits import Rule

PER_LOGIN = Rule("sign_in", 5, 15 * clock.MINUTE, 15 * clock.MINUTE)
PER_ADDRESS = Rule("sign_in_address", 30, clock.HOUR, clock.HOUR)


@dataclass(frozen=True)
class Entered:
    """An open session: its token, and the device's new key if a phone signed in."""

    token: str
    key: bytes | None = None


class ChooseCommunity(Problem):
    """The password was right, but the person belongs to several communities."""

    status = 409

    def __init__(self, choices: list[Membership]) -> None:
        super().__init__(
            "choose_community",
            status=None,
            communities=[{"id": one.community_id, "name": one.community_name} for one in choices],
        )
        self.choices = choices


def prove(login: str, password: str, *, address: str | None, now: int) -> int:
    """The id of the person whose password that is.

    Raises Problem `sign_in_failed` (401), alike and after the same time for a wrong password and
    for a login that does not exist, and Locked (429) after too many of either.
    """
    name = as_phone(login) or fold_login(login)
    near = limits.neighbourhood(address)
    with db.writing() as session:
        limits.take(session, PER_LOGIN, name, now=now)
        limits.take(session, PER_ADDRESS, near, now=now)
    with db.reading() as session:
        person = queries.find_person(session, login)
    if not passwords.matches(person.password_hash if person else None, password):
        raise Problem("sign_in_failed", status=401)
    assert person is not None
    with db.writing() as session:
        limits.clear(session, PER_LOGIN, name)
        limits.give_back(session, PER_ADDRESS, near)
    return person.id


def enter(
    person_id: int, *, community_id: int | None, claim: Claim | None, agent: str, now: int
) -> Entered:
    """Open a session in the community that was named, or in the only one there is.

    A person of the installation without a membership enters without a community. Raises
    ChooseCommunity (409) and Problem `no_membership` (403).
    """
    with db.writing() as session:
        person = session.get_one(Person, person_id)
        place = _place(person, queries.memberships(session, person_id), community_id)
        return open_in(session, person_id, place, claim=claim, agent=agent, now=now)


def open_in(
    session: Session,
    person_id: int,
    place: Membership | None,
    *,
    claim: Claim | None,
    agent: str,
    now: int,
) -> Entered:
    """Register the phone, if it is one, and open the session; in the caller's transaction."""
    if place is None:
        return Entered(sessions.open_session(session, person_id, now=now, agent=agent))
    device = (
        devices.register(session, place.community_id, place.member_id, claim, now=now)
        if claim
        else None
    )
    token = sessions.open_session(
        session,
        person_id,
        now=now,
        agent=agent,
        community_id=place.community_id,
        member_id=place.member_id,
        device_id=device.id if device else None,
    )
    return Entered(token, device.key if device else None)


def enter_undecided(person_id: int, *, agent: str, now: int) -> Entered:
    """Open a page's session that has no community yet: the person chooses on the next page."""
    with db.writing() as session:
        return open_in(session, person_id, None, claim=None, agent=agent, now=now)


def move(actor: Actor, community_id: int | None) -> None:
    """Let a page's session act for another of the person's communities, or for none.

    Phones keep their community: each has its own database. Raises Problem `no_membership`.
    """
    if actor.device_id is not None:
        raise Problem("device_keeps_community", status=409)
    with db.writing() as session:
        person = session.get_one(Person, actor.person_id)
        places = queries.memberships(session, actor.person_id)
        place = next((one for one in places if one.community_id == community_id), None)
        if place is None and (community_id is not None or person.role is None):
            raise Problem("no_membership", status=403)
        row = session.get_one(SignIn, actor.session_hash)
        row.community_id = place.community_id if place else None
        row.member_id = place.member_id if place else None


def attach_device(actor: Actor, claim: Claim, *, now: int) -> Entered:
    """Turn a page's session into a phone's: who signed in on the page opens the field app."""
    if actor.community_id is None or actor.member_id is None:
        raise Problem("no_membership", status=403)
    with db.writing() as session:
        place = next(
            (
                one
                for one in queries.memberships(session, actor.person_id)
                if one.member_id == actor.member_id
            ),
            None,
        )
        if place is None:
            raise Problem("no_membership", status=403)
        row = session.get_one(SignIn, actor.session_hash)
        agent = row.agent
        session.delete(row)
        return open_in(session, actor.person_id, place, claim=claim, agent=agent, now=now)


def _place(person: Person, places: list[Membership], community_id: int | None) -> Membership | None:
    if community_id is not None:
        places = [one for one in places if one.community_id == community_id]
    if len(places) > 1:
        raise ChooseCommunity(places)
    if not places and (person.role is None or community_id is not None):
        raise Problem("no_membership", status=403)
    return places[0] if places else None
