"""The commands of `flask --app wsgi …`; features bring theirs, here they get their place."""

from __future__ import annotations

import logging
import secrets
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from types import FrameType

import click
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from webapp import wiring
from webapp.core import backup, clock, db, jobs
from webapp.core.cli import as_json, emit, explained
from webapp.core.settings import Settings

ROOT = Path(__file__).parents[1]
BACKUP_EVERY = clock.DAY

database = AppGroup("db", help="The database's structure.")
backups = AppGroup("backup", help="Copies of the whole database, and their way back.")


@database.command("upgrade")
@explained
def upgrade() -> None:
    """Bring the database to the newest structure; harmless to repeat."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = _settings().database_url
    command.upgrade(config, "head")
    wiring.after_upgrade()


@backups.command("create")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
@explained
def create_backup(file: Path, as_json: bool) -> None:
    """Write a consistent copy to FILE; the server may go on working."""
    backup.create(_settings().database_url, file)
    emit({"file": str(file), "bytes": file.stat().st_size}, as_json)


@backups.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@as_json
@explained
@click.pass_context
def restore_backup(context: click.Context, file: Path, as_json: bool) -> None:
    """Put everything back to what FILE holds. Phones send again what it lacks."""
    epoch = secrets.token_hex(8)
    backup.restore(_settings().database_url, file, epoch)
    db.current().dispose()
    context.invoke(upgrade)
    emit({"file": str(file), "epoch": epoch}, as_json)


@click.command()
@click.option("--once", is_flag=True, help="Do what is queued and due, then end.")
@with_appcontext
def worker(once: bool) -> None:
    """Do the work in the background (imports, alerts, backups); one per installation is enough."""
    logging.basicConfig(level=logging.INFO, format="worker: %(message)s")
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if once:
        while not asked and jobs.run_one():
            pass
        jobs.run_steps(clock.now(), ending=True)
    else:
        _work(until=lambda: bool(asked))
    db.current().dispose()


def _work(until: Callable[[], bool]) -> None:
    """Jobs here, regular steps beside them."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

    def keep_time() -> None:
        with app.app_context():
            jobs.keep_time(until=until)

    beside = Thread(target=keep_time, name="regular steps")
    beside.start()
    jobs.work(until=until)
    beside.join()


def back_up_when_due(now: int) -> None:
    """A copy a day into instance/backups, old ones deleted; a failure is logged, not fatal."""
    folder = _settings().instance / "backups"
    newest = max((path.stat().st_mtime for path in folder.glob(backup.PATTERN)), default=0)
    if now - newest * 1000 < BACKUP_EVERY:
        return
    name = datetime.fromtimestamp(now / 1000, UTC).strftime("qiaomen-%Y%m%dT%H%M%SZ.backup")
    backup.create(_settings().database_url, folder / name)
    backup.rotate(folder)


def init_app(app: Flask) -> None:
    """Register all commands."""
    for group in (database, backups, worker):
        app.cli.add_command(group)
    jobs.regularly("backup", back_up_when_due, every=clock.MINUTE, at_once=False)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["qiaomen.settings"]
    return settings
