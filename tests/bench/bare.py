"""The least that could do the work: no accounts, no rights, no fold, no counters; for scale."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
from pathlib import Path
from threading import local

from flask import Flask, Response, request

from tests.bench import raw

app = Flask(__name__)
_own = local()


def _database() -> sqlite3.Connection:
    if not hasattr(_own, "database"):
        _own.database = raw.connect(Path(os.environ["QIAOMEN_INSTANCE"]))
    database: sqlite3.Connection = _own.database
    return database


def _body() -> bytes:
    body = request.get_data()
    return gzip.decompress(body) if request.content_encoding == "gzip" else body


@app.get("/api/v1/session")
def session() -> Response:
    """So that the same clients can ask both."""
    return Response("{}", mimetype="application/json")


@app.post("/nothing")
def nothing() -> Response:
    """Take the bytes and do nothing: what the loader itself can do."""
    return Response(f'{{"bytes": {len(request.get_data())}}}', mimetype="application/json")


@app.post("/api/v1/sync/push")
def push() -> Response:
    """Store each element in one transaction, as durably as the product does."""
    rows = raw.rows_of(json.loads(_body())["operations"])
    raw.store(_database(), rows)
    results = [{"id": row[0], "status": "accepted"} for row in rows]
    return Response(json.dumps({"results": results}), mimetype="application/json")


@app.post("/api/v1/sync/pull")
def pull() -> Response:
    """All doors as they were put there, in one compressed answer."""
    rows = b",".join(raw.read_doors(_database()))
    answer = Response(gzip.compress(b"[" + rows + b"]", 5), mimetype="application/json")
    answer.headers["Content-Encoding"] = "gzip"
    return answer


@app.get("/api/v1/coverage")
def coverage() -> Response:
    """Coverage from the visits themselves."""
    return Response(json.dumps(raw.coverage(_database())), mimetype="application/json")
