"""The least that could take a push: no accounts, no rights, no fold, no counters; for scale."""

from __future__ import annotations

import json
import os
import sqlite3
from hashlib import sha256
from pathlib import Path
from threading import local

from flask import Flask, Response, request

app = Flask(__name__)
_own = local()


def _database() -> sqlite3.Connection:
    if not hasattr(_own, "database"):
        path = Path(os.environ["QIAOMEN_INSTANCE"]) / "bare.sqlite"
        _own.database = sqlite3.connect(path, isolation_level=None, timeout=10)
        _own.database.execute("PRAGMA journal_mode=WAL")
        _own.database.execute("PRAGMA synchronous=FULL")
        _own.database.execute(
            "CREATE TABLE IF NOT EXISTS operation (id TEXT PRIMARY KEY, hash BLOB, body TEXT)"
        )
    database: sqlite3.Connection = _own.database
    return database


@app.get("/api/v1/session")
def session() -> Response:
    """So that the same clients can ask both."""
    return Response("{}", mimetype="application/json")


@app.post("/api/v1/sync/push")
def push() -> Response:
    """Store each element in one transaction, as durably as the product does."""
    operations = json.loads(request.get_data())["operations"]
    rows = []
    for operation in operations:
        text = json.dumps(operation)
        rows.append((operation["id"], sha256(text.encode()).digest(), text))
    database = _database()
    database.execute("BEGIN IMMEDIATE")
    database.executemany("INSERT OR IGNORE INTO operation VALUES (?, ?, ?)", rows)
    database.execute("COMMIT")
    results = [{"id": row[0], "status": "accepted"} for row in rows]
    return Response(json.dumps({"results": results}), mimetype="application/json")
