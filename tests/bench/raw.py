"""`sqlite3` alone, in one process: what the disk and the library allow."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

Database = sqlite3.Connection
Row = tuple[str, bytes, str]

TABLES = """
CREATE TABLE IF NOT EXISTS operation (id TEXT PRIMARY KEY, hash BLOB, body TEXT);
CREATE TABLE IF NOT EXISTS door (id INTEGER PRIMARY KEY, body BLOB);
CREATE TABLE IF NOT EXISTS household (id TEXT PRIMARY KEY, building TEXT);
CREATE TABLE IF NOT EXISTS visit (household TEXT, moment INTEGER, outcome TEXT, app TEXT);
CREATE INDEX IF NOT EXISTS ix_visit_household ON visit (household);
"""
COVERAGE = """
SELECT building, COUNT(*), SUM(reached), SUM(installed) FROM (
  SELECT h.building, MAX(v.outcome = 'informed') AS reached,
    MAX(v.app IN ('installed', 'helped')) AS installed
  FROM household h LEFT JOIN visit v ON v.household = h.id GROUP BY h.id
) GROUP BY building
"""


def connect(folder: Path) -> sqlite3.Connection:
    """A database that is as durable as the product's."""
    database = sqlite3.connect(folder / "bare.sqlite", isolation_level=None, timeout=10)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.executescript(TABLES)
    return database


def rows_of(operations: Sequence[Any]) -> list[Row]:
    """What is stored of each."""
    texts = [(operation["id"], json.dumps(operation)) for operation in operations]
    return [(found, sha256(text.encode()).digest(), text) for found, text in texts]


def store(database: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """One synced transaction."""
    database.execute("BEGIN IMMEDIATE")
    database.executemany("INSERT OR IGNORE INTO operation VALUES (?, ?, ?)", rows)
    database.execute("COMMIT")


def put_doors(database: sqlite3.Connection, rows: Iterable[bytes]) -> None:
    """Keep the rows of a first start."""
    database.execute("BEGIN IMMEDIATE")
    database.executemany("INSERT INTO door (body) VALUES (?)", ((row,) for row in rows))
    database.execute("COMMIT")


def read_doors(database: sqlite3.Connection) -> list[bytes]:
    """All of them."""
    return [row[0] for row in database.execute("SELECT body FROM door ORDER BY id")]


def coverage(database: sqlite3.Connection) -> list[tuple[Any, ...]]:
    """Doors, reached and installed of each building, by GROUP BY over all visits."""
    return database.execute(COVERAGE).fetchall()
