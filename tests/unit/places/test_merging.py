"""Doors and buildings that turn out to be one: merged at the desk, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.field import (
    DAY,
    NOW,
    Neighbourhood,
    Phone,
    add_door,
    differences,
    neighbourhood,
    visit,
    void,
    wish,
)
from webapp.accounts.models import Audit
from webapp.core import db
from webapp.core.errors import NotFound, Problem
from webapp.coverage.models import COUNTS, BuildingCount, CommunityDay, KnockDay, MemberDay
from webapp.places import assignments, desk, merging
from webapp.places.desk import DoorName
from webapp.places.models import Assignment, Building, Household, HouseholdAlias
from webapp.visits.models import DoorState

pytestmark = pytest.mark.both_engines


@pytest.fixture
def hood(context: Flask) -> Iterator[Neighbourhood]:
    """An empty community; whatever a test did, its counters must agree with its operations."""
    community = neighbourhood()
    yield community
    assert differences(community) == []


def merge(hood: Neighbourhood, stays: str, goes: str, now: int = NOW) -> None:
    with db.writing() as session:
        merging.merge_doors(session, hood.community_id, stays, goes, who=None, now=now)
    assert differences(hood) == []


def unmerge(hood: Neighbourhood, door: str, now: int = NOW) -> None:
    with db.writing() as session:
        merging.unmerge_door(session, hood.community_id, door, who=None, now=now)
    assert differences(hood) == []


def join(hood: Neighbourhood, stays: str, goes: str, now: int = NOW) -> None:
    with db.writing() as session:
        merging.merge_buildings(session, hood.community_id, stays, goes, who=None, now=now)
    assert differences(hood) == []


def part(hood: Neighbourhood, building: str, now: int = NOW) -> None:
    with db.writing() as session:
        merging.unmerge_building(session, hood.community_id, building, who=None, now=now)
    assert differences(hood) == []


def everything(hood: Neighbourhood) -> dict[str, Any]:
    """All rows that merging touches but `seq` and what a counter keeps of nothing."""
    tables = (Building, Household, HouseholdAlias, Assignment, DoorState, BuildingCount, KnockDay,
              MemberDay)  # fmt: skip
    found: dict[str, Any] = {}
    with db.reading() as session:
        for table in tables:
            rows = session.execute(
                select(*table.__table__.c).where(table.community_id == hood.community_id)
            ).mappings()
            kept = [{k: v for k, v in row.items() if k != "seq"} for row in rows]
            if table in (BuildingCount, MemberDay):
                kept = [row for row in kept if any(row.get(c) for c in (*COUNTS, "doors"))]
            if table is DoorState:
                kept = [row for row in kept if row["packed"] != "{}"]
            found[table.__tablename__] = sorted(kept, key=str)
        found["total"] = session.execute(
            select(*(CommunityDay.__table__.c[name] for name in COUNTS)).where(
                CommunityDay.community_id == hood.community_id
            )
        ).all()
    return found


def counts(hood: Neighbourhood, building: str) -> dict[str, int]:
    with db.reading() as session:
        row = session.get(BuildingCount, (hood.community_id, building))
        return {n: v for n in COUNTS if row and (v := getattr(row, n))}


def rows(phone: Phone, building: str) -> dict[str, dict[str, Any]]:
    """The doors that the phone shows of a building, by their rooms."""
    phone.pull()
    bucket = phone.rows.get(f"building:{building}", {})
    return {row["room"]: row for (kind, _), row in bucket.items() if kind == "household"}


# --- doors ----------------------------------------------------------------------------------


def test_a_merged_doors_visits_count_at_the_door_that_stays(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    phone = hood.volunteer(building)
    phone.push(visit(a, "no_answer"), visit(b, "informed", leaflets={"general": 2}))
    merge(hood, a, b)
    assert counts(hood, building) == {"households": 1, "knocked": 1, "reached": 1, "leaflets": 2}
    with db.reading() as session:
        assert session.scalars(select(DoorState.knocks)).one() == 2
        assert session.scalars(select(MemberDay.doors)).one() == 1


def test_unmerging_brings_back_exactly_what_was_there(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b, c = hood.doors(building, [101, 102, 103])
    phone = hood.volunteer(building)
    alias, add = add_door(building, "102")
    phone.push(visit(a), visit(b, "refused"), add, visit(alias, at=NOW - DAY), wish(b))
    before = everything(hood)
    merge(hood, a, b)
    merge(hood, c, a)
    unmerge(hood, a)
    unmerge(hood, b)
    assert everything(hood) == before


def test_what_comes_later_under_any_id_finds_the_door(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    phone = hood.volunteer(building)
    earlier, add = add_door(building, "102")
    phone.push(add)
    merge(hood, a, b)
    later, again = add_door(building, "102")
    sent = [visit(a), visit(b), visit(earlier), again, visit(later)]
    assert set(phone.statuses(*sent)) == {"accepted"}
    assert counts(hood, building) == {"households": 1, "knocked": 1, "reached": 1}
    assert phone.statuses(*(void(o) for o in (sent[0], sent[1], sent[2]))) == ["accepted"] * 3
    unmerge(hood, b)
    assert counts(hood, building) == {"households": 2, "knocked": 1, "reached": 1}
    assert rows(phone, building)["102"]["visits"]["id"] == [sent[4].id]
    assert set(rows(phone, building)["102"]["aliases"]) == {earlier, later}


def test_a_visit_that_waits_for_a_door_finds_it_merged(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    phone = hood.volunteer(building)
    door, add = add_door(building, "102")
    merge(hood, a, b)
    assert phone.statuses(visit(door)) == ["waiting"]
    assert phone.statuses(add) == ["accepted"]
    assert counts(hood, building)["reached"] == 1


def test_phones_forget_the_merged_door_and_see_it_again(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    stale, fresh = hood.volunteer(building), hood.volunteer(building)
    stale.push(visit(b))
    before = rows(stale, building)
    merge(hood, a, b)
    assert rows(stale, building) == rows(fresh, building)
    assert set(rows(stale, building)) == {"101"}
    assert rows(stale, building)["101"]["aliases"] == [b]
    unmerge(hood, b)
    assert rows(stale, building) == rows(fresh, building) == before


def test_a_phone_that_slept_through_all_of_it_ends_like_a_new_one(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b, c = hood.doors(building, [101, 102, 103])
    stale = hood.volunteer(building)
    stale.push(visit(b), visit(c))
    stale.pull()
    merge(hood, a, b)
    unmerge(hood, b)
    merge(hood, b, c)
    stale.pull(page_bytes=1)
    assert rows(stale, building) == rows(hood.volunteer(building), building)


def test_a_door_is_in_use_while_one_of_its_ids_is(hood: Neighbourhood) -> None:
    building = hood.building()
    a = hood.door(building)
    phone = hood.volunteer(building)
    b, add = add_door(building, "102")
    c, other = add_door(building, "103")
    phone.push(add, other, visit(b), visit(c))
    merge(hood, b, c)
    phone.push(void(add))
    assert counts(hood, building)["households"] == 2
    phone.push(void(other))
    assert counts(hood, building)["households"] == 1
    unmerge(hood, c)
    assert counts(hood, building) == {"households": 1}
    assert {room: row.get("retired") for room, row in rows(phone, building).items()} == {
        "101": None,
        "102": True,
        "103": True,
    }
    merge(hood, a, c)
    assert counts(hood, building) == {"households": 1, "knocked": 1, "reached": 1}


def test_a_voided_add_of_a_merged_door_ends_it_only_by_itself(hood: Neighbourhood) -> None:
    building = hood.building()
    a = hood.door(building)
    phone = hood.volunteer(building)
    b, add = add_door(building, "102")
    phone.push(add)
    merge(hood, a, b)
    phone.push(void(add))
    assert counts(hood, building) == {"households": 1}
    unmerge(hood, b)
    assert rows(phone, building)["102"]["retired"] is True
    assert "retired" not in rows(phone, building)["101"]


def retire(hood: Neighbourhood, door: str, *, retired: bool = True) -> None:
    with db.writing() as session:
        desk.set_retired(session, hood.community_id, door, retired=retired, who=None, now=NOW)
    assert differences(hood) == []


def test_retiring_a_door_retires_all_that_was_merged_into_it(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    phone = hood.volunteer(building)
    phone.push(visit(b, leaflets={"general": 3}))
    merge(hood, a, b)
    retire(hood, a)
    assert counts(hood, building) == {"leaflets": 3}
    retire(hood, a, retired=False)
    assert counts(hood, building) == {"households": 1, "knocked": 1, "reached": 1, "leaflets": 3}
    retire(hood, a)
    unmerge(hood, b)
    assert counts(hood, building) == {"leaflets": 3}


def test_a_retired_door_is_in_use_again_as_another_ones_id_and_retired_afterwards(
    hood: Neighbourhood,
) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    retire(hood, a)
    before = everything(hood)
    merge(hood, a, b)
    assert counts(hood, building) == {"households": 1}
    unmerge(hood, b)
    assert everything(hood) == before


def test_adding_a_merged_doors_number_by_hand_finds_it(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    merge(hood, a, b)
    retire(hood, a)
    with db.writing() as session:
        names = [DoorName("1", "102"), DoorName("1", "103")]
        added = desk.add_doors(
            session, hood.community_id, building, names, who=None, now=NOW, revive=True
        )
    assert (added.new, added.back, added.known) == (1, 1, 0)
    assert counts(hood, building) == {"households": 2}


def test_a_merged_door_keeps_its_number_from_others(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    merge(hood, a, b)
    with pytest.raises(Problem, match="door_exists"), db.writing() as session:
        desk.rename_door(session, hood.community_id, a, DoorName("1", "102"), who=None, now=NOW)


@pytest.mark.parametrize("mistake", ["merge_same", "merge_elsewhere", "door_unknown"])
def test_what_cannot_be_merged_is_told(hood: Neighbourhood, mistake: str) -> None:
    building, other = hood.building(), hood.building("2")
    a, b, c = *hood.doors(building, [101, 102]), hood.door(other)
    stays, goes = {"merge_same": (a, a), "merge_elsewhere": (a, c), "door_unknown": (b, a)}[mistake]
    if mistake == "door_unknown":
        merge(hood, a, b)  # b is no door any more
    with pytest.raises(Problem, match=mistake):
        merge(hood, stays, goes)


def test_merging_and_unmerging_twice_changes_nothing(hood: Neighbourhood) -> None:
    building = hood.building()
    a, b = hood.doors(building, [101, 102])
    unmerge(hood, b)
    merge(hood, a, b)
    merged = everything(hood)
    merge(hood, a, b)
    assert everything(hood) == merged
    unmerge(hood, b)
    unmerge(hood, b)
    with db.reading() as session:
        notes = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert notes == ["door_merge", "door_unmerge"]


# --- buildings ------------------------------------------------------------------------------


def test_a_merged_buildings_doors_count_in_the_one_that_stays(hood: Neighbourhood) -> None:
    one, two = hood.building("1"), hood.building("1号楼")
    a, b = hood.doors(one, [101, 102])
    c, d = hood.doors(two, [102, 103])
    phone = hood.volunteer(one, two)
    phone.push(visit(a), visit(b, "no_answer"), visit(c, leaflets={"general": 1}), visit(d))
    join(hood, one, two)
    assert counts(hood, two) == {}
    assert counts(hood, one) == {"households": 3, "knocked": 3, "reached": 3, "leaflets": 1}
    assert set(rows(phone, one)) == {"101", "102", "103"}
    assert rows(phone, one)["102"]["aliases"] == [c]
    assert rows(phone, two) == {}


def test_unmerging_a_building_brings_back_exactly_what_was_there(hood: Neighbourhood) -> None:
    one, two, three = (hood.building(name) for name in ("1", "2", "3"))
    a, b = hood.doors(one, [101, 102])
    c, d = hood.doors(two, [102, 103])
    e = hood.door(three, 103)
    phone, other = hood.volunteer(one, two), hood.volunteer(two, three)
    alias, add = add_door(two, "103")
    phone.push(visit(a), visit(b), visit(c), add, visit(alias))
    other.push(visit(e, "refused"), visit(d, "no_answer", at=NOW - DAY))
    retire(hood, b)
    before = everything(hood)
    stale = (rows(phone, one), rows(phone, two), rows(other, two), rows(other, three))
    join(hood, two, three)
    join(hood, one, two)
    phone.pull()
    part(hood, two)
    part(hood, three)
    after = everything(hood)
    spans = [row for row in after["assignment"] if row["ended_at"] is not None]
    after["assignment"] = [row for row in after["assignment"] if row not in spans]
    assert after == before
    assert (rows(phone, one), rows(phone, two), rows(other, two), rows(other, three)) == stale


def test_what_was_recorded_meanwhile_is_where_it_belongs(hood: Neighbourhood) -> None:
    """A door added under the merged building's id, by a phone that knew nothing of merging."""
    one, two = hood.building("1"), hood.building("2")
    hood.doors(one, [101, 102])
    phone = hood.volunteer(one, two)
    join(hood, one, two)
    new, add_new = add_door(two, "201")
    same, add_same = add_door(two, "102")
    sent = [add_new, add_same, visit(new), visit(same)]
    assert set(phone.statuses(*sent)) == {"accepted"}
    assert counts(hood, one) == {"households": 3, "knocked": 2, "reached": 2}
    part(hood, two)
    assert counts(hood, one) == {"households": 2}
    assert counts(hood, two) == {"households": 2, "knocked": 2, "reached": 2}
    assert set(rows(phone, two)) == {"102", "201"}


def test_a_door_of_the_building_that_stays_takes_its_own_number_back(hood: Neighbourhood) -> None:
    """Only the merged building had 201, until a phone adds it in the one that stays."""
    one, two = hood.building("1"), hood.building("2")
    old = hood.door(two, 201)
    phone = hood.volunteer(one, two)
    phone.push(visit(old))
    join(hood, one, two)
    new, add = add_door(one, "201")
    assert set(phone.statuses(add, visit(new, "refused"))) == {"accepted"}
    assert rows(phone, one)["201"]["id"] == new
    assert counts(hood, one) == {"households": 1, "knocked": 1, "reached": 1, "refused": 1}
    part(hood, two)
    assert counts(hood, one) == {"households": 1, "knocked": 1, "refused": 1}
    assert counts(hood, two) == {"households": 1, "knocked": 1, "reached": 1}


def test_doors_merged_across_both_buildings_part_with_them(hood: Neighbourhood) -> None:
    one, two = hood.building("1"), hood.building("2")
    a, b = hood.door(one, 101), hood.door(two, 201)
    phone = hood.volunteer(one, two)
    phone.push(visit(b))
    join(hood, one, two)
    merge(hood, a, b)
    assert counts(hood, one) == {"households": 1, "knocked": 1, "reached": 1}
    part(hood, two)
    assert (counts(hood, one), counts(hood, two)) == (
        {"households": 1},
        {"households": 1, "knocked": 1, "reached": 1},
    )
    join(hood, one, two)
    assert counts(hood, one)["households"] == 2


def test_a_door_merged_by_its_building_parts_with_it_alone(hood: Neighbourhood) -> None:
    one, two = hood.building("1"), hood.building("2")
    hood.door(one, 101)
    b = hood.door(two, 101)
    join(hood, one, two)
    with pytest.raises(Problem, match="merged_by_building"):
        unmerge(hood, b)


def test_renaming_a_door_renames_what_is_that_door_by_its_number(hood: Neighbourhood) -> None:
    one, two = hood.building("1"), hood.building("2")
    a = hood.door(one, 101)
    hood.door(two, 101)
    phone = hood.volunteer(one, two)
    join(hood, one, two)
    with db.writing() as session:
        name = DoorName("1", "109")
        desk.rename_door(session, hood.community_id, a, name, who=None, now=NOW)
    assert set(rows(phone, one)) == {"109"}
    part(hood, two)
    assert (set(rows(phone, one)), set(rows(phone, two))) == ({"109"}, {"109"})


def test_a_merged_building_can_be_merged_no_further(hood: Neighbourhood) -> None:
    one, two, three = (hood.building(name) for name in ("1", "2", "3"))
    practice = hood.building("p", practice=True)
    join(hood, one, two)
    join(hood, one, two)
    with pytest.raises(NotFound):
        join(hood, three, two)
    with pytest.raises(NotFound):
        join(hood, two, three)
    for stays, goes, mistake in ((one, one, "merge_same"), (one, practice, "merge_practice")):
        with pytest.raises(Problem, match=mistake):
            join(hood, stays, goes)
    part(hood, two)
    part(hood, two)


# --- who walks there ------------------------------------------------------------------------


def test_whoever_walked_the_one_walks_the_other(hood: Neighbourhood) -> None:
    one, two = hood.building("1"), hood.building("2")
    a, b = hood.door(one, 101), hood.door(two, 201)
    first, second = hood.volunteer(one), hood.volunteer(two)
    assert second.statuses(visit(a)) == ["held:not_yours"]
    join(hood, one, two)
    assert second.statuses(visit(a), visit(b)) == ["accepted"] * 2
    assert first.statuses(visit(b)) == ["accepted"]
    assert set(rows(second, one)) == {"101", "201"}
    assert rows(second, two) == {}


def test_what_was_recorded_while_both_were_one_is_theirs_for_seven_days(
    hood: Neighbourhood,
) -> None:
    one, two = hood.building("1"), hood.building("2")
    a, b = hood.door(one, 101), hood.door(two, 201)
    first, second = hood.volunteer(one), hood.volunteer(two)
    join(hood, one, two, now=NOW - 3 * DAY)
    part(hood, two, now=NOW - 2 * DAY)
    late = NOW + DAY
    assert first.statuses(visit(b, at=NOW - 2 * DAY), now=late) == ["accepted"]
    assert second.statuses(visit(a, at=NOW - 2 * DAY), now=late) == ["accepted"]
    assert first.statuses(visit(b, at=NOW + 6 * DAY), now=NOW + 6 * DAY) == ["held:not_yours"]
    assert set(rows(first, one)) == {"101"}
    assert rows(first, two) == {}
    assert set(rows(second, two)) == {"201"}


def test_an_assignment_that_ended_before_still_counts_after_merging(hood: Neighbourhood) -> None:
    one, two = hood.building("1"), hood.building("2")
    hood.door(one, 101)
    b = hood.door(two, 201)
    phone = hood.volunteer(two)
    with db.writing() as session:
        ids = session.scalars(select(Assignment.id)).all()
        assignments.end(session, hood.community_id, ids, who=None, now=NOW - DAY)
    join(hood, one, two)
    assert phone.statuses(visit(b, at=NOW - 2 * DAY)) == ["accepted"]
    assert rows(phone, one) == {}


def test_of_two_assignments_to_one_building_both_follow_the_desk(hood: Neighbourhood) -> None:
    one, two = hood.building("1"), hood.building("2")
    hood.door(one, 101)
    hood.door(two, 201, unit="2")
    phone = hood.volunteer(one, two)
    join(hood, one, two)
    with db.writing() as session:
        done = assignments.assign(
            session, hood.community_id, [one], [phone.member_id], units=["2"], who=None, now=NOW
        )
    assert (done.new, done.changed) == (0, 1)
    phone.pull()
    mine = [row for (kind, _), row in phone.rows["me"].items() if kind == "assignment"]
    assert [(row["building"], row["units"]) for row in mine] == [(one, ["2"])] * 2
