"""Push, pull and receipt over HTTP, as the field app speaks."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from tests.conftest import Clock
from tests.factories.accounts import SignedIn, User, make_person, sign_in
from tests.factories.field import (
    Neighbourhood,
    Op,
    Phone,
    add_door,
    differences,
    neighbourhood,
    visit,
    void,
)
from webapp.accounts import community_keys
from webapp.accounts.models import Device, Member
from webapp.core import db
from webapp.core.i18n import _
from webapp.core.ids import new_id
from webapp.operations import revoked
from webapp.operations.boxes import OPERATION
from webapp.operations.models import Operation

PUSH, PULL, RECEIPT = "/api/v1/sync/push", "/api/v1/sync/pull", "/api/v1/sync/receipt"


class Street:
    """A building of ten doors, and a volunteer who is signed in on a phone."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.hood: Neighbourhood = neighbourhood()
            self.building = self.hood.building()
            self.doors = self.hood.doors(self.building, range(101, 111))
            self.phone: Phone = self.hood.volunteer(self.building)
        self.user = with_password(app, self.phone)
        self.signed: SignedIn = sign_in(app, self.user, device=True)

    def post(self, path: str, body: Any) -> Any:
        return self.signed.post(path, body)

    def send(self, body: bytes, **headers: str) -> Any:
        headers = {"X-CSRFToken": self.signed.token, "Content-Type": "application/json"} | headers
        return self.signed.client.post(PUSH, data=body, headers=headers)

    def push(self, *operations: Op) -> list[dict[str, Any]]:
        answer = self.send(body_of(*operations))
        assert answer.status_code == 200, answer.text
        results: list[dict[str, Any]] = answer.json["results"]
        return results


def body_of(*operations: Op | bytes) -> bytes:
    texts = b",".join(o.raw if isinstance(o, Op) else o for o in operations)
    return b'{"sent_at":"2026-11-23T09:00:00.000+08:00","operations":[' + texts + b"]}"


def with_password(app: Flask, phone: Phone) -> User:
    """The member's person can sign in."""
    user = make_person(app)
    with app.app_context(), db.writing() as session:
        session.execute(
            update(Member).where(Member.id == phone.member_id).values(person_id=user.person_id)
        )
    return User(user.person_id, user.login, phone.community_id, phone.member_id)


@pytest.fixture
def street(app: Flask, clock: Clock) -> Street:
    return Street(app)


def test_what_is_pushed_comes_back_with_a_pull(street: Street) -> None:
    sent = visit(street.doors[0], "informed", app="helped")
    answer = street.post(PUSH, {"sent_at": "x", "operations": [json.loads(sent.raw)]})
    assert answer.status_code == 200
    assert answer.json.keys() == {"server_time", "epoch", "min_client", "results"}
    assert answer.json["results"] == [{"id": sent.id, "status": "accepted"}]
    answer = street.post(PULL, {"cursors": {}})
    assert answer.json.keys() == {"scope", "changes", "more", "server_time", "epoch"}
    changes = answer.json["changes"][f"building:{street.building}"]
    door = next(row for row in changes["rows"] if row["id"] == street.doors[0])
    assert (door["visits"]["app"], door["visits"]["by"]) == (["helped"], [street.phone.member_id])
    cursors = {bucket: c["cursor"] for bucket, c in answer.json["changes"].items()}
    again = street.post(PULL, {"cursors": cursors})
    assert (again.json["changes"], again.json["more"]) == ({}, False)


def test_why_it_is_held_is_said_in_words(street: Street) -> None:
    (held,) = street.push(visit(street.doors[0], "no_answer", app="installed"))
    assert (held["status"], held["code"], held["field"]) == ("held", "invalid", "app")
    assert "app" in held["message"]
    (warned,) = street.push(visit(street.doors[0], note="13812345678"))
    assert (warned["status"], warned["warning"]) == ("accepted", "personal_number")
    assert warned["message"]
    (both,) = street.push(visit(street.doors[0], note="13812345678", by=new_id()))
    assert both["message"] == held["message"].replace("app", "by")


@pytest.mark.parametrize(
    "code",
    ["not_yours", "id_taken", "not_understood", "invalid", "device_revoked", "unsigned",
     "no_id", "no_type", "not_an_operation", "too_large", "personal_number"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_words_in_both_languages(app: Flask, code: str, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        assert _(f"operation.{code}", field="x") != f"operation.{code}"


def test_one_element_that_is_no_json_stops_no_other(street: Street) -> None:
    good = [visit(door) for door in street.doors[:3]]
    bad: list[bytes] = [
        visit(street.doors[4], note="NOTE").raw.replace(b"NOTE", rb"\ud83d"),
        visit(street.doors[5], distance_m=0).raw.replace(b'_m": 0', b'_m": NaN'),
        b'{"id": "\\x"}',
        b"[" * 3000 + b"]" * 3000,
        visit(street.doors[6], note="NOTE").raw.replace(b"NOTE", b"\xff\x01]},{["),
    ]
    answer = street.send(body_of(bad[0], good[0], bad[1], bad[2], good[1], bad[3], bad[4], good[2]))
    assert answer.status_code == 200, answer.text
    assert [r["status"] for r in answer.json["results"]] == [
        "accepted", "accepted", "held", "refused", "accepted", "refused", "refused", "accepted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", ""),
        (b"null", ""),
        (b"[]", ""),
        (b"{", ""),
        (b"{}", "operations"),
        (b'{"operations": 7}', "operations"),
        (b'{"operations": {}}', "operations"),
        (b'{"operations": [1,,]', ""),
        (b'{"operations": [' + b"{" * 9000, ""),
        (b'{"operations": [' + b",".join([b"NaN"] * 501) + b"]}", ""),
        (b'{"operations": [' + b",".join([b"{}"] * 501) + b"]}", "operations"),
        (b'{"sent_at": 5, "operations": []}', "sent_at"),
        (b'\xff\xfe{"operations": []}', ""),
    ],
)
def test_a_body_that_is_no_push_is_a_clear_400(street: Street, body: bytes, field: str) -> None:
    answer = street.send(body)
    assert (answer.status_code, answer.json["code"]) == (400, "invalid")
    assert answer.json["field"] == field
    assert answer.json["message"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(street: Street, kind: str) -> None:
    answer = street.send(body_of(), **{"Content-Type": kind})
    assert (answer.status_code, answer.json["code"]) == (415, "json_only")


def test_json_may_name_its_charset(street: Street) -> None:
    answer = street.send(body_of(), **{"Content-Type": "application/json; charset=utf-8"})
    assert answer.status_code == 200


@pytest.mark.parametrize("path", [PUSH, PULL, RECEIPT])
def test_a_write_needs_the_token_of_the_session(street: Street, path: str) -> None:
    answer = street.signed.client.post(path, json={})
    assert (answer.status_code, answer.json["code"]) == (400, "csrf")


@pytest.mark.parametrize("path", [PUSH, PULL, RECEIPT])
def test_a_stranger_hears_that_they_are_not_signed_in(client: FlaskClient, path: str) -> None:
    answer = client.post(path, json={})
    assert (answer.status_code, answer.json["code"]) == (401, "not_signed_in")


def test_a_browser_without_a_device_cannot_push(app: Flask, street: Street) -> None:
    desk = sign_in(app, street.user)
    answer = desk.post(PUSH, {"operations": []})
    assert (answer.status_code, answer.json["code"]) == (401, "device_required")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"cursors": []},
        {"cursors": {"me": 5}},
        {"cursors": {"me": "x" * 81}},
        {"cursors": {"b" * 61: "x"}},
        {"cursors": {}, "waiting": -1},
        {"cursors": {}, "waiting": 10**30},
    ],
)
def test_a_body_that_is_no_pull_is_a_clear_400(street: Street, body: Any) -> None:
    answer = street.post(PULL, body)
    assert (answer.status_code, answer.json["code"]) == (400, "invalid")


def test_a_pull_notes_how_the_phone_stands(app: Flask, street: Street, clock: Clock) -> None:
    clock.advance(minutes=3)
    street.post(PULL, {"cursors": {}, "waiting": 7})
    with app.app_context(), db.reading() as session:
        device = session.scalars(
            select(Device).where(Device.id == street.signed.answer["device"]["id"])
        ).one()
    assert (device.waiting, device.seen_at, device.synced_at) == (7, clock.now(), clock.now())


def test_who_pushes_comes_from_the_cookie(app: Flask, street: Street) -> None:
    sent = visit(street.doors[0])
    street.push(sent)
    with app.app_context(), db.reading() as session:
        row = session.scalars(select(Operation)).one()
    assert (row.member_id, row.device_id) == (
        street.phone.member_id, street.signed.answer["device"]["id"],
    )  # fmt: skip


def test_the_receipt_counts_whatever_was_stored(street: Street) -> None:
    assert street.signed.get(RECEIPT).json == {"count": 0, "digest": "0" * 64}
    first = visit(street.doors[0])
    sent = [first, visit(street.doors[1], mood=1), visit(new_id()), void(first),
            visit(street.doors[2], id=first.id)]  # fmt: skip
    street.push(*sent, Op("", b"{}"))
    street.push(*sent)
    digest = sum(int(sha256(o.raw).hexdigest(), 16) for o in sent) % (1 << 256)
    assert street.signed.get(RECEIPT).json == {"count": 5, "digest": f"{digest:064x}"}
    pairs = [[o.id, sha256(o.raw).hexdigest()] for o in sent]
    unknown = new_id()
    asked = [*pairs, [unknown, "0" * 64], [first.id, "1" * 64]]
    answer = street.post(RECEIPT, {"operations": asked}).json
    assert answer == {"missing": [unknown], "different": [first.id]}


def test_the_receipt_is_the_devices_whatever_happens_to_its_session(
    app: Flask, street: Street
) -> None:
    """Signing out, a new token, being shut out."""
    device = street.signed.answer["device"]["id"]
    street.push(visit(street.doors[0]), visit(street.doors[1], mood=1))
    before = street.signed.get(RECEIPT).json
    assert street.signed.delete("/api/v1/session").status_code == 204
    assert street.signed.get(RECEIPT).status_code == 401
    street.signed = sign_in(app, street.user, device=device)
    assert street.signed.get(RECEIPT).json == before
    other = sign_in(app, street.user, device=True)
    assert other.get(RECEIPT).json["count"] == 0
    street.push(visit(street.doors[2]))
    with app.app_context(), db.writing() as session:
        session.execute(update(Device).where(Device.id == device).values(revoked_at=1))
    assert street.signed.get(RECEIPT).json["count"] == before["count"] + 1 == 3


# --- cost -----------------------------------------------------------------------------------

Counting = Callable[[], AbstractContextManager[Any]]


def cost(street: Street, counting: Counting, *operations: Op) -> int:
    with counting() as statements:
        results = street.push(*operations)
    assert {result["status"] for result in results} == {"accepted"}
    count: int = statements.count
    return count


@pytest.mark.both_engines
def test_a_push_costs_the_same_statements_for_five_operations_and_five_hundred(
    street: Street, app: Flask, query_count: Counting
) -> None:
    with app.app_context():
        doors = street.hood.doors(street.building, range(1000, 1500), unit="9")
    street.push(visit(doors[0]))
    small = cost(street, query_count, *(visit(door) for door in doors[:5]))
    large = [visit(door, note="x") for door in doors]
    assert cost(street, query_count, *large) - small in (0, 1)  # the notes
    few = cost(street, query_count, *(void(sent) for sent in large[5:10]))
    assert cost(street, query_count, *(void(sent) for sent in large[10:])) == few
    assert max(small, few) <= 40


@pytest.mark.both_engines
def test_adding_doors_costs_the_same_statements_for_five_and_two_hundred(
    street: Street, app: Flask, query_count: Counting
) -> None:
    street.push(visit(street.doors[0]))
    made = [add_door(street.building, str(2000 + n)) for n in range(200)]
    few = cost(street, query_count, *(add for _, add in made[:5]))
    assert cost(street, query_count, *(add for _, add in made[5:])) == few
    with app.app_context():
        assert differences(street.hood) == []
        with db.reading() as session:
            assert session.scalar(select(func.count()).select_from(Operation)) == 201
    assert few <= 40


def test_a_phone_that_was_shut_out_hands_over_its_work_but_not_any_amount(
    app: Flask, street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revoked, "MOST", 2)
    with app.app_context(), db.writing() as session:
        session.execute(update(Device).values(revoked_at=1))
    sent = [visit(street.doors[0]), visit(street.doors[1])]
    first = street.push(*sent)
    assert [result["code"] for result in first] == ["device_revoked"] * 2
    again = street.push(*sent)
    assert [result["status"] for result in again] == ["duplicate"] * 2, "the answer was lost"
    assert street.send(body_of(visit(street.doors[2]))).status_code == 429
    assert street.signed.get(RECEIPT).json["count"] == 2


def boxed(app: Flask, street: Street, operation: Op) -> bytes:
    """An operation that the phone can send again and not read, as the app seals it."""
    settings = app.extensions["qiaomen.settings"]
    with app.app_context(), db.writing() as session:
        public = community_keys.ensure(session, street.hood.community_id, settings.secret_key)
    own = ec.generate_private_key(ec.SECP256R1())
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    secret = HKDF(SHA256(), 32, salt=None, info=OPERATION).derive(own.exchange(ec.ECDH(), peer))
    nonce = os.urandom(12)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    fields = {
        "type": "sealed",
        "id": operation.id,
        "key": b64encode(point).decode(),
        "nonce": b64encode(nonce).decode(),
        "sealed": b64encode(AESGCM(secret).encrypt(nonce, operation.raw, None)).decode(),
    }
    return json.dumps(fields, separators=(",", ":")).encode()


def test_a_sealed_operation_is_taken_as_it_was_recorded(app: Flask, street: Street) -> None:
    known, lost = visit(street.doors[0], note="a note"), visit(street.doors[1])
    assert street.push(known)[0]["status"] == "accepted"
    body = body_of(*(boxed(app, street, one) for one in (known, lost)))
    results = street.send(body).json["results"]
    assert [(r["id"], r["status"]) for r in results] == [
        (known.id, "duplicate"),
        (lost.id, "accepted"),
    ]
    found = street.post(
        RECEIPT, {"operations": [[o.id, sha256(o.raw).hexdigest()] for o in (known, lost)]}
    )
    assert found.json == {"missing": [], "different": []}


def test_a_box_that_nobody_can_open_is_kept_and_stops_no_other(app: Flask, street: Street) -> None:
    operation, other = visit(street.doors[2]), visit(street.doors[3])
    broken = boxed(app, street, operation).replace(b'"nonce":"', b'"nonce":"AAAA')
    results = street.send(body_of(broken, other)).json["results"]
    assert [(r["status"], r.get("code")) for r in results] == [
        ("held", "not_understood"),
        ("accepted", None),
    ]


def test_a_look_at_some_buckets_names_no_others_and_notes_no_contact(
    app: Flask, street: Street, clock: Clock
) -> None:
    full = street.post(PULL, {"cursors": {}}).json
    cursors = {name: change["cursor"] for name, change in full["changes"].items()}
    street.push(visit(street.doors[4]))
    with app.app_context(), db.reading() as session:
        before = session.scalars(select(Device.seen_at)).all()
    clock.advance(minutes=1)
    asked = {"cursors": cursors, "only": ["community", "me"]}
    look = street.post(PULL, asked).json
    assert look["scope"] == ["community", "me"]
    assert look["changes"].keys() <= {"community", "me"}
    with app.app_context(), db.reading() as session:
        assert session.scalars(select(Device.seen_at)).all() == before
    everything = street.post(PULL, {"cursors": cursors}).json
    assert f"building:{street.building}" in everything["changes"]
