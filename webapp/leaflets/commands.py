"""`flask leaflets …`: whether bags are what the records say."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from sqlalchemy import select

from webapp.accounts.models import Community
from webapp.core import db
from webapp.core.cli import as_json, emit, tell
from webapp.leaflets import bags

leaflets = AppGroup("leaflets", help="Leaflets in stock and in bags.")


@leaflets.command("verify")
@as_json
def verify(as_json: bool) -> None:
    """Recount all bags from the records; ends with 1 when one differs."""
    found: list[str] = []
    for community_id in _communities():
        with db.reading() as session:
            found += bags.differences(session, community_id)
    for line in found:
        tell(line)
    emit({"differences": len(found)}, as_json)
    sys.exit(1 if found else 0)


@leaflets.command("rebuild")
@as_json
def rebuild(as_json: bool) -> None:
    """Write all bags anew from the records."""
    known = _communities()
    for community_id in known:
        with db.writing() as session:
            bags.rebuild(session, community_id)
    emit({"communities": len(known)}, as_json)


def _communities() -> list[int]:
    with db.reading() as session:
        return list(session.scalars(select(Community.id).order_by(Community.id)))


COMMANDS: list[click.Command] = [leaflets]
