"""`/posters`: what hangs in a stairwell, ready to print. For coordinators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, render_template, request
from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import access, answers
from webapp.accounts.access import allow
from webapp.accounts.models import Community
from webapp.core import db, qr
from webapp.core.errors import NotFound
from webapp.places.models import STANDS, Building
from webapp.trust import known
from webapp.trust.known import Caretaker

bp = Blueprint("posters", __name__, url_prefix="/posters")
MOST = 60
"""Sheets in one go: a browser lays them out before it prints."""


@dataclass(frozen=True)
class Poster:
    """One sheet. The QR code leads to the building's own page, where the code alone is enough."""

    building: Building
    qr: Markup
    caretaker: Caretaker | None


@bp.get("")
@allow("coordinator")
def choose() -> str:
    """Which compound's posters; each building's is on its own page too."""
    community_id = access.member().community_id
    with db.reading() as session:
        compounds = session.execute(
            select(Building.compound, func.count())
            .where(Building.community_id == community_id, Building.practice.is_(False), STANDS)
            .group_by(Building.compound)
            .order_by(Building.compound)
        ).all()
        phone = session.get_one(Community, community_id).phone
    return render_template("trust/posters.html", compounds=compounds, phone=phone, most=MOST)


@bp.get("/print")
@allow("coordinator")
def of_compound() -> str:
    """The posters of a compound, at most MOST from the `from`-th on."""
    compound = request.args.get("compound", "")[:120]
    start = max(request.args.get("from", 1, type=int), 1) - 1
    statement = (
        select(Building)
        .where(Building.compound == compound, Building.practice.is_(False), STANDS)
        .order_by(Building.name, Building.id)
        .offset(min(start, 10**6))
        .limit(MOST)
    )
    with db.reading() as session:
        return _sheets(session, statement)


@bp.get("/<uuid:building_id>")
@allow("coordinator")
def of_building(building_id: UUID) -> str:
    """One building's poster."""
    statement = select(Building).where(Building.id == str(building_id))
    with db.reading() as session:
        return _sheets(session, statement)


def _sheets(session: Session, statement: Any) -> str:
    community_id = access.member().community_id
    buildings = session.scalars(statement.where(Building.community_id == community_id)).all()
    if not buildings:
        raise NotFound("building_unknown")
    community = session.get_one(Community, community_id)
    site = answers.settings().public_url
    posters = [
        Poster(one, qr.drawn(f"{site}/verify/{one.id}"), known.of_building(session, one))
        for one in buildings
    ]
    return render_template("trust/poster.html", posters=posters, community=community, site=site)
