"""`/coverage/paper`: lists to print, and the form for what comes back on them. For coordinators."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import access, answers
from webapp.accounts.access import allow
from webapp.accounts.models import Community
from webapp.accounts.queries import team_of
from webapp.core import clock, db, qr
from webapp.core.errors import NotFound
from webapp.core.forms import usual_time
from webapp.core.i18n import _
from webapp.core.ids import is_id, new_id
from webapp.coverage import paper
from webapp.coverage.paper import Refused, Typed

bp = Blueprint("paper", __name__, url_prefix="/coverage")


@bp.get("/walk-lists")
@allow("coordinator")
def lists() -> str:
    """The sheets of one or several buildings (`building`), ready to print."""
    who = access.member()
    wanted = [one for one in dict.fromkeys(request.args.getlist("building")) if is_id(one)]
    with db.reading() as session:
        found = paper.sheets(session, who.community_id, wanted)
        community = session.get_one(Community, who.community_id)
    if not found:
        raise NotFound("building_unknown")
    site = answers.settings().public_url
    codes = {one.building.id: qr.drawn(f"{site}/app/building/{one.building.id}") for one in found}
    return render_template(
        "coverage/walk_list.html", sheets=found, community=community, codes=codes, paper=paper
    )


@bp.get("/buildings/<uuid:building_id>/paper")
@allow("coordinator")
def form(building_id: UUID) -> str:
    """A line for each door."""
    who, now = access.member(), clock.now()
    values = {
        "once": new_id(),
        "day": clock.day_of(now, who.timezone).isoformat(),
        "time": usual_time(now, who.timezone),
    }
    return _page(str(building_id), values, Typed())


@bp.post("/buildings/<uuid:building_id>/paper")
@allow("coordinator")
def enter(building_id: UUID) -> ResponseReturnValue:
    """Record all of it, or say door by door what cannot be."""
    who, values, of = access.member(), request.form.to_dict(), str(building_id)
    if not is_id(values.get("once")):
        values["once"] = new_id()
    try:
        with db.writing() as session:
            typed = paper.enter(session, who, of, values, now=clock.now())
    except Refused as refused:
        typed = refused.typed
    if not typed.good:
        return _page(of, values, typed), 422
    flash(_("paper.taken", n=typed.new) if typed.new else _("paper.known", n=typed.same), "ok")
    if typed.doubtful:
        flash(_("paper.doubtful", n=typed.doubtful), "warning")
    return redirect(f"/coverage/buildings/{of}", 303)


def _page(building_id: str, values: dict[str, str], typed: Typed) -> str:
    who = access.member()
    with db.reading() as session:
        building, units = paper.units_of(session, who.community_id, building_id)
        team = team_of(session, who.community_id)
    lines = [(unit.name, list(paper.in_order(unit))) for unit in units]
    rooms = {door.id: door.room for _unit, doors in lines for door in doors}
    return render_template(
        "coverage/paper.html",
        building=building,
        lines=lines,
        rooms=rooms,
        team=team,
        values=values,
        typed=typed,
        paper=paper,
        me=who.member_id,
        today=clock.day_of(clock.now(), who.timezone).isoformat(),
    )
