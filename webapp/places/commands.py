"""`flask import buildings|households|communities FILE …`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp.accounts.models import Community
from webapp.core import clock, db
from webapp.core.cli import as_json, emit, explained, tell
from webapp.core.i18n import _
from webapp.places.imports import answers, crs, engine, gazetteer, rows, tables
from webapp.places.imports.engine import Step
from webapp.places.imports.findings import Finding, Unreadable, sentence
from webapp.places.imports.options import Options, Wants, WrongUse

NOT_ALL = 1
_SHOWN = 20
EXISTING = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)


@click.group("import")
def import_() -> None:
    """Lists of buildings, doors and communities from files."""


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    """What `buildings` and `households` have in common."""
    for option in (
        click.argument("file", type=EXISTING),
        click.option("--community", "community_id", type=int, required=True, help="Its id."),
        click.option("--sheet", help="Only this sheet of a workbook."),
        click.option(
            "--map",
            "mapping",
            multiple=True,
            metavar="FIELD=COLUMN",
            help="Which column holds a field: by its heading or its letter. Repeatable.",
        ),
        click.option("--compound", default="", help="For a list that names no compound."),
        click.option("--attribution", default="", help="Whose data it is, to stand beside it."),
        click.option("--crs", type=click.Choice(crs.SYSTEMS), default="wgs84", show_default=True),
        click.option(
            "--generate-households",
            "generate",
            is_flag=True,
            help="Make doors from floors and totals where the list has none.",
        ),
        click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing."),
        as_json,
    )[::-1]:  # the last one applied is the first in --help
        command = option(command)
    return command


@import_.command("buildings")
@_options
@with_appcontext
@explained
def buildings(**given: Any) -> None:
    """Buildings from a table or GeoJSON, with their doors where the file lists them."""
    _import("buildings", **given)


@import_.command("households")
@_options
@with_appcontext
@explained
def households(**given: Any) -> None:
    """Doors from a table, one in each row; buildings that are missing are made."""
    _import("households", **given)


@import_.command("communities")
@click.argument("file", type=EXISTING)
@click.option("--sheet", help="Only this sheet of a workbook.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, change nothing.")
@as_json
@with_appcontext
@explained
def communities(file: Path, sheet: str | None, dry_run: bool, as_json: bool) -> None:
    """Names and region paths of communities, to complete forms with; no tenants are made."""
    try:
        found = gazetteer.read(tables.read(file.read_bytes()), sheet)
    except Unreadable as error:
        body: dict[str, Any] = {"communities": engine.Count().as_data()}
        end({**body, "problems": [answers.problem(error.finding)], "notices": []}, as_json)
    except WrongUse as error:
        _wrong_use(error)
    count = gazetteer.preview(found.entries) if dry_run else gazetteer.write(found.entries)
    problems = [answers.problem(finding) for finding in found.problems]
    end({"communities": count.as_data(), "problems": problems, "notices": []}, as_json)


def _import(
    wants: Wants,
    *,
    file: Path,
    community_id: int,
    sheet: str | None,
    mapping: tuple[str, ...],
    compound: str,
    attribution: str,
    crs: str,
    generate: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    _known_community(community_id)
    options = Options(
        wants=wants,
        sheet=sheet,
        mapping=tuple(_pair(text) for text in mapping),
        crs=crs,
        generate=generate,
        compound=compound,
        attribution=attribution,
    )
    try:
        reading = rows.read(tables.read(file.read_bytes()), options)
    except WrongUse as error:
        _wrong_use(error)
    except Unreadable as error:
        tell(sentence(error.finding))
        end(answers.answer(answers.refused(error)), as_json)
    with _bar() as on_progress:
        outcome = engine.run(
            reading,
            community_id=community_id,
            now=clock.now(),
            generate=generate,
            write=not dry_run,
            on_progress=on_progress,
        )
    tell_problems(outcome.problems)
    end(answers.answer(outcome), as_json)


def _pair(text: str) -> tuple[str, str]:
    field, sign, column = text.partition("=")
    if not sign or not field.strip() or not column.strip():
        raise click.BadParameter(_("import.use.map", value=text), param_hint="--map")
    return field.strip(), column.strip()


def _known_community(community_id: int) -> None:
    with db.reading() as session:
        found = session.scalar(select(Community.id).where(Community.id == community_id))
    if found is None:
        message = _("import.use.unknown_community", id=community_id)
        raise click.BadParameter(message, param_hint="--community")


def _wrong_use(error: WrongUse) -> NoReturn:
    raise click.UsageError(_(f"import.use.{error.code}", **error.params))


def tell_problems(problems: Sequence[Finding]) -> None:
    """For people: the first problems, so that nobody has to read JSON."""
    for finding in problems[:_SHOWN]:
        place = _("import.at_row", row=finding.row, column=finding.column or "–")
        tell(f"{place} {sentence(finding)}")
    if len(problems) > _SHOWN:
        tell(_("import.more_problems", count=len(problems) - _SHOWN))


def end(body: dict[str, Any], as_json: bool) -> NoReturn:
    """The answer, and an exit code of 1 when it names problems."""
    emit(body, as_json)
    sys.exit(NOT_ALL if body["problems"] else 0)


@contextmanager
def _bar() -> Iterator[Callable[[Step], None] | None]:
    """A progress bar on a terminal once the work has taken a second; nothing elsewhere."""
    if not sys.stderr.isatty():
        yield None
        return
    began = clock.now()
    with click.progressbar(
        length=1, label=_("import.working"), file=sys.stderr, show_eta=True
    ) as bar:

        def on_progress(step: Step) -> None:
            if clock.now() - began > clock.SECOND:
                bar.length = max(1, step.total)
                bar.update(step.doors - bar.pos)

        yield on_progress


COMMANDS = (import_,)
