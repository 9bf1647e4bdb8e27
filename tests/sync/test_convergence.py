"""Whatever the order, the repeats and the cuts of pushes: everybody ends up with the same.

A story is a list of operations of several members. It is told twice: once in order in single
pushes to one community, once shuffled, repeated and cut into pushes to another; then doors,
counters and what phones get must be the same. Only what is order-independent is compared: which
of two ids a door got first is not.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.factories.field import (
    DAY,
    HOUR,
    NOW,
    Neighbourhood,
    Op,
    Phone,
    add_door,
    differences,
    neighbourhood,
    op,
    visit,
    void,
    wish,
)
from webapp.core import db
from webapp.coverage.models import COUNTS, BuildingCount, MemberDay
from webapp.operations.models import Operation
from webapp.visits.models import DoorState

pytestmark = pytest.mark.both_engines

OUTCOMES = ["informed", "no_answer", "refused", "come_back", "vacant"]
FLAGS = [None, [], ["elderly"], ["elderly", "lives_alone"]]
ROOMS = ["201", "202", "0201"]
MEMBERS = 3  # two volunteers and a coordinator
EXAMPLES = int(os.environ.get("EXAMPLES", "10"))
"""More of them, and new ones each time, for a hunt: `EXAMPLES=500 pytest tests/sync`."""
slow = settings(
    deadline=None,
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == 10,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
_ids = count(1)


@dataclass(frozen=True)
class Told:
    """One step of a story: who records what, `target` pointing to an earlier or later step."""

    who: int
    what: str
    at: int
    target: int
    fields: dict[str, Any]


@st.composite
def steps(draw: st.DrawFn) -> Told:
    what = draw(st.sampled_from(["visit"] * 5 + ["add", "wish", "void", "bad"]))
    fields: dict[str, Any] = {}
    if what == "visit":
        outcome = draw(st.sampled_from(OUTCOMES))
        fields = {"outcome": outcome, "leaflets": {"general": draw(st.integers(0, 2))}}
        fields |= {"flags": draw(st.sampled_from(FLAGS)), "agreed": True}
        if outcome not in ("no_answer", "vacant"):
            fields["app"] = draw(st.sampled_from([None, "installed", "declined", "no_smartphone"]))
        if outcome != "vacant":
            fields["follow_up_on"] = draw(st.sampled_from([None, "2026-12-01"]))
    if what == "wish":
        fields = draw(
            st.sampled_from([{}, {"outcome_only": True}, {"no_visits_until": "2026-12-01"}])
        )
    if what == "add":
        fields = {"room": draw(st.sampled_from(ROOMS))}
    at = NOW - draw(st.integers(0, 3)) * DAY - draw(st.integers(0, 2)) * HOUR
    return Told(draw(st.integers(0, MEMBERS - 1)), what, at, draw(st.integers(0, 11)), fields)


stories = st.lists(steps(), min_size=1, max_size=12)


@dataclass
class Scene:
    """A community in which a story happens: a listed door, two more that only phones know."""

    hood: Neighbourhood
    building: str
    listed: str
    phones: Sequence[Phone]


def scene() -> Scene:
    hood = neighbourhood()
    building = hood.building()
    listed = hood.door(building, "201")
    phones = [hood.volunteer(building), hood.volunteer(building), hood.member("coordinator")]
    hood.assign(phones[2], building)
    return Scene(hood, building, listed, phones)


def told(story: Sequence[Told], place: Scene, salt: int) -> list[tuple[int, Op]]:
    """The operations of a story; ids and order of ids are the same wherever it is told."""
    ids = [f"{salt:08x}-0000-7000-8000-{n:012x}" for n in range(len(story))]
    new = [f"{salt:08x}-0001-7000-8000-{n:012x}" for n in range(len(story))]
    adds = [n for n, step in enumerate(story) if step.what == "add"]
    operations: list[tuple[int, Op]] = []
    for n, step in enumerate(story):
        known = [place.listed, *(new[a] for a in adds)]
        door = known[step.target % len(known)]
        common: dict[str, Any] = {"id": ids[n], "at": step.at}
        if step.what == "visit":
            made = visit(door, **common, **step.fields)
        elif step.what == "wish":
            made = wish(door, **common, **step.fields)
        elif step.what == "add":
            _, made = add_door(place.building, step.fields["room"], door=new[n], **common)
        elif step.what == "void":
            made = void(ids[step.target % len(ids)], **common)
        else:
            made = op("visit", household=door, outcome="moved", **common)
        operations.append((step.who, made))
    return operations


def picture(place: Scene) -> dict[str, Any]:
    """What is known afterwards, without ids that depend on who came first."""
    names = {place.phones[n].member_id: n for n in range(MEMBERS)}
    with db.reading() as session:
        counts = session.scalars(
            select(BuildingCount).where(BuildingCount.building_id == place.building)
        ).one()
        days = session.scalars(
            select(MemberDay).where(MemberDay.community_id == place.hood.community_id)
        )
        statuses = session.execute(
            select(Operation.id, Operation.status, Operation.code, Operation.voided).where(
                Operation.community_id == place.hood.community_id
            )
        ).all()
        found: dict[str, Any] = {
            "counts": {name: getattr(counts, name) for name in (*COUNTS, "last_at")},
            "days": sorted((names[d.member_id], d.day, d.doors, d.leaflets, d.helped)
                           for d in days if d.doors or d.leaflets),
            "operations": sorted((i[9:], s, c, v) for i, s, c, v in statuses),
        }  # fmt: skip
    place.phones[0].pull()
    rows = place.phones[0].rows[f"building:{place.building}"].values()
    doors = [row for row in rows if row["kind"] == "household"]
    found["doors"] = sorted(
        json.dumps(anonymous(row, names), sort_keys=True, ensure_ascii=False) for row in doors
    )
    return found


def anonymous(row: dict[str, Any], names: dict[str, int]) -> dict[str, Any]:
    """The door's row with members by number, without which of its ids came first."""
    visits = dict(row.get("visits", {}))
    if visits:
        visits |= {"id": [i[9:] for i in visits["id"]], "by": [names[by] for by in visits["by"]]}
    room = row["room"].lstrip("0")
    return {
        "room": room, "retired": row.get("retired"), "ids": len(row.get("aliases", [])) + 1,
        "visits": visits, "wish": row.get("wish"), "carried": row.get("carried"),
    }  # fmt: skip


@slow
@given(story=stories, random=st.randoms(use_true_random=False), cuts=st.integers(1, 5))
def test_shuffled_repeated_and_split_pushes_end_the_same(
    context: Flask, story: list[Told], random: Random, cuts: int
) -> None:
    salt = next(_ids)
    ordered, mixed = scene(), scene()
    for who, operation in told(story, ordered, salt):
        ordered.phones[who].push(operation)
    assert differences(ordered.hood) == []

    operations = told(story, mixed, salt)
    again = [*operations, *random.choices(operations, k=len(operations) // 2)]
    random.shuffle(again)
    for start in range(0, len(again), cuts):
        batch = again[start : start + cuts]
        for who in {who for who, _ in batch}:
            mixed.phones[who].push(*(operation for w, operation in batch if w == who))
        assert differences(mixed.hood) == []
    assert picture(mixed) == picture(ordered)


@slow
@given(story=stories, random=st.randoms(use_true_random=False), page_bytes=st.integers(1, 900))
def test_changes_add_up_to_a_fresh_download(
    context: Flask, story: list[Told], random: Random, page_bytes: int
) -> None:
    place = scene()
    stale = place.phones[0]
    for who, operation in told(story, place, next(_ids)):
        place.phones[who].push(operation)
        if random.random() < 0.4:
            stale.pull(page_bytes)
    stale.pull(page_bytes)
    fresh = place.hood.second_phone(stale)
    fresh.pull()
    stale.pull()
    assert stale.rows == fresh.rows


@slow
@given(story=stories)
def test_one_push_of_all_is_as_good_as_many(context: Flask, story: list[Told]) -> None:
    """All of them by the coordinator's phone, so that only the cuts differ."""
    alone = [Told(2, s.what, s.at, s.target, s.fields) for s in story]
    salt = next(_ids)
    many, one = scene(), scene()
    for who, operation in told(alone, many, salt):
        many.phones[who].push(operation)
    one.phones[2].push(*(operation for _, operation in told(alone, one, salt)))
    assert picture(one) == picture(many)
    assert differences(one.hood) == []


def test_a_door_with_many_visits_keeps_the_last_twenty_and_one_state(hood: Neighbourhood) -> None:
    building = hood.building()
    door, phone = hood.door(building), hood.volunteer(building)
    sent = [visit(door, "no_answer" if n % 3 else "informed", at=NOW - n * HOUR) for n in range(50)]
    phone.push(*sent[30:], *sent[:15])
    phone.push(*sent[15:30])
    phone.pull()
    row = phone.door(building, door)
    assert row["visits"]["id"] == [o.id for o in reversed(sent[:20])]
    assert (row["carried"]["knocks"], row["carried"]["contact"]) == (30, "informed")
    with db.reading() as session:
        assert session.scalars(select(DoorState.knocks)).one() == 50
