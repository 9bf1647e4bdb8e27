"""Coverage for programs."""

from __future__ import annotations

import orjson
from flask import Blueprint, Response

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import db
from webapp.coverage.report import report

bp = Blueprint("coverage_api", __name__)


@bp.get("/api/v1/coverage")
@allow("coordinator")
def coverage() -> Response:
    """Totals and buildings of the coordinator's community."""
    with db.reading() as session:
        answer = report(session, access.member().community_id)
    return Response(orjson.dumps(answer), content_type="application/json")
