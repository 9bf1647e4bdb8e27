"""A hand-out list of the police: file, check, import. Importing it twice makes nothing twice."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import access
from webapp.accounts.access import ActingMember, allow
from webapp.alerts.intake import entering, grounds, lists
from webapp.alerts.intake.headings import FIELDS
from webapp.alerts.intake.lists import AlertList, Finding
from webapp.alerts.models import Alert
from webapp.core import clock, db
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.places.imports import mend, uploads
from webapp.places.imports.findings import Unreadable, sentence
from webapp.places.imports.uploads import Upload

bp = Blueprint("alert_import", __name__, url_prefix="/alerts/import")
SHEET = "alerts"
"""Under this name the choice of columns is kept: a list of alerts is one table."""


@bp.get("")
@allow("coordinator")
def start() -> str:
    """Choose a file."""
    return _start_page(None)


@bp.post("")
@allow("coordinator")
def upload() -> ResponseReturnValue:
    """Take a file in, if it is a list of alerts."""
    who, now = access.member(), clock.now()
    file = request.files.get("file")
    if file is None or not file.filename:
        return _start_page(_("import.choose_first")), 422
    data = file.read()
    try:
        lists.read(data, now=now, timezone=who.timezone)
    except Unreadable as error:
        if error.finding.code != "no_alert_columns":
            return _start_page(sentence(error.finding)), 422
    kept = uploads.keep(data, file.filename, who.community_id, now=now)
    return redirect(url_for("alert_import.check", token=kept.token), 303)


@bp.get("/template.xlsx")
@allow("coordinator")
def template() -> Response:
    """An empty list with the headings that are understood."""
    heads = [names[0] for field, names in FIELDS.items() if field != "text"]
    answer = Response(mend.as_xlsx([heads], "1"), mimetype=mend.XLSX)
    answer.headers["Content-Disposition"] = "attachment; filename=alerts.xlsx"
    return answer


@bp.get("/<token>")
@allow("coordinator")
def check(token: str) -> ResponseReturnValue:
    """What would be imported, every problem by row and field."""
    return _check_page(_upload(token))


@bp.post("/<token>/columns")
@allow("coordinator")
def choose(token: str) -> ResponseReturnValue:
    """Say what a column holds."""
    kept = _upload(token)
    chosen: dict[int, str | None] = {}
    for name, value in request.form.items():
        index = name.removeprefix("c")
        if name.startswith("c") and index.isascii() and index.isdigit() and len(index) < 4:
            chosen[int(index)] = value if value in FIELDS else None
    kept.options = replace(kept.options, chosen={SHEET: chosen})
    kept.save()
    return redirect(url_for("alert_import.check", token=token), 303)


@bp.post("/<token>/start")
@allow("coordinator")
def begin(token: str) -> ResponseReturnValue:
    """Make a draft of every good row; those that are there already stay as they are."""
    who, now, kept = access.member(), clock.now(), _upload(token)
    try:
        with db.reading() as session:
            ground = grounds.read(session, who.community_id)
            found = _read(kept, who, now)
            good = [line.entry for line in found.lines if line.good]
            ready = entering.prepare(session, ground, good, now=now)
        with db.writing() as session:
            done = entering.enter(session, ground, ready, who=who, now=now, source="import")
    except Problem as problem:
        flash(_(problem.message, **problem.params), "error")
        return redirect(url_for("alert_import.check", token=token), 303)
    uploads.erase(kept.token)
    new = [one for one in done if not one.known]
    flash(_("alerts.intake.imported", n=len(new), known=len(done) - len(new)), "ok")
    return redirect(url_for("alerts.board", draft=new[0].alert_id if new else None), 303)


@bp.post("/<token>/forget")
@allow("coordinator")
def forget(token: str) -> ResponseReturnValue:
    """Erase a file that shall not be imported after all."""
    uploads.erase(_upload(token).token)
    flash(_("import.forgotten"), "ok")
    return redirect(url_for("alert_import.start"), 303)


def _upload(token: str) -> Upload:
    return uploads.find(token, access.member().community_id)


def _read(kept: Upload, who: ActingMember, now: int) -> AlertList:
    choice = kept.options.chosen.get(SHEET)
    return lists.read(kept.data(), now=now, timezone=who.timezone, choice=choice)


def _start_page(problem: str | None) -> str:
    return render_template("alerts/import_start.html", problem=problem)


def _check_page(kept: Upload) -> ResponseReturnValue:
    who, now = access.member(), clock.now()
    problem, found = None, None
    try:
        found = _read(kept, who, now)
    except Unreadable as error:
        problem = told(error.finding.code, **error.finding.params)
        found = lists.columns_of(kept.data())
    with db.reading() as session:
        known = _known(session, who.community_id, found)
    page = render_template(
        "alerts/import_check.html",
        upload=kept,
        found=found,
        known=known,
        ready=sum(line.good and line.entry.reference not in known for line in found.lines),
        bad=sum(not line.good for line in found.lines),
        fields=list(FIELDS),
        problem=problem,
        told=_finding,
        timezone=who.timezone,
    )
    return page, 422 if problem else 200


def _known(session: Session, community_id: int, found: AlertList) -> set[str]:
    """The references that are there already."""
    wanted = [line.entry.reference for line in found.lines if line.entry.reference]
    known: set[str] = set()
    for some in db.chunks(wanted, 500):
        statement = select(Alert.reference).where(
            Alert.community_id == community_id,
            Alert.source == "import",
            Alert.reference.in_(some),
        )
        known |= {reference for reference in session.scalars(statement) if reference}
    return known


def _finding(finding: Finding) -> str:
    return told(finding.code, column=finding.column, value=finding.value)


def told(code: str, **params: object) -> str:
    """The sentence of a finding."""
    return _(f"alerts.intake.finding.{code}", **params)
