"""Joining: from the coordinator's invite to "that is them"."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.factories.accounts import (
    PASSWORD,
    SignedIn,
    make_community,
    make_member,
    make_person,
    sign_in,
)
from webapp.accounts.invites import ALPHABET
from webapp.accounts.models import Invite
from webapp.core import db
from webapp.core.ids import new_id

NEW_PASSWORD = "door by door 3"


@pytest.fixture
def desk(app: Flask) -> SignedIn:
    """A coordinator at the desk."""
    return sign_in(app, make_member(app, make_community(app), "coordinator", name="何静"))


def invite(desk: SignedIn, **fields: Any) -> dict[str, Any]:
    """Make an invite; the answer, and the token out of its link."""
    answer = desk.post("/api/v1/invites", fields)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    made["token"] = made["link"].rsplit("/", 1)[1]
    return made


def application(token: str, **fields: Any) -> dict[str, Any]:
    """What the volunteer's phone posts."""
    return {
        "token": token,
        "name": "周小甲",
        "phone": "138 0000 0002",
        "password": NEW_PASSWORD,
        "device": {"id": new_id(), "name": "Phone"},
        **fields,
    }


def join(client: FlaskClient, token: str, **fields: Any) -> Any:
    """Use an invite."""
    return client.post("/api/v1/join", json=application(token, **fields))


@pytest.mark.both_engines
def test_a_volunteer_joins_waits_and_is_confirmed(
    app: Flask, client: FlaskClient, clock: Clock
) -> None:
    desk = sign_in(app, make_member(app, make_community(app), "coordinator", name="何静"))
    made = invite(desk, name="周小甲")
    assert made["link"].startswith("http://127.0.0.1:8000/app/join/")
    read = client.get(f"/api/v1/invite/{made['token']}").json
    assert read == {
        "token": made["token"],
        "community": {"name": "紫荆园社区"},
        "invited_by": "何静",
        "role": "volunteer",
        "purpose": "join",
        "name": "周小甲",
    }
    joined = join(client, made["token"])
    assert joined.status_code == 200, joined.text
    assert joined.json["member"]["status"] == "pending"
    assert joined.json["device"]["key"]
    member = joined.json["member"]["id"]
    assert member in desk.get("/people/pending").text
    assert desk.post(f"/api/v1/members/{member}/confirm").status_code == 204
    assert client.get("/api/v1/session").json["member"]["status"] == "active"
    assert member not in desk.get("/people/pending").text


def test_the_typed_code_leads_to_the_same_invite(desk: SignedIn, client: FlaskClient) -> None:
    made = invite(desk)
    assert re.fullmatch(f"[{ALPHABET}]{{8}}", made["code"])
    typed = f" {made['code'][:4].lower()}-{made['code'][4:]} "
    found = client.post("/api/v1/invite/code", json={"code": typed})
    assert found.json["token"] == made["token"]


def test_a_code_lives_fifteen_minutes_and_can_be_drawn_again(
    desk: SignedIn, client: FlaskClient, clock: Clock
) -> None:
    made = invite(desk)
    clock.advance(minutes=15)
    late = client.post("/api/v1/invite/code", json={"code": made["code"]})
    assert (late.status_code, late.json["code"]) == (404, "invite_code_wrong")
    fresh = desk.post(f"/api/v1/invites/{made['id']}/code").json
    assert fresh["code"] != made["code"]
    assert client.post("/api/v1/invite/code", json={"code": fresh["code"]}).status_code == 200


def test_ten_wrong_codes_close_the_door_to_an_address_for_an_hour(
    desk: SignedIn, client: FlaskClient, clock: Clock
) -> None:
    for _ in range(10):
        assert client.post("/api/v1/invite/code", json={"code": "22222222"}).status_code == 404
    right = {"code": invite(desk)["code"]}
    locked = client.post("/api/v1/invite/code", json=right)
    assert (locked.status_code, locked.json["code"]) == (429, "locked")
    clock.advance(minutes=60)
    again = {"code": invite(desk)["code"]}
    assert client.post("/api/v1/invite/code", json=again).status_code == 200


def test_a_link_lives_seven_days(desk: SignedIn, client: FlaskClient, clock: Clock) -> None:
    made = invite(desk)
    clock.advance(days=7)
    for answer in (client.get(f"/api/v1/invite/{made['token']}"), join(client, made["token"])):
        assert (answer.status_code, answer.json["code"]) == (410, "invite_expired")


def test_a_link_works_once(desk: SignedIn, app: Flask, client: FlaskClient) -> None:
    made = invite(desk)
    assert join(client, made["token"]).status_code == 200
    assert client.get(f"/api/v1/invite/{made['token']}").json["code"] == "invite_used"
    second = join(app.test_client(), made["token"], phone="13900000009", password="another one")
    assert (second.status_code, second.json["code"]) == (410, "invite_used")
    assert client.post("/api/v1/invite/code", json={"code": made["code"]}).status_code == 404


def test_joining_again_after_a_lost_answer_signs_in(
    desk: SignedIn, app: Flask, client: FlaskClient
) -> None:
    body = application(invite(desk)["token"])
    first = client.post("/api/v1/join", json=body)
    again = app.test_client().post("/api/v1/join", json=body)
    assert again.status_code == 200
    assert again.json["member"] == first.json["member"]
    assert again.json["device"]["id"] == first.json["device"]["id"]


def test_an_unknown_link_is_404(client: FlaskClient) -> None:
    for token in ("x", "A" * 22, "%00", "..%2f"):
        answer = client.get(f"/api/v1/invite/{token}")
        assert answer.status_code == 404, token


def test_a_known_number_needs_its_own_password_and_gains_a_membership(
    app: Flask, desk: SignedIn, client: FlaskClient
) -> None:
    other = make_community(app, "乙社区")
    known = make_member(app, other, phone="13800000002", name="老周")
    token = invite(desk)["token"]
    taken = join(client, token)
    assert (taken.status_code, taken.json["code"]) == (409, "phone_known")
    joined = join(client, token, password=PASSWORD)
    assert joined.status_code == 200
    assert joined.json["person"] == {"id": known.person_id, "name": "老周"}
    assert joined.json["member"]["status"] == "pending"
    assert joined.json["member"]["id"] != known.member_id


def test_guessing_the_password_of_a_known_number_is_limited(
    app: Flask, desk: SignedIn, client: FlaskClient
) -> None:
    make_member(app, make_community(app, "乙"), phone="13800000002")
    token = invite(desk)["token"]
    codes = [join(client, token, password=f"guess guess {n}").json["code"] for n in range(6)]
    assert codes == ["phone_known"] * 5 + ["locked"]


def test_who_left_can_come_back_and_waits_again(app: Flask, desk: SignedIn) -> None:
    first = join(app.test_client(), invite(desk)["token"]).json["member"]["id"]
    desk.post(f"/api/v1/members/{first}/confirm")
    desk.post(f"/api/v1/members/{first}/end")
    back = join(app.test_client(), invite(desk)["token"])
    assert back.json["member"]["id"] == first
    assert back.json["member"]["status"] == "pending"


def test_who_is_confirmed_does_not_lose_it_by_another_invite(app: Flask, desk: SignedIn) -> None:
    member = join(app.test_client(), invite(desk)["token"]).json["member"]["id"]
    desk.post(f"/api/v1/members/{member}/confirm")
    again = join(app.test_client(), invite(desk)["token"])
    assert again.json["member"]["status"] == "active"


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"name": "  "}, "name_invalid", "name"),
        ({"name": "名" * 81}, "name_invalid", "name"),
        ({"phone": "abc"}, "phone_invalid", "phone"),
        ({"phone": ""}, "phone_invalid", "phone"),
        ({"password": "short"}, "password_short", "password"),
        ({"password": "        "}, "password_short", "password"),
        ({"password": "aaaaaaaaaa"}, "password_easy", "password"),
        ({"password": "13800000002"}, "password_easy", "password"),
        ({"name": "a\x00b"}, "invalid", "name"),
        ({"device": {"id": "no"}}, "invalid", "device.id"),
    ],
)
def test_what_is_wrong_with_an_application_is_named(
    desk: SignedIn, client: FlaskClient, fields: dict[str, Any], code: str, field: str
) -> None:
    answer = join(client, invite(desk)["token"], **fields)
    assert answer.status_code == 400
    assert (answer.json["code"], answer.json["field"]) == (code, field)


def test_a_reset_signs_out_everywhere_and_takes_the_new_password(
    app: Flask, desk: SignedIn
) -> None:
    user = make_member(app, desk.answer["community"]["id"])
    phone = sign_in(app, user, device=True)
    made = invite(desk, member=user.member_id)
    client = app.test_client()
    assert client.get(f"/api/v1/invite/{made['token']}").json["purpose"] == "reset"
    body = {"token": made["token"], "password": NEW_PASSWORD, "device": {"name": "New phone"}}
    reset = client.post("/api/v1/join", json=body)
    assert reset.json["member"]["id"] == user.member_id
    assert reset.json["member"]["status"] == "active"
    assert phone.get("/api/v1/session").status_code == 401
    for password, status in ((PASSWORD, 401), (NEW_PASSWORD, 200)):
        answer = app.test_client().post(
            "/api/v1/session", json={"login": user.login, "password": password}
        )
        assert answer.status_code == status


@pytest.mark.parametrize("elsewhere", ["community", "installation"])
def test_a_coordinator_cannot_reset_who_has_rights_elsewhere(
    app: Flask, desk: SignedIn, elsewhere: str
) -> None:
    community = desk.answer["community"]["id"]
    if elsewhere == "community":
        user = make_member(app, make_community(app, "乙"), "coordinator")
        user = make_member(app, community, user=user)
    else:
        user = make_member(app, community, user=make_person(app, role="admin"))
    answer = desk.post("/api/v1/invites", {"member": user.member_id})
    assert (answer.status_code, answer.json["code"]) == (403, "reset_by_admin")


def test_an_administrator_may_reset_anybody(app: Flask) -> None:
    first, second = make_community(app, "甲"), make_community(app, "乙")
    user = make_member(app, first, "coordinator")
    make_member(app, second, user=user)
    admin = sign_in(app, make_person(app, role="admin"))
    answer = admin.submit(f"/communities/{first}/members/{user.member_id}/reset")
    assert answer.status_code == 303
    assert "qr.svg" in admin.get(answer.headers["Location"]).text


def test_an_invite_gives_no_role_of_the_installation(desk: SignedIn) -> None:
    for role in ("admin", "supervisor", "", "root"):
        answer = desk.post("/api/v1/invites", {"role": role})
        assert (answer.status_code, answer.json["field"]) == (400, "role")


def test_the_code_can_be_scanned_from_the_page(desk: SignedIn) -> None:
    made = invite(desk)
    page = desk.get(f"/people/invites/{made['id']}").text
    assert f"/people/invites/{made['id']}/qr.svg" in page
    image = desk.get(f"/people/invites/{made['id']}/qr.svg")
    assert image.mimetype == "image/svg+xml"
    assert image.data.startswith(b"<svg")
    assert "style=" not in image.text


def test_neither_link_nor_code_stand_in_the_database(app: Flask, desk: SignedIn) -> None:
    made = invite(desk)
    with app.app_context(), db.reading() as session:
        row = session.get_one(Invite, made["id"])
        kept = [getattr(row, column.key) for column in Invite.__table__.columns]
    assert made["token"] not in kept
    assert made["code"] not in kept


def test_a_withdrawn_invite_is_gone(desk: SignedIn, client: FlaskClient) -> None:
    made = invite(desk)
    desk.submit(f"/people/invites/{made['id']}/withdraw")
    assert client.get(f"/api/v1/invite/{made['token']}").status_code == 404


def test_the_page_of_a_used_invite_leads_to_who_came(desk: SignedIn, client: FlaskClient) -> None:
    made = invite(desk)
    join(client, made["token"])
    for answer in (
        desk.get(f"/people/invites/{made['id']}"),
        desk.submit(f"/people/invites/{made['id']}/code"),
    ):
        assert (answer.status_code, answer.headers["Location"]) == (303, "/people")
