"""`flask import visits FILE`."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import with_appcontext

from webapp.core import clock
from webapp.core.cli import as_json, explained, tell
from webapp.places.commands import EXISTING, end, tell_problems
from webapp.places.imports import answers, tables
from webapp.places.imports.findings import Unreadable, sentence
from webapp.visits import past


@click.command("visits")
@click.argument("file", type=EXISTING)
@click.option("--community", "community_id", type=int, required=True, help="Its id.")
@click.option("--as", "author", help="Login of the coordinator who brings them in.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
@as_json
@with_appcontext
@explained
def visits(file: Path, community_id: int, author: str | None, dry_run: bool, as_json: bool) -> None:
    """Visits of earlier walks: building, unit, room, date, outcome; app, leaflets, note and who
    walked if the list has them. The same list again changes nothing."""
    try:
        done = past.bring_in(
            tables.read(file.read_bytes()),
            community_id=community_id,
            now=clock.now(),
            author=author,
            write=not dry_run,
        )
    except Unreadable as error:
        tell(sentence(error.finding))
        done = past.Past(problems=[error.finding])
    else:
        tell_problems(done.problems)
    problems = [answers.problem(finding) for finding in done.problems]
    end({"visits": {"new": done.new, "same": done.same}, "problems": problems}, as_json)
