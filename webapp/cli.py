"""The commands of `flask --app wsgi …`; features bring theirs, here they get their place."""

from __future__ import annotations

import logging
import signal
from pathlib import Path
from types import FrameType

import click
from alembic import command
from alembic.config import Config
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from webapp.core import db, jobs
from webapp.core.settings import Settings

ROOT = Path(__file__).parents[1]

database = AppGroup("db", help="The database's structure.")


@database.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest structure; harmless to repeat."""
    settings: Settings = current_app.extensions["qiaomen.settings"]
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = settings.database_url
    command.upgrade(config, "head")


@click.command()
@click.option("--once", is_flag=True, help="Do what is queued, then end.")
@with_appcontext
def worker(once: bool) -> None:
    """Do the work in the background (imports); one per installation is enough."""
    logging.basicConfig(level=logging.INFO, format="worker: %(message)s")
    asked: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if once:
        while not asked and jobs.run_one():
            pass
        return
    jobs.work(until=lambda: bool(asked))
    db.current().dispose()


def init_app(app: Flask) -> None:
    """Register all commands."""
    app.cli.add_command(database)
    app.cli.add_command(worker)
