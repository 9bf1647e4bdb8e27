"""What is asked for seldom is found by an index of few rows, which costs a push nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.factories.field import NOW, Neighbourhood, visit
from webapp.core import db
from webapp.coverage.building import _history
from webapp.coverage.freshness import _undecided
from webapp.operations import again, desk, feeds, receipt
from webapp.operations.registry import Reader
from webapp.visits.refold import read_doors

NOBODY = "00000000-0000-7000-8000-000000000000"
ASKED: list[tuple[Callable[[Session, int], Any], set[str]]] = [
    (lambda s, c: desk.cases(s, c, now=NOW), {"ix_operation_status"}),
    (_undecided, {"ix_operation_status"}),
    (lambda s, _c: again.candidates(s), {"ix_operation_status"}),
    (lambda s, c: receipt.held_for(s, c, NOBODY, "device_revoked"), {"ix_operation_device"}),
    (
        lambda s, c: list(feeds.own_results(s, Reader(c, NOBODY, 1), "", 0)),
        {"ix_operation_result"},
    ),
    (lambda s, c: read_doors(s, c, [NOBODY]), {"ix_operation_subject"}),
    (
        lambda s, c: _history(s, c, NOBODY),
        {"PRIMARY KEY (community_id=? AND household_id=?)", "ix_household_feed"},
    ),
]


@contextmanager
def plans() -> Iterator[list[str]]:
    """How SQLite means to run each statement of the block."""
    found: list[str] = []

    def explain(cursor: Any, text: str, values: Any) -> None:
        if text.lstrip().startswith("SELECT"):
            asked = cursor.connection.execute(f"EXPLAIN QUERY PLAN {text}", values)
            found.extend(row[3] for row in asked)

    def listen(_connection: Any, cursor: Any, text: str, values: Any, *_rest: Any) -> None:
        explain(cursor, text, values)

    engine = db.current().engine
    event.listen(engine, "before_cursor_execute", listen)
    db.observers.append(explain)
    try:
        yield found
    finally:
        db.observers.remove(explain)
        event.remove(engine, "before_cursor_execute", listen)


@pytest.mark.parametrize(("ask", "indexes"), ASKED)
def test_it_is_looked_up_and_not_searched_for(
    hood: Neighbourhood, ask: Callable[[Session, int], Any], indexes: set[str]
) -> None:
    phone = hood.volunteer(building := hood.building())
    phone.push(*[visit(door) for door in hood.doors(building, range(1, 30))])
    with db.reading() as session, plans() as found:
        ask(session, hood.community_id)
    text = "\n".join(found)
    assert all(index in text for index in indexes), text
    # All of the few, for all communities, may be read from end to end.
    assert "SCAN operation" not in text.replace("SCAN operation USING INDEX ix_", ""), text
    assert "SCAN knock_day" not in text, text
