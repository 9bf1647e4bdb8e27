"""`/handovers`: what other communities offer, what was offered to them; `/alerts/<id>/handover`."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.alerts import handovers
from webapp.alerts.change import get_alert
from webapp.core import clock, db
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.core.settings import Settings

bp = Blueprint("handovers", __name__)
PAGE = "/handovers"


@bp.get(PAGE)
@allow("coordinator")
def show() -> ResponseReturnValue:
    """What is to be decided here, and what became of what was offered."""
    who = access.member()
    with db.reading() as session:
        incoming, outgoing = handovers.offers(session, who.community_id, _secret())
    return render_template(
        "alerts/handovers.html", incoming=incoming, outgoing=outgoing, timezone=who.timezone
    )


@bp.get("/alerts/<uuid:alert_id>/handover")
@allow("coordinator")
def choose(alert_id: UUID) -> ResponseReturnValue:
    """To which community."""
    who = access.member()
    with db.reading() as session:
        alert = get_alert(session, who.community_id, str(alert_id))
        others = handovers.receivers(session, who.community_id)
    return render_template("alerts/handover.html", alert=alert, others=others)


@bp.post("/alerts/<uuid:alert_id>/handover")
@allow("coordinator")
def offer(alert_id: UUID) -> ResponseReturnValue:
    """Offer it."""
    who = access.member()
    to_community = request.form.get("community", type=int)
    if to_community is None:
        raise Problem("nothing_chosen", field="community")
    with db.writing() as session:
        handovers.offer(
            session, str(alert_id), to_community, who=who, now=clock.now(), secret_key=_secret()
        )
    flash(_("alerts.handover.offered"), "ok")
    return redirect(PAGE, 303)


@bp.post(PAGE + "/<uuid:handover_id>/accept")
@allow("coordinator")
def accept(handover_id: UUID) -> ResponseReturnValue:
    """Take it over."""
    who = access.member()
    with db.writing() as session:
        handovers.accept(session, str(handover_id), who=who, now=clock.now(), secret_key=_secret())
    flash(_("alerts.handover.accepted"), "ok")
    return redirect(PAGE, 303)


@bp.post(PAGE + "/<uuid:handover_id>/decline")
@allow("coordinator")
def decline(handover_id: UUID) -> ResponseReturnValue:
    """It is not theirs either."""
    who, reason = access.member(), request.form.get("reason", "")
    try:
        with db.writing() as session:
            handovers.decline(session, str(handover_id), reason, who=who, now=clock.now())
    except Problem as problem:
        if "field" not in problem.params:
            raise
        flash(_(problem.message, **problem.params), "error")
    else:
        flash(_("alerts.handover.declined"), "ok")
    return redirect(PAGE, 303)


@bp.post(PAGE + "/<uuid:handover_id>/withdraw")
@allow("coordinator")
def withdraw(handover_id: UUID) -> ResponseReturnValue:
    """Take an offer back."""
    who = access.member()
    with db.writing() as session:
        handovers.withdraw(session, str(handover_id), who=who, now=clock.now())
    flash(_("alerts.handover.withdrawn"), "ok")
    return redirect(PAGE, 303)


def _secret() -> str:
    settings: Settings = current_app.extensions["qiaomen.settings"]
    return settings.secret_key
