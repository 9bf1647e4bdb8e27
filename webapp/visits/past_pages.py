"""`/import/visits`: the year that a community has walked before, from a list. For coordinators."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, http, jobs
from webapp.core.i18n import _
from webapp.places.imports import tables, uploads
from webapp.places.imports.findings import Finding, Unreadable, sentence
from webapp.visits import past, past_job
from webapp.visits.past import Past
from webapp.visits.past_words import HEADINGS

bp = Blueprint("past_visits", __name__, url_prefix="/import/visits")
SHOWN = 200
RUNNING = ("queued", "running")


@bp.get("")
@allow("coordinator")
def start() -> str:
    """Choose a file."""
    return _start(None)


@bp.post("")
@allow("coordinator")
def upload() -> ResponseReturnValue:
    """Take a file in, if it is such a list."""
    who, now = access.member(), clock.now()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _start(_("import.choose_first")), 422
    data = file.read()
    try:
        past.look(tables.read(data), community_id=who.community_id, now=now)
    except Unreadable as error:
        return _start(sentence(error.finding)), 422
    kept = uploads.keep(data, file.filename, who.community_id, now=now)
    return redirect(url_for("past_visits.check", token=kept.token), 303)


@bp.get("/<token>")
@allow("coordinator")
def check(token: str) -> str:
    """What it would bring, and what is wrong with its rows. Nothing is written."""
    who = access.member()
    kept = uploads.find(token, who.community_id)
    found = past.look(tables.read(kept.data()), community_id=who.community_id, now=clock.now())
    return _result(found, kept.filename, token=token)


@bp.post("/<token>/start")
@allow("coordinator")
def begin(token: str) -> ResponseReturnValue:
    """Record the good rows in the background."""
    who = access.member()
    kept = uploads.find(token, who.community_id)
    with db.writing() as session:
        job_id = past_job.enqueue(
            session,
            kept,
            member_id=who.member_id,
            person_id=who.person_id,
            by=who.name,
            now=clock.now(),
        )
    return redirect(url_for("past_visits.progress", job_id=job_id), 303)


@bp.post("/<token>/forget")
@allow("coordinator")
def forget(token: str) -> ResponseReturnValue:
    """Erase a file that shall not be recorded after all."""
    uploads.erase(uploads.find(token, access.member().community_id).token)
    flash(_("import.forgotten"), "ok")
    return redirect(url_for("past_visits.start"), 303)


@bp.get("/jobs/<uuid:job_id>")
@allow("coordinator")
def progress(job_id: UUID) -> str:
    """How far it is, and at the end what came of it."""
    with db.reading() as session:
        job = past_job.find(session, access.member().community_id, str(job_id))
        session.expunge(job)
    state = job.state
    problems = [Finding.from_data(data) for data in state.get("problems", [])]
    found = Past(state.get("new", 0), state.get("same", 0), problems)
    return _result(found, state["filename"], job=job, count=state.get("problem_count"))


@bp.get("/jobs/<uuid:job_id>.json")
@allow("coordinator")
def figures(job_id: UUID) -> Response:
    """The same for the page's script."""
    with db.reading() as session:
        job = past_job.find(session, access.member().community_id, str(job_id))
        body = {"status": job.status, "done": job.done, "total": job.total, "at": -1}
    return http.answer_json(body)


@bp.post("/jobs/<uuid:job_id>/stop")
@allow("coordinator")
def stop(job_id: UUID) -> ResponseReturnValue:
    """Stop between two steps; what is recorded stays."""
    with db.writing() as session:
        job = past_job.find(session, access.member().community_id, str(job_id))
        jobs.stop(session, job.id, now=clock.now())
    return redirect(url_for("past_visits.progress", job_id=job_id), 303)


def _start(problem: str | None) -> str:
    names = [names[0] for names in HEADINGS.values()]
    return render_template("visits/past_start.html", problem=problem, names=names)


def _result(
    found: Past,
    filename: str,
    *,
    token: str | None = None,
    job: jobs.Job | None = None,
    count: int | None = None,
) -> str:
    return render_template(
        "visits/past_result.html",
        found=found,
        filename=filename,
        token=token,
        job=job,
        running=job is not None and job.status in RUNNING,
        problems=[(one, sentence(one)) for one in found.problems[:SHOWN]],
        problem_count=len(found.problems) if count is None else count,
    )
