"""`/communities`: administrators make communities and invite their coordinators."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import access, answers, communities, invites, members, queries
from webapp.accounts.access import allow
from webapp.core import clock, db
from webapp.core.errors import Problem
from webapp.core.i18n import _

bp = Blueprint("installation", __name__, url_prefix="/communities")


@bp.get("")
@allow("admin")
def overview() -> ResponseReturnValue:
    """All communities, and a form for the next one."""
    with db.reading() as session:
        found = queries.communities(session)
    return render_template("accounts/communities.html", communities=found)


@bp.post("")
@allow("admin")
def add() -> ResponseReturnValue:
    """Make a community and go on to its people."""
    form = request.form
    try:
        with db.writing() as session:
            made = communities.add_community(
                session,
                form.get("name", ""),
                form.get("region", ""),
                form.get("timezone", "Asia/Shanghai"),
                now=clock.now(),
            )
    except Problem as problem:
        return _refused(problem, "/communities")
    flash(_("accounts.community_made"), "ok")
    return redirect(f"/communities/{made}", 303)


@bp.get("/<int:community_id>")
@allow("admin")
def community(community_id: int) -> ResponseReturnValue:
    """One community's people and open invites; no household, no visit."""
    now = clock.now()
    with db.reading() as session:
        found = queries.get_community(session, community_id)
        team = queries.members_of(session, community_id)
        open_invites = queries.open_invites(session, community_id, now=now)
        session.expunge(found)
    return render_template(
        "accounts/community.html", community=found, team=team, invites=open_invites, now=now
    )


@bp.post("/<int:community_id>/invites")
@allow("admin")
def invite(community_id: int) -> ResponseReturnValue:
    """Invite a coordinator."""
    who = access.signed_in()
    try:
        with db.writing() as session:
            queries.get_community(session, community_id)
            made = invites.invite(
                session,
                answers.maker(),
                who,
                community_id,
                role="coordinator",
                name=request.form.get("name"),
                phone=request.form.get("phone"),
                now=clock.now(),
            )
    except Problem as problem:
        return _refused(problem, f"/communities/{community_id}")
    return redirect(f"/communities/{community_id}/invites/{made.id}", 303)


@bp.get("/<int:community_id>/invites/<uuid:invite_id>")
@allow("admin")
def show_invite(community_id: int, invite_id: UUID) -> ResponseReturnValue:
    """One invite with link, QR code and code."""
    now = clock.now()
    with db.reading() as session:
        shown = invites.show(session, answers.maker(), community_id, str(invite_id), now=now)
        found = queries.get_community(session, community_id)
        session.expunge(found)
    return render_template(
        "accounts/community_invite.html",
        shown=shown,
        community=found,
        address=answers.link(shown.token),
        now=now,
    )


@bp.get("/<int:community_id>/invites/<uuid:invite_id>/qr.svg")
@allow("admin")
def qr(community_id: int, invite_id: UUID) -> ResponseReturnValue:
    """The link as a QR code."""
    with db.reading() as session:
        shown = invites.show(
            session, answers.maker(), community_id, str(invite_id), now=clock.now()
        )
    return answers.qr(shown)


@bp.post("/<int:community_id>/invites/<uuid:invite_id>/code")
@allow("admin")
def redraw(community_id: int, invite_id: UUID) -> ResponseReturnValue:
    """Draw a new code for 15 minutes."""
    with db.writing() as session:
        invites.redraw(session, answers.maker(), community_id, str(invite_id), now=clock.now())
    return redirect(f"/communities/{community_id}/invites/{invite_id}", 303)


@bp.post("/<int:community_id>/members/<uuid:member_id>/confirm")
@allow("admin")
def confirm(community_id: int, member_id: UUID) -> ResponseReturnValue:
    """That is them: the first coordinator has nobody else to say so."""
    with db.writing() as session:
        members.confirm(session, access.signed_in(), community_id, str(member_id), now=clock.now())
    flash(_("accounts.confirmed"), "ok")
    return redirect(f"/communities/{community_id}", 303)


@bp.post("/<int:community_id>/members/<uuid:member_id>/end")
@allow("admin")
def end(community_id: int, member_id: UUID) -> ResponseReturnValue:
    """Decline or end a membership."""
    try:
        with db.writing() as session:
            members.end(session, access.signed_in(), community_id, str(member_id), now=clock.now())
    except Problem as problem:
        return _refused(problem, f"/communities/{community_id}")
    flash(_("accounts.ended"), "ok")
    return redirect(f"/communities/{community_id}", 303)


@bp.post("/<int:community_id>/members/<uuid:member_id>/reset")
@allow("admin")
def reset(community_id: int, member_id: UUID) -> ResponseReturnValue:
    """Invite a member to set a new password, whatever else the person may do."""
    try:
        with db.writing() as session:
            made = invites.invite_to_reset(
                session,
                answers.maker(),
                access.signed_in(),
                community_id,
                str(member_id),
                now=clock.now(),
            )
    except Problem as problem:
        return _refused(problem, f"/communities/{community_id}")
    return redirect(f"/communities/{community_id}/invites/{made.id}", 303)


def _refused(problem: Problem, target: str) -> ResponseReturnValue:
    if problem.status == 404:
        raise problem
    flash(_(problem.message, **problem.params), "error")
    return redirect(target, 303)
