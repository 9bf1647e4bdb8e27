"""What an older server could not take in is taken in by a newer one, as if it had come then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import select

from tests.conftest import ROOT
from tests.factories.field import DAY, NOW, Neighbourhood, add_door, op, visit, void
from webapp.core import db, jobs
from webapp.operations import again
from webapp.operations.models import Operation
from webapp.operations.registry import registry
from webapp.visits.models import DoorState
from webapp.visits.operations import Visit, VisitKind

pytestmark = pytest.mark.both_engines
LATER = NOW + DAY


@contextmanager
def older_server(**kinds: Any) -> Iterator[None]:
    """One to which these types mean something else, or nothing (none)."""
    now = dict(registry.kinds)
    for name, kind in kinds.items():
        if kind is None:
            del registry.kinds[name]
        else:
            registry.kinds[name] = kind
    try:
        yield
    finally:
        registry.kinds.clear()
        registry.kinds.update(now)


class FewOutcomes(Visit, kw_only=True):
    """A visit as a server knew it that had no word for a vacant flat."""

    outcome: Literal["informed", "no_answer", "refused", "come_back"]


class OldVisitKind(VisitKind):
    schema = FewOutcomes  # type: ignore[assignment]


def status(hood: Neighbourhood, *operations: Any) -> list[tuple[str, str | None]]:
    with db.reading() as session:
        rows = [session.get_one(Operation, (hood.community_id, o.id)) for o in operations]
    return [(row.status, row.code) for row in rows]


def test_an_unknown_type_is_taken_in_once_it_is_known(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    door, add = add_door(building, "901")
    early, taken_back = visit(door, at=NOW - DAY), visit(door, "refused")
    with older_server(visit=None, household_add=None):
        sent = [early, add, taken_back, void(taken_back)]
        assert phone.statuses(*sent) == ["held:not_understood"] * 3 + ["accepted"]
        again.try_everywhere(NOW)
        assert status(hood, early) == [("held", "not_understood")]
    again.try_everywhere(LATER)
    assert status(hood, early, add, taken_back) == [("accepted", None)] * 3
    with db.reading() as session:
        kept = session.scalars(select(DoorState)).one()
        moment = session.get_one(Operation, (hood.community_id, early.id)).moment
    assert (kept.knocks, kept.contact) == (1, "informed")
    assert moment == NOW - DAY
    phone.pull()
    told = {
        row["id"]: row["status"] for row in phone.rows["me"].values() if row["kind"] == "result"
    }
    assert told == {o.id: "accepted" for o in (early, add, taken_back)}


def test_a_value_that_a_newer_app_knows_is_taken_in_once_the_server_does(
    hood: Neighbourhood,
) -> None:
    building = hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    sent = visit(door, "vacant")
    with older_server(visit=OldVisitKind()):
        assert phone.statuses(sent) == ["held:invalid:outcome"]
    again.try_everywhere(LATER)
    assert status(hood, sent) == [("accepted", None)]


def test_a_right_is_judged_as_on_the_day_it_came(hood: Neighbourhood) -> None:
    building = hood.building()
    door = hood.door(building)
    phone, stranger = hood.volunteer(building), hood.member()
    mine, foreign = visit(door), visit(door)
    with older_server(visit=None):
        phone.push(mine)
        stranger.push(foreign)
    again.try_everywhere(LATER + 30 * DAY)
    assert status(hood, mine, foreign) == [("accepted", None), ("held", "not_yours")]


def test_what_still_makes_no_sense_stays_held_and_nobody_is_told_again(
    hood: Neighbourhood,
) -> None:
    building = hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    wrong = [
        op("song"),
        visit(door, "no_answer", app="installed"),
        visit(door, mood="good"),
        void(gone := void(visit(door))),
    ]
    phone.push(gone)
    before = phone.statuses(*wrong)
    phone.pull()
    cursors = dict(phone.cursors)
    again.try_everywhere(LATER)
    assert [s for s, _ in status(hood, *wrong)] == ["held"] * 4
    assert before[1].startswith("held:invalid")
    phone.pull()
    results = [row for row in phone.rows["me"].values() if row["kind"] == "result"]
    assert results == []
    assert set(cursors) == set(phone.cursors)


def test_doing_it_twice_counts_once(hood: Neighbourhood) -> None:
    building = hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    with older_server(visit=None, door_wish=None):
        phone.push(*(visit(door, at=NOW - n) for n in range(3)))
    for _ in range(2):
        again.try_everywhere(LATER)
    with db.reading() as session:
        assert session.scalars(select(DoorState.knocks)).one() == 3


def test_every_community_is_looked_through_some_hundreds_at_a_time(
    hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "AT_ONCE", 2)
    building = hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    with older_server(visit=None):
        phone.push(*(visit(door, at=NOW - n) for n in range(5)))
    again.try_everywhere(LATER)
    with db.reading() as session:
        assert again.candidates(session) == {}
        assert session.scalars(select(DoorState.knocks)).one() == 5


def test_upgrading_and_starting_the_worker_both_try_again(app: Flask, hood: Neighbourhood) -> None:
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = app.extensions["qiaomen.settings"].database_url
    command.stamp(config, "head")  # the tests' tables come from the models
    building = hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    for start in (["worker", "--once"], ["db", "upgrade"]):
        sent = visit(door, at=NOW - 1)
        with older_server(visit=None):
            phone.push(sent)
        jobs._steps["what was not understood"].due_at = 0
        done = app.test_cli_runner().invoke(args=start)
        assert done.exit_code == 0, done.output
        assert status(hood, sent) == [("accepted", None)]


def test_a_phone_that_sends_it_again_meanwhile_changes_nothing(hood: Neighbourhood) -> None:
    building = hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    sent = visit(door)
    with older_server(visit=None):
        phone.push(sent)
    assert phone.statuses(sent) == ["duplicate:not_understood"]
    again.try_everywhere(LATER)
    assert phone.statuses(sent) == ["duplicate"]
