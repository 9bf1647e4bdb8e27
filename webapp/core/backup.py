"""Backups of the whole database while it is in use, and their way back.

SQLite through its online backup, PostgreSQL through pg_dump and pg_restore. A restored database
gets a new epoch before anybody sees it, so that every phone notices and sends again what the
backup lacks (design 4).
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from webapp.core.errors import Problem

PATTERN = "qiaomen-*.backup"
KEEP_DAILY, KEEP_WEEKLY = 7, 4
DAYS_A_WEEK = 7


def create(url: str, target: Path) -> None:
    """Write a consistent copy to `target`, readable only by its owner; nothing half-written.

    Raises Problem `backup_failed` with the tool's own words.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if _is_sqlite(url):
            _copy_sqlite(_sqlite_file(url), part)
        else:
            _run("pg_dump", "--format=custom", f"--file={part}", url=url)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def restore(url: str, source: Path, epoch: str) -> None:
    """Put the database back to what `source` holds, all or nothing, under a new epoch.

    Raises Problem `backup_unreadable` when the file is no backup of this product.
    """
    if not source.is_file():
        raise Problem("backup_unreadable", file=str(source))
    if _is_sqlite(url):
        with _prepared_sqlite(source, epoch) as prepared:
            _copy_sqlite(prepared, _sqlite_file(url))
    else:
        _restore_postgresql(url, source, epoch)


def rotate(folder: Path) -> list[Path]:
    """Delete old scheduled backups; keeps the last 7, and one a week for four weeks."""
    backups = sorted(folder.glob(PATTERN), reverse=True)
    older = backups[KEEP_DAILY:]
    kept = set(backups[:KEEP_DAILY]) | set(older[::DAYS_A_WEEK][:KEEP_WEEKLY])
    gone = [path for path in backups if path not in kept]
    for path in gone:
        path.unlink()
    return gone


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _sqlite_file(url: str) -> Path:
    return Path(make_url(url).database or "")


def _copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup: a snapshot of the source, one transaction in the target."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=30)) as read,
            closing(sqlite3.connect(target, timeout=30)) as write,
        ):
            read.backup(write)
    except sqlite3.Error as error:
        raise Problem("backup_failed", reason=str(error)) from error


@contextmanager
def _prepared_sqlite(source: Path, epoch: str) -> Iterator[Path]:
    """A checked copy of the backup that already has the new epoch."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "restore.sqlite"
        shutil.copyfile(source, copy)
        try:
            with closing(sqlite3.connect(copy)) as connection:
                (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
                connection.execute("SELECT version_num FROM alembic_version").fetchone()
                connection.execute("DELETE FROM installation WHERE name = 'epoch'")
                connection.execute("INSERT INTO installation VALUES ('epoch', ?)", (epoch,))
                connection.commit()
        except sqlite3.Error as error:
            raise Problem("backup_unreadable", file=str(source)) from error
        if answer != "ok":
            raise Problem("backup_unreadable", file=str(source))
        yield copy


def _restore_postgresql(url: str, source: Path, epoch: str) -> None:
    """One transaction: drop, make anew, fill, new epoch."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "restore.sql"
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(source))
        with script.open("a", encoding="utf-8") as file:
            file.write("\nDELETE FROM public.installation WHERE name = 'epoch';\n")
            file.write("INSERT INTO public.installation VALUES ('epoch', :'epoch');\n")
        _run(
            "psql",
            "--quiet",
            "--single-transaction",
            "--set=ON_ERROR_STOP=1",
            f"--set=epoch={epoch}",
            f"--file={script}",
            url=url,
        )


def _run(program: str, *arguments: str, url: str | None = None) -> None:
    """Run one of PostgreSQL's tools; the password goes by the environment, not the command line."""
    if shutil.which(program) is None:
        raise Problem("backup_tool_missing", program=program)
    environment = dict(os.environ)
    command = [program, *arguments]
    if url is not None:
        parsed = make_url(url)
        if parsed.password:
            environment["PGPASSWORD"] = str(parsed.password)
        command.append(f"--dbname={_for_tools(parsed)}")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem("backup_failed", reason=done.stderr.strip()[-400:])


def _for_tools(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()
