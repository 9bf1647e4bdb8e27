"""Pages that everybody has: sign-in, choice of the community, the own account."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask import session as form_session
from flask.typing import ResponseReturnValue

from webapp.accounts import access, answers, devices, profile, queries, sessions, signing
from webapp.accounts.access import allow_leaving, allow_signed_in, current_user, public
from webapp.accounts.signing import ChooseCommunity, Entered
from webapp.core import clock, db, http
from webapp.core.errors import Problem
from webapp.core.i18n import _

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The form; who is signed in already goes on, unless they want to be somebody else."""
    target = http.safe_next(request.args.get("next"))
    if current_user.is_authenticated and "other" not in request.args:
        return redirect(target)
    return render_template("accounts/sign_in.html", target=target, login="", problem=None)


@bp.post("/sign-in")
@public
def open_session() -> ResponseReturnValue:
    """Sign in by the form."""
    target = http.safe_next(request.form.get("next"))
    login, password = request.form.get("login", "")[:200], request.form.get("password", "")[:200]
    now = clock.now()
    try:
        person_id = signing.prove(login, password, address=request.remote_addr, now=now)
        entered = signing.enter(
            person_id, community_id=None, claim=None, agent=answers.agent(), now=now
        )
    except ChooseCommunity:
        entered = signing.enter_undecided(person_id, agent=answers.agent(), now=now)
        target = "/choose-community?" + urlencode({"next": target})
    except Problem as problem:
        page = render_template("accounts/sign_in.html", target=target, login=login, problem=problem)
        return page, problem.status
    return _signed_in(entered, target)


@bp.post("/sign-out")
@allow_leaving
def sign_out() -> ResponseReturnValue:
    """End this session."""
    with db.writing() as session:
        sessions.close(session, access.signed_in().session_hash)
    form_session.clear()
    answer = redirect("/sign-in", 303)
    access.drop_cookie(answer)
    return answer


@bp.get("/choose-community")
@allow_signed_in
def choose() -> ResponseReturnValue:
    """Whom to act for, when there are several."""
    with db.reading() as session:
        places = queries.memberships(session, access.signed_in().person_id)
    target = http.safe_next(request.args.get("next"))
    return render_template("accounts/choose.html", places=places, target=target)


@bp.post("/choose-community")
@allow_signed_in
def move() -> ResponseReturnValue:
    """Act for that community from now on."""
    community_id = request.form.get("community", type=int)
    signing.move(access.signed_in(), community_id)
    return redirect(http.safe_next(request.form.get("next")), 303)


@bp.get("/account")
@allow_signed_in
def account() -> ResponseReturnValue:
    """One's own name, password, language and devices."""
    return _account(None)


@bp.post("/account/password")
@allow_signed_in
def change_password() -> ResponseReturnValue:
    """Set another password, knowing the present one; other sessions end."""
    try:
        profile.change_password(
            access.signed_in(),
            request.form.get("present", "")[:200],
            request.form.get("password", "")[:201],
            now=clock.now(),
        )
    except Problem as problem:
        return _account(problem), problem.status
    flash(_("accounts.password_changed"), "ok")
    return redirect("/account", 303)


@bp.post("/account/profile")
@allow_signed_in
def change_profile() -> ResponseReturnValue:
    """Set name and language."""
    language = request.form.get("language", "")
    try:
        profile.change(access.signed_in(), request.form.get("name", ""), language)
    except Problem as problem:
        return _account(problem), problem.status
    flash(_("accounts.saved"), "ok")
    answer = redirect("/account", 303)
    answer.delete_cookie("qm_lang")  # the person's own choice holds from now on
    return answer


@bp.post("/account/devices/<uuid:device_id>/revoke")
@allow_signed_in
def revoke_device(device_id: UUID) -> ResponseReturnValue:
    """Shut out one of one's own devices."""
    who = access.member()
    with db.writing() as session:
        devices.revoke(session, who, who.community_id, str(device_id), now=clock.now())
    flash(_("accounts.device_revoked"), "ok")
    return redirect("/account", 303)


def _signed_in(entered: Entered, target: str) -> ResponseReturnValue:
    form_session.clear()
    answer = redirect(target, 303)
    access.set_cookie(answer, entered.token)
    return answer


def _account(problem: Problem | None) -> str:
    who = access.signed_in()
    with db.reading() as session:
        own = profile.show(session, who)
    return render_template("accounts/account.html", own=own, problem=problem, now=clock.now())
