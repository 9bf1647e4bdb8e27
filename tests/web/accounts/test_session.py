"""Signing in, staying signed in and signing out, as phones and pages do it."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.factories.accounts import PASSWORD, make_community, make_member, make_person, sign_in
from webapp.accounts import answers
from webapp.accounts.signing import Entered
from webapp.accounts.wire import SessionAnswer
from webapp.core.errors import Problem
from webapp.core.ids import new_id

URL = "/api/v1/session"


def test_a_volunteer_signs_in_on_a_phone_and_learns_who_they_are(app: Flask, clock: Clock) -> None:
    user = make_member(app, make_community(app), name="周小甲")
    phone = new_id()
    answer = sign_in(app, user, device=phone).answer
    assert answer["device"]["id"] == phone
    assert answer["device"]["key"]
    assert answer["person"] == {"id": user.person_id, "name": "周小甲"}
    assert answer["member"] == {
        "id": user.member_id,
        "role": "volunteer",
        "status": "active",
        "lead": False,
        "deputy": False,
    }
    assert answer["community"] == {
        "id": user.community_id,
        "name": "紫荆园社区",
        "region": "重庆市/合川区/南津街街道",
        "timezone": "Asia/Shanghai",
    }
    assert answer["server_time"] == "2026-11-23T01:00:00.000+00:00"
    assert len(answer["epoch"]) >= 8
    assert answer["csrf_token"]


def test_asking_again_answers_the_same_without_the_key(app: Flask) -> None:
    phone = sign_in(app, make_member(app, make_community(app)), device=True)
    again = phone.get(URL).json
    assert "key" not in again["device"]
    for name in ("person", "member", "community", "epoch"):
        assert again[name] == phone.answer[name]


def test_the_cookie_is_out_of_reach_for_scripts_and_lasts(app: Flask) -> None:
    user = make_member(app, make_community(app))
    answer = app.test_client().post(URL, json={"login": user.login, "password": PASSWORD})
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("qm_session="))
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert f"Max-Age={180 * 24 * 3600}" in cookie


def test_a_phone_number_works_as_login_however_it_is_written(app: Flask) -> None:
    user = make_member(app, make_community(app), phone="13800000002")
    for typed in ("13800000002", "138 0000 0002", "+86 138-0000-0002", "１３８０００００００２"):
        answer = app.test_client().post(URL, json={"login": typed, "password": PASSWORD})
        assert answer.json["person"]["id"] == user.person_id, typed


def test_a_login_is_found_whatever_its_case(app: Flask) -> None:
    user = make_member(app, make_community(app), user=make_person(app, login="hejing"))
    answer = app.test_client().post(URL, json={"login": "  HeJing ", "password": PASSWORD})
    assert answer.json["person"]["id"] == user.person_id


def test_wrong_password_and_unknown_login_are_answered_alike(
    app: Flask, client: FlaskClient
) -> None:
    user = make_member(app, make_community(app))
    wrong = client.post(URL, json={"login": user.login, "password": "not this"})
    unknown = client.post(URL, json={"login": "nobody", "password": "not this"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json == unknown.json
    assert wrong.json["code"] == "sign_in_failed"


@pytest.mark.both_engines
def test_five_wrong_passwords_lock_a_login_for_a_quarter_of_an_hour(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    user = make_member(app, make_community(app))
    for _ in range(5):
        assert client.post(URL, json={"login": user.login, "password": "x"}).status_code == 401
    locked = client.post(URL, json={"login": user.login, "password": PASSWORD})
    assert (locked.status_code, locked.json["code"]) == (429, "locked")
    assert locked.json["retry_after"] == 900 == int(locked.headers["Retry-After"])
    clock.advance(minutes=15)
    assert client.post(URL, json={"login": user.login, "password": PASSWORD}).status_code == 200


def test_a_login_that_does_not_exist_is_locked_too(client: FlaskClient) -> None:
    codes = [
        client.post(URL, json={"login": "nobody", "password": "x"}).status_code for _ in range(6)
    ]
    assert codes == [401] * 5 + [429]


def test_the_right_password_forgets_the_wrong_ones(app: Flask, client: FlaskClient) -> None:
    user = make_member(app, make_community(app))
    for _ in range(3):
        for _ in range(4):
            client.post(URL, json={"login": user.login, "password": "x"})
        assert client.post(URL, json={"login": user.login, "password": PASSWORD}).status_code == 200


def test_one_address_may_fail_thirty_times_an_hour(app: Flask, clock: Clock) -> None:
    user = make_member(app, make_community(app))
    client = app.test_client()
    for number in range(30):
        client.post(URL, json={"login": f"guess{number}", "password": "x"})
    right = {"login": user.login, "password": PASSWORD}
    assert client.post(URL, json=right).json["code"] == "locked"
    elsewhere = client.post(URL, json=right, environ_base={"REMOTE_ADDR": "10.1.1.1"})
    assert elsewhere.status_code == 200
    clock.advance(minutes=60)
    assert client.post(URL, json=right).status_code == 200


def test_signing_in_often_is_no_failure(app: Flask, client: FlaskClient) -> None:
    user = make_member(app, make_community(app))
    for _ in range(35):
        answer = client.post(URL, json={"login": user.login, "password": PASSWORD})
        assert answer.status_code == 200


def test_somebody_with_two_communities_is_asked_to_choose(app: Flask, client: FlaskClient) -> None:
    first, second = make_community(app, "甲"), make_community(app, "乙")
    user = make_member(app, first)
    make_member(app, second, "coordinator", user=user)
    body = {"login": user.login, "password": PASSWORD}
    asked = client.post(URL, json=body)
    assert asked.status_code == 409
    assert asked.json["code"] == "choose_community"
    assert sorted(one["id"] for one in asked.json["communities"]) == [first, second]
    assert {one["name"] for one in asked.json["communities"]} == {"甲", "乙"}
    chosen = client.post(URL, json={**body, "community": second})
    assert chosen.json["member"]["role"] == "coordinator"


def test_a_community_of_others_cannot_be_chosen(app: Flask, client: FlaskClient) -> None:
    user, other = make_member(app, make_community(app)), make_community(app, "乙")
    answer = client.post(URL, json={"login": user.login, "password": PASSWORD, "community": other})
    assert (answer.status_code, answer.json["code"]) == (403, "no_membership")


def test_an_administrator_signs_in_without_a_community(app: Flask) -> None:
    answer = sign_in(app, make_person(app, role="admin")).answer
    assert answer["member"] is None
    assert answer["community"] is None
    assert answer["device"] is None


def test_a_browser_has_no_device(app: Flask) -> None:
    assert sign_in(app, make_member(app, make_community(app))).answer["device"] is None


def test_a_page_session_becomes_a_phone_when_the_field_app_is_opened(app: Flask) -> None:
    desk = sign_in(app, make_member(app, make_community(app)))
    phone = desk.post("/api/v1/session/device", {"id": new_id(), "name": "Phone"})
    assert phone.status_code == 200
    assert phone.json["device"]["key"]
    assert desk.get(URL).json["device"]["id"] == phone.json["device"]["id"]


def test_the_same_phone_stays_the_same_device_with_a_new_token(app: Flask) -> None:
    user, phone = make_member(app, make_community(app)), new_id()
    before, after = (sign_in(app, user, device=phone) for _ in range(2))
    assert before.get(URL).status_code == 401
    assert after.get(URL).json["device"]["id"] == phone
    assert before.answer["device"]["key"] != after.answer["device"]["key"]


@pytest.mark.parametrize("same_community", [True, False])
def test_a_phone_of_somebody_else_is_refused(app: Flask, same_community: bool) -> None:
    community, phone = make_community(app), new_id()
    sign_in(app, make_member(app, community), device=phone)
    other = make_member(app, community if same_community else make_community(app, "乙"))
    answer = app.test_client().post(
        URL,
        json={
            "login": other.login,
            "password": PASSWORD,
            "device": {"id": phone, "name": "Phone"},
        },
    )
    assert (answer.status_code, answer.json["code"]) == (409, "device_taken")


def test_a_revoked_phone_gets_410_and_cannot_come_back(app: Flask) -> None:
    user, phone = make_member(app, make_community(app)), new_id()
    session = sign_in(app, user, device=phone)
    assert session.post(f"/api/v1/devices/{phone}/revoke").status_code == 204
    gone = session.get(URL)
    assert (gone.status_code, gone.json["code"]) == (410, "device_revoked")
    assert gone.json["csrf_token"], "needed to hand over what was recorded"
    body = {"login": user.login, "password": PASSWORD, "device": {"id": phone, "name": "Phone"}}
    answer = app.test_client().post(URL, json=body)
    assert (answer.status_code, answer.json["code"]) == (410, "device_revoked")
    fresh = app.test_client().post(URL, json={**body, "device": {"id": new_id(), "name": "x"}})
    assert fresh.status_code == 200


def test_a_session_that_ended_before_its_answer_asks_to_sign_in_again(app: Flask) -> None:
    """Seen in the storm: a device is revoked, or a backup restored, between the two."""
    ended = Entered("a token whose row is gone")
    with app.test_request_context(URL, method="POST"), pytest.raises(Problem) as caught:
        answers.entered(SessionAnswer, ended)
    assert (caught.value.code, caught.value.status) == ("not_signed_in", 401)


def test_signing_out_ends_the_session_on_the_server(app: Flask) -> None:
    phone = sign_in(app, make_member(app, make_community(app)), device=True)
    cookie = phone.client.get_cookie("qm_session")
    assert cookie is not None
    assert phone.delete(URL).status_code == 204
    phone.client.set_cookie("qm_session", cookie.value)
    assert phone.get(URL).json["code"] == "not_signed_in"


def test_a_session_that_is_used_lives_on_and_one_that_is_not_ends(app: Flask, clock: Clock) -> None:
    phone = sign_in(app, make_member(app, make_community(app)), device=True)
    for _ in range(3):
        clock.advance(days=100)
        assert phone.get(URL).status_code == 200
    clock.advance(days=181)
    assert phone.get(URL).status_code == 401


def test_the_session_is_written_at_most_every_five_minutes(
    app: Flask, clock: Clock, query_count: object
) -> None:
    phone = sign_in(app, make_member(app, make_community(app)), device=True)
    with query_count() as soon:  # type: ignore[operator]
        phone.get(URL)
    assert not [text for text in soon.texts if text.startswith(("UPDATE", "INSERT"))]
    clock.advance(minutes=5)
    with query_count() as later:  # type: ignore[operator]
        answer = phone.get(URL)
    assert [text for text in later.texts if text.startswith("UPDATE sign_in")]
    assert "qm_session=" in str(answer.headers.getlist("Set-Cookie"))


def test_a_write_needs_the_token(app: Flask) -> None:
    phone = sign_in(app, make_member(app, make_community(app)), device=True)
    answer = phone.client.delete(URL)
    assert (answer.status_code, answer.json["code"]) == (400, "csrf")
    assert phone.get(URL).status_code == 200
    phone.token = answer.json["csrf_token"]
    assert phone.delete(URL).status_code == 204


def test_signing_in_takes_json_only(client: FlaskClient) -> None:
    answer = client.post(URL, data={"login": "a", "password": "b"})
    assert (answer.status_code, answer.json["code"]) == (415, "json_only")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost.evil"])
def test_a_foreign_page_cannot_sign_anybody_in(app: Flask, origin: str) -> None:
    user = make_member(app, make_community(app))
    answer = app.test_client().post(
        URL, json={"login": user.login, "password": PASSWORD}, headers={"Origin": origin}
    )
    assert (answer.status_code, answer.json["code"]) == (403, "foreign_origin")


@pytest.mark.parametrize("origin", ["http://localhost", "http://127.0.0.1:8000"])
def test_our_own_pages_sign_in(app: Flask, origin: str) -> None:
    user = make_member(app, make_community(app))
    answer = app.test_client().post(
        URL, json={"login": user.login, "password": PASSWORD}, headers={"Origin": origin}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"{", ""),
        (b"[]", ""),
        (b"null", ""),
        (b"[" * 60_000, ""),
        (b'{"x":' + b"[" * 60_000, ""),
        (b'{"login":"\xff\xfe"}', ""),
        (b'{"login":"\\ud800","password":"x"}', ""),
        (b"{}", "login"),
        (b'{"login":"a"}', "password"),
        (b'{"login":1,"password":"x"}', "login"),
        (b'{"login":"a\\u0000b","password":"x"}', "login"),
        (b'{"login":"a","password":null}', "password"),
        (b'{"login":"' + b"a" * 5000 + b'","password":"x"}', "login"),
        (b'{"login":"a","password":"' + b"a" * 5000 + b'"}', "password"),
        (b'{"login":"a","password":"x","community":"1"}', "community"),
        (b'{"login":"a","password":"x","community":99999999999999999999}', "community"),
        (b'{"login":"a","password":"x","device":{"id":"1","name":"x"}}', "device.id"),
        (b'{"login":"a","password":"x","device":{"id":7}}', "device.id"),
        (b'{"login":"a","password":"x","device":[]}', "device"),
    ],
)
def test_bad_bodies_are_named_never_a_server_error(
    client: FlaskClient, body: bytes, field: str
) -> None:
    answer = client.post(URL, data=body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["code"] == "invalid"
    assert answer.json["field"] == field
    assert answer.json["message"]


def test_a_huge_body_is_refused_before_it_is_read(client: FlaskClient) -> None:
    answer = client.post(URL, data=b"x" * 70_000, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (413, "too_large")


def test_a_password_of_nuls_and_a_login_of_signs_are_only_wrong(client: FlaskClient) -> None:
    for login, password in (("a%_'\";--", "\x00"), ("😀" * 50, "x"), ("", ""), (" ", " ")):
        answer = client.post(URL, json={"login": login, "password": password})
        assert answer.status_code == 401, (login, answer.text)


def test_a_cookie_of_nonsense_is_nobody(client: FlaskClient) -> None:
    for value in ("", "x", "é" * 100, "a" * 4000):
        client.set_cookie("qm_session", value)
        assert client.get(URL).status_code == 401


def test_a_phone_lists_the_devices_of_its_member_only(app: Flask) -> None:
    community = make_community(app)
    user, phones = make_member(app, community), [new_id(), new_id()]
    sign_in(app, make_member(app, community), device=True)
    sign_in(app, user, device=phones[0])
    now = sign_in(app, user, device=phones[1])
    listed = now.get("/api/v1/devices").json["devices"]
    assert {one["id"]: one["current"] for one in listed} == {phones[0]: False, phones[1]: True}


def test_an_unknown_login_finds_nobody_although_people_have_no_phone_number(app: Flask) -> None:
    make_member(app, make_community(app))  # has a login, and no phone number to compare with
    answer = app.test_client().post(URL, json={"login": "nobody-at-all", "password": PASSWORD})
    assert answer.status_code == 401
