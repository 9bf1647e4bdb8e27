"""The desk's pages of what volunteers heard, and of what they have learned."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db
from webapp.core.i18n import _, choose
from webapp.playbook import lessons, notes, queries
from webapp.playbook.routes import PAGE, attempt, go, known_id, new_card
from webapp.playbook.scam_types import SCAM_TYPES

bp = Blueprint("playbook_inbox", __name__, url_prefix=PAGE)
NOTES = f"{PAGE}/notes"


@bp.get("/notes")
@allow("coordinator")
def show() -> str:
    """What was heard in the field, and what became of it."""
    who = access.member()
    with db.reading() as session:
        waiting = notes.inbox(session, who.community_id)
        done = notes.decided(session, who.community_id)
        lines = queries.cards(session, who.community_id)
    titles = {line.id: queries.text_in(line.content, choose()).title for line in lines}
    kinds = {line.content.type: line.id for line in reversed(lines)}
    return render_template(
        "playbook/notes.html",
        waiting=waiting,
        done=done,
        titles=titles,
        kinds=kinds,
        types=SCAM_TYPES,
        timezone=who.timezone,
    )


@bp.post("/notes/<note_id>/merge")
@allow("coordinator")
def merge(note_id: str) -> Response:
    """Into the draft of a card, with thanks."""
    who, form = access.member(), request.form
    card_id = form.get("card", "")

    def act(session: Session) -> int:
        return notes.merge(
            session,
            who,
            known_id(note_id),
            known_id(card_id),
            form.get("place", ""),
            form.get("text", ""),
            form.get("answer", ""),
            now=clock.now(),
        )

    if attempt(act) is None:
        return go(NOTES)
    flash(_("playbook.note_merged"), "ok")
    return go(f"{PAGE}/cards/{card_id}")


@bp.post("/notes/<note_id>/card")
@allow("coordinator")
def begin_card(note_id: str) -> Response:
    """A card of its own, with thanks."""
    who, form = access.member(), request.form

    def act(session: Session) -> str:
        card = new_card()
        return notes.begin_card(
            session, who, known_id(note_id), card, form.get("answer", ""), now=clock.now()
        )

    made = attempt(act)
    if made is None:
        return go(NOTES)
    flash(_("playbook.note_merged"), "ok")
    return go(f"{PAGE}/cards/{made}/edit")


@bp.post("/notes/<note_id>/dismiss")
@allow("coordinator")
def dismiss(note_id: str) -> Response:
    """Set aside, and why."""
    who = access.member()

    def act(session: Session) -> bool:
        answer = request.form.get("answer", "")
        notes.dismiss(session, who, known_id(note_id), answer, now=clock.now())
        return True

    if attempt(act):
        flash(_("playbook.note_dismissed"), "ok")
    return go(NOTES)


@bp.get("/training")
@allow("coordinator")
def training() -> str:
    """Who was asked what, when, and what is due again."""
    who = access.member()
    with db.reading() as session:
        record = lessons.record(session, who.community_id, now=clock.now())
    titles = [queries.text_in(line.content, choose()).title for line in record.cards]
    return render_template(
        "playbook/training.html", record=record, titles=titles, timezone=who.timezone
    )
