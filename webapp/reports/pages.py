"""`/reports`: the table, the same as a file, and templates. For coordinators."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Community
from webapp.core import clock, db, tables
from webapp.core.errors import Problem
from webapp.core.forms import whole
from webapp.core.i18n import _
from webapp.core.ids import is_id
from webapp.core.tables import Cell
from webapp.reports import queries, templates, weekly
from webapp.reports.columns import GROUPS, Column, chosen, offered
from webapp.reports.models import ReportTemplate
from webapp.reports.period import KINDS, Period, read_period
from webapp.reports.queries import Line
from webapp.sessions.queries import Totals, together, totals

bp = Blueprint("reports", __name__, url_prefix="/reports")
SHOWN = 300
"""Lines on the page; a file has all."""
LAST = 999
"""The place of a column for which none was typed."""


@dataclass(frozen=True, slots=True)
class _Report:
    """What was asked for, and its lines."""

    group: str
    period: Period
    columns: list[Column]
    heads: dict[str, str]
    lines: list[Line]
    template: ReportTemplate | None

    def head(self, column: Column) -> str:
        """What the department calls it, else its usual name."""
        return self.heads.get(column.name) or _(f"reports.column.{column.name}")

    @property
    def arguments(self) -> dict[str, object]:
        """The same report in an address."""
        return {
            "group": self.group,
            "kind": self.period.kind,
            "first": self.period.first,
            "last": self.period.last,
            "column": [column.name for column in self.columns],
            "template": self.template.id if self.template else None,
        }


@bp.get("")
@allow("coordinator")
def show() -> str:
    """The report, and what can be chosen."""
    who = access.member()
    with db.reading() as session:
        report = _read(session, who, request.args)
        community = session.get_one(Community, who.community_id)
        kept = templates.all_of(session, who.community_id)
        held = _sessions(session, who, report.period)
        week = weekly.last_week(session, who.community_id, clock.now()).text()
    return render_template(
        "reports/report.html",
        report=report,
        whole=queries.whole(report.lines),
        sessions=held,
        week=week,
        schedule=weekly.read(community.settings),
        shown=report.lines[:SHOWN],
        community=community,
        templates=kept,
        offered=offered(report.group),
        groups=GROUPS,
        kinds=KINDS,
        timezone=who.timezone,
        now=clock.now(),
        who=who,
    )


@bp.get("/file.<ending>")
@allow("coordinator")
def take_away(ending: str) -> Response:
    """CSV or XLSX: all lines and the total."""
    who = access.member()
    with db.reading() as session:
        report = _read(session, who, request.args)
    name = f"report-{report.period.first}-{report.period.last}"
    return tables.download(ending, _("reports.title"), _table(report), name)


@bp.post("/templates")
@allow("coordinator")
def save() -> ResponseReturnValue:
    """Keep what is chosen under a name."""
    who, form = access.member(), request.form
    columns = _ordered(form)
    heads = {name: form.get(f"head-{name}", "").strip() for name in columns}
    try:
        with db.writing() as session:
            row = templates.save(
                session,
                who,
                form.get("name", ""),
                form.get("group", ""),
                form.get("kind", ""),
                columns,
                heads,
                now=clock.now(),
            )
            template_id = row.id
    except Problem as problem:
        flash(_(problem.message, **problem.params), "error")
        return redirect(url_for("reports.show"), 303)
    flash(_("reports.kept"), "ok")
    return redirect(url_for("reports.show", template=template_id), 303)


@bp.post("/templates/<uuid:template_id>/delete")
@allow("coordinator")
def drop(template_id: UUID) -> ResponseReturnValue:
    """Erase a template."""
    with db.writing() as session:
        templates.drop(session, access.member(), str(template_id), now=clock.now())
    flash(_("reports.dropped"), "ok")
    return redirect(url_for("reports.show"), 303)


@bp.post("/weekly")
@allow("coordinator")
def schedule() -> ResponseReturnValue:
    """When robots are told of the week, or that they are told now."""
    who, now = access.member(), clock.now()
    if request.form.get("now") == "yes":
        with db.writing() as session:
            count = weekly.send(session, who.community_id, now, again=True)
        said = _("weekly.sent", n=count) if count else _("weekly.nobody")
        flash(said, "ok" if count else "error")
        return redirect(url_for("reports.show") + "#weekly", 303)
    day, hour = whole(request.form.get("weekday", ""), 1), whole(request.form.get("hour", ""), 2)
    if day is None or day > 6 or hour is None or hour > 23:
        flash(_("weekly.wrong"), "error")
    else:
        with db.writing() as session:
            weekly.save(session, who, weekly.Schedule(day, hour), now=now)
        flash(_("weekly.saved"), "ok")
    return redirect(url_for("reports.show") + "#weekly", 303)


def _sessions(session: Session, who: ActingMember, period: Period) -> Totals:
    """What training sessions of the period add up to."""
    span = clock.span_of(period.first, period.last, who.timezone)
    return together(totals(session, who.community_id, *span))


def _ordered(form: MultiDict[str, str]) -> list[str]:
    """The ticked columns by the places that were typed beside them; then as they stand."""
    ticked = form.getlist("column")

    def place(name: str) -> tuple[int, int]:
        number = whole(form.get(f"place-{name}", ""), 3)
        return LAST if number is None else number, ticked.index(name)

    return sorted(dict.fromkeys(ticked), key=place)


def _read(session: Session, who: ActingMember, args: MultiDict[str, str]) -> _Report:
    """From an address. NotFound for a template that is not there."""
    wanted = args.get("template", "")
    template = templates.one(session, who.community_id, wanted) if is_id(wanted) else None
    usual = template.grouping if template else "grid"
    asked = args.get("group", usual)
    group = asked if asked in GROUPS else usual
    names = args.getlist("column") or (list(template.columns) if template else [])
    today = clock.day_of(clock.now(), who.timezone)
    kind = args.get("kind") or (template.period if template else "month")
    period = read_period(kind, args.get("first", ""), args.get("last", ""), today)
    if group == "member":
        lines = queries.people(session, who.community_id, period)
    else:
        lines = queries.places(session, who.community_id, group, period)
    heads = dict(template.heads) if template else {}
    return _Report(group, period, chosen(group, names), heads, lines, template)


def _table(report: _Report) -> Iterator[list[Cell]]:
    yield [report.head(column) for column in report.columns]
    for line in report.lines:
        yield [_cell(column, line) for column in report.columns]
    total = queries.whole(report.lines)
    yield [
        _("reports.total") if column.name == "name" else _cell(column, total)
        for column in report.columns
    ]


def _cell(column: Column, line: Line) -> Cell:
    value = column.read(line)
    if column.name == "name" and not value:
        return _("reports.none")
    return value / 100 if column.kind == "rate" and isinstance(value, int) else value
