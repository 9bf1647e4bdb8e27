"""`flask retention run`, `flask alerts verify|rebuild`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp.accounts.models import Community
from webapp.alerts import retention
from webapp.alerts.verify import Difference, rebuild, verify
from webapp.core import clock, db
from webapp.core.cli import as_json, emit, explained, tell
from webapp.core.errors import NotFound
from webapp.core.i18n import _

DIFFERENT = 1
one_community = click.option(
    "--community", "community_id", type=int, help="Only this one; else all."
)


@click.group("retention")
def keeping() -> None:
    """Erase what is said of persons when it is no longer needed."""


@keeping.command("run")
@one_community
@click.option("--dry-run", is_flag=True, help="Only say what would be erased.")
@as_json
@with_appcontext
@explained
def run(community_id: int | None, dry_run: bool, as_json: bool) -> None:
    """Erase persons, messages and notes of alerts that closed long ago, old audit and tombstones.

    The days are settings of the community (/settings/alerts). The worker does this once a day.
    """
    now, erased = clock.now(), []
    for number in _communities(community_id):
        if dry_run:
            with db.reading() as session:
                erased.append(retention.due(session, number, now=now))
        else:
            with db.writing() as session:
                erased.append(retention.run(session, number, now=now))
    rows = [asdict(one) for one in erased if not one.nothing]
    totals = {
        name: sum(getattr(one, name) for one in erased)
        for name in ("alerts", "texts", "operations", "audit", "tombstones")
    }
    emit({"dry_run": dry_run, **totals, "communities": rows}, as_json)


@click.command("verify")
@one_community
@as_json
@with_appcontext
@explained
def check(community_id: int | None, as_json: bool) -> None:
    """Recompute every alert from its operations; exit code 1 when anything differs."""
    found: list[dict[str, Any]] = []
    for number in _communities(community_id):
        with db.reading() as session:
            found += _told(number, verify(session, number))
    _answer(found, "command.alerts.differences", as_json)
    if found:
        sys.exit(DIFFERENT)


@click.command("rebuild")
@one_community
@as_json
@with_appcontext
@explained
def repair(community_id: int | None, as_json: bool) -> None:
    """Set every alert to what its operations say, and tell what was changed."""
    found: list[dict[str, Any]] = []
    for number in _communities(community_id):
        with db.writing() as session:
            found += _told(number, rebuild(session, number, now=clock.now()))
    _answer(found, "command.alerts.rebuilt", as_json)


def _communities(community_id: int | None) -> list[int]:
    with db.reading() as session:
        known = list(session.scalars(select(Community.id).order_by(Community.id)))
    if community_id is None:
        return known
    if community_id not in known:
        raise NotFound("community_unknown")
    return [community_id]


def _told(community_id: int, differences: Sequence[Difference]) -> list[dict[str, Any]]:
    return [{"community": community_id} | asdict(difference) for difference in differences]


def _answer(found: list[dict[str, Any]], some: str, as_json: bool) -> None:
    tell(_(some, n=len(found)) if found else _("command.alerts.done"))
    if as_json or found:
        emit({"differences": found}, as_json)
