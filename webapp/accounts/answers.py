"""Answers that several routes of accounts share.

They are told which structure to fill, so that a route names what it answers with (the API document
is made from that).
"""

from __future__ import annotations

import io
from base64 import b64encode

import segno
from flask import Response, current_app, request
from flask_wtf.csrf import generate_csrf
from msgspec import UNSET

from webapp.accounts import access, epoch, queries, sessions
from webapp.accounts.access import Actor
from webapp.accounts.actor import ActingMember
from webapp.accounts.invites import Found, Maker, Ways
from webapp.accounts.queries import DeviceRow
from webapp.accounts.signing import Entered
from webapp.accounts.wire import (
    InviteAnswer,
    InviteCommunity,
    InviteLinkAnswer,
    OwnDevice,
    SessionAnswer,
    SessionCommunity,
    SessionDevice,
    SessionMember,
    SessionPerson,
)
from webapp.core import clock, db, http
from webapp.core.errors import Problem
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


def entered(kind: type[SessionAnswer], session: Entered) -> Response:
    """The answer to a sign-in: who you are, with the cookie.

    Raises Problem `not_signed_in` (401) when the session ended between its start and this answer:
    a coordinator revoked the device, or a backup was restored.
    """
    actor = sessions.find(session.token, now=clock.now())
    if actor is None:
        raise Problem("not_signed_in", status=401)
    answer = http.answer_json(session_of(kind, actor, session.key))
    access.set_cookie(answer, session.token)
    return answer


def session_of(kind: type[SessionAnswer], actor: Actor, key: bytes | None = None) -> SessionAnswer:
    """A session as phones see it; the device's key only when it was just drawn."""
    device = None
    if actor.device_id is not None:
        encoded = b64encode(key).decode() if key else UNSET
        device = SessionDevice(actor.device_id, actor.device_name or "", encoded)
    return kind(
        device=device,
        person=SessionPerson(actor.person_id, actor.name),
        member=_member(actor),
        community=_community(actor),
        csrf_token=generate_csrf(),
        server_time=clock.iso(clock.now()),
        epoch=epoch.ensure(),
    )


def invite(kind: type[InviteAnswer], found: Found) -> InviteAnswer:
    """An invite as the invited person sees it."""
    return kind(
        token=found.token,
        community=InviteCommunity(found.community_name),
        invited_by=found.invited_by,
        role=found.role,
        purpose=found.purpose,
        name=found.name,
        phone=found.phone,
    )


def ways(kind: type[InviteLinkAnswer], made: Ways) -> InviteLinkAnswer:
    """An invite as its maker sees it."""
    return kind(
        id=made.id,
        link=link(made.token),
        code=made.code,
        code_expires_at=clock.iso(made.code_expires_at),
        expires_at=clock.iso(made.expires_at),
    )


def own_device(row: DeviceRow, who: Actor) -> OwnDevice:
    """A phone as its member sees it."""
    return OwnDevice(
        id=row.id,
        name=row.name,
        seen_at=row.seen_at,
        waiting=row.waiting,
        current=row.id == who.device_id,
        revoked=row.revoked_at is not None,
    )


def qr(shown: Ways) -> Response:
    """The link as a QR code; an image, because the policy allows no inline drawing."""
    drawn = io.BytesIO()
    segno.make(link(shown.token), error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=3, dark="#1d211e", light="#ffffff", xmldecl=False
    )
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


def _member(actor: Actor) -> SessionMember | None:
    if not isinstance(actor, ActingMember):
        return None
    return SessionMember(
        actor.member_id, actor.member_role, actor.member_status, actor.lead, actor.deputy
    )


def _community(actor: Actor) -> SessionCommunity | None:
    if not isinstance(actor, ActingMember):
        return None
    with db.reading() as session:
        region = queries.get_community(session, actor.community_id).region
    return SessionCommunity(actor.community_id, actor.community_name, region, actor.timezone)
