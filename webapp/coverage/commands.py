"""`flask coverage show|verify|rebuild`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.core import clock, db
from webapp.core.cli import as_json, emit, explained, tell
from webapp.core.errors import NotFound
from webapp.core.i18n import _
from webapp.coverage.report import report
from webapp.coverage.verify import Difference, rebuild, verify

DIFFERENT = 1


@click.group("coverage")
def coverage() -> None:
    """Counts per building: show them, check them against the operations, repair them."""


@coverage.command("show")
@click.option("--community", "community_id", type=int, required=True)
@as_json
@with_appcontext
@explained
def show(community_id: int, as_json: bool) -> None:
    """Totals and buildings; rates in basis points, rounded down."""
    with db.reading() as session:
        _communities(session, community_id)
        answer = report(session, community_id)
    emit(answer, as_json)


@coverage.command("verify")
@click.option("--community", "community_id", type=int, help="Only this one; else all.")
@as_json
@with_appcontext
@explained
def check(community_id: int | None, as_json: bool) -> None:
    """Recompute everything from the operations; exit code 1 when anything differs."""
    with db.reading() as session:
        wanted = _communities(session, community_id)
    found: list[dict[str, Any]] = []
    for number in wanted:
        with db.reading() as session:
            found += _told(number, verify(session, number))
    _answer(found, "command.coverage.differences", as_json)
    if found:
        sys.exit(DIFFERENT)


@coverage.command("rebuild")
@click.option("--community", "community_id", type=int, help="Only this one; else all.")
@as_json
@with_appcontext
@explained
def repair(community_id: int | None, as_json: bool) -> None:
    """Set every counter to what the operations say, and tell what was changed."""
    with db.reading() as session:
        wanted = _communities(session, community_id)
    found: list[dict[str, Any]] = []
    for number in wanted:
        with db.writing() as session:
            found += _told(number, rebuild(session, number, now=clock.now()))
    _answer(found, "command.coverage.rebuilt", as_json)


COMMANDS: list[click.Command] = [coverage]


def _communities(session: Session, community_id: int | None) -> list[int]:
    known = list(session.scalars(select(Community.id).order_by(Community.id)))
    if community_id is None:
        return known
    if community_id not in known:
        raise NotFound("community_unknown")
    return [community_id]


def _told(community_id: int, differences: Sequence[Difference]) -> list[dict[str, Any]]:
    return [
        {"community": community_id}
        | {name: _plain(value) for name, value in asdict(difference).items()}
        for difference in differences
    ]


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | bool | None) else str(value)


def _answer(found: list[dict[str, Any]], some: str, as_json: bool) -> None:
    tell(_(some, n=len(found)) if found else _("command.coverage.done"))
    if as_json or found:
        emit({"differences": found}, as_json)
