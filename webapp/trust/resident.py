"""`/r/<community>`: where a leaflet's QR code leads. Public, and complete without script but for
sending something: without a proof of work the page says to call."""

from __future__ import annotations

import re
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webapp.accounts import answers
from webapp.accounts.access import public
from webapp.core import clock, db
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import choose
from webapp.places.models import Building
from webapp.playbook import queries as playbook
from webapp.trust import proof, referral, setting
from webapp.trust.referral import REFERRALS, REPORTS, Counter, Sent
from webapp.trust.setting import Setting

bp = Blueprint("resident", __name__, url_prefix="/r/<int:community_id>")


@bp.get("")
@public
def home(community_id: int) -> str:
    """Whom to call, who is at the door, the three most current tricks."""
    here = _here(community_id)
    with db.reading() as session:
        tricks = playbook.current_tricks(session, community_id)
    texts = [playbook.text_in(trick, choose()) for trick in tricks]
    return render_template("trust/resident.html", here=here, texts=texts)


@bp.get("/help")
@public
def help_form(community_id: int) -> str:
    """Somebody I know may be in danger."""
    return _form("help", _here(community_id))


@bp.post("/help")
@public
def refer(community_id: int) -> ResponseReturnValue:
    """Leave a number to be called back at, and the building."""
    here = _here(community_id)
    try:
        _counter().refer(community_id, _sent(), now=clock.now())
    except Problem as problem:
        return _refused("help", here, problem)
    return redirect(f"/r/{community_id}/thanks?for=help", 303)


@bp.get("/installed")
@public
def installed_form(community_id: int) -> str:
    """We have installed the app."""
    here = _here(community_id)
    return _form("installed", here, building=_building_asked(community_id))


@bp.post("/installed")
@public
def report(community_id: int) -> ResponseReturnValue:
    """Building and unit, nothing else."""
    here = _here(community_id)
    try:
        _counter().report_installed(community_id, _sent(), now=clock.now())
    except Problem as problem:
        return _refused("installed", here, problem)
    return redirect(f"/r/{community_id}/thanks?for=installed", 303)


@bp.get("/thanks")
@public
def thanks(community_id: int) -> str:
    """It came in."""
    what = "installed" if request.args.get("for") == "installed" else "help"
    return render_template("trust/thanks.html", here=_here(community_id), what=what)


def _here(community_id: int) -> Setting:
    with db.reading() as session:
        here = setting.of_community(session, min(community_id, 2**31 - 1))
    if here.community_id != community_id:
        raise NotFound("community_unknown")
    return here


def _counter() -> Counter:
    return Counter(answers.settings().secret_key, request.remote_addr)


def _sent() -> Sent:
    given = {name: request.form.get(name, "")[:400] for name in Sent.__dataclass_fields__}
    return Sent(**given)


def _building_asked(community_id: int) -> str:
    """The building whose poster led here."""
    asked = request.args.get("building", "")
    if not re.fullmatch(r"[0-9a-f-]{36}", asked):
        return ""
    with db.reading() as session:
        found = session.scalars(
            select(Building).where(
                Building.community_id == community_id, Building.id == str(UUID(asked))
            )
        ).one_or_none()
    return referral.full_name(found) if found else ""


def _form(what: str, here: Setting, *, problem: Problem | None = None, building: str = "") -> str:
    assert here.community_id is not None
    purpose = (REFERRALS if what == "help" else REPORTS).name
    sent = _sent() if request.method == "POST" else Sent(building=building)
    with db.reading() as session:
        names = referral.names(session, here.community_id)
    return render_template(
        f"trust/{what}.html",
        here=here,
        names=names,
        sent=sent,
        problem=problem,
        bits=proof.BITS,
        task=proof.task(answers.settings().secret_key, purpose, now=clock.now()),
    )


def _refused(what: str, here: Setting, problem: Problem) -> Response:
    if problem.status == 404:
        raise problem
    return make_response(_form(what, here, problem=problem), problem.status)
