"""`/api/v1/map`: what a phone's map shows, and the file of tiles that the installation provides."""

from __future__ import annotations

from flask import Blueprint, Response, request, send_file

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, http
from webapp.core.errors import NotFound
from webapp.places.map_area import area
from webapp.places.map_wire import MapAnswer

bp = Blueprint("map_api", __name__, url_prefix="/api/v1/map")


@bp.get("")
@allow("volunteer", "coordinator")
def show() -> Response:
    """The member's buildings with their outlines, and what lies under them."""
    with db.reading() as session:
        answer: MapAnswer = area(
            session, access.member(), http.installation().map, request.args.get("known", "")[:8]
        )
    return http.answer_json(answer)


@bp.get("/base.pmtiles")
@allow("volunteer", "coordinator")
def base() -> Response:
    """Parts of the tile file, as readers of PMTiles ask for them (`Range`)."""
    found = http.installation().map.base
    if found is None:
        raise NotFound
    answer = send_file(
        found.archive.path,
        mimetype="application/vnd.pmtiles",
        conditional=True,
        etag=found.archive.version,
        max_age=clock.DAY // clock.SECOND,
    )
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
