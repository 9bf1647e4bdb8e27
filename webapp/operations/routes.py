"""The desk's page of operations that need a look."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, ids
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import _
from webapp.core.settings import Settings
from webapp.operations import desk, rescue

bp = Blueprint("operations", __name__, url_prefix="/held")
PAGE = "/held"


@bp.get("")
@allow("coordinator")
def show() -> str:
    """What is held, and what has waited for over a day."""
    who = access.member()
    with db.reading() as session:
        cases = desk.cases(session, who.community_id, now=clock.now())
    return render_template("operations/held.html", cases=cases, timezone=who.timezone)


@bp.post("/<operation_id>/release")
@allow("coordinator")
def release(operation_id: str) -> Response:
    """Let one in."""
    who, (known, digest) = access.member(), _named(operation_id)
    with db.writing() as session:
        item = desk.release(session, who, known, digest, who.timezone, now=clock.now())
    flash(_(f"held.released.{item.status}"), "ok")
    return redirect(PAGE, 303)


@bp.post("/<operation_id>/dismiss")
@allow("coordinator")
def dismiss(operation_id: str) -> Response:
    """Set one aside."""
    who, (known, digest) = access.member(), _named(operation_id)
    with db.writing() as session:
        reason = request.form.get("reason", "")
        desk.dismiss(session, who, known, digest, reason, now=clock.now())
    flash(_("held.dismissed"), "ok")
    return redirect(PAGE, 303)


@bp.post("/rescue")
@allow("coordinator")
def import_rescue() -> Response:
    """Take in the file that a phone saved because it could not send."""
    who, upload = access.member(), request.files.get("file")
    if upload is None or not upload.filename:
        raise Problem("file_missing", field="file")
    settings: Settings = current_app.extensions["qiaomen.settings"]
    imported = rescue.import_file(
        who, upload.read(), settings.secret_key, who.timezone, now=clock.now()
    )
    counts = imported.statuses
    key = "held.rescued" if imported.signed else "held.rescued_unsigned"
    taken = counts["accepted"] + counts["waiting"]
    flash(
        _(key, n=imported.total, taken=taken, known=counts["duplicate"], held=counts["held"]),
        "ok" if imported.signed else "error",
    )
    return redirect(PAGE, 303)


def _named(operation_id: str) -> tuple[str, bytes]:
    """The operation of an address and a form; NotFound when they name none."""
    digest = request.form.get("hash", "")
    if not ids.is_id(operation_id) or len(digest) != 64:
        raise NotFound("operation_not_open")
    try:
        return operation_id, bytes.fromhex(digest)
    except ValueError as error:
        raise NotFound("operation_not_open") from error
