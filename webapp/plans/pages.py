"""`/plans`: a year's targets, how far they are, and when they will be met. For coordinators."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.models import Community
from webapp.accounts.queries import team_of
from webapp.core import clock, db, tables
from webapp.core.errors import NotFound, Problem
from webapp.core.forms import whole
from webapp.core.i18n import _
from webapp.core.tables import Cell
from webapp.coverage.queries import labels
from webapp.plans import spread
from webapp.plans.actions import AHEAD, make, read, withdraw
from webapp.plans.models import Plan
from webapp.plans.progress import MEASURES, Standing, outlooks, standings

bp = Blueprint("plans", __name__, url_prefix="/plans")


@bp.get("")
@allow("coordinator")
def show() -> str:
    """One year."""
    return _page({}, [], None)


@bp.get("/file.<ending>")
@allow("coordinator")
def take_away(ending: str) -> Response:
    """CSV or XLSX of the year's plans."""
    who, today = access.member(), _today()
    year = _year(today)
    with db.reading() as session:
        community = session.get_one(Community, who.community_id)
        found = standings(session, community, year, today)
    return tables.download(ending, _("plans.title"), _lines(found), f"plans-{year}")


@bp.post("")
@allow("coordinator")
def save() -> ResponseReturnValue:
    """Make or change a plan."""
    who, values, today = access.member(), request.form, _today()
    days = values.getlist("weekday")
    try:
        wanted = read(values, days, today.year, today.month)
        with db.writing() as session:
            make(session, who, wanted, now=clock.now())
    except NotFound:
        return _page(values, days, _("plans.wrong.for")), 422
    except Problem as problem:
        field = problem.params.get("field")
        rest = {name: value for name, value in problem.params.items() if name != "field"}
        return _page(values, days, _(f"plans.wrong.{field}", **rest)), 422
    flash(_("plans.saved"), "ok")
    return redirect(url_for("plans.show", year=wanted.year), 303)


@bp.post("/<uuid:plan_id>/withdraw")
@allow("coordinator")
def take_back(plan_id: UUID) -> ResponseReturnValue:
    """It is a plan no more."""
    with db.writing() as session:
        withdraw(session, access.member(), str(plan_id), now=clock.now())
    flash(_("plans.withdrawn"), "ok")
    return redirect(url_for("plans.show", year=request.form.get("year")), 303)


@bp.app_template_global()
def campaigns() -> list[str]:
    """The names that the community's plans of this year and the next go by."""
    who, today = access.member(), _today()
    statement = select(Plan.campaign).where(
        Plan.community_id == who.community_id, Plan.year >= today.year, Plan.campaign != ""
    )
    with db.reading() as session:
        return sorted(session.scalars(statement.distinct()))


def _today() -> date:
    return clock.day_of(clock.now(), access.member().timezone)


def _year(today: date) -> int:
    year = whole(request.values.get("year", ""), 4)
    return year if year and 2000 <= year <= today.year + AHEAD else today.year


def _page(values: Mapping[str, str], weekdays: Sequence[str], problem: str | None) -> str:
    who, today = access.member(), _today()
    year = _year(today)
    with db.reading() as session:
        community = session.get_one(Community, who.community_id)
        found = standings(session, community, year, today)
        expected = outlooks(session, community, today)
        team = team_of(session, who.community_id)
        grids = sorted({grid for _compound, grid, _n in labels(session, who.community_id)} - {""})
    changed = next((one for one in found if one.plan.id == request.args.get("change")), None)
    if not values:
        values, weekdays = _typed(changed, year)
    return render_template(
        "plans/plans.html",
        year=year,
        latest=today.year + AHEAD,
        today=today,
        found=found,
        outlooks=expected,
        team=team,
        grids=grids,
        measures=MEASURES,
        values=values,
        weekdays=weekdays,
        changed=changed,
        problem=problem,
        after=lambda days: today + timedelta(days=days),
    )


def _typed(one: Standing | None, year: int) -> tuple[dict[str, str], list[str]]:
    """What the form begins with: a plan to change, or every day of the year."""
    if one is None:
        return {"year": str(year)}, [str(day) for day in range(7)]
    plan: Plan = one.plan
    values = {
        "year": str(plan.year),
        "for": f"{plan.scope}:{plan.who}".rstrip(":"),
        "measure": plan.measure,
        "target": str(plan.target),
        "campaign": plan.campaign,
        "first": str(plan.first),
    }
    # Months that follow from the target are left to follow from another one.
    if plan.months != spread.by_months(plan.target, plan.year, plan.weekdays, plan.first):
        values |= {f"m{n}": str(target) for n, target in enumerate(plan.months, 1)}
    return values, [str(day) for day in range(7) if plan.weekdays >> day & 1]


def _lines(found: Sequence[Standing]) -> Iterator[list[Cell]]:
    heads = ("who", "measure", "campaign", "target", "due", "done", "missing", "of_today", "likely")
    months = [_("plans.month", n=n) for n in range(1, spread.MONTHS + 1)]
    yield [*(_(f"plans.{name}") for name in heads), *months]
    for one in found:
        when = one.forecast
        yield [
            _("plans.community") if one.plan.scope == "community" else one.name,
            _(f"plans.measure.{one.plan.measure}"),
            one.plan.campaign,
            one.plan.target,
            one.due,
            one.done,
            one.missing,
            one.of_today,
            str(one.today + timedelta(days=when.likely)) if when and one.missing else "",
            *one.plan.months,
        ]
