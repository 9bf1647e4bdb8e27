"""What the worker does for alerts, and what happens when somebody leaves."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import update

from tests.factories.alerts import (
    attempt,
    dues,
    follow_up,
    join,
    listed,
    make_alert,
    mine,
    outcome,
    row,
    workers,
)
from tests.factories.field import DAY, HOUR, NOW, Neighbourhood, Phone
from webapp.accounts import members
from webapp.accounts.actor import Actor
from webapp.accounts.models import Member
from webapp.alerts import dues as dues_actions
from webapp.alerts import settings, worker
from webapp.alerts.settings import AlertSettings
from webapp.core import db
from webapp.core.errors import NotFound, Problem

pytestmark = pytest.mark.both_engines

ADMIN = Actor(session_hash=b"", seen_at=0, person_id=0, name="admin", role="admin")
THURSDAY = NOW + 3 * DAY - 9 * HOUR
"""Midnight in Shanghai, three days after the alerts of these tests."""


def mark(phone: Phone, **marks: bool) -> None:
    with db.writing() as session:
        session.execute(update(Member).where(Member.id == phone.member_id).values(**marks))


def end(phone: Phone, now: int = NOW) -> None:
    with db.writing() as session:
        members.end(session, ADMIN, phone.community_id, phone.member_id, now=now)


def test_a_follow_up_brings_its_person_on_the_morning_it_is_due(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,), unit="2", room="1204")
    ann.push(outcome(alert, risk="medium"))
    first, second = dues(alert)

    worker.open_due(THURSDAY - 1)
    assert not any(shown.get("opened") for shown in mine(ann, "my_follow_up").values())

    worker.open_due(THURSDAY)
    worker.open_due(THURSDAY)  # twice does no harm
    shown = mine(ann, "my_follow_up")
    assert (shown[first.id]["opened"], shown[first.id]["resident_name"]) == (True, "何女士")
    assert (shown[first.id]["phone"], shown[first.id]["room"]) == ("13812345678", "1204")
    assert "何女士" not in json.dumps(shown[second.id], ensure_ascii=False)


def test_the_person_leaves_the_phone_when_the_follow_up_is_done(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="low"))
    (due,) = dues(alert)
    then = NOW + 7 * DAY
    worker.open_due(then)
    assert mine(ann, "my_follow_up")[due.id]["opened"] is True
    ann.push(follow_up(alert, due.id, risk="none", at=then), now=then)
    assert mine(ann, "my_follow_up") == {}


def test_a_follow_up_a_month_later_is_still_theirs_to_record(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(join(alert, "off"), outcome(alert, risk="medium"))
    then = NOW + 30 * DAY
    last = dues(alert)[-1]
    assert bob.statuses(follow_up(alert, last.id, at=then), now=then) == ["held:not_yours"]
    assert ann.statuses(follow_up(alert, last.id, at=then), now=then) == ["accepted"]


def test_who_is_cheated_again_is_open_again(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="medium"))
    then = NOW + 3 * DAY
    ann.push(follow_up(alert, dues(alert)[0].id, again=True, risk="high", at=then), now=then)
    found = row(alert)
    assert (found.status, found.reopened, found.again) == ("open", True, True)
    assert dues(alert) == []
    assert alert in mine(ann)


def test_the_team_leader_asks_again_where_the_community_wants_it(hood: Neighbourhood) -> None:
    ann, leader = hood.volunteer(), hood.volunteer()
    mark(leader, lead=True)
    with db.writing() as session:
        chosen = AlertSettings(follow_ups_by="lead")
        settings.save(session, hood.community_id, chosen, who=None, now=NOW)
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="low"))
    assert mine(ann, "my_follow_up") == {}
    assert set(mine(leader, "my_follow_up")) == {dues(alert)[0].id}


def test_without_anybody_to_ask_it_stays_at_the_desk(hood: Neighbourhood) -> None:
    coordinator = hood.member("coordinator")
    alert = make_alert(hood)
    coordinator.push(outcome(alert, risk="low"))
    (due,) = dues(alert)
    assert due.given_to is None
    worker.open_due(NOW + 30 * DAY)
    assert dues(alert)[0].opened_at is None


def test_the_desk_gives_a_follow_up_to_somebody_else(hood: Neighbourhood) -> None:
    ann, bob, pending = hood.volunteer(), hood.volunteer(), hood.member(status="pending")
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert, risk="low"))
    (due,) = dues(alert)
    worker.open_due(NOW + 7 * DAY)
    assert set(mine(ann, "my_follow_up")) == {due.id}

    def give(member: str | None) -> None:
        with db.writing() as session:
            dues_actions.give(
                session, hood.community_id, due.id, member, who=None, now=NOW + 7 * DAY
            )

    give(bob.member_id)
    assert mine(ann, "my_follow_up") == {}
    assert mine(bob, "my_follow_up")[due.id]["resident_name"] == "何女士"
    with pytest.raises(Problem, match="member_not_active"):
        give(pending.member_id)
    give(None)
    assert mine(bob, "my_follow_up") == {}
    late = NOW + 8 * DAY
    asked = follow_up(alert, due.id, at=NOW + 7 * DAY)
    assert bob.statuses(asked, now=late) == ["accepted"]  # from before it was given back
    with pytest.raises(NotFound):
        give(ann.member_id)


def test_who_leaves_keeps_nobodys_data_and_frees_their_alerts(hood: Neighbourhood) -> None:
    ann, bob = hood.volunteer(), hood.volunteer()
    open_one, closed_one = make_alert(hood, to=(ann,)), make_alert(hood, to=(ann,))
    ann.push(join(open_one), outcome(closed_one, risk="low"))
    assert set(mine(ann)) == {open_one}
    mark(bob, lead=True)
    end(ann)
    assert mine(ann) == {}
    assert mine(ann, "my_follow_up") == {}
    shown = listed(bob)[open_one]
    assert (shown["offered"], shown.get("working"), shown.get("assigned")) == (True, None, None)
    assert set(mine(bob, "my_follow_up")) == {dues(closed_one)[0].id}
    assert all(turn.ended_at == NOW for turn in workers(open_one) + workers(closed_one))


def test_what_somebody_recorded_before_leaving_still_counts(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    end(ann, now=NOW + HOUR)
    late = NOW + 2 * HOUR
    assert ann.statuses(attempt(alert, "door", "met"), now=late) == ["accepted"]
    assert row(alert).in_contact_at == NOW


def test_what_is_closed_leaves_the_list_after_thirty_days(hood: Neighbourhood) -> None:
    ann = hood.volunteer()
    alert = make_alert(hood, to=(ann,))
    ann.push(outcome(alert))
    worker.tidy(NOW + 30 * DAY)
    assert alert in listed(ann)
    worker.tidy(NOW + 30 * DAY + 1)
    assert listed(ann) == {}
    then = NOW + 31 * DAY
    coordinator = hood.member("coordinator")
    coordinator.push(attempt(alert, result="paid", at=then), now=then)
    assert listed(ann)[alert]["reopened"] is True
