"""An alert from the desk to two phones and back: rights, leases, what everybody sees."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.alerts import (
    PERSON,
    acting,
    attempt,
    dues,
    follow_up,
    hand_over,
    join,
    listed,
    make_alert,
    mine,
    outcome,
    row,
    take,
    workers,
)
from tests.factories.field import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    Neighbourhood,
    Phone,
    add_door,
    neighbourhood,
    visit,
    void,
)
from webapp.alerts import actions, repeats
from webapp.alerts.models import AlertRuling
from webapp.core import db
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.operations.models import Operation, OperationText

pytestmark = pytest.mark.both_engines

SECRETS = ("何女士", "13812345678", "1204", "58岁")


def door_of(hood: Neighbourhood) -> tuple[str, str]:
    building = hood.building("3号楼")
    return building, hood.door(building, "1204", unit="2")


def test_the_team_sees_an_alert_without_person_and_room(hood: Neighbourhood) -> None:
    building, door = door_of(hood)
    phone = hood.volunteer()
    alert = make_alert(hood, door, scam_type="task", channel="app")
    shown = listed(phone)[alert]
    assert shown == {
        "kind": "alert",
        "id": alert,
        "number": 1,
        "level": "high",
        "status": "open",
        "step": "new",
        "received_at": NOW,
        "deadline": NOW + 60 * MINUTE,
        "building": building,
        "place": "3号楼",
        "scam_type": "task",
        "channel": "app",
        "offered": True,
    }
    phone.pull()
    everything = json.dumps([list(rows.values()) for rows in phone.rows.values()])
    assert not any(secret in everything for secret in SECRETS)
    assert mine(phone) == {}


def test_taking_an_alert_hands_out_the_person(hood: Neighbourhood) -> None:
    _, door = door_of(hood)
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, door)
    take(ann, alert)
    got = mine(ann)[alert]
    assert (got["resident_name"], got["age"], got["phone"]) == ("何女士", 58, "13812345678")
    assert (got["household"], got["unit"], got["room"]) == (door, "2", "1204")
    assert [(o["type"], o["action"], o["by"]) for o in got["operations"]] == [
        ("alert_join", "on", ann.member_id)
    ]
    assert mine(bob) == {}
    shown = listed(bob)[alert]
    assert (shown["assigned"], shown["working"]) == ([ann.member_id], [ann.member_id])
    assert "offered" not in shown


def test_an_alert_that_somebody_has_cannot_be_taken(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood)
    take(ann, alert)
    take(ann, alert)  # a repeat
    assert len(workers(alert)) == 1
    with pytest.raises(Problem) as refused:
        take(bob, alert)
    assert (refused.value.code, refused.value.status) == ("taken", 409)
    assert refused.value.params["members"] == [ann.member_id]


def test_who_calls_for_help_can_be_joined(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.send(join(alert, "help"))
    assert listed(bob)[alert]["help"] is True
    take(bob, alert)
    shown = listed(bob)[alert]
    assert "help" not in shown
    assert shown["working"] == [ann.member_id, bob.member_id]


def test_what_is_offered_can_be_taken_beside_who_has_it(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    with db.writing() as session:
        actions.offer(session, hood.community_id, alert, who=None, now=NOW)
    take(bob, alert)
    assert listed(ann)[alert]["assigned"] == [ann.member_id, bob.member_id]


def test_only_who_works_an_alert_records_it(hood: Neighbourhood) -> None:
    ann, bob, coordinator = hood.volunteer(), hood.volunteer(), hood.member("coordinator")
    alert = make_alert(hood, to=(ann,))
    assert ann.statuses(attempt(alert)) == ["accepted"]
    assert bob.statuses(attempt(alert), join(alert), outcome(alert)) == ["held:not_yours"] * 3
    assert coordinator.statuses(attempt(alert)) == ["accepted"]
    assert row(alert).attempts == 2


def test_a_pending_member_and_a_stranger_record_nothing(hood: Neighbourhood) -> None:
    pending, other = hood.member(status="pending"), neighbourhood("other")
    alert = make_alert(hood)
    assert pending.statuses(attempt(alert)) == ["held:not_yours"]
    assert other.member("coordinator").statuses(attempt(alert)) == ["waiting"]
    assert row(alert).attempts == 0


def test_the_right_lasts_seven_days_after_a_hand_over(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    hand_over(ann, alert, bob, now=NOW + HOUR)
    late = NOW + 20 * DAY
    assert ann.statuses(attempt(alert, at=NOW + HOUR + 7 * DAY), now=late) == ["accepted"]
    assert ann.statuses(attempt(alert, at=NOW + HOUR + 7 * DAY + 1), now=late) == ["held:not_yours"]
    assert bob.statuses(attempt(alert, at=NOW + 9 * DAY), now=late) == ["accepted"]
    assert bob.statuses(attempt(alert, at=NOW), now=NOW + HOUR - 1) == ["held:not_yours"]


def test_handing_over_moves_the_person_to_the_other_phone(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood)
    take(ann, alert)
    assert alert in mine(ann)
    hand_over(ann, alert, bob, now=NOW + MINUTE)
    assert mine(ann) == {}
    assert alert in mine(bob)
    assert listed(ann)[alert]["assigned"] == [bob.member_id]
    assert row(alert).working == []
    with pytest.raises(NotFound):
        hand_over(ann, alert, bob)


def test_leaving_takes_the_person_off_the_phone_and_coming_back_brings_it(
    hood: Neighbourhood,
) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    mine(ann)
    off = join(alert, "off", at=NOW + MINUTE)
    ann.send(off, now=NOW + MINUTE)
    assert mine(ann) == {}
    assert listed(ann)[alert]["offered"] is True
    ann.send(join(alert, "on", at=NOW + 2 * MINUTE), now=NOW + 2 * MINUTE)
    assert alert in mine(ann)


def test_a_leaving_that_is_taken_back_never_was(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    off = join(alert, "off")
    ann.push(off)
    assert mine(ann) == {}
    ann.push(void(off))
    assert alert in mine(ann)


def test_closing_takes_the_person_off_all_phones(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann, bob))
    assert alert in mine(ann)
    assert alert in mine(bob)
    ann.push(outcome(alert, avoided=7_800_000, grade="bank"))
    assert mine(ann) == mine(bob) == {}
    shown = listed(bob)[alert]
    assert (shown["status"], shown["outcome"], shown["step"]) == ("closed", "dissuaded", "closed")
    assert row(alert).avoided == 7_800_000


def test_reopening_brings_it_back_to_who_had_it(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, at=NOW + MINUTE), now=NOW + MINUTE)
    assert mine(ann) == {}
    ann.push(attempt(alert, result="still_at_risk", at=NOW + HOUR), now=NOW + HOUR)
    assert alert in mine(ann)
    assert listed(ann)[alert]["reopened"] is True


def test_a_denial_never_closes(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(*(attempt(alert, "call", "denied", at=NOW + n) for n in range(3)))
    found = row(alert)
    assert (found.status, found.attempts, found.in_contact_at) == ("open", 3, NOW)


def test_two_phones_without_signal_merge_without_loss(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann, bob))
    anns = [attempt(alert, "call", "denied", at=NOW + n * MINUTE) for n in (1, 5)]
    bobs = [attempt(alert, "door", "met", at=NOW + 3 * MINUTE, at_risk=50), outcome(alert)]
    late = NOW + 2 * HOUR
    bob.push(*bobs, now=late)
    ann.push(*anns, now=late)
    found = row(alert)
    assert (found.attempts, found.in_contact_at, found.at_risk) == (3, NOW + MINUTE, 50)
    assert (found.outcome, found.status) == ("dissuaded", "closed")


def test_operations_wait_for_their_alert(hood: Neighbourhood) -> None:
    coordinator, alert_id = hood.member("coordinator"), new_id()
    assert coordinator.statuses(attempt(alert_id)) == ["waiting"]


def test_what_is_said_of_persons_stands_apart_and_reaches_those_who_work_it(
    hood: Neighbourhood,
) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann, bob))
    sent = attempt(
        alert,
        "family",
        "family_reached",
        participant={"role": "family", "name": "陈先生", "phone": "13800000001"},
        place={"kind": "work", "text": "建材市场三号门"},
        note="女儿同住",
    )
    ann.push(sent)
    with db.reading() as session:
        body = session.scalars(select(Operation.body).where(Operation.id == sent.id)).one()
        text = session.scalars(select(OperationText.text)).one()
    assert not any(said in body for said in ("陈先生", "13800000001", "建材", "女儿"))
    assert all(said in text for said in ("陈先生", "13800000001", "建材", "女儿"))
    got = mine(bob)[alert]["operations"][0]
    assert got["participant"] == {"role": "family", "name": "陈先生", "phone": "13800000001"}
    assert (got["place"]["text"], got["note"]) == ("建材市场三号门", "女儿同住")


def test_the_stop_payment_decision_may_come_with_the_outcome(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    assert mine(ann)[alert]["follow_up_days"]["medium"] == [3, 30]
    decided = {
        "decision": "requested",
        "via": "bank",
        "amount": 7_800_000,
        "confirmed_by": "王经理",
    }
    sent = outcome(alert, stop_payment=decided)
    assert ann.statuses(sent) == ["accepted"]
    assert row(alert).stop_payment == {"decision": "requested", "via": "bank", "amount": 7_800_000}
    with db.reading() as session:
        assert "王经理" not in session.scalars(select(Operation.body)).one()
        assert "王经理" in session.scalars(select(OperationText.text)).one()


def test_a_bank_that_answers_is_no_contact_with_the_person(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(attempt(alert, "bank", "answered"), attempt(alert, "police", "answered"))
    assert (row(alert).attempts, row(alert).in_contact_at) == (2, None)


def test_a_number_of_a_card_in_a_note_is_taken_and_warned_about(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    card = attempt(alert, note="转到 4111 1111 1111 1111")
    phone = attempt(alert, participant={"role": "family", "phone": "13800000001"})
    assert [(r.status, r.warning) for r in ann.push(card, phone)] == [
        ("accepted", "personal_number"),
        ("accepted", None),
    ]


def test_only_a_coordinator_says_who_signed_for_what_is_not_ours(hood: Neighbourhood) -> None:
    ann, coordinator = hood.volunteer(), hood.member("coordinator")
    alert = make_alert(hood, to=(ann,))
    signed = {"office": "南津街派出所", "name": "刘警官", "at": "2026-11-23T10:00:00+08:00"}
    assert ann.statuses(outcome(alert, "not_ours"), outcome(alert, "not_ours", signed=signed)) == [
        "accepted",
        "held:not_yours:signed",
    ]
    assert row(alert).status == "open"
    assert ann.statuses(outcome(alert, "dissuaded", signed=signed)) == ["held:invalid:signed"]
    assert coordinator.statuses(outcome(alert, "not_ours", signed=signed)) == ["accepted"]
    assert row(alert).status == "closed"


def test_a_coordinator_who_steps_down_does_not_change_what_was_decided(
    hood: Neighbourhood,
) -> None:
    ann, coordinator = hood.volunteer(), hood.member("coordinator")
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, "already_paid", lost=5))
    coordinator.push(outcome(alert, "dissuaded", at=NOW + MINUTE), now=NOW + MINUTE)
    assert row(alert).outcome == "dissuaded"
    with db.reading() as session:
        assert len(session.scalars(select(AlertRuling)).all()) == 1


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"channel": "call", "result": "sent"}, "held:invalid:result"),
        ({"channel": "pigeon"}, "held:invalid:channel"),
        ({"at_risk": -1}, "held:invalid:at_risk"),
        ({"at_risk": 1.5}, "held:invalid:at_risk"),
        ({"note": "x" * 501}, "held:invalid:note"),
        ({"note": "a\u0000b"}, "held:invalid:note"),
        ({"participant": {"role": "king"}}, "held:invalid:participant"),
        ({"participant": {"role": "family", "name": "\u0007"}}, "held:invalid:participant"),
        ({"place": {"kind": "home", "floor": 3}}, "held:not_understood"),
        ({"wings": True}, "held:not_understood"),
    ],
)
def test_what_breaks_a_rule_is_held_with_its_field(
    hood: Neighbourhood, fields: dict[str, Any], status: str
) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    assert ann.statuses(attempt(**{"alert": alert, **fields})) == [status]
    assert row(alert).attempts == 0


def test_who_works_an_alert_may_visit_its_door(hood: Neighbourhood) -> None:
    building, door = door_of(hood)
    other = hood.door(building, "1301")
    ann, bob = hood.volunteer(), hood.volunteer()
    make_alert(hood, door, to=(ann,))
    assert ann.statuses(visit(door), visit(other)) == ["accepted", "held:not_yours"]
    assert bob.statuses(visit(door)) == ["held:not_yours"]


def test_the_errand_ends_with_the_alert_and_seven_days(hood: Neighbourhood) -> None:
    _, door = door_of(hood)
    ann = hood.volunteer()
    alert = make_alert(hood, door, to=(ann,))
    ann.push(outcome(alert))
    late = NOW + 20 * DAY
    assert ann.statuses(visit(door, at=NOW + 7 * DAY), now=late) == ["accepted"]
    assert ann.statuses(visit(door, at=NOW + 7 * DAY + 1), now=late) == ["held:not_yours"]


def test_closing_plans_follow_ups_by_the_risk_that_is_left(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="high"))
    days = [due.due_on.isoformat() for due in dues(alert)]
    assert days == ["2026-11-24", "2026-11-26", "2026-11-30", "2026-12-23"]
    assert {due.given_to for due in dues(alert)} == {ann.member_id}
    shown = mine(ann, "my_follow_up")
    assert [shown[due.id]["step"] for due in dues(alert)] == [1, 2, 3, 4]
    assert not any(secret in json.dumps(shown, ensure_ascii=False) for secret in SECRETS)


def test_a_follow_up_settles_its_day_and_leaves_the_phone(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="medium"))
    first, second = dues(alert)
    assert set(mine(ann, "my_follow_up")) == {first.id, second.id}
    then = NOW + 3 * DAY
    ann.push(follow_up(alert, first.id, risk="medium", at=then), now=then)
    assert set(mine(ann, "my_follow_up")) == {second.id}
    assert dues(alert)[0].done_at == then


def test_reopening_lets_follow_ups_fall_away(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="high"))
    assert len(mine(ann, "my_follow_up")) == 4
    ann.push(attempt(alert, result="paid", at=NOW + HOUR), now=NOW + HOUR)
    assert mine(ann, "my_follow_up") == {}
    assert dues(alert) == []


def test_drafts_are_not_the_teams_business(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, draft=True)
    assert listed(ann) == {}
    with pytest.raises(NotFound):
        take(ann, alert)
    with db.writing() as session:
        actions.confirm(session, hood.community_id, alert, who=None, now=NOW + MINUTE)
    shown = listed(ann)[alert]
    assert (shown["received_at"], shown["deadline"]) == (NOW, NOW + HOUR)


def test_the_clock_of_a_residents_own_report_starts_when_it_is_accepted(
    hood: Neighbourhood,
) -> None:
    alert = make_alert(hood, draft=True, source="resident")
    with db.writing() as session:
        actions.confirm(session, hood.community_id, alert, who=None, now=NOW + DAY)
    found = row(alert)
    assert (found.received_at, found.deadline) == (NOW + DAY, NOW + DAY + HOUR)


def test_the_same_reference_from_the_same_source_is_the_same_alert(hood: Neighbourhood) -> None:
    first = make_alert(hood, source="api", reference="A-1")
    assert make_alert(hood, source="api", reference="A-1") == first
    assert make_alert(hood, source="import", reference="A-1") != first


def test_editing_keeps_what_was_before_and_moves_the_deadline(hood: Neighbourhood) -> None:
    coordinator = hood.member("coordinator")
    alert = make_alert(hood)
    with db.writing() as session:
        changed = actions.edit(
            session,
            hood.community_id,
            alert,
            {"level": "very_high", "resident_name": "贺女士", "age": 58},
            who=acting(coordinator, "coordinator"),
            now=NOW + MINUTE,
        )
    assert changed == ["level", "resident_name"]
    assert row(alert).deadline == NOW + 30 * MINUTE


def test_the_desk_records_through_the_same_operations(hood: Neighbourhood) -> None:
    coordinator, ann = hood.member("coordinator"), hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    said = {"type": "alert_attempt", "alert": alert, "channel": "call", "result": "busy"}
    with db.writing() as session:
        actions.record(
            session,
            hood.community_id,
            said,
            who=acting(coordinator, "coordinator"),
            now=NOW,
        )
    assert [o["result"] for o in mine(ann)[alert]["operations"]] == ["busy"]
    with db.writing() as session, pytest.raises(Problem, match="card_typed"):
        actions.record(
            session,
            hood.community_id,
            said | {"note": "6222 4111 1111 1111 1111 4111111111111111"},
            who=acting(coordinator, "coordinator"),
            now=NOW,
        )


def test_a_fresh_phone_gets_what_a_stale_one_has(hood: Neighbourhood) -> None:
    _, door = door_of(hood)
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, door, to=(ann,))
    ann.pull()
    ann.push(attempt(alert, "call", "busy"))
    ann.pull()
    hand_over(ann, alert, bob)
    take_back = make_alert(hood, to=(ann,))
    ann.pull()
    ann.push(outcome(take_back, risk="high"))
    ann.pull()
    fresh: Phone = hood.second_phone(ann)
    fresh.pull()
    assert ann.rows == fresh.rows


def test_a_second_alert_of_a_door_is_a_repeat(hood: Neighbourhood) -> None:
    _, door = door_of(hood)
    first = make_alert(hood, door)
    second = make_alert(hood, door, now=NOW + DAY)
    elsewhere = make_alert(hood)
    assert [row(alert).repeat for alert in (first, second, elsewhere)] == [False, True, False]


def test_a_repeat_can_join_the_alert_that_is_open(hood: Neighbourhood) -> None:
    _, door = door_of(hood)
    ann = hood.volunteer()
    alert = make_alert(hood, door, to=(ann,))
    mine(ann)
    with db.reading() as session:
        found = repeats.open_alert(session, hood.community_id, door)
    assert found is not None
    assert found.id == alert

    def join_it(reference: str | None) -> None:
        with db.writing() as session:
            actions.join_report(
                session,
                hood.community_id,
                alert,
                "何女士又收到催款短信",
                who=None,
                now=NOW + MINUTE,
                source="api",
                reference=reference,
            )

    join_it("B-7")
    join_it("B-7")
    original = mine(ann)[alert]["original"]
    assert original == PERSON["original"] + "\n\n何女士又收到催款短信"
    ann.push(outcome(alert))
    with db.reading() as session:
        assert repeats.open_alert(session, hood.community_id, door) is None
    with pytest.raises(Problem, match="alert_not_open"):
        join_it(None)


def test_merged_doors_are_one_door_to_repeats(hood: Neighbourhood) -> None:
    building, _ = door_of(hood)
    walker, other = hood.volunteer(building), hood.volunteer(building)
    first, added = add_door(building, "1205")
    second, again = add_door(building, "1205")
    walker.push(added)
    other.push(again)
    make_alert(hood, first)
    assert row(make_alert(hood, second, now=NOW + DAY)).repeat is True
