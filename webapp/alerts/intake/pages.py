"""The desk's ways in: paste, form, list; what becomes of a draft; tokens of other systems."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from webapp.accounts import access
from webapp.accounts.access import ActingMember, allow
from webapp.alerts import actions, codes
from webapp.alerts.fields import CODES
from webapp.alerts.formats import local_time
from webapp.alerts.intake import entering, forms, grounds, settling, tokens
from webapp.alerts.intake.entering import Entered
from webapp.alerts.intake.entry import DEFAULT_LEVEL, Entry
from webapp.alerts.intake.review import Review, drafts, review
from webapp.alerts.intake.splitting import LONGEST, split
from webapp.core import clock, db
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.core.ids import new_id
from webapp.playbook.scam_types import SCAM_TYPES

bp = Blueprint("alert_intake", __name__, url_prefix="/alerts")
SHOWN_REST = 200


@bp.app_template_global()
def intake_panel() -> dict[str, object] | None:
    """The board's left panel: the draft that is asked for, else the first that waits."""
    who = access.member()
    now = clock.now()
    with db.reading() as session:
        waiting = drafts(session, who.community_id)
        asked = request.args.get("draft", "")
        chosen = next((one for one in waiting if one.id == asked), None)
        chosen = chosen or (waiting[0] if waiting and "new" not in request.args else None)
        found: Review | None = review(session, who, chosen, now=now) if chosen else None
        session.expunge_all()
    place = next((n for n, one in enumerate(waiting, start=1) if chosen and one.id == chosen.id), 0)
    return {
        "review": found,
        "waiting": waiting,
        "place": place,
        "now": local_time(now, who.timezone),
        "choices": CODES,
        "scams": SCAM_TYPES,
        "timezone": who.timezone,
        "longest": LONGEST,
    }


@bp.post("/paste")
@allow("coordinator")
def paste() -> ResponseReturnValue:
    """What was copied from a group chat becomes drafts, one for each message in it."""
    who, now = access.member(), clock.now()
    text = request.form.get("text", "")
    found = split(text)
    try:
        if len(text) > LONGEST:
            raise Problem("paste_long", most=LONGEST)
        if not found.messages:
            raise Problem("alert_empty")
        when = forms.read_received(request.form, who.timezone)
        done = _enter(who, [Entry(text=one, fields=when) for one in found.messages], "paste", now)
    except Problem as problem:
        page = render_template(
            "alerts/paste.html", text=text, problem=_told(problem, len(found.messages)),
            longest=LONGEST, received=request.form.get("received_at", ""),
        )  # fmt: skip
        return page, problem.status if problem.status >= 400 else 422
    _say(done)
    if found.rest:
        rest = " · ".join(found.rest)[:SHOWN_REST]
        flash(_("alerts.intake.rest", n=len(found.rest), text=rest), "warning")
    return _to_board(done)


@bp.get("/new")
@allow("coordinator")
def new() -> ResponseReturnValue:
    """A form for an alert that came by telephone."""
    return _form_page(None, {})


@bp.post("/new")
@allow("coordinator")
def create() -> ResponseReturnValue:
    """What was typed becomes a draft, whose door is looked for like any other's."""
    who, now = access.member(), clock.now()
    try:
        entry = forms.read_entry(request.form, who.timezone)
        done = _enter(who, [entry], "form", now)
    except Problem as problem:
        return _form_page(_told(problem, 1), request.form.to_dict()), problem.status
    return _to_board(done)


@bp.post("/<uuid:alert_id>/decide")
@allow("coordinator")
def decide(alert_id: UUID) -> ResponseReturnValue:
    """Confirm with the chosen door and people, join, pass on, or drop."""
    who, now, of = access.member(), clock.now(), str(alert_id)
    what = request.form.get("what", "accept")
    try:
        with db.writing() as session:
            target = _decide(session, who, of, what, now)
    except Problem as problem:
        if problem.status == 404:
            raise
        flash(_told(problem, 1), "error")
        return redirect(url_for("alerts.board", draft=of), 303)
    flash(_(f"alerts.intake.done.{what if what in DECISIONS else 'accept'}"), "ok")
    return redirect(target, 303)


DECISIONS = ("accept", "elsewhere", "drop")


def _decide(session: Session, who: ActingMember, alert_id: str, what: str, now: int) -> str:
    if what == "drop":
        actions.drop(session, who.community_id, alert_id, who=who, now=now)
        return url_for("alerts.board")
    decision = forms.read_decision(request.form, who.timezone)
    if what == "elsewhere":
        settling.pass_on(session, who, alert_id, decision, now=now)
        return url_for("alerts.show", alert_id=alert_id)
    if other := forms.joined(request.form):
        settling.join(session, who, alert_id, other, decision, now=now)
        return url_for("alerts.show", alert_id=other)
    settling.accept(session, who, alert_id, decision, now=now)
    return url_for("alerts.board")


# -- tokens ----------------------------------------------------------------------------------------


@bp.get("/tokens")
@allow("coordinator")
def show_tokens() -> ResponseReturnValue:
    """Which other systems may post alerts, and since when."""
    return _tokens_page(None, None)


@bp.post("/tokens")
@allow("coordinator")
def make_token() -> ResponseReturnValue:
    """A new token, shown this once."""
    who = access.member()
    form = request.form
    try:
        with db.writing() as session:
            _token, text = tokens.make(
                session, who, form.get("name", ""), form.getlist("scope"), now=clock.now()
            )
    except Problem as problem:
        return _tokens_page(None, _told(problem, 1)), problem.status
    return _tokens_page(text, None), 201


@bp.post("/tokens/<uuid:token_id>/revoke")
@allow("coordinator")
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    """End a token at once."""
    with db.writing() as session:
        tokens.revoke(session, access.member(), str(token_id), now=clock.now())
    flash(_("alerts.tokens.revoked"), "ok")
    return redirect(url_for("alert_intake.show_tokens"), 303)


def _tokens_page(made: str | None, problem: str | None) -> str:
    who = access.member()
    with db.reading() as session:
        found = tokens.all_of(session, who.community_id)
        session.expunge_all()
    return render_template(
        "alerts/tokens.html", tokens=found, made=made, problem=problem, scopes=tokens.SCOPES,
        timezone=who.timezone,
    )  # fmt: skip


# -- what the views share ----------------------------------------------------------------------


def _enter(who: ActingMember, entries: list[Entry], source: str, now: int) -> list[Entered]:
    with db.reading() as session:
        ground = grounds.read(session, who.community_id)
        ready = entering.prepare(session, ground, entries, now=now)
    with db.writing() as session:
        return entering.enter(session, ground, ready, who=who, now=now, source=source)


def _say(done: list[Entered]) -> None:
    new_ones = sum(not one.known for one in done)
    if new_ones:
        flash(_("alerts.intake.entered", n=new_ones), "ok")
    if len(done) > new_ones:
        flash(_("alerts.intake.known", n=len(done) - new_ones), "warning")


def _to_board(done: list[Entered]) -> ResponseReturnValue:
    first = next((one for one in done if not one.known), done[0])
    return redirect(url_for("alerts.board", draft=first.alert_id), 303)


def _told(problem: Problem, several: int) -> str:
    """The sentence, with which of several messages it is about."""
    sentence = _(problem.message, **problem.params)
    row = problem.params.get("row")
    return _("alerts.intake.of_row", row=row, text=sentence) if row and several > 1 else sentence


def _form_page(problem: str | None, typed: dict[str, str]) -> str:
    who = access.member()
    return render_template(
        "alerts/new.html",
        problem=problem,
        typed=typed,
        once=new_id(),
        now=local_time(clock.now(), who.timezone),
        levels=codes.LEVELS,
        level=DEFAULT_LEVEL,
        choices=CODES,
        scams=SCAM_TYPES,
    )
