"""What becomes of each operation of a push: the status table of design 4, row by row."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from tests.factories.field import (
    DAY,
    MINUTE,
    NOW,
    Neighbourhood,
    Op,
    Phone,
    add_door,
    differences,
    moments,
    neighbourhood,
    op,
    visit,
    void,
    wish,
)
from webapp.core import db
from webapp.core.ids import new_id
from webapp.coverage.models import BuildingCount, KnockDay, MemberDay
from webapp.operations.models import Operation, OperationRival, OperationText
from webapp.visits.models import DoorState

pytestmark = pytest.mark.both_engines


def stored(operation: Op) -> Operation:
    with db.reading() as session:
        return session.scalars(select(Operation).where(Operation.id == operation.id)).one()


def rows(table: type[db.Base]) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def state(door: str) -> DoorState | None:
    with db.reading() as session:
        return session.scalars(
            select(DoorState).where(DoorState.household_id == door)
        ).one_or_none()


def knocks(door: str) -> int:
    found = state(door)
    return found.knocks if found else 0


def count(building: str) -> BuildingCount:
    with db.reading() as session:
        return session.scalars(
            select(BuildingCount).where(BuildingCount.building_id == building)
        ).one()


def walker(hood: Neighbourhood) -> tuple[Phone, str, str]:
    building = hood.building()
    door = hood.door(building)
    return hood.volunteer(building), building, door


def test_a_visit_is_accepted_and_counted(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    result = phone.send(visit(door, "informed", app="helped", leaflets={"general": 2}))
    assert (result.status, result.code, result.moment, result.capped) == (
        "accepted", None, None, False,
    )  # fmt: skip
    counts = count(building)
    assert (counts.households, counts.reached, counts.installed, counts.leaflets) == (1, 1, 1, 2)
    with db.reading() as session:
        day = session.scalars(select(MemberDay)).one()
    assert (day.member_id, day.doors, day.leaflets) == (phone.member_id, 1, 2)


def test_sending_a_visit_twice_records_it_once(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door)
    phone.push(sent)
    again = phone.send(sent, now=NOW + DAY)
    assert (again.status, again.present) == ("duplicate", "accepted")
    assert (knocks(door), rows(Operation)) == (1, 1)


def test_a_repeat_in_one_push_is_a_duplicate(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door)
    results = phone.push(sent, sent, visit(door, at=NOW - DAY), sent)
    assert [r.status for r in results] == ["accepted", "duplicate", "accepted", "duplicate"]
    assert {r.present for r in results} == {None, "accepted"}
    assert knocks(door) == 2


def test_a_duplicate_says_how_the_first_stands(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    bad = visit(door, "no_answer", app="installed")
    waits = visit(new_id())
    ahead = visit(door, at=NOW + DAY)
    phone.push(bad, waits, ahead)
    first, second, third = phone.push(bad, waits, ahead, now=NOW + MINUTE)
    assert (first.status, first.present, first.code, first.field) == (
        "duplicate", "held", "invalid", "app",
    )  # fmt: skip
    assert (second.status, second.present) == ("duplicate", "waiting")
    assert (third.present, third.moment, third.capped) == ("accepted", NOW, True)


def test_an_id_with_other_bytes_is_held_and_neither_is_lost(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    first = visit(door, "informed")
    other = visit(door, "refused", id=first.id)
    assert phone.statuses(first) == ["accepted"]
    assert phone.statuses(other) == ["held:id_taken"]
    again = phone.send(other)
    assert (again.status, again.present, again.code) == ("duplicate", "held", "id_taken")
    with db.reading() as session:
        rival = session.scalars(select(OperationRival)).one()
    assert (rival.operation_id, rival.body) == (first.id, other.raw.decode())
    assert stored(first).status == "accepted"
    assert knocks(door) == 1


def test_other_bytes_are_found_out_within_one_push_too(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    first = visit(door, "informed")
    other = visit(door, "refused", id=first.id)
    assert phone.statuses(first, other, other, first) == [
        "accepted", "held:id_taken", "held:id_taken", "duplicate",
    ]  # fmt: skip
    assert (rows(Operation), rows(OperationRival)) == (1, 1)


def test_an_id_in_capitals_is_the_same_id_with_other_bytes(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door)
    capitals = Op(sent.id, sent.raw.replace(sent.id.encode(), sent.id.upper().encode()))
    assert phone.statuses(sent, capitals) == ["accepted", "held:id_taken"]


def test_ids_in_capitals_mean_the_same_door_and_target(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door.upper())
    assert phone.statuses(sent, void(sent.id.upper())) == ["accepted", "accepted"]
    assert knocks(door) == 0


def test_a_bad_element_never_stops_its_neighbours(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    poison: list[Op | bytes] = [
        b"7", b"null", b"{}", b'{"id": "\xff"}', b"[" * 30_000, b'{"id": NaN',
        visit(door, note="x" * 17_000).raw,
        visit(door, note="NOTE").raw.replace(b"NOTE", rb"\ud800"),
        visit(door, note="a\x00b").raw,
        visit(door, outcome_="x").raw,
        op("song\u0000").raw,
        op("song").raw,
        visit(f"{door}\n").raw,
        visit(door, follow_up_on="0001-01-01").raw,
        visit(door, flags=["limited_mobility"] * 20, agreed=True).raw,
        visit(door, by=f"{door}").raw,
        void(new_id(), reason="bored").raw,
    ]  # fmt: skip
    good: list[Op] = [visit(door, at=NOW - n) for n in range(len(poison))]
    sent: list[Op | bytes] = []
    for bad, fine in zip(poison, good, strict=True):
        sent += [bad, fine]
    results = phone.push(*sent)
    assert [r.status for r in results[1::2]] == ["accepted"] * len(good)
    assert [r.id for r in results[1::2]] == [o.id for o in good]
    assert [r.status for r in results[0::2]] == [
        *["refused"] * 7, "accepted", "held", "held", "refused", "held", "held",
        "accepted", "accepted", "held", "held",
    ]  # fmt: skip
    assert [r.present for r in phone.push(*sent)[1::2]] == ["accepted"] * len(good)


def test_results_come_in_the_order_of_the_operations(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    new, add = add_door(building, "999")
    sent: list[Op | bytes] = [
        void(new_id()),
        visit(new),
        b"{}",
        wish(door),
        add,
        visit(door, mood=1),
        visit(door),
    ]
    results = phone.push(*sent)
    assert [r.id for r in results] == [o.id if isinstance(o, Op) else None for o in sent]
    assert [r.status for r in results] == [
        "waiting", "accepted", "refused", "accepted", "accepted", "held", "accepted",
    ]  # fmt: skip


def test_nothing_to_push_changes_nothing(hood: Neighbourhood) -> None:
    assert hood.volunteer().push() == []


# --- moments --------------------------------------------------------------------------------


def test_a_moment_far_ahead_is_written_down_once_as_the_receipt(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    sent = visit(door, at=NOW + 2 * DAY)
    result = phone.send(sent)
    assert (result.moment, result.capped) == (NOW, True)
    again = phone.send(sent, now=NOW + 3 * DAY)
    assert (again.moment, again.capped) == (NOW, True)
    assert (stored(sent).moment, stored(sent).capped) == (NOW, True)
    phone.pull()
    assert moments(phone.door(building, door)["visits"]) == [NOW]


def test_a_capped_moment_outlives_the_wait_for_its_door(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    new, add = add_door(building, "7")
    sent = visit(new, at=NOW + DAY)
    assert phone.send(sent).status == "waiting"
    phone.push(add, now=NOW + 3 * DAY)
    phone.pull()
    assert moments(phone.door(building, new)["visits"]) == [NOW]
    result = phone.rows["me"]["result", sent.id]
    assert (result["status"], result["moment"], result["capped"]) == ("accepted", NOW, True)


def test_a_lying_clock_is_set_right_by_its_skew(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    phone.push(
        visit(door, "refused", at=NOW - DAY), visit(door, at=NOW + 9 * DAY, skew_ms=-11 * DAY)
    )
    found = state(door)
    assert found is not None
    assert (found.contact, found.last_at) == ("refused", NOW - DAY)


# --- waiting --------------------------------------------------------------------------------


def test_a_visit_before_its_door_waits_and_is_taken_up_with_it(hood: Neighbourhood) -> None:
    building = hood.building()
    phone, other = hood.volunteer(building), hood.volunteer(building)
    new, add = add_door(building, "7")
    early = visit(new, "informed", note="朝南的门")
    assert other.statuses(early) == ["waiting"]
    assert rows(BuildingCount) == 0
    assert phone.statuses(add) == ["accepted"]
    assert (count(building).reached, count(building).households) == (1, 1)
    other.pull()
    assert other.rows["me"]["result", early.id]["status"] == "accepted"
    assert other.door(building, new)["visits"]["note"] == ["朝南的门"]


def test_within_one_push_the_order_does_not_matter(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    new, add = add_door(building, "7")
    first = visit(new, "refused")
    assert phone.statuses(void(first), first, visit(new, "vacant", at=NOW - 1), add) == [
        "accepted"
    ] * 4  # fmt: skip
    assert (count(building).vacant, count(building).refused) == (1, 0)


def test_what_waits_for_an_alias_is_taken_up_with_it(hood: Neighbourhood) -> None:
    building = hood.building()
    listed = hood.door(building, "0302")
    phone = hood.volunteer(building)
    alias, add = add_door(building, "３０２室", unit="一单元")
    assert phone.statuses(visit(alias)) == ["waiting"]
    phone.push(add)
    assert knocks(listed) == 1


def test_a_waiting_visit_without_a_right_is_held_when_its_door_comes(hood: Neighbourhood) -> None:
    building = hood.building()
    stranger, phone = hood.volunteer(), hood.volunteer(building)
    new, add = add_door(building, "7")
    sent = visit(new)
    assert stranger.statuses(sent) == ["waiting"]
    phone.push(add)
    stranger.pull()
    assert stranger.rows["me"]["result", sent.id] == {
        "kind": "result", "id": sent.id, "status": "held", "code": "not_yours",
    }  # fmt: skip
    assert knocks(new) == 0


def test_a_door_helped_at_counts_once_a_day_until_taken_back(hood: Neighbourhood) -> None:
    phone, _building, door = walker(hood)
    helped = [visit(door, "informed", app="helped", at=NOW - n) for n in (3, 2)]
    phone.push(helped[0])
    phone.push(helped[1], visit(door, "informed", app="installed", at=NOW - 1))

    def counted() -> tuple[int, int]:
        with db.reading() as session:
            knock, day = session.scalars(select(KnockDay)).one(), session.scalars(select(MemberDay))
            return knock.helped, day.one().helped

    assert counted() == (2, 1)
    phone.push(void(helped[0], reason="wrong_door"))
    assert counted() == (1, 1)
    phone.push(void(helped[1], reason="wrong_door"))
    assert counted() == (0, 0)
    assert differences(hood) == []


# --- voids ----------------------------------------------------------------------------------


def test_a_void_takes_a_visit_back(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    sent = visit(door, "informed", leaflets={"general": 3})
    phone.push(sent, visit(door, "no_answer", at=NOW - DAY))
    assert phone.statuses(void(sent, reason="wrong_door")) == ["accepted"]
    counts = count(building)
    assert (counts.knocked, counts.reached, counts.leaflets, counts.last_at) == (1, 0, 0, NOW - DAY)
    with db.reading() as session:
        days = {d.day.day: (d.doors, d.leaflets) for d in session.scalars(select(MemberDay))}
    assert days == {22: (1, 0), 23: (0, 0)}


def test_a_void_that_comes_first_waits_for_its_target(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    sent = visit(door)
    cancels = void(sent)
    assert phone.statuses(cancels) == ["waiting"]
    assert phone.statuses(sent) == ["accepted"]
    assert (knocks(door), count(building).reached, stored(sent).voided) == (0, 0, True)
    assert stored(cancels).status == "accepted"


def test_two_voids_of_one_visit_take_it_back_once(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    sent, stays = visit(door), visit(door, at=NOW - 1)
    phone.push(sent, stays)
    assert phone.statuses(void(sent), void(sent)) == ["accepted"] * 2
    assert phone.statuses(void(sent)) == ["accepted"]
    assert (knocks(door), count(building).knocked) == (1, 1)


def test_a_void_cannot_be_voided(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door)
    cancels = void(sent)
    phone.push(sent, cancels)
    assert phone.statuses(void(cancels)) == ["held:invalid:operation"]
    assert knocks(door) == 0


def test_a_void_of_a_void_in_one_push_is_held_in_the_answer(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door)
    cancels = void(sent)
    assert phone.statuses(void(cancels), cancels, sent) == [
        "held:invalid:operation", "accepted", "accepted",
    ]  # fmt: skip


def test_nobody_else_may_void_but_a_coordinator_any(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    sent = visit(door)
    phone.push(sent)
    assert hood.volunteer(building).statuses(void(sent)) == ["held:not_yours"]
    assert knocks(door) == 1
    assert hood.member("coordinator", status="ended").statuses(void(sent)) == ["held:not_yours"]
    assert hood.member("coordinator").statuses(void(sent)) == ["accepted"]
    assert knocks(door) == 0


def test_the_right_to_void_is_judged_when_the_target_is_there(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    other = hood.volunteer(building)
    sent = visit(door)
    foreign = void(sent)
    assert other.statuses(foreign) == ["waiting"]
    assert phone.statuses(sent) == ["accepted"]
    assert (stored(foreign).status, stored(foreign).code) == ("held", "not_yours")
    assert knocks(door) == 1


def test_another_phone_of_the_author_may_void(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door)
    phone.push(sent)
    assert hood.second_phone(phone).statuses(void(sent)) == ["accepted"]
    assert knocks(door) == 0


def test_what_was_voided_while_it_waited_never_counts(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    new, add = add_door(building, "7")
    sent = visit(new)
    assert phone.statuses(sent, void(sent)) == ["waiting", "accepted"]
    assert phone.statuses(add) == ["accepted"]
    assert (knocks(new), count(building).knocked) == (0, 0)


def test_what_is_held_can_be_taken_back(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    sent = visit(door, flags=["elderly"])
    assert phone.statuses(sent, void(sent)) == ["held:invalid:flags", "accepted"]
    assert (stored(sent).status, stored(sent).voided) == ("held", True)


# --- doors added in the field ---------------------------------------------------------------


def test_a_new_door_is_a_household_from_then_on(hood: Neighbourhood) -> None:
    phone, building, _ = walker(hood)
    new, add = add_door(building, "1602A", unit="2", floor=16)
    assert phone.statuses(add, visit(new)) == ["accepted"] * 2
    counts = count(building)
    assert (counts.households, counts.knocked) == (2, 1)
    phone.pull()
    row = phone.door(building, new)
    assert (row["unit"], row["floor"], row["room"]) == ("2", 16, "1602A")


def test_two_phones_that_add_the_same_door_make_one(hood: Neighbourhood) -> None:
    building = hood.building()
    first, second = hood.volunteer(building), hood.volunteer(building)
    a, add_a = add_door(building, "7")
    b, add_b = add_door(building, "07")
    first.push(add_a, visit(a, "informed"))
    assert second.statuses(visit(b, "refused", at=NOW + 1), add_b) == ["accepted"] * 2
    counts = count(building)
    assert (counts.households, counts.reached, counts.refused) == (1, 1, 1)
    for phone in (first, second):
        phone.pull()
        row = phone.door(building, a)
        assert (row["aliases"], row["visits"]["outcome"]) == ([b], ["informed", "refused"])
        assert ("household", b) not in phone.rows[f"building:{building}"]


def test_the_same_new_door_twice_in_one_push_is_one(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    a, add_a = add_door(building, "7")
    b, add_b = add_door(building, "7")
    _, again = add_door(building, "7", door=a)
    assert phone.statuses(add_a, add_b, again, visit(b)) == ["accepted"] * 4
    assert (count(building).households, knocks(a)) == (1, 1)


def test_one_id_for_two_doors_is_held(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    listed = hood.door(building, "1")
    a, add_a = add_door(building, "7")
    _, same_push = add_door(building, "8", door=a)
    assert phone.statuses(add_a, same_push) == ["accepted", "held:invalid:household"]
    _, later = add_door(building, "9", door=a)
    _, of_the_list = add_door(building, "9", door=listed)
    assert phone.statuses(later, of_the_list) == ["held:invalid:household"] * 2
    assert count(building).households == 2


def test_voiding_an_added_door_retires_it(hood: Neighbourhood) -> None:
    phone, building, _ = walker(hood)
    new, add = add_door(building, "7")
    phone.push(add, visit(new, "informed", leaflets={"general": 2}))
    assert count(building).households == 2
    assert phone.statuses(void(add)) == ["accepted"]
    counts = count(building)
    assert (counts.households, counts.knocked, counts.reached, counts.leaflets) == (1, 0, 0, 2)
    phone.pull()
    assert phone.door(building, new)["retired"] is True


def test_a_retired_door_still_takes_visits(hood: Neighbourhood) -> None:
    phone, building, _ = walker(hood)
    new, add = add_door(building, "7")
    phone.push(add, void(add))
    assert phone.statuses(visit(new, "informed", leaflets={"general": 1})) == ["accepted"]
    counts = count(building)
    assert (counts.households, counts.reached, counts.leaflets) == (1, 0, 1)
    with db.reading() as session:
        assert session.scalar(select(func.sum(MemberDay.doors))) == 1


def test_a_door_stays_while_another_live_add_has_it(hood: Neighbourhood) -> None:
    building = hood.building()
    first, second = hood.volunteer(building), hood.volunteer(building)
    _, add_a = add_door(building, "7")
    _, add_b = add_door(building, "7")
    first.push(add_a)
    second.push(add_b)
    first.push(void(add_a))
    assert count(building).households == 1
    second.push(void(add_b))
    assert count(building).households == 0
    _, add_c = add_door(building, "7")
    first.push(add_c)
    assert count(building).households == 1


def test_a_listed_door_is_not_retired_by_a_void(hood: Neighbourhood) -> None:
    phone, building, _ = walker(hood)
    _, add = add_door(building, "101")
    phone.push(add)
    phone.push(void(add))
    assert count(building).households == 1


@pytest.mark.parametrize("at_once", [True, False])
def test_a_void_before_the_add_retires_the_door_as_well(hood: Neighbourhood, at_once: bool) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    new, add = add_door(building, "7")
    if at_once:
        phone.push(void(add), visit(new), add)
    else:
        phone.push(void(add))
        phone.push(visit(new))
        phone.push(add)
    assert (count(building).households, knocks(new)) == (0, 1)


# --- rights ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("since", "until", "moment", "expected"),
    [
        (-30, None, 0, "accepted"),
        (-30, -6, 0, "accepted"),
        (-30, -7, 0, "accepted"),
        (-30, -8, 0, "held:not_yours"),
        (-30, -8, -2, "accepted"),
        (-1, None, -5, "accepted"),
        (0, None, -20, "accepted"),
        (1, None, 0, "held:not_yours"),
    ],
)
def test_a_right_is_judged_from_seven_days_before_the_moment_to_the_receipt(
    hood: Neighbourhood, since: int, until: int | None, moment: int, expected: str
) -> None:
    building = hood.building()
    door, phone = hood.door(building), hood.member()
    hood.assign(
        phone, building,
        since=NOW + since * DAY, until=None if until is None else NOW + until * DAY,
    )  # fmt: skip
    _, add = add_door(building, "9", at=NOW + moment * DAY)
    assert phone.statuses(
        visit(door, at=NOW + moment * DAY), add, wish(door, at=NOW + moment * DAY)
    ) == [expected] * 3  # fmt: skip


def test_the_receipt_is_that_of_the_push_also_for_what_waited(hood: Neighbourhood) -> None:
    building = hood.building()
    phone, late = hood.volunteer(building), hood.member()
    new, add = add_door(building, "7")
    sent = visit(new)
    late.push(sent)
    hood.assign(late, building, since=NOW + DAY)
    phone.push(add, now=NOW + 2 * DAY)
    assert (stored(sent).status, stored(sent).code) == ("held", "not_yours")


def test_another_building_is_not_theirs(hood: Neighbourhood) -> None:
    phone, _, _ = walker(hood)
    other = hood.building("2")
    _, add = add_door(other, "7")
    assert phone.statuses(visit(hood.door(other)), add) == ["held:not_yours"] * 2


def test_a_building_of_another_community_is_nobodys(hood: Neighbourhood) -> None:
    foreign = neighbourhood("Elsewhere")
    there = foreign.building()
    door = foreign.door(there)
    _, add = add_door(there, "7")
    boss = hood.member("coordinator")
    assert boss.statuses(add, visit(door)) == ["held:not_yours", "waiting"]
    theirs = foreign.volunteer(there)
    sent = visit(door)
    theirs.push(sent)
    assert boss.statuses(void(sent)) == ["waiting"]
    assert boss.statuses(sent) == ["waiting"], "the same id in another community is another row"


def test_a_coordinator_may_record_everywhere(hood: Neighbourhood) -> None:
    building = hood.building()
    _, add = add_door(building, "7")
    assert hood.member("coordinator").statuses(visit(hood.door(building)), add) == ["accepted"] * 2


def test_who_is_pending_may_record_nothing(hood: Neighbourhood) -> None:
    building = hood.building(practice=True)
    phone = hood.member(status="pending")
    hood.assign(phone, building)
    assert phone.statuses(visit(hood.door(building))) == ["held:not_yours"]


def test_the_practice_building_is_everybodys_and_counts_nowhere(hood: Neighbourhood) -> None:
    building = hood.building(practice=True)
    door = hood.door(building)
    phone = hood.member()
    assert phone.statuses(visit(door)) == ["accepted"]
    assert (rows(BuildingCount), rows(MemberDay), knocks(door)) == (0, 0, 1)
    phone.pull()
    assert phone.door(building, door)["visits"]["outcome"] == ["informed"]


def test_a_member_who_left_may_hand_in_what_was_theirs(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.member(status="ended", confirmed=True)
    hood.assign(phone, building, until=NOW - DAY)
    assert phone.statuses(visit(hood.door(building), at=NOW - 2 * DAY)) == ["accepted"]


# --- by: the desk types from paper ----------------------------------------------------------


def test_the_desk_credits_whom_it_types_for(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    desk = hood.member("coordinator")
    assert desk.statuses(visit(door, by=phone.member_id.upper())) == ["accepted"]
    phone.pull()
    assert phone.door(building, door)["visits"]["by"] == [phone.member_id]
    with db.reading() as session:
        assert session.scalars(select(MemberDay.member_id)).all() == [phone.member_id]


def test_nobody_else_may_speak_for_others(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    other = hood.volunteer(building)
    assert phone.statuses(
        visit(door, by=other.member_id), visit(door, by=phone.member_id), visit(door, by=new_id())
    ) == ["held:not_yours:by", "accepted", "held:invalid:by"]


# --- wishes and notes -----------------------------------------------------------------------


def texts() -> int:
    return rows(OperationText)


def test_a_note_stands_apart_from_the_operation(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    sent = visit(door, note="女儿周末在家")
    phone.push(sent)
    assert "note" not in json.loads(stored(sent).body)
    phone.pull()
    assert phone.door(building, door)["visits"]["note"] == ["女儿周末在家"]


def test_outcome_only_hides_flags_and_erases_notes_also_later_ones(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    first = visit(door, flags=["elderly"], agreed=True, note="one")
    phone.push(first)
    assert (texts(), state(door).flags) == (1, "elderly")  # type: ignore[union-attr]
    asks = wish(door, outcome_only=True)
    phone.push(asks)
    phone.push(visit(door, at=NOW + 1, flags=["lives_alone"], agreed=True, note="two"))
    assert (texts(), state(door).flags) == (0, "")  # type: ignore[union-attr]
    phone.pull()
    row = phone.door(building, door)
    assert row["wish"] == {"outcome_only": True}
    assert not {"flags", "note"} & row["visits"].keys()
    phone.push(void(asks))
    phone.pull()
    row = phone.door(building, door)
    assert "wish" not in row
    assert row["visits"]["flags"] == [["elderly"], ["lives_alone"]]
    assert "note" not in row["visits"], "what was erased is gone"


def test_a_wish_that_waits_for_its_door_erases_too(hood: Neighbourhood) -> None:
    building = hood.building()
    phone = hood.volunteer(building)
    new, add = add_door(building, "7")
    phone.push(visit(new, note="two"), wish(new, outcome_only=True))
    assert texts() == 1
    phone.push(add)
    assert texts() == 0


def test_no_visits_until_travels_and_is_lifted(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    phone.push(wish(door, no_visits_until="2026-12-01"))
    phone.pull()
    assert phone.door(building, door)["wish"] == {"no_visits_until": "2026-12-01"}
    assert count(building).households == 1
    phone.push(wish(door, at=NOW + 1))
    phone.pull()
    assert "wish" not in phone.door(building, door)


def test_a_personal_number_in_a_note_warns_and_is_taken(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    assert phone.send(visit(door, note="电话 138 1234 5678")).warning == "personal_number"
    assert phone.send(visit(door, note="下午 3 点再来, 1203")).warning is None


def test_flags_that_repeat_are_kept_once(hood: Neighbourhood) -> None:
    phone, _, door = walker(hood)
    phone.push(visit(door, flags=["limited_mobility"] * 20, agreed=True))
    assert state(door).flags == "limited_mobility"  # type: ignore[union-attr]


# --- a phone that was switched off ----------------------------------------------------------


def test_all_that_comes_from_a_revoked_device_is_held(hood: Neighbourhood) -> None:
    phone, building, door = walker(hood)
    before = visit(door)
    phone.push(before)
    _, add = add_door(building, "7")
    results = phone.push(
        before, visit(door, at=NOW + 1), add, void(before), b"{}", hold="device_revoked"
    )
    assert [(r.status, r.code or r.present) for r in results] == [
        ("duplicate", "accepted"),
        ("held", "device_revoked"),
        ("held", "device_revoked"),
        ("held", "device_revoked"),
        ("refused", "no_id"),
    ]
    assert (knocks(door), count(building).households) == (1, 1)
