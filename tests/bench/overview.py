"""The coverage overview of a whole city against the same page with ten buildings."""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from tests.bench import rows
from tests.bench.measures import RUNS, Figure, milliseconds
from tests.bench.rows import Person
from tests.bench.served import Client, Installation, installation, serving
from webapp.core import db

BUILDINGS, HOUSEHOLDS = 6_387, 590_530
REQUESTS = 15
RATIO, ROWS = 3, 50
ADDRESS = re.compile(r"/coverage/buildings/([0-9a-f-]{36})")
OPENED = "as it opens"
VIEWS = {
    OPENED: "/coverage",
    "last page, by name": "/coverage?sort=name&page=128",
    "searched": "/coverage?q=12",
    "by compound": "/coverage?by=compound",
}


@dataclass(frozen=True, slots=True)
class _Town:
    large: Person
    small: Person


def run() -> list[Figure]:
    """Ratio of the times, statements of each, rows on the page."""
    with installation() as made:
        town = _build(made)
        statements = {who.login: _statements(made, who) for who in (town.large, town.small)}
        with serving(made):
            large, small = _client(made, town.large), _client(made, town.small)
            bare = _time(small, VIEWS[OPENED])
            times = {name: _time(large, path) for name, path in VIEWS.items()}
            shown = len(set(ADDRESS.findall(large.get("/coverage").decode())))
    ratios = [
        Figure(
            f"overview of {BUILDINGS:,} buildings against ten, {name}",
            spent / bare,
            "×",
            RATIO if name == OPENED else None,
        )
        for name, spent in times.items()
    ]
    return [
        *ratios,
        Figure("page with ten buildings", bare, "ms"),
        Figure(f"page with {BUILDINGS:,} buildings", times[OPENED], "ms"),
        Figure("buildings shown on a page", shown, "", ROWS),
        Figure("SQL statements, ten buildings", statements["small"]),
        Figure(
            f"SQL statements, {BUILDINGS:,} buildings",
            statements["large"],
            "",
            statements["small"],
        ),
    ]


def _build(made: Installation) -> _Town:
    with made.app(), db.writing() as session:
        city, street = rows.add_community(session, "City"), rows.add_community(session, "Street")
        town = _Town(
            rows.add_member(session, city, "large", "coordinator"),
            rows.add_member(session, street, "small", "coordinator"),
        )
        rows.add_town(session, city, BUILDINGS, HOUSEHOLDS)
        rows.add_town(session, street, 10, 920)
    return town


def _client(made: Installation, who: Person) -> Client:
    client = Client(made.port)
    client.sign_in(who.login, who.password)
    return client


def _time(client: Client, path: str) -> float:
    """The median of some runs, each the median of some requests."""
    client.get(path)
    runs = [
        statistics.median(milliseconds(lambda: client.get(path)) for _request in range(REQUESTS))
        for _run in range(RUNS)
    ]
    return statistics.median(runs)


def _statements(made: Installation, who: Person) -> int:
    """How many statements the page runs, without BEGIN and COMMIT."""
    with made.app() as app:
        client = app.test_client()
        client.post("/api/v1/session", json={"login": who.login, "password": who.password})
        return _counted(app, lambda: client.get("/coverage"))


def _counted(app: Flask, action: Any) -> int:
    engine = app.extensions[db.EXTENSION].engine
    texts: list[str] = []

    def record(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        texts.append(text)

    event.listen(engine, "before_cursor_execute", record)
    db.observers.append(lambda _cursor, text, _values: texts.append(text))
    try:
        answer = action()
    finally:
        db.observers.pop()
        event.remove(engine, "before_cursor_execute", record)
    if answer.status_code != 200:
        raise RuntimeError(f"/coverage: {answer.status_code}")
    return len([text for text in texts if not text.startswith(("BEGIN", "COMMIT"))])
