"""Writers take their turns: first come, first served, and nobody is left out."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from webapp.accounts.models import Installation
from webapp.core.db import Database


def _write(database: Database, name: str) -> None:
    with database.writing() as session:
        session.add(Installation(name=name, value=""))


def test_sixteen_writers_at_once_all_get_their_turn(database_url: str) -> None:
    one, other = Database(database_url), Database(database_url)  # as two processes would
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: _write((one, other)[n % 2], f"row{n}"), range(160)))
    with one.reading() as session:
        assert len(session.scalars(select(Installation.name)).all()) == 160
    one.dispose()
    other.dispose()


def test_who_came_first_writes_first(database_url: str) -> None:
    holder, waiting = Database(database_url), Database(database_url)
    order: list[str] = []

    def wait(name: str) -> None:
        with waiting.writing():
            order.append(name)

    with holder.writing():
        threads = [threading.Thread(target=wait, args=(name,)) for name in ("a", "b", "c")]
        for thread in threads:
            thread.start()
            time.sleep(0.1)
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == ["a", "b", "c"]
    holder.dispose()
    waiting.dispose()


def test_a_writer_that_fails_lets_the_next_one_in(database_url: str) -> None:
    database = Database(database_url)
    try:
        with database.writing() as session:
            session.add(Installation(name="lost", value=""))
            raise KeyError
    except KeyError:
        pass
    _write(database, "kept")
    with database.reading() as session:
        assert session.scalars(select(Installation.name)).all() == ["kept"]
    database.dispose()


def test_readers_wait_for_nobody(database_url: str) -> None:
    database = Database(database_url)
    with database.writing() as writing, database.reading() as reading:
        writing.add(Installation(name="unseen", value=""))
        writing.flush()
        assert reading.scalars(select(Installation.name)).all() == []
    database.dispose()
