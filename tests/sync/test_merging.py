"""Merging in any order with everything else: counters stay right, phones end up the same, and
taking all of it back leaves what would be there had nobody merged."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from tests.factories.field import (
    HOUR,
    NOW,
    Neighbourhood,
    Phone,
    add_door,
    differences,
    moments,
    neighbourhood,
    visit,
    void,
)
from tests.sync.test_convergence import slow
from webapp.core import db
from webapp.core.errors import Problem
from webapp.places import desk, merging
from webapp.places.doors import doors_by_id
from webapp.places.models import STANDS, Building, Household

pytestmark = pytest.mark.both_engines

RECORDED = ("visit", "visit", "visit", "add", "add", "void")
MERGED = ("merge", "merge", "unmerge", "join", "part")
_salts = count(1)


@dataclass(frozen=True)
class Step:
    """`a`, `b` choose among what is there: doors, buildings, operations."""

    what: str
    a: int
    b: int
    outcome: str


def steps(*kinds: str) -> st.SearchStrategy[list[Step]]:
    outcomes = st.sampled_from(["informed", "no_answer", "refused", "vacant"])
    numbers = st.integers(0, 9)
    step = st.builds(Step, st.sampled_from(kinds), numbers, numbers, outcomes)
    return st.lists(step, min_size=3, max_size=14)


@dataclass
class Scene:
    """Three buildings with some numbers in common; a coordinator's phone records everywhere."""

    hood: Neighbourhood
    buildings: list[str]
    doors: list[str]
    phone: Phone
    salt: int
    sent: list[str] = field(default_factory=list)

    def tell(self, step: Step) -> None:
        """Have it happen; what cannot be done is refused, as on the desk's pages."""
        deeds: dict[str, Callable[[Step], None]] = {
            "visit": self.visit, "add": self.add, "void": self.void, "merge": self.merge,
            "unmerge": self.unmerge, "join": self.join, "part": self.part,
            "retire": self.retire, "unretire": self.retire,
        }  # fmt: skip
        try:
            deeds[step.what](step)
        except Problem:
            return
        finally:
            assert differences(self.hood) == []

    def visit(self, step: Step) -> None:
        door = self.doors[step.a % len(self.doors)]
        self.push(visit(door, step.outcome, id=self.id(), at=NOW - step.b * HOUR))

    def add(self, step: Step) -> None:
        building, room = self.buildings[step.a % 3], ("101", "102", "201")[step.b % 3]
        door, add = add_door(building, room, door=self.id("d"), id=self.id())
        self.push(add)
        self.doors.append(door)

    def void(self, step: Step) -> None:
        if self.sent:
            self.push(void(self.sent[step.a % len(self.sent)], id=self.id()))

    def push(self, operation: Any) -> None:
        assert self.phone.send(operation).status in ("accepted", "held")
        self.sent.append(operation.id)

    def merge(self, step: Step) -> None:
        with db.writing() as session:
            found = doors_by_id(session, self.hood.community_id, self.doors)
            shown = sorted({door.id for door in found.values()}, key=self.place)
            stays, goes = shown[step.a % len(shown)], shown[step.b % len(shown)]
            merging.merge_doors(session, self.hood.community_id, stays, goes, who=None, now=NOW)

    def unmerge(self, step: Step) -> None:
        with db.writing() as session:
            door = sorted(self.rows(session), key=self.place)[step.a % len(self.rows(session))]
            merging.unmerge_door(session, self.hood.community_id, door, who=None, now=NOW)

    def join(self, step: Step) -> None:
        self._buildings(merging.merge_buildings, step, 2)

    def part(self, step: Step) -> None:
        self._buildings(merging.unmerge_building, step, 1)

    def retire(self, step: Step) -> None:
        with db.writing() as session:
            door = self.doors[step.a % len(self.doors)]
            retired = step.what == "retire"
            desk.set_retired(
                session, self.hood.community_id, door, retired=retired, who=None, now=NOW
            )

    def _buildings(self, act: Any, step: Step, n: int) -> None:
        chosen = [self.buildings[step.a % 3], self.buildings[step.b % 3]][:n]
        with db.writing() as session:
            act(session, self.hood.community_id, *chosen, who=None, now=NOW + step.a)

    def take_all_back(self) -> None:
        """Doors and buildings, as long as any is merged."""
        community = self.hood.community_id
        with db.writing() as session:
            merged = select(Building.id).where(Building.community_id == community, ~STANDS)
            for building in session.scalars(merged).all():
                merging.unmerge_building(session, community, building, who=None, now=NOW)
            said = select(Household.id).where(
                Household.community_id == community, Household.merged_into.is_not(None)
            )
            for door in session.scalars(said).all():
                merging.unmerge_door(session, community, door, who=None, now=NOW)
        assert differences(self.hood) == []

    def picture(self) -> dict[str, Any]:
        """What a phone has of every building, with doors by their numbers."""
        fresh = self.hood.second_phone(self.phone)
        fresh.pull()
        return {
            f"{n} {kind} {row.get('room', '')}": self.plain(row)
            for n, building in enumerate(self.buildings)
            for (kind, _), row in fresh.rows.get(f"building:{building}", {}).items()
        }

    def plain(self, row: dict[str, Any]) -> str:
        if columns := row.get("visits"):  # the ids, and so what is said beside them, are salted
            when = {"moment": moments(columns)}
            row = row | {"visits": {n: v for n, v in columns.items() if n != "off"} | when}
        text = json.dumps(row, sort_keys=True, ensure_ascii=False)
        for n, one in enumerate([*self.doors[:6], *self.buildings, self.phone.member_id]):
            text = text.replace(one, f"<{n}>")
        return text.replace(f"{self.salt:08x}-", "")

    def rows(self, session: Any) -> list[str]:
        statement = select(Household.id).where(Household.community_id == self.hood.community_id)
        return list(session.scalars(statement))

    def place(self, door: str) -> int:
        """The listed doors have other ids in every scene, and the same order."""
        return self.doors.index(door)

    def id(self, kind: str = "0") -> str:
        return f"{self.salt:08x}-000{kind}-7000-8000-{len(self.sent):012x}"


def scene() -> Scene:
    hood = neighbourhood()
    buildings = [hood.building(name) for name in "123"]
    rooms = ([101, 102], [101, 201], [102, 201])
    doors = [door for n, b in enumerate(buildings) for door in hood.doors(b, rooms[n])]
    phone = hood.member("coordinator")
    for building in buildings:
        hood.assign(phone, building)
    return Scene(hood, buildings, doors, phone, next(_salts))


@slow
@given(
    story=steps(*RECORDED, *MERGED, "retire", "unretire"),
    random=st.randoms(use_true_random=False),
    page_bytes=st.integers(1, 900),
)
def test_counters_stay_right_and_a_stale_phone_ends_like_a_new_one(
    context: Flask, story: list[Step], random: Random, page_bytes: int
) -> None:
    place = scene()
    stale = place.hood.second_phone(place.phone)
    for step in story:
        place.tell(step)
        if random.random() < 0.3:
            stale.pull(page_bytes)
    stale.pull(page_bytes)
    fresh = place.hood.second_phone(stale)
    fresh.pull()
    assert stale.rows == fresh.rows


@slow
@given(story=steps(*RECORDED, *MERGED))
def test_taking_it_all_back_leaves_what_would_be_there_had_nobody_merged(
    context: Flask, story: list[Step]
) -> None:
    merged, never = scene(), scene()
    for step in story:
        merged.tell(step)
        if step.what in RECORDED:
            never.tell(step)
    merged.take_all_back()
    assert merged.picture() == never.picture()


@slow
@given(story=steps("visit", "add", "void"), said=steps("join", "part"))
def test_it_does_not_matter_whether_buildings_merge_before_or_after_phones_record(
    context: Flask, story: list[Step], said: list[Step]
) -> None:
    before, after = scene(), scene()
    for place, first, then in ((before, said, story), (after, story, said)):
        for step in (*first, *then):
            place.tell(step)
    assert before.picture() == after.picture()
