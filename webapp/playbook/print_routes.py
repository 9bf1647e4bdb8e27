"""Paper: a card on one page A4, and a leaflet A5 with the community's number and a QR code that
leads to its page for residents (`webapp/trust/resident.py`)."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, Response, current_app, render_template, request

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import db
from webapp.core.i18n import choose, speaking
from webapp.core.settings import Settings
from webapp.playbook import queries
from webapp.playbook.routes import PAGE, known_id

bp = Blueprint("playbook_print", __name__)
INK, PAPER = "#1d211e", "#ffffff"


@bp.get(f"{PAGE}/cards/<card_id>/print")
@allow("coordinator")
def sheet(card_id: str) -> str:
    """The whole card for a volunteer's folder."""
    return _paper("playbook/sheet.html", card_id)


@bp.get(f"{PAGE}/cards/<card_id>/leaflet")
@allow("coordinator")
def leaflet(card_id: str) -> str:
    """What a resident needs of it."""
    return _paper("playbook/leaflet.html", card_id)


@bp.get(f"{PAGE}/qr.svg")
@allow("coordinator")
def qr() -> Response:
    """The address of the residents' page; an image, because the policy allows no inline drawing."""
    drawn = io.BytesIO()
    address = residents_page(access.member().community_id)
    segno.make(address, error="m", micro=False).save(
        drawn, kind="svg", scale=8, border=2, dark=INK, light=PAPER, xmldecl=False
    )
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


def residents_page(community_id: int) -> str:
    """The address of a community's page for residents."""
    settings: Settings = current_app.extensions["qiaomen.settings"]
    return f"{settings.public_url}/r/{community_id}"


def _paper(template: str, card_id: str) -> str:
    """A card on paper, all of it in the language asked for by `in`, else in the page's own."""
    who = access.member()
    with db.reading() as session:
        view = queries.card(session, who.community_id, known_id(card_id))
        community = queries.community(session, who.community_id)
    text = queries.text_in(view.line.content, request.args.get("in") or choose())
    language = "en" if text is view.line.content.en else "zh"
    with speaking(language):
        return render_template(
            template,
            view=view,
            text=text,
            language=language,
            community=community,
            address=residents_page(who.community_id),
        )
