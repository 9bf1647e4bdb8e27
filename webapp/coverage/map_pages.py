"""The map of the desk: all buildings by how far they are, and where somebody places them."""

from __future__ import annotations

import msgspec
import orjson
from flask import Blueprint, Response, render_template

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import db, http
from webapp.coverage.map import MapView, map_data, map_view
from webapp.coverage.rates import WHOLE
from webapp.places.map_area import tell_base
from webapp.places.map_wire import MapAnswer

bp = Blueprint("map", __name__)


@bp.get("/map")
@allow("coordinator")
def show() -> str:
    """The page; its script asks for the buildings."""
    http.show_tiles()
    with db.reading() as session:
        view = map_view(session, access.member().community_id)
    return render_template("coverage/map.html", view=view, setting=_setting(view))


@bp.get("/map/data")
@allow("coordinator")
def data() -> Response:
    """All buildings, for the page's script."""
    with db.reading() as session:
        found = map_data(session, access.member().community_id)
    return Response(orjson.dumps(found), content_type="application/json")


def _setting(view: MapView) -> str:
    """What the script is told beside the buildings."""
    community, under = view.community, MapAnswer(version="")
    tell_base(under, http.installation().map)
    setting = {
        "under": under,
        "attribution": view.attribution,
        "targets": {
            "publicity": community.publicity_target,
            "app": community.app_target,
            "knocked": WHOLE,
        },
        "headline": community.headline,
    }
    return msgspec.json.encode(setting).decode()
