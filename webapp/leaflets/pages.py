"""`/leaflets`: what is where, and what the desk notes of it. For coordinators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.queries import team_of
from webapp.core import clock, db, pictures
from webapp.core.errors import NotFound, Problem
from webapp.core.forms import whole
from webapp.core.i18n import _
from webapp.core.ids import new_id
from webapp.leaflets import kinds
from webapp.leaflets.ledger import ENDS, ledger, note
from webapp.leaflets.models import GENERAL

bp = Blueprint("leaflets", __name__, url_prefix="/leaflets")


@bp.get("")
@allow("coordinator")
def show() -> str:
    """The ledger."""
    return _page({"once": new_id()}, None)


@bp.post("")
@allow("coordinator")
def record() -> ResponseReturnValue:
    """Note a movement."""
    who, values = access.member(), request.form.to_dict()
    try:
        with db.writing() as session:
            note(
                session,
                who,
                values.get("what", ""),
                whole(values.get("count", ""), 4) or 0,
                values.get("member") or None,
                values.get("note", ""),
                once=values.get("once", ""),
                now=clock.now(),
                kind=values.get("kind", GENERAL),
            )
    except NotFound:
        raise
    except Problem as problem:
        return _page(values, _(f"leaflets.wrong.{problem.params.get('field')}")), 422
    flash(_("leaflets.noted"), "ok")
    return redirect("/leaflets", 303)


@bp.post("/kinds")
@allow("coordinator")
def save_kind() -> ResponseReturnValue:
    """Enter a kind or change one, with its picture."""
    values, file = request.form, request.files.get("picture")
    try:
        with db.writing() as session:
            kinds.save(
                session,
                access.member(),
                values.get("kind") or None,
                values.get("name", ""),
                whole(values.get("low", "").strip() or "0", 5),
                file.stream.read(pictures.MOST_BYTES + 1) if file else b"",
                now=clock.now(),
            )
    except NotFound:
        raise
    except Problem as problem:
        field = problem.params.get("field")
        said = _(f"leaflets.wrong.{field}") if field else _(problem.message, **problem.params)
        return _page({"once": new_id()}, said), 422
    flash(_("leaflets.kind_saved"), "ok")
    return redirect("/leaflets#kinds", 303)


@bp.post("/kinds/<kind_id>/retire")
@allow("coordinator")
def retire_kind(kind_id: str) -> ResponseReturnValue:
    """Offer a kind no more."""
    with db.writing() as session:
        kinds.retire(session, access.member(), kind_id, now=clock.now())
    flash(_("leaflets.kind_retired"), "ok")
    return redirect("/leaflets#kinds", 303)


def _page(values: dict[str, str], problem: str | None) -> str:
    who = access.member()
    with db.reading() as session:
        view = ledger(session, who.community_id)
        entered = kinds.kinds_of(session, who.community_id)
        pictured = {kind.id: kinds.inline(kind) for kind in entered}
        team = team_of(session, who.community_id)
    return render_template(
        "leaflets/ledger.html",
        view=view,
        team=team,
        acts=tuple(ENDS),
        entered=entered,
        pictured=pictured,
        names={GENERAL: _("leaflets.general"), **{kind.id: kind.name for kind in entered}},
        values=values,
        problem=problem,
        timezone=who.timezone,
    )
