"""What a phone asks on line, through the routes, by people of every kind."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.factories.accounts import SignedIn, User, make_community, make_member, sign_in
from tests.factories.alerts import PERSON, make_alert, outcome, row, workers
from tests.factories.field import MINUTE, Neighbourhood, Phone
from webapp.core.ids import new_id


@pytest.fixture
def community(app: Flask, clock: Clock) -> int:
    return make_community(app)


def alert_in(app: Flask, community: int, **fields: Any) -> str:
    with app.app_context():
        return make_alert(Neighbourhood(community), **fields)


def member(app: Flask, community: int, role: str = "volunteer", **fields: Any) -> User:
    return make_member(app, community, role, **fields)


def phone_of(user: User, device: str) -> Phone:
    assert user.community_id is not None
    assert user.member_id is not None
    return Phone(user.community_id, user.member_id, user.person_id, device)


def take(who: SignedIn, alert: str) -> Any:
    return who.post(f"/api/v1/alerts/{alert}/take")


@pytest.mark.both_engines
def test_taking_answers_the_row_that_the_next_pull_brings(app: Flask, community: int) -> None:
    alert = alert_in(app, community)
    ann = sign_in(app, member(app, community), device=True)
    answer = take(ann, alert)
    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["kind"], body["id"], body["phone"]) == ("my_alert", alert, PERSON["phone"])
    pulled = ann.post("/api/v1/sync/pull", {"cursors": {}}).get_json()
    rows = pulled["changes"]["me"]["rows"]
    assert [one for one in rows if one["kind"] == "my_alert"] == [body]
    assert take(ann, alert).get_json() == body  # a repeat, after an answer that was lost


def test_who_is_late_hears_who_was_quicker(app: Flask, community: int) -> None:
    alert = alert_in(app, community)
    quick = member(app, community, name="李梅")
    assert take(sign_in(app, quick), alert).status_code == 200
    answer = take(sign_in(app, member(app, community)), alert)
    assert answer.status_code == 409
    body = answer.get_json()
    assert (body["code"], body["members"]) == ("taken", [quick.member_id])
    assert "李梅" in body["message"]


def test_nobody_takes_what_is_not_for_them(app: Flask, community: int) -> None:
    draft, other = alert_in(app, community, draft=True), make_community(app, "乙社区")
    alert = alert_in(app, community)
    ann = sign_in(app, member(app, community))
    assert take(ann, draft).status_code == 404
    assert take(ann, new_id()).status_code == 404
    assert take(sign_in(app, member(app, other)), alert).status_code == 404
    assert take(sign_in(app, member(app, other, "coordinator")), alert).status_code == 404
    pending = sign_in(app, member(app, community, status="pending"))
    assert take(pending, alert).status_code == 403
    assert ann.client.post(f"/api/v1/alerts/{alert}/take").status_code == 400  # no token
    assert app.test_client().post(f"/api/v1/alerts/{alert}/take").status_code == 401
    with app.app_context():
        assert workers(alert) == []


def test_a_closed_alert_is_not_taken(app: Flask, community: int) -> None:
    alert = alert_in(app, community)
    user = member(app, community, "coordinator")
    desk = sign_in(app, user, device=True)
    with app.app_context():
        phone_of(user, desk.answer["device"]["id"]).push(outcome(alert))
    answer = take(desk, alert)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "alert_not_open")


@pytest.mark.both_engines
def test_of_many_who_take_at_once_one_gets_it(app: Flask, community: int) -> None:
    alert = alert_in(app, community)
    team = [sign_in(app, member(app, community)) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda who: take(who, alert).status_code, team))
    assert sorted(answers) == [200, 409, 409, 409, 409, 409]
    with app.app_context():
        assert len(workers(alert)) == 1
        assert len(row(alert).working) == 1


def test_handing_over_needs_a_member_of_the_team(app: Flask, community: int) -> None:
    alert = alert_in(app, community)
    ann, bob = member(app, community), member(app, community)
    other = member(app, make_community(app, "乙社区"))
    pending = member(app, community, status="pending")
    phone = sign_in(app, ann)
    take(phone, alert)

    def hand(to: Any) -> int:
        answer = phone.post(f"/api/v1/alerts/{alert}/hand-over", {"member": to})
        return int(answer.status_code)

    assert hand(other.member_id) == 404
    assert hand(pending.member_id) == 409
    assert hand(ann.member_id) == 400
    assert hand("nobody") == 400
    assert hand(bob.member_id) == 204
    assert hand(bob.member_id) == 404  # it is theirs no more
    with app.app_context():
        assert [(turn.member_id, turn.ended_at is None) for turn in workers(alert)] == [
            (ann.member_id, False),
            (bob.member_id, True),
        ]


def test_a_look_from_the_desk_lasts_ten_minutes(app: Flask, community: int, clock: Clock) -> None:
    alert = alert_in(app, community)
    desk = sign_in(app, member(app, community, "coordinator"))
    answer = desk.post(f"/api/v1/alerts/{alert}/reveal")
    assert answer.status_code == 200
    body = answer.get_json()
    assert (body["phone"], body["until"]) == (PERSON["phone"], clock.now() + 10 * MINUTE)
    volunteer = sign_in(app, member(app, community))
    assert volunteer.post(f"/api/v1/alerts/{alert}/reveal").status_code == 403
    stranger = sign_in(app, member(app, make_community(app, "乙社区"), "coordinator"))
    assert stranger.post(f"/api/v1/alerts/{alert}/reveal").status_code == 404


def test_a_phone_that_was_shut_out_gets_nobodys_data(app: Flask, community: int) -> None:
    alert = alert_in(app, community)
    ann = sign_in(app, member(app, community), device=True)
    take(ann, alert)
    ann.post(f"/api/v1/devices/{ann.answer['device']['id']}/revoke")
    assert ann.post("/api/v1/sync/pull", {"cursors": {}}).status_code == 410
    assert take(ann, alert).status_code == 410
