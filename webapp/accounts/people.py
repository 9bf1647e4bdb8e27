"""`/people`: the team of a community, its devices and its invites. For coordinators."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import access, answers, communities, devices, invites, members, queries
from webapp.accounts.access import allow
from webapp.accounts.identity import plain, read_phone
from webapp.core import clock, db, http
from webapp.core.errors import Problem
from webapp.core.i18n import _

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.errorhandler(Problem)
def problem(problem: Problem) -> ResponseReturnValue:
    """Who looks at an invite that was just used wants to see who came."""
    if problem.code == "invite_used":
        return redirect("/people", 303)
    return http.answer_problem(problem)


@bp.get("")
@allow("coordinator")
def people() -> ResponseReturnValue:
    """Everybody, who is pending on top, and the invites that are open."""
    who, now = access.member(), clock.now()
    with db.reading() as session:
        team = queries.members_of(session, who.community_id)
        open_invites = queries.open_invites(session, who.community_id, now=now)
        community = queries.get_community(session, who.community_id)
        session.expunge(community)
    return render_template(
        "accounts/people.html",
        team=team,
        invites=open_invites,
        community=community,
        who=who,
        now=now,
    )


@bp.get("/pending")
@allow("coordinator")
def pending() -> ResponseReturnValue:
    """Who waits for "that is them": a piece of the page, asked for while an invite is shown."""
    who = access.member()
    with db.reading() as session:
        team = queries.members_of(session, who.community_id)
    return render_template("accounts/_pending.html", team=team, now=clock.now(), who=who)


@bp.post("/invites")
@allow("coordinator")
def invite() -> ResponseReturnValue:
    """Make an invite and show it."""
    who = access.member()
    with db.writing() as session:
        made = invites.invite(
            session,
            answers.maker(),
            who,
            who.community_id,
            role=request.form.get("role", "volunteer"),
            name=request.form.get("name"),
            phone=request.form.get("phone"),
            now=clock.now(),
        )
    return redirect(f"/people/invites/{made.id}", 303)


@bp.get("/invites/<uuid:invite_id>")
@allow("coordinator")
def show_invite(invite_id: UUID) -> ResponseReturnValue:
    """One invite, its code big enough to read and its QR code big enough to scan."""
    who, now = access.member(), clock.now()
    with db.reading() as session:
        shown = invites.show(session, answers.maker(), who.community_id, str(invite_id), now=now)
        row = next(
            one
            for one in queries.open_invites(session, who.community_id, now=now)
            if one.id == shown.id
        )
        team = queries.members_of(session, who.community_id)
    return render_template(
        "accounts/invite.html",
        shown=shown,
        row=row,
        team=team,
        address=answers.link(shown.token),
        who=who,
        now=now,
    )


@bp.get("/invites/<uuid:invite_id>/qr.svg")
@allow("coordinator")
def qr(invite_id: UUID) -> ResponseReturnValue:
    """The link as a QR code; an image, because the policy allows no inline drawing."""
    who = access.member()
    with db.reading() as session:
        shown = invites.show(
            session, answers.maker(), who.community_id, str(invite_id), now=clock.now()
        )
    return answers.qr(shown)


@bp.post("/invites/<uuid:invite_id>/code")
@allow("coordinator")
def redraw(invite_id: UUID) -> ResponseReturnValue:
    """Draw a new code for 15 minutes."""
    who = access.member()
    with db.writing() as session:
        invites.redraw(session, answers.maker(), who.community_id, str(invite_id), now=clock.now())
    return redirect(f"/people/invites/{invite_id}", 303)


@bp.post("/invites/<uuid:invite_id>/withdraw")
@allow("coordinator")
def withdraw(invite_id: UUID) -> ResponseReturnValue:
    """Take an invite back."""
    who = access.member()
    with db.writing() as session:
        invites.withdraw(session, who, who.community_id, str(invite_id), now=clock.now())
    flash(_("accounts.invite_withdrawn"), "ok")
    return redirect("/people", 303)


@bp.post("/<uuid:member_id>/confirm")
@allow("coordinator")
def confirm(member_id: UUID) -> ResponseReturnValue:
    """That is them."""
    who = access.member()
    with db.writing() as session:
        members.confirm(session, who, who.community_id, str(member_id), now=clock.now())
    flash(_("accounts.confirmed"), "ok")
    return redirect("/people", 303)


@bp.post("/<uuid:member_id>/end")
@allow("coordinator")
def end(member_id: UUID) -> ResponseReturnValue:
    """Decline who is pending, or end a membership."""
    who = access.member()
    try:
        with db.writing() as session:
            members.end(session, who, who.community_id, str(member_id), now=clock.now())
    except Problem as problem:
        return _refused(problem)
    flash(_("accounts.ended"), "ok")
    return redirect("/people", 303)


@bp.post("/<uuid:member_id>/change")
@allow("coordinator")
def change(member_id: UUID) -> ResponseReturnValue:
    """Set role and marks."""
    who = access.member()
    try:
        with db.writing() as session:
            members.change(
                session,
                who,
                who.community_id,
                str(member_id),
                role=request.form.get("role", ""),
                lead="lead" in request.form,
                deputy="deputy" in request.form,
                now=clock.now(),
            )
    except Problem as problem:
        return _refused(problem)
    flash(_("accounts.saved"), "ok")
    return redirect("/people", 303)


@bp.post("/<uuid:member_id>/reset")
@allow("coordinator")
def reset(member_id: UUID) -> ResponseReturnValue:
    """Invite a member to set a new password."""
    who = access.member()
    try:
        with db.writing() as session:
            made = invites.invite_to_reset(
                session, answers.maker(), who, who.community_id, str(member_id), now=clock.now()
            )
    except Problem as problem:
        return _refused(problem)
    return redirect(f"/people/invites/{made.id}", 303)


@bp.post("/devices/<uuid:device_id>/revoke")
@allow("coordinator")
def revoke_device(device_id: UUID) -> ResponseReturnValue:
    """Shut a device out."""
    who = access.member()
    with db.writing() as session:
        devices.revoke(session, who, who.community_id, str(device_id), now=clock.now())
    flash(_("accounts.device_revoked"), "ok")
    return redirect("/people", 303)


@bp.post("/community")
@allow("coordinator")
def change_community() -> ResponseReturnValue:
    """Set the community's targets, phone number and habits."""
    form, who = request.form, access.member()
    phone = form.get("phone", "")
    try:
        with db.writing() as session:
            communities.change_community(
                session,
                who.community_id,
                name=form.get("name", ""),
                phone=read_phone(phone) if plain(phone) else None,
                headline=form.get("headline", ""),
                publicity_target=form.get("publicity_target", 0, type=int) * 100,
                app_target=form.get("app_target", 0, type=int) * 100,
                leaflet_default=form.get("leaflet_default", -1, type=int),
            )
    except Problem as problem:
        return _refused(problem)
    flash(_("accounts.saved"), "ok")
    return redirect("/people", 303)


def _refused(problem: Problem) -> ResponseReturnValue:
    """Back to the page with the sentence; somebody else's things stay 404."""
    if problem.status == 404:
        raise problem
    flash(_(problem.message, **problem.params), "error")
    return redirect("/people", 303)
