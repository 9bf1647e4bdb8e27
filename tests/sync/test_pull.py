"""What a phone gets: cursors, pages, resets, what left, and never a row that is not theirs."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update

from tests.factories.field import (
    NOW,
    Neighbourhood,
    Phone,
    add_door,
    neighbourhood,
    visit,
    wish,
)
from webapp.accounts import epoch, sequence
from webapp.accounts.models import CommunitySeq, Installation, Member
from webapp.core import db
from webapp.core.ids import new_id
from webapp.operations import feeds
from webapp.operations.feeds import Page
from webapp.places.models import Assignment, Building, Household

MOST_STATEMENTS = 42
"""One or two for each feed that the features have, however much there is to read."""

pytestmark = pytest.mark.both_engines


def ids(page: Page, bucket: str, kind: str) -> list[str]:
    rows = [json.loads(text) for text in page.changes[bucket].rows]
    return [row["id"] for row in rows if row["kind"] == kind]


def head(hood: Neighbourhood) -> int:
    with db.reading() as session:
        return sequence.head(session, hood.community_id)[0]


def scene(hood: Neighbourhood, rooms: int = 30) -> tuple[Phone, str, list[str]]:
    building = hood.building()
    doors = hood.doors(building, range(101, 101 + rooms))
    return hood.volunteer(building), building, doors


def test_the_first_pull_brings_everything_in_scope(hood: Neighbourhood) -> None:
    phone, building, doors = scene(hood)
    page = phone.page({})
    bucket = f"building:{building}"
    assert page.scope == ["community", "me", bucket]
    assert {name: changes.reset for name, changes in page.changes.items()} == dict.fromkeys(
        page.scope, True
    )
    assert ids(page, bucket, "household") == doors
    assert ids(page, bucket, "building") == [building]
    assert ids(page, "me", "assignment") != []
    assert len(ids(page, "community", "community")) == 1
    assert not page.more


def test_a_second_pull_brings_nothing(hood: Neighbourhood) -> None:
    phone, _, _ = scene(hood)
    phone.pull()
    page = phone.page()
    assert (page.changes, page.more) == ({}, False)
    assert len(page.scope) == 3


def test_only_what_changed_comes_again(hood: Neighbourhood) -> None:
    phone, building, doors = scene(hood)
    phone.pull()
    other = hood.volunteer(building)
    other.push(visit(doors[7]), visit(doors[3], "refused"))
    page = phone.page()
    assert sorted(ids(page, f"building:{building}", "household")) == sorted([doors[3], doors[7]])
    assert page.changes["community"].reset is False
    assert ids(page, "community", "member") == [other.member_id]


def test_an_idle_bucket_is_passed_over(hood: Neighbourhood) -> None:
    phone, _, doors = scene(hood)
    quiet = hood.building("2")
    hood.assign(phone, quiet)
    phone.pull()
    phone.push(visit(doors[0]))
    assert f"building:{quiet}" not in phone.page().changes
    phone.pull()
    door = hood.door(quiet)
    assert ids(phone.page(), f"building:{quiet}", "household") == [door]


def test_a_renamed_building_and_a_tombstone_are_no_idleness(hood: Neighbourhood) -> None:
    phone, building, _ = scene(hood)
    phone.pull()
    bucket = f"building:{building}"
    with db.writing() as session:
        numbers = sequence.draw(session, hood.community_id)
        session.execute(update(Building).values(name="new", seq=next(numbers)))
    assert ids(phone.page(), bucket, "building") == [building]
    phone.pull()
    gone = new_id()
    with db.writing() as session:
        numbers = sequence.draw(session, hood.community_id)
        feeds.bury(session, numbers, hood.community_id, bucket, gone, NOW)
    assert phone.page().changes[bucket].gone == [gone]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda cursor: "other." + cursor.rpartition(".")[2],
        lambda cursor: cursor.rpartition(".")[0] + ".999999",
        lambda cursor: "",
        lambda cursor: "7",
        lambda cursor: cursor.rpartition(".")[0] + ".",
        lambda cursor: cursor + "x",
        lambda cursor: cursor.rpartition(".")[0] + ".-1",
        lambda cursor: cursor.rpartition(".")[0] + ".٣",
        lambda cursor: cursor.rpartition(".")[0] + "." + "9" * 40,
    ],
)
def test_a_cursor_that_is_unknown_or_ahead_starts_afresh(
    hood: Neighbourhood, spoil: Callable[[str], str]
) -> None:
    phone, building, doors = scene(hood, 3)
    phone.pull()
    bucket = f"building:{building}"
    phone.cursors[bucket] = spoil(phone.cursors[bucket])
    page = phone.page()
    assert list(page.changes) == [bucket]
    assert page.changes[bucket].reset
    assert ids(page, bucket, "household") == doors


def test_a_cursor_older_than_the_tombstones_starts_afresh(hood: Neighbourhood) -> None:
    phone, _, doors = scene(hood, 3)
    phone.pull()
    at = head(hood)
    with db.writing() as session:
        session.execute(update(CommunitySeq).values(forgotten=at))
    assert phone.page().changes == {}, "exactly at the last one forgotten nothing is missed"
    phone.push(visit(doors[0]))
    with db.writing() as session:
        session.execute(update(CommunitySeq).values(forgotten=at + 1))
    page = phone.page()
    assert [changes.reset for changes in page.changes.values()] == [True] * 3


def test_after_a_restore_every_phone_starts_afresh(hood: Neighbourhood) -> None:
    phone, _, _ = scene(hood, 3)
    phone.pull()
    with db.writing() as session:
        session.execute(delete(Installation).where(Installation.name == epoch.NAME))
    assert all(changes.reset for changes in phone.page().changes.values())


def test_a_long_fresh_download_ends_though_older_tombstones_are_gone(hood: Neighbourhood) -> None:
    phone, building, doors = scene(hood)
    at = head(hood)
    with db.writing() as session:
        session.execute(update(CommunitySeq).values(forgotten=at))
    page = phone.page(page_bytes=1_500)
    phone.take(page)
    assert page.more
    hood.volunteer(building).push(visit(doors[0]))
    phone.pull(page_bytes=700, most=40)
    fresh = hood.second_phone(phone)
    fresh.pull()
    assert phone.rows == fresh.rows


# --- pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("page_bytes", [1, 150, 700, 5_000])
def test_small_pages_lose_and_repeat_no_row(hood: Neighbourhood, page_bytes: int) -> None:
    phone, _, doors = scene(hood)
    seen: list[tuple[str, str, str]] = []
    resets: list[str] = []
    for _ in range(200):
        page = phone.page(page_bytes=page_bytes)
        for bucket, changes in page.changes.items():
            seen += [(bucket, r["kind"], str(r["id"])) for r in map(json.loads, changes.rows)]
            resets += [bucket] if changes.reset else []
        phone.take(page)
        if not page.more:
            break
    assert len(seen) == len(set(seen))
    assert [i for _, kind, i in seen if kind == "household"] == doors
    assert sorted(resets) == sorted(page.scope), "each bucket is forgotten once, at its start"
    fresh = hood.second_phone(phone)
    fresh.pull()
    assert phone.rows == fresh.rows


def test_rows_with_the_same_number_stay_together(hood: Neighbourhood) -> None:
    phone, building, doors = scene(hood)
    with db.writing() as session:
        session.execute(
            update(Household).values(seq=next(sequence.draw(session, hood.community_id)))
        )
    phone.pull(page_bytes=200)
    rows = phone.rows[f"building:{building}"]
    assert {i for kind, i in rows if kind == "household"} == set(doors)


def test_what_changes_between_two_pages_comes_with_a_later_one(hood: Neighbourhood) -> None:
    phone, building, doors = scene(hood)
    bucket = f"building:{building}"
    page = phone.page(page_bytes=1_500)
    phone.take(page)
    assert page.more
    hood.volunteer(building).push(visit(doors[0]), visit(doors[-1]))
    new, add = add_door(building, "999")
    hood.volunteer(building).push(add)
    phone.pull(page_bytes=1_500)
    fresh = hood.second_phone(phone)
    fresh.pull()
    assert phone.rows == fresh.rows
    assert ("household", new) in phone.rows[bucket]


# --- scope ----------------------------------------------------------------------------------


def end_assignment(hood: Neighbourhood, phone: Phone, assignment: str) -> None:
    with db.writing() as session:
        numbers = sequence.draw(session, hood.community_id, 2)
        session.execute(update(Assignment).where(Assignment.id == assignment).values(ended_at=NOW))
        bucket = f"{feeds.ME}:{phone.member_id}"
        feeds.bury(session, numbers, hood.community_id, bucket, assignment, NOW)


def test_an_ended_assignment_is_gone_and_its_building_out_of_scope(hood: Neighbourhood) -> None:
    phone, building, _ = scene(hood, 3)
    other = hood.volunteer(building)
    second = hood.assign(phone, hood.building("2"))
    phone.pull()
    other.pull()
    end_assignment(hood, phone, second)
    page = phone.page()
    assert page.scope == ["community", "me", f"building:{building}"]
    assert page.changes["me"].gone == [second]
    assert other.page().changes["me"].gone == [], "somebody else's tombstone"
    phone.pull()
    fresh = hood.second_phone(phone)
    fresh.pull()
    assert phone.rows == fresh.rows


def test_a_fresh_download_brings_no_tombstones(hood: Neighbourhood) -> None:
    phone, _, _ = scene(hood, 3)
    end_assignment(hood, phone, hood.assign(phone, hood.building("2")))
    assert [changes.gone for changes in phone.page({}).changes.values()] == [[]] * 3


def test_tombstones_are_paged_like_rows(hood: Neighbourhood) -> None:
    phone, _, _ = scene(hood, 3)
    assignments = [hood.assign(phone, hood.building(str(n))) for n in range(2, 12)]
    phone.pull()
    for assignment in assignments:
        end_assignment(hood, phone, assignment)
    phone.pull(page_bytes=10)
    assert not {i for _, i in phone.rows["me"]} & set(assignments)
    assert len([1 for kind, _ in phone.rows["me"] if kind == "assignment"]) == 1


def test_a_newly_assigned_building_comes_whole(hood: Neighbourhood) -> None:
    phone, _, _ = scene(hood, 3)
    building = hood.building("2")
    door = hood.door(building)
    phone.pull()
    hood.assign(phone, building)
    page = phone.page()
    assert page.changes[f"building:{building}"].reset
    assert ids(page, f"building:{building}", "household") == [door]


def test_who_is_pending_sees_only_themselves(hood: Neighbourhood) -> None:
    building = hood.building(practice=True)
    hood.door(building)
    phone = hood.member(status="pending")
    hood.assign(phone, building)
    page = phone.page()
    assert page.scope == ["me"]
    rows = [json.loads(text) for text in page.changes["me"].rows]
    assert [(row["kind"], row["status"]) for row in rows if row["kind"] == "member"] == [
        ("member", "pending")
    ]
    with db.writing() as session:
        session.execute(
            update(Member)
            .where(Member.id == phone.member_id)
            .values(status="active", confirmed_at=NOW,
                    seq=next(sequence.draw(session, hood.community_id)))
        )  # fmt: skip
    phone.pull()
    assert set(phone.rows) == {"me", "community", f"building:{building}"}
    assert phone.rows["me"]["member", phone.member_id]["status"] == "active"


def test_no_row_of_another_community_ever_comes(hood: Neighbourhood) -> None:
    phone, building, doors = scene(hood, 3)
    foreign = neighbourhood("Elsewhere")
    theirs, there, their_doors = scene(foreign, 3)
    with db.writing() as session:  # as if their ids had leaked
        session.execute(update(Building).where(Building.id == there).values(practice=True))
    phone.push(visit(doors[0]), visit(their_doors[0]))
    theirs.push(visit(their_doors[1]))
    own = {str(hood.community_id), building, *doors, phone.member_id}
    page = phone.page({f"building:{there}": phone.page({}).changes["me"].cursor})
    rows = [json.loads(text) for c in page.changes.values() for text in c.rows]
    kinds = {"household", "building", "member", "community"}
    assert f"building:{there}" not in page.scope
    assert {str(row["id"]) for row in rows if row["kind"] in kinds} == own


# --- numbers --------------------------------------------------------------------------------


def test_every_changed_row_has_a_number_of_its_own(hood: Neighbourhood) -> None:
    phone, building, doors = scene(hood)
    adds = [add_door(building, str(900 + n))[1] for n in range(10)]
    aliases = [add_door(building, str(900 + n))[1] for n in range(5)]
    phone.push(*(visit(door) for door in doors), *adds, wish(doors[0], outcome_only=True))
    phone.push(*aliases, *(visit(door, "refused", at=NOW + 1) for door in doors[:9]))
    with db.reading() as session:
        seqs = [
            *session.scalars(select(Household.seq)),
            *session.scalars(select(Building.seq)),
            *session.scalars(select(Member.seq)),
            *session.scalars(select(Assignment.seq)),
        ]
        highest = session.scalar(select(func.max(CommunitySeq.seq)))
    assert len(seqs) == len(set(seqs))
    assert highest is not None
    assert max(seqs) <= highest


def test_a_pull_costs_a_bounded_number_of_statements(
    hood: Neighbourhood, query_count: Callable[[], AbstractContextManager[Any]]
) -> None:
    phone, _, doors = scene(hood, 200)
    phone.page({})
    with query_count() as few:
        phone.page({})
    phone.push(*(visit(door) for door in doors))
    with query_count() as many:
        phone.page({})
    assert many.count == few.count <= MOST_STATEMENTS
    for n in range(12):
        hood.assign(phone, hood.building(f"more {n}"))
    phone.pull()
    phone.push(visit(doors[0]))
    with query_count() as idle:
        phone.page()
    assert idle.count <= MOST_STATEMENTS
