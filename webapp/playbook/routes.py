"""The desk's pages of the playbook: list, card, editing, review, publishing, differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.accounts import access
from webapp.accounts.access import ActingMember, allow
from webapp.core import clock, db, ids
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import _, choose
from webapp.playbook import content, differ, form, queries, versions
from webapp.playbook.content import CHANNELS, LANGUAGES, Content
from webapp.playbook.form import Typed
from webapp.playbook.models import PlaybookVersion
from webapp.playbook.scam_types import SCAM_TYPES

bp = Blueprint("playbook", __name__, url_prefix="/playbook")
PAGE = "/playbook"
T = TypeVar("T")


@bp.get("")
@allow("coordinator")
def show() -> str:
    """All cards: what phones have, what is being worked on, what was heard."""
    who = access.member()
    with db.reading() as session:
        lines = queries.cards(session, who.community_id)
        waiting = queries.open_notes(session, who.community_id)
    return render_template(
        "playbook/list.html",
        lines=[(line, queries.text_in(line.content, choose())) for line in lines],
        waiting=waiting,
        types=SCAM_TYPES,
        timezone=who.timezone,
    )


@bp.post("/cards")
@allow("coordinator")
def add() -> Response:
    """A new card with nothing but a title; the rest is written on the next page."""
    who = access.member()
    card = attempt(lambda session: versions.add_card(session, who, new_card(), now=clock.now()))
    return go(PAGE) if card is None else go(f"{PAGE}/cards/{card}/edit")


@bp.get("/cards/<card_id>")
@allow("coordinator")
def card(card_id: str) -> str:
    """One card as phones have it, its history and who has read it."""
    who = access.member()
    with db.reading() as session:
        view = queries.card(session, who.community_id, known_id(card_id))
    text = queries.text_in(view.line.content, choose())
    return render_template(
        "playbook/card.html", view=view, text=text, timezone=who.timezone, me=who.member_id
    )


@bp.get("/cards/<card_id>/edit")
@allow("coordinator")
def edit(card_id: str) -> str:
    """The form, one language at a time: of the draft, or of what is in force."""
    who, language = access.member(), _language()
    with db.reading() as session:
        draft = versions.find_open(session, who.community_id, known_id(card_id))
        card = _being_written(session, who, card_id, draft)
    fields = form.filled(getattr(card, language))
    return _form(card_id, card, fields, seen=_seen(draft), note=draft.note if draft else "")


@bp.post("/cards/<card_id>/edit")
@allow("coordinator")
def save(card_id: str) -> ResponseReturnValue:
    """Write the draft; what cannot be written comes back as typed, with the sentence."""
    who, language = access.member(), _language()
    note = request.form.get("note", "")
    try:
        with db.writing() as session:
            before = versions.find_open(session, who.community_id, known_id(card_id))
            if _seen(before) != request.form.get("seen", ""):
                raise Problem("met_another", status=409)
            card = form.read_card(
                request.form, _being_written(session, who, card_id, before), language
            )
            draft = versions.open_draft(session, who, card_id, now=clock.now())
            versions.save(session, who, draft, card, note, now=clock.now())
    except NotFound:
        raise
    except Problem as problem:
        flash(said(problem), "error")
        return _again(card_id, note), problem.status
    flash(_("playbook.saved"), "ok")
    return go(f"{PAGE}/cards/{card_id}")


@bp.post("/cards/<card_id>/review")
@allow("coordinator")
def review(card_id: str) -> Response:
    """Read and found good."""
    who = access.member()

    def act(session: Session) -> bool:
        draft = versions.get_open(session, who.community_id, known_id(card_id))
        versions.review(session, who, draft, now=clock.now())
        return True

    if attempt(act):
        flash(_("playbook.reviewed"), "ok")
    return go(f"{PAGE}/cards/{card_id}")


@bp.post("/cards/<card_id>/publish")
@allow("coordinator")
def publish(card_id: str) -> Response:
    """Onto the phones."""
    try:
        number = versions.publish(access.member(), known_id(card_id), now=clock.now())
        flash(_("playbook.published", number=number), "ok")
    except NotFound:
        raise
    except Problem as problem:
        flash(said(problem), "error")
    return go(f"{PAGE}/cards/{card_id}")


@bp.post("/cards/<card_id>/withdraw")
@allow("coordinator")
def withdraw(card_id: str) -> Response:
    """Off the phones; a changed card of the product becomes what it was."""
    who = access.member()

    def act(session: Session) -> bool:
        versions.withdraw(session, who, known_id(card_id), now=clock.now())
        return True

    if attempt(act):
        flash(_("playbook.withdrawn"), "ok")
    return go(f"{PAGE}/cards/{card_id}")


@bp.post("/cards/<card_id>/drop")
@allow("coordinator")
def drop(card_id: str) -> Response:
    """Give the draft up."""
    who = access.member()

    def act(session: Session) -> bool:
        draft = versions.get_open(session, who.community_id, known_id(card_id))
        versions.drop(session, who, draft, now=clock.now())
        return True

    if attempt(act):
        flash(_("playbook.dropped"), "ok")
    return go(PAGE)


@bp.get("/cards/<card_id>/diff")
@allow("coordinator")
def diff(card_id: str) -> str:
    """What is different between two versions."""
    who = access.member()
    before, after = (request.args.get(name, type=int) for name in ("from", "to"))
    with db.reading() as session:
        view = queries.card(session, who.community_id, known_id(card_id))
        newest = view.steps[0].number if view.steps else 0
        after = newest if after is None else after
        before = _base(view, after) if before is None else before
        new = versions.text_of(session, who.community_id, card_id, after)
        old = versions.text_of(session, who.community_id, card_id, before) if before >= 0 else None
    return render_template(
        "playbook/diff.html",
        view=view,
        text=queries.text_in(view.line.content, choose()),
        parts=differ.differences(old, new),
        before=before,
        after=after,
        timezone=who.timezone,
    )


def new_card() -> Content:
    """What the form of a new card says. Raises Problem `card_field` for a title that is none."""
    kind = request.form.get("type", "")
    text = form.read_text(request.form)
    return Content(type=kind if kind in SCAM_TYPES else "other", zh=text)


def known_id(text: str) -> str:
    """An id from an address; NotFound when it is none."""
    if not ids.is_id(text):
        raise NotFound
    return text


def _language() -> str:
    asked = request.args.get("in", "")
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _being_written(
    session: Session, who: ActingMember, card_id: str, draft: PlaybookVersion | None
) -> Content:
    if draft is not None:
        return versions.decode(draft)
    return versions.in_force(session, who.community_id, card_id)[1]


def _again(card_id: str, note: str) -> str:
    """The form as it was typed."""
    who = access.member()
    with db.reading() as session:
        draft = versions.find_open(session, who.community_id, card_id)
        card = _being_written(session, who, card_id, draft)
    return _form(card_id, card, form.typed(request.form), seen=_seen(draft), note=note)


def _seen(draft: PlaybookVersion | None) -> str:
    """What the form was filled from: if it is another when it comes back, somebody else wrote."""
    return f"{draft.number}.{draft.changed_at}" if draft else ""


def _base(view: queries.CardView, number: int) -> int:
    """The version that one was made from; -1 when from nothing."""
    step = next((one for one in view.steps if one.number == number), None)
    return step.base if step is not None and step.base is not None else -1


def _form(card_id: str, card: Content, fields: Typed, *, seen: str, note: str) -> str:
    return render_template(
        "playbook/edit.html",
        card_id=card_id,
        card=card,
        fields=fields,
        language=_language(),
        note=note,
        seen=seen,
        types=SCAM_TYPES,
        channels=CHANNELS,
        builtin=card_id in content.builtin(),
    )


def said(problem: Problem) -> str:
    """The sentence of a problem, with the part of the card by its name."""
    part = problem.params.get("part")
    named = {"part": _(f"playbook.part.{part}")} if part else {}
    return _(problem.message, **{**problem.params, **named})


def attempt(act: Callable[[Session], T]) -> T | None:
    """Run an action in a transaction of its own; what a person can mend is told on the page."""
    try:
        with db.writing() as session:
            return act(session)
    except NotFound:
        raise
    except Problem as problem:
        flash(said(problem), "error")
    return None


def go(address: str) -> Response:
    """To a page, after a form."""
    return redirect(address, 303)
