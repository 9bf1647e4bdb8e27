"""`/leaflets`: what is where, and what the desk notes of it. For coordinators."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.queries import team_of
from webapp.core import clock, db
from webapp.core.errors import NotFound, Problem
from webapp.core.forms import whole
from webapp.core.i18n import _
from webapp.core.ids import new_id
from webapp.leaflets.ledger import ENDS, ledger, note

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
            )
    except NotFound:
        raise
    except Problem as problem:
        return _page(values, _(f"leaflets.wrong.{problem.params.get('field')}")), 422
    flash(_("leaflets.noted"), "ok")
    return redirect("/leaflets", 303)


def _page(values: dict[str, str], problem: str | None) -> str:
    who = access.member()
    with db.reading() as session:
        view = ledger(session, who.community_id)
        team = team_of(session, who.community_id)
    return render_template(
        "leaflets/ledger.html",
        view=view,
        team=team,
        kinds=tuple(ENDS),
        values=values,
        problem=problem,
        timezone=who.timezone,
    )
