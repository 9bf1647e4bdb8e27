"""What phones record about the playbook, and what becomes of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from tests.factories.field import (
    DAY,
    HOUR,
    NOW,
    TIMEZONE,
    Neighbourhood,
    Op,
    Phone,
    neighbourhood,
    op,
    void,
)
from tests.factories.playbook import (
    LOAN,
    OTHER,
    TASK,
    acting,
    card_read,
    draft,
    published,
    quiz_result,
    scam_note,
)
from webapp.core import db
from webapp.core.ids import new_id
from webapp.operations import desk
from webapp.operations.models import Operation, OperationText
from webapp.playbook.models import FieldNote, Training
from webapp.playbook.training import Learned

pytestmark = pytest.mark.both_engines


def notes(hood: Neighbourhood) -> dict[str, str]:
    """Status of each field note."""
    with db.reading() as session:
        rows = session.scalars(
            select(FieldNote).where(FieldNote.community_id == hood.community_id)
        ).all()
    return {row.operation_id: row.status for row in rows}


def learned(phone: Phone, card: str = TASK) -> Learned | None:
    """What the member has learned of a card."""
    with db.reading() as session:
        row = session.get(Training, (phone.community_id, phone.member_id, card))
    if row is None:
        return None
    return Learned(row.read_version, row.read_at, row.quiz_at, row.score, row.asked, row.tries)


# --- field notes ---


def test_what_was_heard_comes_into_the_inbox_once(hood: Neighbourhood) -> None:
    phone, note = hood.member(), scam_note(channel="call", scam_type="customer_service")
    assert phone.statuses(note) == ["accepted"]
    assert phone.statuses(note) == ["duplicate"]
    assert notes(hood) == {note.id: "open"}


def test_a_note_of_a_revoked_phone_can_be_let_in(hood: Neighbourhood) -> None:
    """Found by the storm (seed 1): its words stand apart, and without them it was no note."""
    phone, boss, note = hood.member(), hood.member("coordinator"), scam_note("王大妈说的")
    assert phone.statuses(note, hold="device_revoked") == ["held:device_revoked"]
    with db.reading() as session:
        (case,) = desk.cases(session, hood.community_id, now=NOW)
    assert case.described.facts == (("operation.note", "王大妈说的"),)
    with db.writing() as session:
        digest = bytes.fromhex(case.hash)
        desk.release(session, acting(boss), note.id, digest, TIMEZONE, now=NOW)
    assert notes(hood) == {note.id: "open"}
    with db.reading() as session:
        row = session.get_one(Operation, (hood.community_id, note.id))
        text = session.get_one(OperationText, (hood.community_id, note.id))
    assert "王大妈" in text.text
    assert "王大妈" not in row.body


def test_the_words_of_a_note_stand_where_they_can_be_erased(hood: Neighbourhood) -> None:
    phone, note = hood.member(), scam_note("王大妈说的", place="菜市场")
    phone.send(note)
    with db.reading() as session:
        body = session.scalar(select(Operation.body).where(Operation.id == note.id)) or ""
        text = session.scalar(select(OperationText.text)) or ""
    assert "王大妈" not in body
    assert "菜市场" not in body
    assert json.loads(text) == {"note": "王大妈说的", "place": "菜市场"}


@pytest.mark.parametrize("text", ["他的电话 13800001234", "身份证 11010519491231002X"])
def test_the_author_is_warned_of_a_number_that_is_somebodys(hood: Neighbourhood, text: str) -> None:
    result = hood.member().send(scam_note(text))
    assert (result.status, result.warning) == ("accepted", "personal_number")
    with db.reading() as session:
        assert session.scalar(select(FieldNote.doubtful)) is True


def test_a_harmless_note_warns_nobody(hood: Neighbourhood) -> None:
    assert hood.member().send(scam_note("充 100 返 140，拨 96110")).warning is None


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"note": ""}, "note"),
        ({"note": "   "}, "note"),
        ({"note": "x" * 501}, "note"),
        ({"note": "a\x07b"}, "note"),
        ({"note": "x", "place": "y" * 61}, "place"),
        ({"note": "x", "channel": "pigeon"}, "channel"),
        ({"note": "x", "scam_type": "magic"}, "scam_type"),
        ({}, "note"),
    ],
)
def test_a_note_that_breaks_a_rule_is_held(
    hood: Neighbourhood, fields: dict[str, Any], field: str
) -> None:
    assert hood.member().statuses(op("scam_note", **fields)) == [f"held:invalid:{field}"]


def test_a_note_that_is_taken_back_leaves_the_inbox(hood: Neighbourhood) -> None:
    phone, note = hood.member(), scam_note()
    phone.push(note, void(note))
    assert notes(hood) == {note.id: "taken_back"}


def test_a_note_that_was_taken_back_before_it_came_does_not_wait_for_anybody(
    hood: Neighbourhood,
) -> None:
    phone, note = hood.member(), scam_note()
    assert phone.statuses(void(note)) == ["waiting"]
    phone.send(note)
    assert notes(hood) == {note.id: "taken_back"}


# --- read receipts and quizzes ---


def test_a_receipt_says_when_a_version_was_first_read(hood: Neighbourhood, boss: Phone) -> None:
    card, phone = published(boss), hood.member()
    later = card_read(card, 1, at=NOW + HOUR)
    assert phone.statuses(later, card_read(card, 1, at=NOW)) == ["accepted", "accepted"]
    known = learned(phone, card)
    assert known is not None
    assert (known.read_version, known.read_at) == (1, NOW)


def test_the_last_quiz_counts_in_whatever_order_they_come(hood: Neighbourhood) -> None:
    phone = hood.member()
    phone.send(quiz_result(right=5, at=NOW + DAY), now=NOW + DAY)
    phone.send(quiz_result(right=2, at=NOW), now=NOW + DAY)
    known = learned(phone)
    assert known is not None
    assert (known.score, known.quiz_at, known.tries) == (5, NOW + DAY, 2)


def test_a_quiz_that_is_taken_back_counts_no_more(hood: Neighbourhood) -> None:
    phone, wrong = hood.member(), quiz_result(right=1)
    phone.push(wrong, void(wrong))
    assert learned(phone) == Learned()


def test_members_learn_each_for_themselves(hood: Neighbourhood) -> None:
    one, other = hood.member(), hood.member()
    one.push(quiz_result(TASK), quiz_result(LOAN, right=3))
    other.send(quiz_result(LOAN, right=4))
    assert learned(other, TASK) is None
    scores = [known.score for phone in (one, other) if (known := learned(phone, LOAN))]
    assert scores == [3, 4]


def test_what_was_done_with_an_unknown_card_waits_for_it(hood: Neighbourhood) -> None:
    assert hood.member().statuses(card_read(new_id())) == ["waiting"]


def test_a_card_of_another_community_is_unknown(hood: Neighbourhood, boss: Phone) -> None:
    theirs = draft(boss)
    assert neighbourhood("Other").member().statuses(card_read(theirs)) == ["waiting"]


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        (quiz_result(right=6), "right"),
        (op("quiz_result", card=TASK, version=0, right=4, asked=3), "right"),
        (op("quiz_result", card=TASK, version=0, right=0, asked=0), "asked"),
        (card_read(version=-1), "version"),
        (op("card_read", card="x", version=1), "card"),
    ],
)
def test_an_impossible_result_is_held(hood: Neighbourhood, operation: Op, field: str) -> None:
    assert hood.member().statuses(operation) == [f"held:invalid:{field}"]


def test_one_push_of_many_results_folds_each_pair_once(
    hood: Neighbourhood, query_count: object
) -> None:
    phone = hood.member()
    many = [quiz_result(card, right=n % 6, at=NOW + n) for n in range(40) for card in (TASK, OTHER)]
    with query_count() as statements:  # type: ignore[operator]
        phone.push(*many)
    assert statements.count <= 14
    assert (learned(phone) or Learned()).tries == 40
