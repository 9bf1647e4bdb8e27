"""`flask demo load`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from webapp.core import clock, db
from webapp.core.cli import as_json, emit, explained, fail, tell
from webapp.core.errors import Problem
from webapp.core.i18n import _
from webapp.core.settings import Settings
from webapp.demo import alerts, loading, signins
from webapp.demo.loading import Loaded


@click.group("demo")
def demo() -> None:
    """A made-up community to try things with."""


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when there is a community already.")
@click.option("--seed", type=int, default=loading.SEED, show_default=True, help="Another chance.")
@as_json
@with_appcontext
@explained
def load(if_empty: bool, seed: int, as_json: bool) -> None:
    """Make the demo community and show who can sign in; only on this machine's own address."""
    settings: Settings = current_app.extensions["qiaomen.settings"]
    if not _is_empty():
        if not if_empty:
            fail(_("error.demo_not_empty"), 1)
        _show_again(settings, as_json)
        return
    _only_here(settings)
    _load(settings, seed, as_json)


@demo.command("alerts")
@click.option("--community", "community_id", type=int, required=True)
@click.option("--seed", type=int, default=alerts.SEED, show_default=True, help="Another chance.")
@as_json
@with_appcontext
@explained
def replay_alerts(community_id: int, seed: int, as_json: bool) -> None:
    """Replay the 631 alerts of the source article, as if they had come and been worked here."""
    _only_here(current_app.extensions["qiaomen.settings"])
    with _progress(_("demo.alerts_loading")) as progress, db.writing() as session:
        made = alerts.replay(session, community_id, now=clock.now(), seed=seed, progress=progress)
    emit(asdict(made), as_json)


COMMANDS: list[click.Command] = [demo]


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the terminal, if there is one."""
    shown = sys.stderr.isatty()
    with click.progressbar(length=100, label=label, file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            if shown and total:
                bar.update(100 * done // total - bar.pos)

        yield progress


def _only_here(settings: Settings) -> None:
    """Invented persons have no place where others work."""
    if not settings.loopback:
        raise Problem("demo_loopback", address=settings.public_url)


def _is_empty() -> bool:
    with db.reading() as session:
        return loading.is_empty(session)


def _load(settings: Settings, seed: int, as_json: bool) -> None:
    with _progress(_("demo.loading")) as progress, db.writing() as session:
        made = loading.load(session, seed=seed, now=clock.now(), progress=progress)
        table = signins.as_text(made.signins)
        file = signins.write(settings.instance, table)
    if as_json:
        emit(_answer(made) | {"file": str(file)}, as_json)
    else:
        tell(_("demo.loaded", buildings=made.buildings, households=made.households,
               visits=made.operations.get("visit", 0)))  # fmt: skip
        click.echo(table)


def _answer(made: Loaded) -> dict[str, Any]:
    fields = asdict(made)
    return {"loaded": True, "community": fields.pop("community_id"), **fields}


def _show_again(settings: Settings, as_json: bool) -> None:
    """The sign-ins of a demo that was loaded before; nothing when another community is there."""
    table = signins.read(settings.instance)
    if as_json:
        emit({"loaded": False}, as_json)
    elif table:
        click.echo(table)
