"""`/badges`: who has a badge, who is out, who was checked. For coordinators."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.actor import ActingMember
from webapp.core import clock, db, pictures
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import _
from webapp.trust import badges, known, photos
from webapp.trust import team as queries

bp = Blueprint("badges", __name__, url_prefix="/badges")
Act = Callable[[Session, ActingMember, int, str], Any]
ACTS: dict[str, Act] = {
    "suspend": lambda session, who, now, badge: badges.suspend(
        session, who, who.community_id, badge, now=now
    ),
    "resume": lambda session, who, now, badge: badges.resume(
        session, who, who.community_id, badge, now=now
    ),
    "revoke": lambda session, who, now, badge: badges.revoke(
        session, who, who.community_id, badge, now=now
    ),
    "phone": lambda session, who, now, badge: badges.set_work_phone(
        session, who, who.community_id, badge, request.form.get("phone", "")[:40], now=now
    ),
    "photo": lambda session, who, now, badge: photos.put(
        session, who, who.community_id, badge, _upload(), now=now
    ),
    "photo-gone": lambda session, who, now, badge: photos.drop(
        session, who, who.community_id, badge, now=now
    ),
}


@bp.get("")
@allow("coordinator")
def show() -> str:
    """Everybody of the team, with or without a badge."""
    who, now = access.member(), clock.now()
    with db.reading() as session:
        rows = queries.team(session, who.community_id, now=now)
    return render_template("trust/badges.html", rows=rows, who=who, now=now)


@bp.post("")
@allow("coordinator")
def issue() -> ResponseReturnValue:
    """Give one member a badge, or everybody who has none."""
    who, member_id = access.member(), request.form.get("member", "")
    try:
        with db.writing() as session:
            if member_id:
                badge = badges.issue(
                    session, who, who.community_id, _id(member_id), now=clock.now()
                )
                target, said = f"/badges/{badge.id}", _("trust.desk.issued")
            else:
                count = badges.issue_to_all(session, who, who.community_id, now=clock.now())
                target, said = "/badges", _("trust.desk.issued_to", n=count)
    except Problem as problem:
        return _refused(problem, "/badges")
    flash(said, "ok")
    return redirect(target, 303)


@bp.get("/<uuid:badge_id>")
@allow("coordinator")
def show_one(badge_id: UUID) -> str:
    """A badge: its state, its phone, its photo, its checks."""
    who, now = access.member(), clock.now()
    with db.reading() as session:
        page = queries.page(session, who.community_id, str(badge_id), now=now)
    return render_template("trust/badge.html", page=page, badge_id=badge_id, who=who, now=now)


@bp.get("/<uuid:badge_id>/photo")
@allow("coordinator")
def photo(badge_id: UUID) -> Response:
    """The face on it."""
    with db.reading() as session:
        jpeg = photos.read(session, access.member().community_id, str(badge_id))
    if jpeg is None:
        raise NotFound("photo_none")
    return Response(jpeg, mimetype="image/jpeg")


@allow("coordinator")
def change(badge_id: UUID, act: str) -> ResponseReturnValue:
    """Suspend, resume, revoke; set the work phone or the photo."""
    who, target = access.member(), f"/badges/{badge_id}"
    try:
        with db.writing() as session:
            ACTS[act](session, who, clock.now(), str(badge_id))
    except Problem as problem:
        return _refused(problem, target)
    flash(_(f"trust.desk.done.{act}"), "ok")
    return redirect(target, 303)


for _act in ACTS:
    bp.add_url_rule(
        f"/<uuid:badge_id>/{_act}",
        f"do-{_act}",
        change,
        methods=["POST"],
        defaults={"act": _act},
    )


@bp.get("/known")
@allow("coordinator")
def show_known() -> str:
    """Whom residents know: the caretakers, and who of them agreed to be shown."""
    who = access.member()
    with db.reading() as session:
        people = known.caretakers(session, who.community_id)
    return render_template("trust/known.html", people=people, who=who)


@bp.post("/known")
@allow("coordinator")
def change_known() -> ResponseReturnValue:
    """Note a consent, or take it back."""
    who, now, form = access.member(), clock.now(), request.form
    person = form.get("name", "")[:80], form.get("role", "")[:80]
    try:
        with db.writing() as session:
            if form.get("act") == "agree":
                known.agree(session, who, who.community_id, *person, _upload_if_any(), now=now)
            else:
                known.take_back(session, who, who.community_id, *person, now=now)
    except Problem as problem:
        return _refused(problem, "/badges/known")
    flash(_("accounts.saved"), "ok")
    return redirect("/badges/known", 303)


def _upload() -> bytes:
    upload = _upload_if_any()
    if upload is None:
        raise Problem("photo_missing")
    return upload


def _upload_if_any() -> bytes | None:
    file = request.files.get("photo")
    if file is None or not file.filename:
        return None
    with closing(file):
        return file.stream.read(pictures.MOST_BYTES + 1)


def _id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise NotFound("member_unknown") from error


def _refused(problem: Problem, target: str) -> ResponseReturnValue:
    """Back to the page with the sentence; somebody else's things stay 404."""
    if problem.status == 404:
        raise problem
    flash(_(problem.message, **problem.params), "error")
    return redirect(target, 303)
