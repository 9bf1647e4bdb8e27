"""Answers that several routes of accounts share."""

from __future__ import annotations

from base64 import b64encode

from flask import Response, current_app, request
from flask_wtf.csrf import generate_csrf
from msgspec import UNSET

from webapp.accounts import access, epoch, queries, sessions, wire
from webapp.accounts.access import Actor
from webapp.accounts.actor import ActingMember
from webapp.accounts.invites import Found, Maker, Ways
from webapp.accounts.signing import Entered
from webapp.core import clock, db, http
from webapp.core.settings import Settings


def settings() -> Settings:
    """The installation's settings."""
    found = current_app.extensions["qiaomen.settings"]
    assert isinstance(found, Settings)
    return found


def maker() -> Maker:
    """Derives invite links and codes under the secret key."""
    return Maker(settings().secret_key)


def agent() -> str:
    """The browser, as it calls itself."""
    return request.headers.get("User-Agent", "")


def link(token: str) -> str:
    """The address that a phone opens to join."""
    return f"{settings().public_url}/app/join/{token}"


def entered(session: Entered) -> Response:
    """The answer to a sign-in: who you are, with the cookie."""
    actor = sessions.find(session.token, now=clock.now())
    assert actor is not None
    answer = http.answer_json(session_of(actor, session.key))
    access.set_cookie(answer, session.token)
    return answer


def session_of(actor: Actor, key: bytes | None = None) -> wire.Session:
    """A session as phones see it; the device's key only when it was just drawn."""
    device = None
    if actor.device_id is not None:
        encoded = b64encode(key).decode() if key else UNSET
        device = wire.Device(actor.device_id, actor.device_name or "", encoded)
    return wire.Session(
        device=device,
        person=wire.Person(actor.person_id, actor.name),
        member=_member(actor),
        community=_community(actor),
        csrf_token=generate_csrf(),
        server_time=clock.iso(clock.now()),
        epoch=epoch.ensure(),
    )


def invite(found: Found) -> wire.Invite:
    """An invite as the invited person sees it."""
    return wire.Invite(
        token=found.token,
        community=wire.Named(found.community_name),
        invited_by=found.invited_by,
        role=found.role,
        purpose=found.purpose,
        name=found.name,
        phone=found.phone,
    )


def ways(made: Ways) -> wire.Ways:
    """An invite as its maker sees it."""
    return wire.Ways(
        id=made.id,
        link=link(made.token),
        code=made.code,
        code_expires_at=clock.iso(made.code_expires_at),
        expires_at=clock.iso(made.expires_at),
    )


def _member(actor: Actor) -> wire.Member | None:
    if not isinstance(actor, ActingMember):
        return None
    return wire.Member(
        actor.member_id, actor.member_role, actor.member_status, actor.lead, actor.deputy
    )


def _community(actor: Actor) -> wire.Community | None:
    if not isinstance(actor, ActingMember):
        return None
    with db.reading() as session:
        region = queries.get_community(session, actor.community_id).region
    return wire.Community(actor.community_id, actor.community_name, region, actor.timezone)
