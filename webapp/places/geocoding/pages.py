"""`/geocoding`: have places looked up, watch, and decide on what came back. For coordinators."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, http, jobs
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.places.geocoding import checking, job

bp = Blueprint("geocoding", __name__, url_prefix="/geocoding")
EXAMPLES = 3
SHOWN = 500


@bp.get("")
@allow("coordinator")
def show() -> str:
    """What is to be asked, how far it is, what came back."""
    return _page(None, None)


@bp.post("")
@allow("coordinator")
def start() -> ResponseReturnValue:
    """Ask for all buildings without a place."""
    who, prefix = access.member(), " ".join(request.form.get("prefix", "").split())
    try:
        with db.writing() as session:
            job.start(session, who.community_id, prefix, person_id=who.person_id, now=clock.now())
    except Problem as problem:
        return _page(prefix, _(problem.message, **problem.params)), 422
    return redirect("/geocoding", 303)


@bp.get("/<uuid:job_id>.json")
@allow("coordinator")
def figures(job_id: UUID) -> Response:
    """How far a job is, for the page's script."""
    with db.reading() as session:
        found = job.find(session, access.member().community_id, str(job_id))
        total = found.total or found.state["expected"]
        body = {"status": found.status, "done": found.done, "total": total, "at": -1}
    return http.answer_json(body)


@bp.post("/<uuid:job_id>/stop")
@allow("coordinator")
def stop(job_id: UUID) -> ResponseReturnValue:
    """Ask no more; what came back stays."""
    with db.writing() as session:
        found = job.find(session, access.member().community_id, str(job_id))
        jobs.stop(session, found.id, now=clock.now())
    return redirect("/geocoding", 303)


@bp.post("/answers")
@allow("coordinator")
def settle() -> ResponseReturnValue:
    """Take what is ticked, or decline it."""
    who, take = access.member(), request.form.get("take") == "yes"
    settings = job.geocoder()
    with db.writing() as session:
        count = checking.settle(
            session,
            who.community_id,
            request.form.getlist("answer"),
            take=take,
            credit=settings.attribution if settings else "",
            who=who,
            now=clock.now(),
        )
    flash(_("geocoding.taken" if take else "geocoding.declined", n=count), "ok")
    return redirect("/geocoding", 303)


def _page(prefix: str | None, problem: str | None) -> str:
    who = access.member()
    with db.reading() as session:
        if prefix is None:
            prefix = job.usual_prefix(session, who.community_id)
        last = job.last(session, who.community_id)
        some = session.scalars(job.open_buildings(who.community_id).limit(EXAMPLES)).all()
        examples = [job.question(session, building, prefix) for building in some]
        to_ask = job.count_open(session, who.community_id)
        answers = checking.answers(session, who.community_id)
        session.expunge_all()
    return render_template(
        "places/geocoding.html",
        geocoder=job.geocoder(),
        prefix=prefix,
        problem=problem,
        last=last,
        running=last is not None and last.status in job.RUNNING,
        to_ask=to_ask,
        examples=examples,
        answers=answers[:SHOWN],
        waiting=len(answers),
        timezone=who.timezone,
    )
