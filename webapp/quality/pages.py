"""`/quality`: what looked odd, random re-checks, and what they found. For coordinators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from uuid import UUID

import msgspec
from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.actor import ActingMember
from webapp.accounts.queries import team_of
from webapp.core import clock, db
from webapp.core.errors import NotFound, Problem
from webapp.core.forms import whole
from webapp.core.i18n import _
from webapp.quality import asking, board, sampling, settings
from webapp.quality.board import Question
from webapp.quality.models import VisitFlag
from webapp.quality.settings import NAMES, Thresholds

bp = Blueprint("quality", __name__, url_prefix="/quality")
Act = Callable[..., None]
SHOWN = 200
"""Lines of each list; what is done makes room for the rest."""
BRIEF = 120
"""Seconds; what took longer is told in minutes."""


@bp.get("")
@allow("coordinator")
def show() -> str:
    """Everything."""
    return _page({}, None)


@bp.post("/rounds")
@allow("coordinator")
def draw() -> ResponseReturnValue:
    """Draw doors at random and give them out."""
    who, now = access.member(), clock.now()
    try:
        wanted = sampling.read(request.form, clock.day_of(now, who.timezone))
        with db.writing() as session:
            size = asking.make_round(session, who, wanted, now=now).size
    except Problem as problem:
        return _page(request.form, _(f"quality.wrong.{problem.params.get('field')}")), 422
    flash(_("quality.drawn", n=size), "ok")
    return redirect("/quality", 303)


@bp.post("/flags/<uuid:flag_id>/accept")
@allow("coordinator")
def accept(flag_id: UUID) -> ResponseReturnValue:
    """It is in order."""
    return _done(asking.accept_flag, str(flag_id), "quality.accepted")


@bp.post("/flags/<uuid:flag_id>/recheck")
@allow("coordinator")
def recheck(flag_id: UUID) -> ResponseReturnValue:
    """Somebody else goes and asks."""
    return _done(asking.check_flag, str(flag_id), "quality.asked")


@bp.post("/rechecks/<uuid:recheck_id>/withdraw")
@allow("coordinator")
def withdraw(recheck_id: UUID) -> ResponseReturnValue:
    """Nobody needs to go."""
    return _done(asking.withdraw, str(recheck_id), "quality.withdrawn")


@bp.post("/rechecks/<uuid:recheck_id>/give")
@allow("coordinator")
def give(recheck_id: UUID) -> ResponseReturnValue:
    """Somebody else is to go."""
    member = request.form.get("member", "")

    def pass_on(session: Session, who: ActingMember, of: str, *, now: int) -> None:
        asking.pass_on(session, who, of, member, now=now)

    return _done(pass_on, str(recheck_id), "quality.given")


@bp.post("/thresholds")
@allow("coordinator")
def save() -> ResponseReturnValue:
    """From when on something is asked about."""
    numbers = {name: whole(request.form.get(name, ""), 5) for name in NAMES}
    try:
        chosen = msgspec.convert(numbers, Thresholds)
    except msgspec.ValidationError as error:
        # msgspec names the field: "… - at `$.seconds`"
        field = next((name for name in NAMES if f"$.{name}`" in str(error)), NAMES[0])
        text = _("quality.wrong.threshold", what=_(f"quality.limit.{field}"))
        return _page(request.form, text), 422
    with db.writing() as session:
        settings.save(session, access.member(), chosen, now=clock.now())
    flash(_("quality.saved"), "ok")
    return redirect("/quality", 303)


@bp.app_template_global()
def app_margin() -> tuple[int, int] | None:
    """The bounds of the app coverage after re-checks; none when they say nothing yet."""
    with db.reading() as session:
        return board.app_bounds(session, access.member().community_id, clock.now())


@bp.app_template_global()
def questions_at(building_id: str) -> list[Question]:
    """The flags of one building that wait for a decision."""
    with db.reading() as session:
        found, _with = board.questions(
            session, access.member().community_id, clock.now(), building_id
        )
        session.expunge_all()
    return found


@bp.app_template_global()
def odd(flag: VisitFlag) -> str:
    """What a flag says, in a sentence."""
    n, value = len(flag.doors), flag.value
    if flag.rule == "too_fast" and value >= BRIEF:
        return _("quality.said.too_fast.minutes", n=n, value=value // 60)
    if flag.rule == "clock" and not value:
        return _("quality.said.clock.early", n=n)
    return _(f"quality.said.{flag.rule}", n=n, value=value)


def _done(act: Act, row_id: str, said: str) -> ResponseReturnValue:
    try:
        with db.writing() as session:
            act(session, access.member(), row_id, now=clock.now())
    except NotFound:
        raise
    except Problem as problem:
        return _page({}, _(f"quality.wrong.{problem.params.get('field')}")), 422
    flash(_(said), "ok")
    back = request.form.get("next", "")
    return redirect(back if back.startswith("/coverage/buildings/") else "/quality", 303)


def _page(values: Mapping[str, str], problem: str | None) -> str:
    who, now = access.member(), clock.now()
    today = clock.day_of(now, who.timezone)
    with db.reading() as session:
        limits = settings.of(session, who.community_id)
        ready, with_volunteers = board.questions(session, who.community_id, now)
        rounds = board.rounds(session, who.community_id)
        to_do = board.to_do(session, who.community_id)
        found = board.figures(session, who.community_id, now)
        team = team_of(session, who.community_id)
        session.expunge_all()
    usual = {"first": str(today - timedelta(days=30)), "last": str(today), "share": limits.share}
    return render_template(
        "quality/quality.html",
        questions=ready[:SHOWN],
        waiting=len(ready),
        with_volunteers=with_volunteers,
        rounds=rounds,
        to_do=to_do[:SHOWN],
        left=len(to_do),
        found=found,
        team=team,
        values={**usual, **msgspec.to_builtins(limits), **values},
        names=NAMES,
        hours=limits.hours,
        today=today,
        problem=problem,
        timezone=who.timezone,
    )
