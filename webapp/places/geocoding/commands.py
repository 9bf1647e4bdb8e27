"""`flask geocode --community ID`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from webapp.core import clock, db
from webapp.core.cli import as_json, emit, explained
from webapp.places.geocoding import job


@click.command("geocode")
@click.option("--community", "community_id", type=int, required=True)
@click.option("--prefix", help="What every address begins with; the community's region by default.")
@as_json
@with_appcontext
@explained
def geocode(community_id: int, prefix: str | None, as_json: bool) -> None:
    """Have the worker ask the geocoder for all buildings without a place."""
    with db.writing() as session:
        if prefix is None:
            prefix = job.usual_prefix(session, community_id)
        job_id = job.start(session, community_id, prefix, person_id=None, now=clock.now())
        total = job.count_open(session, community_id)
    emit({"job": job_id, "buildings": total}, as_json)


COMMANDS: list[click.Command] = [geocode]
