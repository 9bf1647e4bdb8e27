"""`/turf`: choose buildings and people, look at the split, move what does not fit, give it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from werkzeug.datastructures import MultiDict

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.accounts.queries import team_of
from webapp.core import clock, db
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.core.ids import is_id
from webapp.coverage.turf import plan
from webapp.coverage.turf.giving import give
from webapp.coverage.turf.plan import Piece, Share
from webapp.places.models import STANDS, Building

bp = Blueprint("turf", __name__, url_prefix="/turf")
LONGEST = 120
MINUTES = (1.0, 60.0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was chosen: places by compound, grid or one by one, and people."""

    compound: str
    grid: str
    buildings: tuple[str, ...]
    members: tuple[str, ...]
    minutes: float


@bp.get("")
@allow("coordinator")
def show() -> str:
    """The form, and the split once people are chosen."""
    return _page(_asked(request.args), None)


@bp.post("")
@allow("coordinator")
def apply() -> ResponseReturnValue:
    """Split what was chosen, or give it out as it was moved by hand. The choice may be longer than
    an address can be."""
    who, asked = access.member(), _asked(request.form)
    chosen = {
        name.removeprefix("to:"): value
        for name, value in request.form.items()
        if name.startswith("to:")
    }
    if "split" in request.form:
        return _page(asked, None)
    if "again" in request.form:
        return _page(asked, chosen)
    try:
        with db.writing() as session:
            team = [one for one in team_of(session, who.community_id) if one[0] in asked.members]
            buildings = _buildings(session, who.community_id, asked)
            pieces = _pieces(session, who.community_id, asked, buildings)
            shares = plan.by_hand(pieces, team, chosen)
            given, ended = give(session, who, shares, only="only" in request.form, now=clock.now())
    except Problem as problem:
        flash(_(problem.message, **problem.params), "error")
        return _page(asked, chosen)
    flash(_("turf.given", n=given, ended=ended), "ok")
    return redirect("/buildings", 303)


def _asked(args: MultiDict[str, str]) -> _Asked:
    try:
        minutes = float(args.get("minutes", plan.MINUTES_A_DOOR))
    except ValueError:
        minutes = plan.MINUTES_A_DOOR
    low, high = MINUTES
    return _Asked(
        args.get("compound", "")[:LONGEST],
        args.get("grid", "")[:LONGEST],
        tuple(dict.fromkeys(filter(is_id, args.getlist("building")))),
        tuple(dict.fromkeys(args.getlist("member"))),
        min(max(minutes if minutes == minutes else low, low), high),
    )


def _pieces(
    session: Session, community_id: int, asked: _Asked, buildings: Sequence[str]
) -> list[Piece]:
    return plan.pieces(
        session,
        community_id,
        buildings,
        shares=max(1, len(asked.members)),
        minutes_a_door=asked.minutes,
    )


def _buildings(session: Session, community_id: int, asked: _Asked) -> list[str]:
    statement = select(Building.id).where(
        Building.community_id == community_id, Building.practice.is_(False), STANDS
    )
    if asked.buildings:
        statement = statement.where(Building.id.in_(asked.buildings))
    if asked.compound:
        statement = statement.where(Building.compound == asked.compound)
    if asked.grid:
        statement = statement.where(Building.grid == asked.grid)
    return list(session.scalars(statement.limit(plan.MOST_BUILDINGS + 1)))


def _names(
    session: Session, community_id: int, column: InstrumentedAttribute[str]
) -> list[tuple[str, int]]:
    statement = (
        select(column, func.count())
        .where(Building.community_id == community_id, Building.practice.is_(False), STANDS)
        .group_by(column)
        .order_by(column)
    )
    return [(name, count) for name, count in session.execute(statement) if name]


def _page(asked: _Asked, chosen: dict[str, str] | None) -> str:
    who = access.member()
    shares: list[Share] = []
    with db.reading() as session:
        team = team_of(session, who.community_id)
        wanted = [one for one in team if one[0] in asked.members]
        buildings = _buildings(session, who.community_id, asked)
        many = len(buildings) > plan.MOST_BUILDINGS
        if wanted and not many:
            found = _pieces(session, who.community_id, asked, buildings)
            if chosen is None:
                shares = plan.share(found, wanted)
            else:
                shares = plan.by_hand(found, wanted, chosen)
        compounds = _names(session, who.community_id, Building.compound)
        grids = _names(session, who.community_id, Building.grid)
        nobody = plan.nobody_walks(session, who.community_id)
    minutes = [one.minutes for one in shares]
    return render_template(
        "coverage/turf.html",
        asked=asked,
        team=team,
        shares=shares,
        most=max(minutes, default=0) or 1,
        mean=sum(minutes) / len(minutes) if minutes else 0,
        drawing=_drawing(shares),
        compounds=compounds,
        grids=grids,
        nobody=nobody,
        many=many,
        limit=plan.MOST_BUILDINGS,
    )


WIDTH, EDGE = 600, 24


def _drawing(shares: list[Share]) -> dict[str, object] | None:
    """The pieces as points of a plan without a map: x, y, share, number in its way."""
    placed = [(n, at, one.at) for n, s in enumerate(shares) for at, one in enumerate(s.pieces, 1)
              if one.at]  # fmt: skip
    if len({at for _n, _at, at in placed}) < 2:
        return None
    lats, lons = [at[0] for _n, _a, at in placed], [at[1] for _n, _a, at in placed]
    flat = 0.87  # a degree of longitude is shorter; exact enough for a drawing without a scale
    across = max((max(lons) - min(lons)) * flat, 1e-6)
    height = min(max((max(lats) - min(lats)) / across, 0.25), 1.0)
    scale = (WIDTH - 2 * EDGE) / max(across, (max(lats) - min(lats)) / height)
    points = [
        (
            round(EDGE + (at[1] - min(lons)) * flat * scale, 1),
            round(EDGE + (max(lats) - at[0]) * scale, 1),
            n,
            number,
        )
        for n, number, at in placed
    ]
    ways = [
        " ".join(f"{x},{y}" for x, y, n, _number in points if n == share)
        for share in range(len(shares))
    ]
    return {"width": WIDTH, "height": round(max(p[1] for p in points) + EDGE), "points": points,
            "ways": ways}  # fmt: skip
