"""Several phones at once: nobody is told "locked", and no reader skips what a writer numbered."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import select, update

from tests.factories.field import NOW, Neighbourhood, Phone, add_door, visit
from webapp.accounts import epoch, sequence
from webapp.core import db
from webapp.coverage.models import BuildingCount
from webapp.places.models import Household

pytestmark = pytest.mark.both_engines


@pytest.fixture
def beside(app: Flask) -> Callable[[Callable[[], None]], threading.Thread]:
    """Runs a function in another thread, in an application context of its own."""

    def start(work: Callable[[], None]) -> threading.Thread:
        def run() -> None:
            with app.app_context():
                work()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    return start


def test_a_reader_never_skips_what_a_slower_writer_numbered(
    hood: Neighbourhood, beside: Callable[[Callable[[], None]], threading.Thread]
) -> None:
    """A slow writer draws first and commits last; a reader pulls all the while."""
    building = hood.building()
    first, second = hood.doors(building, ["101", "102"])
    reader, writer = hood.volunteer(building), hood.volunteer(building)
    reader.pull()
    drawn, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with db.writing() as session:
            number = next(sequence.draw(session, hood.community_id))
            drawn.set()
            assert go_on.wait(10)
            session.execute(
                update(Household).where(Household.id == first).values(room="slow", seq=number)
            )

    def fast() -> None:
        writer.push(visit(second))

    slow_thread = beside(slow)
    assert drawn.wait(10)
    fast_thread = beside(fast)
    for _ in range(5):
        reader.pull()
        time.sleep(0.02)
    go_on.set()
    for _ in range(5):
        reader.pull()
    slow_thread.join()
    fast_thread.join()
    reader.pull()
    assert reader.door(building, first)["room"] == "slow"
    assert reader.door(building, second)["visits"]["outcome"] == ["informed"]


def test_six_phones_at_once_lose_nothing_and_lock_nobody_out(
    app: Flask, hood: Neighbourhood
) -> None:
    building = hood.building()
    doors = hood.doors(building, range(101, 111))
    phones = [hood.volunteer(building) for _ in range(6)]
    epoch.ensure()

    def walk(phone: Phone) -> list[str]:
        with app.app_context():
            statuses: list[str] = []
            for n in range(5):
                _, add = add_door(building, str(900 + n))
                sent = [visit(door, at=NOW - n) for door in doors]
                statuses += phone.statuses(*sent, add)
                phone.pull(page_bytes=2_000)
            return statuses

    with ThreadPoolExecutor(len(phones)) as pool:
        statuses = [status for done in pool.map(walk, phones) for status in done]
    assert statuses == ["accepted"] * (6 * 5 * 11)
    with db.reading() as session:
        counts = session.scalars(select(BuildingCount)).one()
    assert (counts.households, counts.reached) == (15, 10)
    fresh = hood.second_phone(phones[0])
    fresh.pull()
    phones[0].pull()
    assert phones[0].rows == fresh.rows


def test_the_same_push_twice_at_once_is_recorded_once(app: Flask, hood: Neighbourhood) -> None:
    """A phone that lost the answer sends again while the first try is still running."""
    building = hood.building()
    phone = hood.volunteer(building)
    sent = [visit(door) for door in hood.doors(building, range(101, 121))]

    def send(_: int) -> list[str]:
        with app.app_context():
            return phone.statuses(*sent)

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(send, range(3)))
    assert answers == [["accepted"] * 20, ["duplicate"] * 20, ["duplicate"] * 20]


def test_the_epoch_is_drawn_once_whoever_comes_first(app: Flask, hood: Neighbourhood) -> None:
    def draw(_: int) -> str:
        with app.app_context():
            return epoch.ensure()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(draw, range(8)))) == 1
