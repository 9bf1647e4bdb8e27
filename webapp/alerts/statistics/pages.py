"""The monthly report on the desk, and as files to take away."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.alerts.statistics.figures import AMOUNTS
from webapp.alerts.statistics.files import as_csv, as_xlsx
from webapp.alerts.statistics.months import note_month
from webapp.alerts.statistics.names import group_name
from webapp.alerts.statistics.period import read_month
from webapp.alerts.statistics.report import Report, report
from webapp.core import clock, db, tables
from webapp.core.errors import Problem
from webapp.core.i18n import _

bp = Blueprint("alert_report", __name__, url_prefix="/alerts/report")
FILES = {"csv": as_csv, "xlsx": as_xlsx}


@bp.get("")
@allow("coordinator")
def show() -> str:
    """Everything since the first alert, or the months that were asked for."""
    view = _asked()
    return render_template(
        "alerts/report.html",
        view=view,
        amounts=AMOUNTS,
        group_name=group_name,
        now=clock.now(),
        who=access.member(),
    )


@bp.get("/alerts.<ending>")
@allow("coordinator")
def take_away(ending: str) -> Response:
    """The figures as a file: counts and sums, no person."""
    make = FILES.get(ending)
    if make is None:
        raise Problem("not_found", status=404)
    view = _asked()
    content, kind = make(view)
    name = f"alerts-{view.period.first}-{view.period.last}.{ending}"
    return tables.as_download(content, kind, name)


@bp.post("/month")
@allow("coordinator")
def note() -> BaseResponse:
    """The police's number of cases, and what comes next."""
    who = access.member()
    month = read_month(request.form.get("month"))
    if month is None:
        raise Problem("alert_invalid", field="month", label=_("alerts.field.month"))
    with db.writing() as session:
        note_month(
            session,
            who.community_id,
            month,
            cases=request.form.get("cases", ""),
            plan=request.form.get("plan", ""),
            who=who,
            now=clock.now(),
        )
    flash(_("alerts.report.noted", month=str(month)))
    first = read_month(request.form.get("from"))
    asked = {"from": str(first) if first else None, "to": str(month)}
    return redirect(url_for("alert_report.show", _external=False, **asked))


def _asked() -> Report:
    who = access.member()
    first, last = (read_month(request.args.get(name)) for name in ("from", "to"))
    with db.reading() as session:
        return report(session, who.community_id, clock.now(), first, last)
