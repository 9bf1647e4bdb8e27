"""The desk's page of what is held: why, by whom, what it would change, and what to do."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from tests.factories.accounts import SignedIn, make_member, sign_in
from tests.factories.field import Phone, visit
from tests.factories.places import Estate, estate
from webapp.accounts.models import Audit
from webapp.core import db
from webapp.operations.models import Operation


@dataclass
class Scene:
    """A coordinator at the desk, and a visit that a volunteer made where nothing is assigned."""

    desk: SignedIn
    place: Estate
    phone: Phone
    operation: Operation

    def send(self, what: str, **fields: str) -> int:
        """Press a button of the case; the status of the answer."""
        path = f"/held/{self.operation.id}/{what}"
        status: int = self.desk.submit(path, hash=self.operation.hash.hex(), **fields).status_code
        return status

    def status(self) -> str:
        """How the operation stands now."""
        row: Operation = self.place.row(Operation, self.operation.id)
        return row.status


@pytest.fixture
def scene(app: Flask) -> Scene:
    place = estate(app)
    building = place.building("3号楼")
    door = place.doors(building, ["1403"])[0]
    phone = place.volunteer()
    made = visit(door, app="helped")
    with place.context():
        assert phone.statuses(made) == ["held:not_yours"]
    coordinator = make_member(app, place.community_id, "coordinator")
    return Scene(sign_in(app, coordinator), place, phone, place.row(Operation, made.id))


def test_an_empty_page_says_that_all_is_counted(app: Flask) -> None:
    desk = sign_in(app, make_member(app, estate(app).community_id, "coordinator"))
    assert "没有要核对的" in desk.get("/held").text


def test_a_case_says_why_where_and_what_it_would_change(scene: Scene) -> None:
    page = scene.desk.get("/held").text
    for words in ("3号楼", "没有派给他", "帮他装好", "未访", "已装App"):
        assert words in page


def test_letting_it_in_counts_it(scene: Scene) -> None:
    assert scene.send("release") == 303
    assert scene.status() == "accepted"
    assert scene.desk.get("/api/v1/coverage").json["totals"]["installed"] == 1


def test_sending_it_back_needs_a_reason(scene: Scene) -> None:
    assert scene.send("dismiss", reason="  ") == 400
    assert scene.status() == "held"
    assert scene.send("dismiss", reason="不是他走的") == 303
    assert scene.status() == "dismissed"
    assert scene.desk.get("/api/v1/coverage").json["totals"]["knocked"] == 0


def test_both_are_written_down_with_who_and_why(scene: Scene) -> None:
    scene.send("dismiss", reason="不是他走的")
    with scene.place.context(), db.reading() as session:
        row = session.scalars(select(Audit).where(Audit.action == "operation_dismissed")).one()
    assert row.subject == scene.operation.id
    assert row.detail == {"code": "not_yours", "reason": "不是他走的"}


def test_the_author_s_phone_learns_the_result(scene: Scene) -> None:
    scene.send("release")
    with scene.place.context():
        scene.phone.pull()
    result = scene.phone.rows["me"]["result", scene.operation.id]
    assert result["status"] == "accepted"


def test_deciding_twice_is_answered_in_words(scene: Scene) -> None:
    scene.send("release")
    assert scene.send("release") == 404
    assert scene.send("dismiss", reason="again") == 404


def test_a_wrong_hash_or_id_finds_nothing(scene: Scene) -> None:
    for digest in ("", "zz" * 32, "00" * 32):
        answer = scene.desk.submit(f"/held/{scene.operation.id}/release", hash=digest)
        assert answer.status_code == 404
    assert scene.desk.submit("/held/nothing/release", hash="00" * 32).status_code == 404


def test_a_file_that_is_no_rescue_file_is_refused_in_words(scene: Scene) -> None:
    answer = scene.desk.client.post(
        "/held/rescue",
        data={"csrf_token": scene.desk.token, "file": (io.BytesIO(b"holiday"), "a.jpg")},
    )
    assert answer.status_code == 400
    assert "备份" in answer.text
