"""Copies of the whole database, and their way back."""

from __future__ import annotations

import json
import shutil
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.accounts import make_community
from tests.factories.field import Neighbourhood, visit
from webapp.accounts import epoch
from webapp.accounts.models import Community
from webapp.app import create_app
from webapp.cli import back_up_when_due
from webapp.core import backup, db
from webapp.core import clock as product_clock
from webapp.core.errors import Problem

both_engines = pytest.mark.both_engines


@pytest.fixture
def url(app: Flask, empty_database: str, engine_name: str) -> str:
    """A migrated database of its own: a backup knows its revision."""
    if engine_name == "postgresql" and shutil.which("pg_dump") is None:
        pytest.skip("PostgreSQL's tools are not on this machine")
    app.extensions["qiaomen.settings"] = type(app.extensions["qiaomen.settings"])(
        instance=app.extensions["qiaomen.settings"].instance,
        database_url=empty_database,
        secret_key="only-for-tests",
        testing=True,
    )
    app.extensions[db.EXTENSION].dispose()
    app.extensions[db.EXTENSION] = db.Database(empty_database)
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0
    return empty_database


def names(app: Flask) -> list[str]:
    """The communities there are."""
    with app.app_context(), db.reading() as session:
        return sorted(session.scalars(select(Community.name)))


@both_engines
def test_a_restore_brings_back_what_was_there_and_drops_what_came_later(
    app: Flask, url: str, tmp_path: Path
) -> None:
    make_community(app, "before")
    backup.create(url, tmp_path / "a.backup")
    make_community(app, "after")
    backup.restore(url, tmp_path / "a.backup", "e2")
    assert names(app) == ["before"]


@both_engines
def test_a_restored_database_has_a_new_epoch_so_that_phones_notice(
    app: Flask, url: str, tmp_path: Path
) -> None:
    with app.app_context():
        first = epoch.ensure()
    backup.create(url, tmp_path / "a.backup")
    answer = app.test_cli_runner().invoke(
        args=["backup", "restore", str(tmp_path / "a.backup"), "--json"]
    )
    assert answer.exit_code == 0, answer.output
    with app.app_context():
        assert epoch.ensure() != first


@both_engines
def test_a_rehearsal_as_the_docs_tell_it_leaves_the_real_installation_alone(
    app: Flask, url: str, tmp_path: Path, engine_name: str, request: pytest.FixtureRequest
) -> None:
    """docs/operations.md, "Restore, and rehearse it": into an installation of its own."""
    community = make_community(app, "real")
    hood = Neighbourhood(community)
    with app.app_context():
        door = hood.door(hood.building())
        hood.member("coordinator").push(visit(door))
    backup.create(url, tmp_path / "last-night.backup")
    with app.app_context():
        first = epoch.ensure()

    source: Any = request.getfixturevalue("_sources")(engine_name)
    settings = replace(
        app.extensions["qiaomen.settings"],
        instance=tmp_path / "rehearsal",
        database_url=source.empty("rehearsal"),
    )
    rehearsal = create_app(settings)
    told = [
        ["db", "upgrade"],
        ["backup", "restore", str(tmp_path / "last-night.backup")],
        ["coverage", "verify"],
        ["coverage", "show", "--community", str(community), "--json"],
    ]
    for command in told:
        done = rehearsal.test_cli_runner().invoke(args=command)
        assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["totals"]["reached"] == 1
    rehearsal.extensions[db.EXTENSION].dispose()
    source.drop(settings.database_url)
    with app.app_context():
        assert epoch.ensure() == first


@both_engines
def test_a_backup_is_for_its_owner_alone(url: str, tmp_path: Path) -> None:
    backup.create(url, tmp_path / "a.backup")
    assert stat.S_IMODE((tmp_path / "a.backup").stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.part")) == []


@both_engines
def test_what_is_no_backup_is_refused_and_changes_nothing(
    app: Flask, url: str, tmp_path: Path
) -> None:
    make_community(app, "kept")
    (tmp_path / "no.backup").write_bytes(b"a letter to grandmother")
    for file in (tmp_path / "no.backup", tmp_path / "missing.backup"):
        with pytest.raises(Problem):
            backup.restore(url, file, "e2")
    assert names(app) == ["kept"]


@both_engines
def test_the_worker_backs_up_once_a_day(app: Flask, url: str, tmp_path: Path, clock: Clock) -> None:
    folder = Path(app.extensions["qiaomen.settings"].instance) / "backups"
    with app.app_context():
        back_up_when_due(product_clock.now())
        made = list(folder.glob(backup.PATTERN))
        assert len(made) == 1
        clock.set(int(made[0].stat().st_mtime * 1000) + 1_000)
        back_up_when_due(product_clock.now())
        assert list(folder.glob(backup.PATTERN)) == made
        clock.advance(days=1)
        back_up_when_due(product_clock.now())
        assert len(list(folder.glob(backup.PATTERN))) == 2


def test_rotation_keeps_the_last_seven_and_one_a_week_for_four_weeks(tmp_path: Path) -> None:
    for day in range(1, 61):
        (tmp_path / f"qiaomen-2026{day:03d}.backup").touch()
    backup.rotate(tmp_path)
    kept = sorted(int(path.stem[-3:]) for path in tmp_path.glob(backup.PATTERN))
    assert kept == [32, 39, 46, 53, *range(54, 61)]
