"""The coverage pages."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, ids
from webapp.core.errors import NotFound
from webapp.coverage.building import building_page
from webapp.coverage.door import door_page
from webapp.coverage.overview import GROUPINGS, Grouping, overview
from webapp.coverage.queries import SORTS, Filter
from webapp.places.doors import doors_by_id
from webapp.places.merge_queries import shown_building

bp = Blueprint("coverage", __name__)
LONGEST = 100


@bp.get("/coverage")
@allow("coordinator")
def show() -> str:
    """All buildings of the community."""
    who = access.member()
    now = clock.now()
    with db.reading() as session:
        view = overview(session, who.community_id, read_filter(request.args), _grouping(), now)
    return render_template("coverage/overview.html", view=view, timezone=who.timezone, now=now)


@bp.get("/coverage/buildings/<building_id>")
@allow("coordinator")
def building(building_id: str) -> Response | str:
    """One building, door by door; of a merged one the building that stands for it."""
    who = access.member()
    with db.reading() as session:
        shown = shown_building(session, who.community_id, known_id(building_id))
        if shown is not None:
            return redirect(f"/coverage/buildings/{shown}", 303)
        view = building_page(session, who.community_id, building_id, clock.now())
    return render_template("coverage/building.html", view=view, timezone=who.timezone)


@bp.get("/coverage/buildings/<building_id>/doors/<household_id>")
@allow("coordinator")
def door(building_id: str, household_id: str) -> Response | str:
    """What was recorded at one door; under an id that it was merged with, or in a merged building,
    on to its own address."""
    who = access.member()
    with db.reading() as session:
        found = doors_by_id(session, who.community_id, [known_id(household_id)])
        shown = found.get(household_id)
        here = shown_building(session, who.community_id, known_id(building_id)) or building_id
        if shown and shown.building_id == here and (here, shown.id) != (building_id, household_id):
            return redirect(f"/coverage/buildings/{here}/doors/{shown.id}", 303)
        view = door_page(session, who.community_id, building_id, household_id)
    return render_template("coverage/door.html", view=view, timezone=who.timezone)


def read_filter(args: MultiDict[str, str]) -> Filter:
    """The filter in an address; what makes no sense is left out."""
    sort = args.get("sort", "")
    page = args.get("page", "")
    return Filter(
        compound=args.get("compound") or None,
        grid=args.get("grid") or None,
        text=args.get("q", "").strip()[:LONGEST],
        sort=sort if sort in SORTS else "",
        descending=args.get("order") == "desc",
        page=int(page) if page.isdecimal() and len(page) < 7 else 1,
    )


def known_id(text: str) -> str:
    """An id from an address; NotFound when it is none."""
    if not ids.is_id(text):
        raise NotFound
    return text


def _grouping() -> Grouping:
    asked = request.args.get("by")
    return next((by for by in GROUPINGS if by == asked), "building")
