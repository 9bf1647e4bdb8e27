"""The import wizard: file → columns → check → import (mockup 15)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, http, jobs
from webapp.core.i18n import _
from webapp.core.jobs import Job
from webapp.places.imports import attribution, checking, crs, job, mend, tables, uploads
from webapp.places.imports.findings import Finding, Unreadable, sentence
from webapp.places.imports.layout import Table
from webapp.places.imports.options import Options, WrongUse
from webapp.places.imports.uploads import Upload
from webapp.places.imports.vocabulary import FIELDS

bp = Blueprint("imports", __name__, url_prefix="/import")
PER_PAGE = 50
RUNNING = {"queued", "running"}


@bp.get("")
@allow("coordinator")
def start() -> str:
    """Step 1: choose a file."""
    return _start_page(None)


@bp.post("")
@allow("coordinator")
def upload() -> ResponseReturnValue:
    """Take a file in, if it is a table."""
    who = access.member()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _start_page(_("import.choose_first")), 422
    data = file.read()
    try:
        checking.shown_tables(tables.read(data), Options())
    except Unreadable as error:
        return _start_page(sentence(error.finding)), 422
    kept = uploads.keep(data, file.filename, who.community_id, now=clock.now())
    return redirect(url_for("imports.choose", token=kept.token), 303)


@bp.get("/template.xlsx")
@allow("coordinator")
def template() -> Response:
    """An empty list with the headings that are understood."""
    return _download(mend.template(), _("import.template_name"))


@bp.get("/<token>/columns")
@allow("coordinator")
def choose(token: str) -> str:
    """Step 2: which column holds what."""
    return _columns_page(_upload(token), None)


@bp.post("/<token>/columns")
@allow("coordinator")
def choose_columns(token: str) -> ResponseReturnValue:
    """Keep the choice and check the rows with it."""
    kept = _upload(token)
    kept.options = _read_options(kept)
    try:
        checking.check(kept)
    except Unreadable as error:
        kept.save()
        return _columns_page(kept, sentence(error.finding)), 422
    except WrongUse as error:
        return _columns_page(kept, _(f"import.use.{error.code}", **error.params)), 422
    return redirect(url_for("imports.check", token=token), 303)


@bp.get("/<token>/check")
@allow("coordinator")
def check(token: str) -> ResponseReturnValue:
    """Step 3: what would happen, every problem by row and column."""
    kept = _upload(token)
    if kept.checked is None:
        return redirect(url_for("imports.choose", token=token))
    found = kept.checked
    everything = request.args.get("show") == "all"
    lines = found["list"] if everything else found["problems"]
    page = min(max(request.args.get("page", 1, int), 1), 1 + max(0, len(lines) - 1) // PER_PAGE)
    return render_template(
        "places/import_check.html",
        upload=kept,
        found=found,
        everything=everything,
        lines=lines[(page - 1) * PER_PAGE : page * PER_PAGE],
        page=page,
        pages=1 + max(0, len(lines) - 1) // PER_PAGE,
        message=_message,
        ready=found["households"]["created"] + found["households"]["updated"],
        step=3,
    )


@bp.post("/<token>/mend")
@allow("coordinator")
def mend_cell(token: str) -> ResponseReturnValue:
    """Correct one cell of a row with a problem."""
    kept = _upload(token)
    form = request.form
    row, index = form.get("row", -1, int), form.get("index", -1, int)
    checking.mend(kept, form.get("sheet", ""), row, index, form.get("value", ""))
    return redirect(url_for("imports.check", token=token, page=form.get("page")), 303)


@bp.get("/<token>/mend.xlsx")
@allow("coordinator")
def bad_rows(token: str) -> Response:
    """The rows that will not be imported, to mend and import again."""
    kept = _upload(token)
    reading = checking.read(kept)
    problems = [Finding.from_data(data) for data in (kept.checked or {}).get("problems", [])]
    return _download(mend.as_xlsx(mend.bad_rows(reading, problems), "1"), _("import.mend_name"))


@bp.post("/<token>/start")
@allow("coordinator")
def begin(token: str) -> ResponseReturnValue:
    """Import the good rows in the background."""
    who, kept = access.member(), _upload(token)
    if kept.checked is None:
        return redirect(url_for("imports.choose", token=token), 303)
    job_id = job.enqueue(kept, person_id=who.person_id, by=who.name, now=clock.now())
    return redirect(url_for("imports.progress", job_id=job_id), 303)


@bp.get("/jobs/<job_id>")
@allow("coordinator")
def progress(job_id: str) -> str:
    """Step 4: how far it is, and at the end what came of it."""
    found = _job(job_id)
    problems = [Finding.from_data(data) for data in found.state.get("problems", [])]
    return render_template(
        "places/import_progress.html",
        job=found,
        running=found.status in RUNNING,
        total=found.total or found.state.get("expected", 0),
        state=found.state,
        strip=_strip(found),
        problems=[(f, sentence(f)) for f in problems[:PER_PAGE]],
        message=_message,
        step=4,
    )


@bp.get("/jobs/<job_id>/progress")
@allow("coordinator")
def figures(job_id: str) -> Response:
    """The same for the page's script: asked for every second."""
    found = _job(job_id)
    body = {
        "status": found.status,
        "done": found.done,
        "total": found.total or found.state.get("expected", 0),
        "at": found.state.get("at", 0),
    }
    return http.answer_json(body)


@bp.post("/jobs/<job_id>/stop")
@allow("coordinator")
def stop(job_id: str) -> ResponseReturnValue:
    """Stop between two buildings; what is imported stays."""
    found = _job(job_id)
    with db.writing() as session:
        jobs.stop(session, found.id, now=clock.now())
    return redirect(url_for("imports.progress", job_id=job_id), 303)


@bp.post("/jobs/<job_id>/again")
@allow("coordinator")
def again(job_id: str) -> ResponseReturnValue:
    """Go on with what was stopped."""
    found = _job(job_id)
    if found.status in RUNNING | {"done"}:
        return redirect(url_for("imports.progress", job_id=job_id), 303)
    return redirect(url_for("imports.progress", job_id=job.again(found, now=clock.now())), 303)


@bp.get("/jobs/<job_id>/mend.xlsx")
@allow("coordinator")
def left_rows(job_id: str) -> Response:
    """The rows that were not imported, after the import."""
    rows = _job(job_id).state.get("mend", [])
    return _download(mend.as_xlsx(rows, "1"), _("import.mend_name"))


@bp.post("/<token>/forget")
@allow("coordinator")
def forget(token: str) -> ResponseReturnValue:
    """Erase a file that shall not be imported after all."""
    uploads.erase(_upload(token).token)
    flash(_("import.forgotten"), "ok")
    return redirect(url_for("imports.start"), 303)


# -- what the views share ----------------------------------------------------------------------


def _upload(token: str) -> Upload:
    return uploads.find(token, access.member().community_id)


def _job(job_id: str) -> Job:
    return job.find(job_id, access.member().community_id)


def _start_page(problem: str | None) -> str:
    who = access.member()
    return render_template(
        "places/import_start.html",
        problem=problem,
        last=job.last_done(who.community_id),
        timezone=who.timezone,
        step=1,
    )


def _columns_page(kept: Upload, problem: str | None) -> str:
    book = tables.read(kept.data())
    shown = checking.shown_tables(book, kept.options)
    return render_template(
        "places/import_columns.html",
        upload=kept,
        tables=[_shown(table, number) for number, table in enumerate(shown)],
        fields=list(FIELDS),
        systems=crs.SYSTEMS,
        attribution=kept.options.attribution or book.attribution,
        problem=problem,
        step=2,
    )


def _shown(table: Table, number: int) -> dict[str, Any]:
    used = [c for c in table.columns if c.label or c.field]
    return {
        "number": number,
        "name": table.sheet.name,
        "rows": len(table.rows()),
        "columns": used,
        "first": {c.index: checking.first_value(table, c) for c in used},
        "known": sum(1 for c in used if c.field),
    }


def _read_options(kept: Upload) -> Options:
    """The form's choices; what stays as recognised is not written down."""
    recognised = checking.shown_tables(tables.read(kept.data()), Options())
    chosen: dict[str, dict[int, str | None]] = {}
    for number, table in enumerate(recognised):
        for column in table.columns:
            value = request.form.get(f"c{number}-{column.index}")
            if value is None or column.kind == "personal":
                continue
            field = value if value in FIELDS else None
            if field != column.field:
                chosen.setdefault(table.sheet.name, {})[column.index] = field
    system = request.form.get("crs", "wgs84")
    return replace(
        kept.options,
        chosen=chosen,
        crs=system if system in crs.SYSTEMS else "wgs84",
        generate="generate" in request.form,
        compound=request.form.get("compound", "").strip()[:120],
        attribution=attribution.plain(request.form.get("attribution", "")),
    )


def _strip(found: Job) -> list[dict[str, Any]]:
    """The buildings as little doors: done, at work, waiting."""
    at = found.state.get("at", 0)
    finished = found.status == "done"
    return [
        {**one, "state": "done" if finished or i < at else "now" if i == at else "todo"}
        for i, one in enumerate(found.state.get("strip", []))
    ]


def _message(data: dict[str, Any]) -> str:
    return sentence(Finding.from_data(data))


def _download(content: bytes, name: str) -> Response:
    answer = Response(content, mimetype=mend.XLSX)
    # Headers are Latin-1: a server refuses a name in Chinese that is not written this way.
    encoded = f"UTF-8''{quote(name)}.xlsx"
    answer.headers["Content-Disposition"] = f"attachment; filename=list.xlsx; filename*={encoded}"
    return answer
