"""The coordinator's inbox, and the training record."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Clock
from tests.factories.field import NOW, Phone
from tests.factories.places import Estate, estate
from tests.factories.playbook import TASK, quiz_result, scam_note
from webapp.core.clock import DAY


@pytest.fixture
def phone(place: Estate) -> Phone:
    """A volunteer's phone."""
    return place.volunteer()


def test_the_inbox_shows_what_was_heard_where_and_by_whom(place: Estate, phone: Phone) -> None:
    building = place.building("3幢")
    place.push(
        phone,
        scam_note(
            "说丢件要赔我", place="门口", building=building, channel="call", scam_type="task"
        ),
    )
    page = place.desk.get("/playbook/notes").text
    for part in ("说丢件要赔我", "3幢 · 门口", "电话", "刷单返利"):
        assert part in page
    assert "现场听到的 1" in place.desk.get("/playbook").text


def test_a_building_of_another_community_is_not_named(
    place: Estate, phone: Phone, app: Any
) -> None:
    other = estate(app, "乙社区").building("别人的楼")
    place.push(phone, scam_note(building=other))
    assert "别人的楼" not in place.desk.get("/playbook/notes").text


def test_the_coordinator_is_warned_of_numbers(place: Estate, phone: Phone) -> None:
    place.push(phone, scam_note("他的电话 13800001234"))
    assert "好像有电话或卡号" in place.desk.get("/playbook/notes").text


def test_a_note_goes_into_the_draft_of_a_card(place: Estate, phone: Phone) -> None:
    note = scam_note("说丢件要赔我")
    place.push(phone, note)
    answer = place.desk.submit(
        f"/playbook/notes/{note.id}/merge",
        card=TASK,
        place="flags",
        text="说丢件要赔您",
        answer="谢谢您",
    )
    assert answer.headers["Location"] == f"/playbook/cards/{TASK}"
    assert "说丢件要赔您" in place.desk.get(f"/playbook/cards/{TASK}/edit").text
    page = place.desk.get("/playbook/notes").text
    assert "写进卡了" in page
    assert "何静：谢谢您" in page


def test_a_note_becomes_a_card_of_its_own(place: Estate, phone: Phone) -> None:
    note = scam_note("说丢件要赔我")
    place.push(phone, note)
    answer = place.desk.submit(
        f"/playbook/notes/{note.id}/card",
        title="假快递",
        type="customer_service",
        openings="说丢件要赔我",
        answer="谢谢",
    )
    page = place.desk.get(answer.headers["Location"]).text
    assert "假快递" in page
    assert "说丢件要赔我</textarea>" in page


def test_setting_a_note_aside_needs_a_word_to_the_author(place: Estate, phone: Phone) -> None:
    note = scam_note()
    place.push(phone, note)
    place.desk.submit(f"/playbook/notes/{note.id}/dismiss", answer="")
    assert "说快递丢了" in place.desk.get("/playbook/notes").text
    place.desk.submit(f"/playbook/notes/{note.id}/dismiss", answer="已经有了")
    assert "没有新的" in place.desk.get("/playbook/notes").text


@pytest.mark.parametrize("action", ["merge", "card", "dismiss"])
def test_a_note_of_another_community_is_not_there(
    place: Estate, phone: Phone, app: Any, action: str
) -> None:
    note = scam_note()
    place.push(phone, note)
    other = estate(app, "乙社区")
    answer = other.desk.submit(
        f"/playbook/notes/{note.id}/{action}",
        card=TASK,
        place="flags",
        text="x",
        answer="y",
        title="z",
    )
    assert answer.status_code == 404
    assert "说快递丢了" in place.desk.get("/playbook/notes").text


def test_a_note_is_put_nowhere_that_is_no_card(place: Estate, phone: Phone) -> None:
    note = scam_note()
    place.push(phone, note)
    for card in ("nonsense", note.id):
        fields = {"card": card, "place": "flags", "text": "x", "answer": "y"}
        answer = place.desk.submit(f"/playbook/notes/{note.id}/merge", **fields)
        assert answer.status_code == 404


def test_the_record_shows_what_was_passed_and_what_is_due_again(
    place: Estate, phone: Phone, clock: Clock
) -> None:
    page = place.desk.get("/playbook/training").text
    assert "没测过" in page
    place.push(phone, quiz_result(TASK, right=4))
    assert 'data-state="passed"' in place.desk.get("/playbook/training").text
    clock.advance(90 * DAY)
    page = place.desk.get("/playbook/training").text
    assert "该再测了" in page
    place.push(phone, quiz_result(TASK, right=3, at=NOW + 90 * DAY), now=NOW + 90 * DAY)
    assert "再学学" in place.desk.get("/playbook/training").text


def test_the_record_costs_the_same_for_many_members(place: Estate, query_count: Any) -> None:
    for _ in range(6):
        place.push(place.volunteer(), quiz_result(TASK))
    with query_count() as statements:
        place.desk.get("/playbook/training")
    assert statements.count <= 10
