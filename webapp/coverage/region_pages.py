"""`/regions`: what supervisors see of the communities under their region."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import db, tables
from webapp.core.forms import whole
from webapp.core.i18n import _
from webapp.coverage import queries
from webapp.coverage.export import table
from webapp.coverage.queries import Filter
from webapp.coverage.regions import inside, regions

bp = Blueprint("regions", __name__, url_prefix="/regions")


@bp.get("")
@allow("supervisor", "admin")
def roll_up() -> str:
    """All communities under a region path: counters only, never doors."""
    with db.reading() as session:
        view = regions(session, _own_region(), request.args.get("path", ""))
    return render_template("coverage/regions.html", view=view)


@bp.get("/communities/<int:community_id>")
@allow("supervisor", "admin")
def drill_down(community_id: int) -> str:
    """The buildings of a community under the region: counters only, never doors."""
    page = whole(request.args.get("page", ""), 6) or 1
    with db.reading() as session:
        view = inside(session, _own_region(), community_id, page)
    return render_template("coverage/region_buildings.html", view=view)


@bp.get("/communities/<int:community_id>/file.<ending>")
@allow("supervisor", "admin")
def take_away(community_id: int, ending: str) -> Response:
    """The same as a file."""
    with db.reading() as session:
        view = inside(session, _own_region(), community_id, 1)
        found = queries.rows(session, community_id, Filter(sort="name"), limit=None)
    lines = table(found, view.community.timezone)
    return tables.download(ending, _("coverage.title"), lines, f"coverage-{community_id}")


def _own_region() -> str:
    who = access.signed_in()
    return "" if "admin" in who.roles else who.region or ""
