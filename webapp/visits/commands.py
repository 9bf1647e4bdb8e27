"""`flask import visits FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import with_appcontext

from webapp.core import clock
from webapp.core.cli import as_json, emit, explained, tell
from webapp.core.i18n import _
from webapp.places.imports import answers, tables
from webapp.places.imports.findings import Unreadable, sentence
from webapp.visits import past

_SHOWN = 20
_NOT_ALL = 1


@click.command("visits")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
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
        done = past.Past(problems=[error.finding])
    for finding in done.problems[:_SHOWN]:
        where = _("import.at_row", row=finding.row, column=finding.column or "–")
        tell(f"{where} {sentence(finding)}" if finding.row else sentence(finding))
    if len(done.problems) > _SHOWN:
        tell(_("import.more_problems", count=len(done.problems) - _SHOWN))
    problems = [answers.problem(finding) for finding in done.problems]
    emit({"visits": {"new": done.new, "same": done.same}, "problems": problems}, as_json)
    sys.exit(_NOT_ALL if problems else 0)
