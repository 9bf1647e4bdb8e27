"""`/api/v1/badge`: what a phone asks for on line; everything else of a badge works without."""

from __future__ import annotations

from base64 import b64encode

from flask import Blueprint, Response

from webapp.accounts import access, answers
from webapp.accounts.access import allow
from webapp.core import clock, db, http
from webapp.core.errors import NotFound, Problem
from webapp.trust import badges, photos
from webapp.trust.wire import BadgeKeyAnswer, BadgeKeyRequest

bp = Blueprint("badge_api", __name__, url_prefix="/api/v1/badge")


@bp.post("/key")
@allow("volunteer", "coordinator")
def fetch_key() -> Response:
    """A new key for this phone's badge; earlier ones no longer count."""
    body, who = http.read_json(BadgeKeyRequest), access.member()
    if who.device_id is None:
        raise Problem("device_required", status=401)
    secret_key = answers.settings().secret_key
    with db.writing() as session:
        badge, key = badges.give_key(
            session, who, secret_key=secret_key, move=body.move, now=clock.now()
        )
        answer = BadgeKeyAnswer(
            badge=badge.id,
            number=badges.shown_number(badge),
            digits=badge.number,
            key=b64encode(key).decode(),
        )
    return http.answer_json(answer)


@bp.get("/photo")
@allow("volunteer", "coordinator")
def photo() -> Response:
    """The face on the own badge, for showing it without signal."""
    who = access.member()
    with db.reading() as session:
        badge = badges.own(session, who.community_id, who.member_id)
        jpeg = photos.read(session, who.community_id, badge.id)
    if jpeg is None:
        raise NotFound("photo_none")
    return Response(jpeg, mimetype="image/jpeg")
