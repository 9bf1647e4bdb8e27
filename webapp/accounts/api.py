"""`/api/v1`: sessions, invites, members."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request
from flask import session as form_session

from webapp.accounts import (
    access,
    answers,
    devices,
    invites,
    joining,
    members,
    queries,
    sessions,
    signing,
)
from webapp.accounts.access import allow, allow_leaving, allow_signed_in, public
from webapp.accounts.devices import Claim
from webapp.accounts.joining import Application
from webapp.accounts.wire import (
    DeviceRequest,
    DevicesAnswer,
    InviteAnswer,
    InviteCodeRequest,
    InviteLinkAnswer,
    InviteRequest,
    JoinRequest,
    SessionAnswer,
    SignInRequest,
)
from webapp.core import clock, db
from webapp.core.http import answer_json, read_json, without_token

bp = Blueprint("accounts_api", __name__, url_prefix="/api/v1")
BODY = 64 * 1024


@bp.before_request
def bound_body() -> None:
    """Accounts take short bodies only."""
    request.max_content_length = BODY


@bp.post("/session")
@without_token
@public
def sign_in() -> Response:
    """Sign in. Needs no token: a foreign page cannot send JSON here, nor another Origin."""
    body = read_json(SignInRequest)
    now = clock.now()
    person_id = signing.prove(body.login, body.password, address=request.remote_addr, now=now)
    entered = signing.enter(
        person_id,
        community_id=body.community,
        claim=_claim(body.device),
        agent=answers.agent(),
        now=now,
    )
    form_session.clear()
    return answers.entered(SessionAnswer, entered)


@bp.get("/session")
@allow_signed_in
def session() -> Response:
    """Who am I; also where a phone gets its CSRF token just before a push."""
    return answer_json(answers.session_of(SessionAnswer, access.signed_in()))


@bp.delete("/session")
@allow_leaving
def sign_out() -> Response:
    """End this session."""
    with db.writing() as session:
        sessions.close(session, access.signed_in().session_hash)
    answer = Response(status=204)
    access.drop_cookie(answer)
    return answer


@bp.post("/session/device")
@allow_signed_in
def attach_device() -> Response:
    """Turn the session of a page into that of this phone; answers like a sign-in."""
    body = read_json(DeviceRequest)
    claim = Claim(body.name, body.id)
    return answers.entered(
        SessionAnswer, signing.attach_device(access.signed_in(), claim, now=clock.now())
    )


@bp.get("/invite/<token>")
@public
def read_invite(token: str) -> Response:
    """What an invite link stands for."""
    with db.reading() as session:
        found = invites.find_by_token(session, token, now=clock.now())
    return answer_json(answers.invite(InviteAnswer, found))


@bp.post("/invite/code")
@without_token
@public
def read_code() -> Response:
    """What a typed code stands for."""
    code = read_json(InviteCodeRequest).code
    found = invites.find_by_code(
        answers.maker(), code, address=request.remote_addr, now=clock.now()
    )
    return answer_json(answers.invite(InviteAnswer, found))


@bp.post("/join")
@without_token
@public
def join() -> Response:
    """Use an invite; answers like a sign-in, with a member who is pending."""
    body = read_json(JoinRequest)
    application = Application(
        token=body.token,
        name=body.name,
        phone=body.phone,
        password=body.password,
        claim=_claim(body.device),
        agent=answers.agent(),
        address=request.remote_addr,
    )
    entered = joining.join(application, now=clock.now())
    form_session.clear()
    return answers.entered(SessionAnswer, entered)


@bp.post("/invites")
@allow("coordinator")
def invite() -> Response:
    """Invite somebody, or let a member set a new password."""
    body, who, now = read_json(InviteRequest), access.member(), clock.now()
    with db.writing() as session:
        if body.member is not None:
            made = invites.invite_to_reset(
                session, answers.maker(), who, who.community_id, body.member, now=now
            )
        else:
            made = invites.invite(
                session,
                answers.maker(),
                who,
                who.community_id,
                role=body.role,
                name=body.name,
                phone=body.phone,
                now=now,
            )
    return answer_json(answers.ways(InviteLinkAnswer, made), 201)


@bp.post("/invites/<uuid:invite_id>/code")
@allow("coordinator")
def redraw_code(invite_id: UUID) -> Response:
    """A new code for 15 minutes."""
    with db.writing() as session:
        made = invites.redraw(
            session,
            answers.maker(),
            access.member().community_id,
            str(invite_id),
            now=clock.now(),
        )
    return answer_json(answers.ways(InviteLinkAnswer, made))


@bp.post("/members/<uuid:member_id>/confirm")
@allow("coordinator")
def confirm(member_id: UUID) -> Response:
    """That is them."""
    who = access.member()
    with db.writing() as session:
        members.confirm(session, who, who.community_id, str(member_id), now=clock.now())
    return Response(status=204)


@bp.post("/members/<uuid:member_id>/end")
@allow("coordinator")
def end(member_id: UUID) -> Response:
    """Decline a pending member or end a membership."""
    who = access.member()
    with db.writing() as session:
        members.end(session, who, who.community_id, str(member_id), now=clock.now())
    return Response(status=204)


@bp.get("/devices")
@allow("coordinator", "volunteer", pending=True)
def own_devices() -> Response:
    """My phones."""
    who = access.member()
    with db.reading() as session:
        found = queries.devices_of(session, who.community_id, who.member_id)
    return answer_json(DevicesAnswer([answers.own_device(row, who) for row in found]))


@bp.post("/devices/<uuid:device_id>/revoke")
@allow("coordinator", "volunteer")
def revoke_device(device_id: UUID) -> Response:
    """Shut out a device: a coordinator any of the community, everybody their own."""
    who = access.member()
    with db.writing() as session:
        devices.revoke(session, who, who.community_id, str(device_id), now=clock.now())
    return Response(status=204)


def _claim(body: DeviceRequest | None) -> Claim | None:
    return Claim(body.name, body.id) if body else None
