"""`POST /api/v1/alerts`: other systems send warnings in, by token."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.field import MINUTE, NOW
from tests.factories.places import Estate, estate
from webapp.alerts.intake.models import ApiToken
from webapp.alerts.intake.tokens import POSTS
from webapp.alerts.models import Alert, AlertPerson
from webapp.core import db

PATH = "/api/v1/alerts"
MESSAGE = "合川紫荆园社区，甲苑3幢2单元1204何女士，58岁，疑似被骗，接到冒充公检法的电话"


def token(place: Estate, *scopes: str) -> str:
    """A new token's text, as the page shows it once."""
    answer = place.desk.submit(
        "/alerts/tokens",
        name="区反诈中心",
        scope=list(scopes or ("alerts:create", "alerts:status")),
    )
    assert answer.status_code == 201
    return re.findall(r'value="(qm_[^"]+)"', answer.text)[0]  # type: ignore[no-any-return]


def post(place: Estate, secret: str, **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {secret}"}
    return place.app.test_client().post(PATH, json=body, headers=headers)


def rows(place: Estate, table: type[Any]) -> list[Any]:
    with place.context(), db.reading() as session:
        statement = select(table).where(table.community_id == place.community_id)
        return list(session.scalars(statement))


@pytest.mark.both_engines
def test_a_raw_message_becomes_a_draft_and_the_answer_says_what_was_read(place: Estate) -> None:
    answer = post(place, token(place), reference="YJ-2026-1", text=MESSAGE)
    assert answer.status_code == 201
    body = answer.json
    assert (body["status"], body["level"], body["number"]) == ("draft", "high", 1)
    assert body["deadline"] == NOW + 60 * MINUTE
    assert {name: part["value"] for name, part in body["parts"].items()} == {
        "region": "合川", "community": "紫荆园社区", "compound": "甲苑", "building": "3",
        "unit": "2", "room": "1204", "name": "何女士", "sex": "f", "age": 58,
        "scam_type": "authorities", "channel": "call",
    }  # fmt: skip
    start, end = body["parts"]["name"]["spans"][0]
    assert MESSAGE[start:end] == "何女士"
    (alert,) = rows(place, Alert)
    assert (alert.source, alert.created_by, alert.scam_type) == ("api", None, "authorities")


@pytest.mark.both_engines
def test_the_same_reference_with_the_same_body_is_the_same_alert(place: Estate) -> None:
    secret = token(place)
    first = post(place, secret, reference="1", text=MESSAGE)
    again = post(place, secret, text=MESSAGE, reference="1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["id"] == first.json["id"]
    assert (first.json["created"], again.json["created"]) == (True, False)
    assert len(rows(place, Alert)) == 1


@pytest.mark.both_engines
def test_the_same_reference_with_another_body_is_refused_with_a_sentence(place: Estate) -> None:
    secret = token(place)
    post(place, secret, reference="1", text=MESSAGE)
    answer = post(place, secret, reference="1", text="甲苑5幢张先生")
    assert (answer.status_code, answer.json["code"]) == (409, "reference_taken")
    assert "1 已用于另一条内容不同的预警" in answer.json["message"]
    assert len(rows(place, Alert)) == 1


def test_two_senders_may_use_the_same_reference(place: Estate) -> None:
    for secret in (token(place), token(place)):
        assert post(place, secret, reference="1", text=MESSAGE).status_code == 201
    assert len(rows(place, Alert)) == 2


def test_fields_go_before_what_the_text_says(place: Estate) -> None:
    answer = post(
        place, token(place), reference="2", text=MESSAGE, level="very_high", name="贺秀英",
        sex="f", age=59, room="1205", amount=500_000, received_at="2026-11-23T08:50:00+08:00",
    )  # fmt: skip
    assert answer.status_code == 201
    (alert,), (person,) = rows(place, Alert), rows(place, AlertPerson)
    assert (alert.level, alert.amount, alert.received_at) == (
        "very_high",
        500_000,
        NOW - 10 * MINUTE,
    )
    assert (person.resident_name, person.age, person.room) == ("贺女士", 59, "1205")


def test_fields_alone_are_enough(place: Estate) -> None:
    answer = post(
        place, token(place), reference="3", name="何女士", building="3幢", compound="甲苑"
    )
    assert answer.status_code == 201
    (person,) = rows(place, AlertPerson)
    assert (person.resident_name, person.place_text) == ("何女士", "甲苑 3幢")


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"text": MESSAGE}, 400, "field_wrong", "reference"),
        ({"reference": "", "text": MESSAGE}, 400, "field_wrong", "reference"),
        ({"reference": "x" * 65, "text": MESSAGE}, 400, "field_wrong", "reference"),
        ({"reference": "编号", "text": MESSAGE}, 400, "field_wrong", "reference"),
        ({"reference": "1"}, 400, "alert_empty", None),
        ({"reference": "1", "level": "high"}, 400, "alert_empty", None),
        ({"reference": "1", "text": "  "}, 400, "alert_empty", None),
        ({"reference": "1", "text": "x" * 4001}, 400, "field_wrong", "text"),
        ({"reference": "1", "text": MESSAGE, "levle": "high"}, 400, "field_unknown", "levle"),
        ({"reference": "1", "text": MESSAGE, "level": "urgent"}, 400, "field_wrong", "level"),
        ({"reference": "1", "text": MESSAGE, "age": 131}, 400, "field_wrong", "age"),
        ({"reference": "1", "text": MESSAGE, "received_at": "8:50"}, 400, "alert_invalid",
         "received_at"),
        ({"reference": "1", "text": MESSAGE, "received_at": "2026-11-23T09:30:00+08:00"}, 400,
         "received_in_future", "received_at"),
        ({"reference": "1", "text": "卡号6222021234567890128"}, 400, "card_typed", "original"),
        ({"reference": "1", "name": "6222021234567890128"}, 400, "card_typed", "resident_name"),
    ],
)  # fmt: skip
def test_a_body_that_is_wrong_is_refused_with_its_field(
    place: Estate, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    answer = post(place, token(place), **body)
    assert (answer.status_code, answer.json["code"], answer.json.get("field")) == (
        status,
        code,
        field,
    )
    assert answer.json["message"]
    assert rows(place, Alert) == []


def test_a_body_that_is_no_json_or_too_long_is_refused(place: Estate) -> None:
    headers = {"Authorization": f"Bearer {token(place)}"}
    client = place.app.test_client()
    assert client.post(PATH, data="text", headers=headers).status_code == 415
    for data in (b"{", b"[]", b"\xff", b'"x"'):
        answer = client.post(PATH, data=data, headers=headers, content_type="application/json")
        assert answer.status_code == 400
    long = b'{"reference":"1","text":"' + b"x" * 40_000 + b'"}'
    answer = client.post(PATH, data=long, headers=headers, content_type="application/json")
    assert answer.status_code in {400, 413}


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer qm_1_x", "Basic abc", "Bearer " + "x" * 500]
)
def test_without_a_token_nobody_gets_in(place: Estate, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    answer = place.app.test_client().post(PATH, json={"reference": "1"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "token_wrong")


@pytest.mark.both_engines
def test_a_revoked_token_opens_nothing_any_more(place: Estate) -> None:
    secret = token(place)
    (row,) = rows(place, ApiToken)
    assert post(place, secret, reference="1", text=MESSAGE).status_code == 201
    place.desk.submit(f"/alerts/tokens/{row.id}/revoke")
    assert post(place, secret, reference="2", text=MESSAGE).status_code == 401
    assert "收回" in place.desk.get("/alerts/tokens").text


def test_a_token_of_one_community_does_not_open_another(app: Flask, place: Estate) -> None:
    other = estate(app, "乙社区")
    secret = token(place).replace(f"qm_{place.community_id}_", f"qm_{other.community_id}_")
    assert post(place, secret, reference="1", text=MESSAGE).status_code == 401
    (row,) = rows(place, ApiToken)
    assert other.desk.submit(f"/alerts/tokens/{row.id}/revoke").status_code == 404
    assert rows(place, ApiToken)[0].revoked_at is None


def test_a_scope_is_not_more_than_it_says(place: Estate) -> None:
    answer = post(place, token(place, "alerts:status"), reference="1", text=MESSAGE)
    assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")


def test_only_a_hash_of_the_token_is_kept_and_its_last_use(place: Estate, clock: Clock) -> None:
    secret = token(place)
    (row,) = rows(place, ApiToken)
    assert secret.encode() not in row.hash
    assert secret not in repr(vars(row))
    assert row.last_used_at is None
    clock.advance(minutes=5)
    post(place, secret, reference="1", text=MESSAGE)
    assert rows(place, ApiToken)[0].last_used_at == NOW + 5 * MINUTE
    page = place.desk.get("/alerts/tokens").text
    assert secret not in page
    assert f"…{secret[-4:]}" in page


@pytest.mark.both_engines
def test_too_many_posts_wait_a_minute(place: Estate, clock: Clock) -> None:
    secret = token(place)
    for n in range(POSTS.count):
        assert post(place, secret, reference=str(n), text=MESSAGE).status_code == 201
    answer = post(place, secret, reference="more", text=MESSAGE)
    assert (answer.status_code, answer.json["code"]) == (429, "locked")
    assert int(answer.headers["Retry-After"]) <= 60
    clock.advance(minutes=1, milliseconds=1)
    assert post(place, secret, reference="more", text=MESSAGE).status_code == 201


def test_who_guesses_tokens_is_locked_out(place: Estate) -> None:
    answers = [post(place, f"qm_1_{'x' * 43}", reference="1").status_code for _ in range(40)]
    assert answers[0] == 401
    assert answers[-1] == 429


@pytest.mark.both_engines
def test_a_sender_may_ask_how_far_its_alert_is_and_hears_of_no_person(place: Estate) -> None:
    secret = token(place)
    alert_id = post(place, secret, reference="YJ 1".replace(" ", "-"), text=MESSAGE).json["id"]
    place.desk.submit(f"/alerts/{alert_id}/decide", what="accept", choice="none")
    headers = {"Authorization": f"Bearer {secret}"}
    answer = place.app.test_client().get(f"{PATH}?reference=YJ-1", headers=headers)
    assert (answer.json["status"], answer.json["step"]) == ("open", "new")
    assert "何" not in answer.text
    unknown = place.app.test_client().get(f"{PATH}?reference=YJ-2", headers=headers)
    assert unknown.status_code == 404


@pytest.mark.parametrize(
    "fields", [{"name": "", "scope": ["alerts:create"]}, {"name": "x", "scope": []},
               {"name": "x" * 61, "scope": ["alerts:create"]}, {"name": "x", "scope": ["admin"]}]
)  # fmt: skip
def test_a_token_needs_a_name_and_something_to_do(place: Estate, fields: dict[str, Any]) -> None:
    answer = place.desk.submit("/alerts/tokens", **fields)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert rows(place, ApiToken) == []
