"""What becomes of what is held: let in, set aside, or understood after an upgrade."""

from __future__ import annotations

from hashlib import sha256

import pytest
from sqlalchemy import select

from tests.factories.field import (
    DAY,
    NOW,
    TIMEZONE,
    Neighbourhood,
    Op,
    Phone,
    add_door,
    visit,
    void,
)
from webapp.accounts.actor import ActingMember
from webapp.core import db
from webapp.core.errors import NotFound, Problem
from webapp.operations import desk
from webapp.visits.models import DoorState

pytestmark = pytest.mark.both_engines


def acting(phone: Phone) -> ActingMember:
    return ActingMember(
        session_hash=b"",
        seen_at=0,
        person_id=phone.person_id,
        name="boss",
        community_id=phone.community_id,
        community_name="x",
        timezone=TIMEZONE,
        member_id=phone.member_id,
        member_role="coordinator",
        member_status="active",
    )


def release(boss: Phone, operation: Op) -> str:
    digest = sha256(operation.raw).digest()
    with db.writing() as session:
        return desk.release(
            session, acting(boss), operation.id, digest, TIMEZONE, now=NOW + DAY
        ).status


def dismiss(boss: Phone, operation: Op, reason: str = "practice") -> None:
    digest = sha256(operation.raw).digest()
    with db.writing() as session:
        desk.dismiss(session, acting(boss), operation.id, digest, reason, now=NOW + DAY)


def open_cases(hood: Neighbourhood, now: int = NOW) -> list[tuple[str, str, str | None]]:
    with db.reading() as session:
        found = desk.cases(session, hood.community_id, now=now)
    return [(case.id, case.status, case.code) for case in found]


def knocks(door: str) -> int:
    with db.reading() as session:
        return session.scalar(select(DoorState.knocks).where(DoorState.household_id == door)) or 0


def result(phone: Phone, operation: Op) -> tuple[str, str | None]:
    phone.pull()
    row = phone.rows["me"]["result", operation.id]
    return row["status"], row.get("code")


def test_a_released_visit_counts_and_its_author_learns_it(hood: Neighbourhood) -> None:
    boss, stranger = hood.member("coordinator"), hood.volunteer()
    door = hood.door(hood.building())
    sent = visit(door, note="门口有狗")
    assert stranger.statuses(sent) == ["held:not_yours"]
    assert open_cases(hood) == [(sent.id, "held", "not_yours")]
    assert release(boss, sent) == "accepted"
    assert (knocks(door), open_cases(hood)) == (1, [])
    assert result(stranger, sent) == ("accepted", None)
    again = stranger.send(sent)
    assert (again.status, again.present) == ("duplicate", "accepted")
    hood.assign(boss, hood.buildings["1"])
    boss.pull()
    assert boss.door(hood.buildings["1"], door)["visits"]["note"] == ["门口有狗"]


def test_a_released_door_brings_what_waited_for_it(hood: Neighbourhood) -> None:
    boss, stranger = hood.member("coordinator"), hood.volunteer()
    building = hood.building()
    new, add = add_door(building, "7")
    waits = hood.volunteer(building)
    waits.push(visit(new))
    assert stranger.statuses(add) == ["held:not_yours"]
    assert release(boss, add) == "accepted"
    assert knocks(new) == 1


def test_what_was_taken_back_while_held_never_counts(hood: Neighbourhood) -> None:
    boss, stranger = hood.member("coordinator"), hood.volunteer()
    door = hood.door(hood.building())
    sent = visit(door)
    stranger.push(sent, void(sent))
    assert release(boss, sent) == "accepted"
    assert knocks(door) == 0


@pytest.mark.parametrize("taken_back_first", [True, False])
def test_a_door_taken_back_before_or_after_its_release_keeps_its_visits(
    hood: Neighbourhood, taken_back_first: bool
) -> None:
    """In one of the two orders the visit waited for ever."""
    boss, stranger, building = hood.member("coordinator"), hood.volunteer(), hood.building()
    new, add = add_door(building, "7")
    hood.volunteer(building).push(visit(new))
    stranger.push(add)
    if taken_back_first:
        stranger.push(void(add))
    assert release(boss, add) == "accepted"
    if not taken_back_first:
        stranger.push(void(add))
    assert knocks(new) == 1
    hood.assign(boss, building)
    boss.pull()
    assert boss.door(building, new)["retired"] is True


def test_a_released_void_takes_back(hood: Neighbourhood) -> None:
    boss, building = hood.member("coordinator"), hood.building()
    door = hood.door(building)
    phone, other = hood.volunteer(building), hood.volunteer(building)
    sent = visit(door)
    phone.push(sent)
    foreign = void(sent)
    assert other.statuses(foreign) == ["held:not_yours"]
    assert release(boss, foreign) == "accepted"
    assert knocks(door) == 0


def test_a_rival_that_is_released_counts_beside_the_first(hood: Neighbourhood) -> None:
    boss, building = hood.member("coordinator"), hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    first = visit(door)
    rival = visit(door, "refused", id=first.id)
    phone.push(first, rival)
    assert open_cases(hood) == [(first.id, "held", "id_taken")]
    assert release(boss, rival) == "accepted"
    assert (knocks(door), open_cases(hood)) == (2, [])
    with pytest.raises(NotFound):
        release(boss, rival)
    again = phone.send(rival)
    assert (again.status, again.present) == ("duplicate", "accepted")


def test_what_makes_no_sense_cannot_be_released(hood: Neighbourhood) -> None:
    boss, building = hood.member("coordinator"), hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    bad = visit(door, "no_answer", app="installed")
    phone.push(bad)
    with pytest.raises(Problem, match="not_releasable"):
        release(boss, bad)
    assert open_cases(hood) == [(bad.id, "held", "invalid")]


def test_what_is_dismissed_stays_written_down_and_never_counts(hood: Neighbourhood) -> None:
    boss, stranger = hood.member("coordinator"), hood.volunteer()
    building = hood.building()
    door = hood.door(building)
    new, add = add_door(building, "7")
    held, waits = visit(door), visit(new)
    stranger.push(held, waits)
    assert open_cases(hood) == [(held.id, "held", "not_yours")]
    assert len(open_cases(hood, NOW + DAY + 1)) == 2
    with pytest.raises(Problem, match="reason_missing"):
        dismiss(boss, held, " ")
    dismiss(boss, held)
    dismiss(boss, waits)
    assert open_cases(hood, NOW + DAY + 1) == []
    assert result(stranger, held)[0] == "dismissed"
    hood.assign(stranger, building)
    stranger.push(add, now=NOW + 2 * DAY)
    assert (knocks(door), knocks(new)) == (0, 0)
    assert stranger.send(held).present == "dismissed"
