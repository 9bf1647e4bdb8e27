"""A card's way from a draft to the phones and back, and what phones get of it."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from tests.factories.field import NOW, Neighbourhood, Phone, neighbourhood
from tests.factories.playbook import (
    LOAN,
    OTHER,
    TASK,
    acting,
    card_read,
    draft,
    new_trick,
    published,
    quiz_result,
    review,
    scam_note,
)
from webapp.accounts.models import Audit
from webapp.core import db
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.playbook import differ, editions, notes, queries, rows, versions
from webapp.playbook.content import CardText, Content, builtin
from webapp.playbook.models import PlaybookVersion

pytestmark = pytest.mark.both_engines


def cards_of(phone: Phone) -> dict[str, dict[str, Any]]:
    """The cards that the phone has, by id."""
    phone.pull()
    return {key: row for (kind, key), row in phone.rows["community"].items() if kind == "card"}


def title(row: dict[str, Any]) -> str:
    """What stands on a card's head in Chinese."""
    return str(json.loads(row["text"]["zh"])["title"])


def retitled(card_id: str, name: str) -> Content:
    """A card of the product under another title."""
    card = builtin()[card_id].content
    return msgspec.structs.replace(card, zh=msgspec.structs.replace(card.zh, title=name))


def statuses(card_id: str) -> list[str]:
    """The card's versions in order."""
    with db.reading() as session:
        return list(
            session.scalars(
                select(PlaybookVersion.status)
                .where(PlaybookVersion.card_id == card_id)
                .order_by(PlaybookVersion.number)
            )
        )


# --- what phones get ---


def test_a_new_phone_has_all_cards_of_the_product_and_what_finds_them(hood: Neighbourhood) -> None:
    phone = hood.member()
    cards = cards_of(phone)
    assert list(cards) == list(builtin())
    assert {card["version"] for card in cards.values()} == {0}
    words = phone.rows["community"]["card_words", rows.WORDS_ID]
    assert "yin" in words["table"]
    assert all(card["find"]["names_pinyin"] for card in cards.values())


def test_a_phone_that_has_the_cards_gets_nothing_twice(hood: Neighbourhood) -> None:
    phone = hood.member()
    cards_of(phone)
    hood.member()
    page = phone.page()
    kinds = {json.loads(row)["kind"] for change in page.changes.values() for row in change.rows}
    assert kinds == {"member"}


def test_a_draft_stays_at_the_desk(hood: Neighbourhood, boss: Phone) -> None:
    card = draft(boss)
    assert card not in cards_of(hood.member())


def test_a_published_card_reaches_phones_that_were_there_before(
    hood: Neighbourhood, boss: Phone
) -> None:
    phone = hood.member()
    cards_of(phone)
    card = published(boss, now=NOW + 5)
    row = cards_of(phone)[card]
    assert (row["version"], row["published_at"], title(row)) == (1, NOW + 5, "假快递退费")
    assert row["find"]["names_pinyin"].splitlines() == ["jia kuai di tui fei", "jia kuai di"]
    assert row["find"]["initials"].splitlines() == ["jkdtf", "jkd"]


def test_a_changed_card_takes_the_place_of_the_products_and_gives_it_back(
    hood: Neighbourhood, boss: Phone
) -> None:
    phone = hood.member()
    published(boss, retitled(TASK, "刷单做任务"), TASK)
    cards = cards_of(phone)
    assert len(cards) == len(builtin())
    assert (cards[TASK]["version"], title(cards[TASK])) == (1, "刷单做任务")
    with db.writing() as session:
        versions.withdraw(session, acting(boss), TASK, now=NOW)
    cards = cards_of(phone)
    assert (cards[TASK]["version"], title(cards[TASK])) == (0, "刷单返利")
    assert statuses(TASK) == ["withdrawn"]


def test_an_own_card_that_is_withdrawn_leaves_the_phones(hood: Neighbourhood, boss: Phone) -> None:
    phone, card = hood.member(), published(boss)
    assert card in cards_of(phone)
    with db.writing() as session:
        versions.withdraw(session, acting(boss), card, now=NOW)
    assert card not in cards_of(phone)
    assert card not in cards_of(hood.member())


def test_another_community_sees_nothing_of_it(hood: Neighbourhood, boss: Phone) -> None:
    card = published(boss)
    published(boss, retitled(TASK, "别人看不到"), TASK)
    cards = cards_of(neighbourhood("Other").member())
    assert card not in cards
    assert title(cards[TASK]) == "刷单返利"


def test_an_upgrade_with_other_cards_sends_them_once_to_every_community(
    hood: Neighbourhood, boss: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, other = hood.member(), neighbourhood("Other").member()
    published(boss, retitled(LOAN, "自己改的"), LOAN)
    for one in (phone, other):
        cards_of(one)
    monkeypatch.setattr(editions, "edition", lambda: "newer")
    assert editions.announce() == 2
    assert editions.announce() == 0
    for one, missing in ((phone, {LOAN}), (other, set())):
        (change,) = [c for name, c in one.page().changes.items() if name == "community"]
        sent = {json.loads(row)["id"] for row in change.rows}
        assert sent == {*builtin(), rows.WORDS_ID} - missing


# --- from draft to published ---


def test_a_version_that_is_published_replaces_the_one_before(boss: Phone) -> None:
    card = published(boss)
    published(boss, new_trick("假快递赔钱"), card)
    assert statuses(card) == ["replaced", "published"]


def test_two_who_begin_to_change_a_card_get_the_same_draft(boss: Phone) -> None:
    draft(boss, None, TASK)
    draft(boss, None, TASK)
    assert statuses(TASK) == ["draft"]


def test_nobody_publishes_what_was_not_reviewed(boss: Phone) -> None:
    card = draft(boss)
    with pytest.raises(Problem, match="card_not_reviewed"):
        versions.publish(acting(boss), card, now=NOW)


def test_who_wrote_a_draft_leaves_reviewing_to_another_coordinator(
    hood: Neighbourhood, boss: Phone
) -> None:
    other = hood.member("coordinator")
    card = draft(boss)
    with pytest.raises(Problem, match="review_own"):
        review(boss, card)
    review(other, card)
    assert versions.publish(acting(boss), card, now=NOW) == 1


def test_a_change_after_the_review_asks_for_another(hood: Neighbourhood, boss: Phone) -> None:
    card = draft(boss)
    review(boss, card)
    draft(boss, new_trick("又改了"), card)
    assert statuses(card) == ["draft"]


def test_a_card_with_nothing_to_say_is_not_reviewed(boss: Phone) -> None:
    card = draft(boss, Content(type="other", zh=CardText(title="新骗术")))
    with pytest.raises(Problem, match="card_incomplete") as caught:
        review(boss, card)
    assert caught.value.params["part"] == "mark"


@pytest.mark.parametrize("text", ["打 13800001234", "卡号 6222021234567890128"])
def test_no_number_of_a_person_gets_into_a_card(boss: Phone, text: str) -> None:
    card = draft(boss)
    wrong = new_trick()
    wrong = msgspec.structs.replace(wrong, zh=msgspec.structs.replace(wrong.zh, say=[text]))
    with pytest.raises(Problem, match="card_number"):
        draft(boss, wrong, card)


def test_a_dropped_draft_stays_in_the_history(boss: Phone) -> None:
    with db.writing() as session:
        version = versions.open_draft(session, acting(boss), OTHER, now=NOW)
        versions.drop(session, acting(boss), version, now=NOW)
    draft(boss, None, OTHER)
    assert statuses(OTHER) == ["dropped", "draft"]


def test_what_changes_while_it_is_published_is_not_published(
    boss: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = draft(boss)
    review(boss, card)
    spell = rows.card_row

    def meanwhile(*args: Any, **kwargs: Any) -> bytes:
        draft(boss, new_trick("有人在改"), card)
        review(boss, card)
        return spell(*args, **kwargs)

    monkeypatch.setattr(rows, "card_row", meanwhile)
    with pytest.raises(Problem, match="met_another"):
        versions.publish(acting(boss), card, now=NOW)


@pytest.mark.parametrize("act", [versions.open_draft, versions.withdraw])
def test_a_card_that_is_not_there_is_not_found(boss: Phone, act: Any) -> None:
    with pytest.raises(NotFound), db.writing() as session:
        act(session, acting(boss), new_id(), now=NOW)


def test_every_step_is_written_down_with_who_and_what(boss: Phone) -> None:
    card = published(boss)
    published(boss, new_trick("换了名字"), card)
    with db.writing() as session:
        versions.withdraw(session, acting(boss), card, now=NOW)
    with db.reading() as session:
        found = session.scalars(select(Audit).where(Audit.subject == card).order_by(Audit.id)).all()
    assert [one.action for one in found] == [
        "playbook_drafted",
        "playbook_reviewed",
        "playbook_published",
        "playbook_drafted",
        "playbook_changed",
        "playbook_reviewed",
        "playbook_published",
        "playbook_withdrawn",
    ]
    assert found[4].detail == {"version": 2, "parts": "title mark"}
    assert {one.member_id for one in found} == {boss.member_id}


# --- differences ---


def test_differences_name_the_part_and_the_lines(engine_name: str) -> None:
    before, after = builtin()[TASK].content, retitled(TASK, "刷单")
    zh = msgspec.structs.replace(after.zh, flags=[*after.zh.flags[1:], "新的一条"])
    parts = differ.differences(before, msgspec.structs.replace(after, zh=zh))
    assert [(part.language, part.name) for part in parts] == [("zh", "title"), ("zh", "flags")]
    signs = "".join(line.sign for line in parts[1].lines)
    assert signs == "-" + " " * (len(before.zh.flags) - 1) + "+"


def test_a_version_differs_from_nothing_in_every_part_that_it_has(engine_name: str) -> None:
    parts = {part.name for part in differ.differences(None, new_trick())}
    assert parts == {"title", "mark", "hook", "lead", "flags", "openings", "say", "keywords"}


# --- readers ---


def test_the_desk_sees_who_has_not_read_the_new_trick(hood: Neighbourhood, boss: Phone) -> None:
    card, one, other = published(boss), hood.member(), hood.member()
    one.send(card_read(card, 1))
    other.send(card_read(card, 0))
    with db.reading() as session:
        view = queries.card(session, hood.community_id, card)
        (line,) = [x for x in queries.cards(session, hood.community_id) if x.id == card]
    assert [reader.read_at is None for reader in view.readers] == [True, True, False]
    assert (line.readers, line.team) == (1, 3)


def test_a_new_version_has_to_be_read_again(hood: Neighbourhood, boss: Phone) -> None:
    card, phone = published(boss), hood.member()
    phone.send(card_read(card, 1))
    published(boss, new_trick("换了名字"), card)
    with db.reading() as session:
        view = queries.card(session, hood.community_id, card)
    assert [reader.read_at for reader in view.readers] == [None, None]


def test_the_list_costs_the_same_for_one_card_and_for_many(
    hood: Neighbourhood, boss: Phone, query_count: Any
) -> None:
    for n in range(5):
        published(boss, new_trick(f"第{n}种"))
    with db.reading() as session, query_count() as statements:
        lines = queries.cards(session, hood.community_id)
    assert len(lines) == len(builtin()) + 5
    assert statements.count <= 5


def test_residents_read_the_newest_of_the_community_first(hood: Neighbourhood, boss: Phone) -> None:
    published(boss, new_trick("旧的"), now=NOW)
    published(boss, new_trick("新的"), now=NOW + 1)
    with db.reading() as session:
        tricks = queries.current_tricks(session, hood.community_id)
    assert [one.zh.title for one in tricks] == ["新的", "旧的", "刷单返利"]


# --- the inbox ---


def test_a_note_becomes_part_of_a_card_and_its_author_is_thanked(
    hood: Neighbourhood, boss: Phone
) -> None:
    phone, note = hood.member(), scam_note("说丢件要赔我")
    phone.send(note)
    with db.writing() as session:
        number = notes.merge(
            session,
            acting(boss),
            note.id,
            TASK,
            "openings",
            "您的件丢了，赔您",
            "谢谢您",
            now=NOW,
        )
    assert number == 1
    with db.reading() as session:
        text = versions.text_of(session, hood.community_id, TASK, 1)
    assert text.zh.openings[-1] == "您的件丢了，赔您"
    phone.pull()
    answer = phone.rows["me"]["note_answer", note.id]
    assert (answer["status"], answer["answer"], answer["card"]) == ("merged", "谢谢您", TASK)


def test_a_note_can_begin_a_card_of_its_own(hood: Neighbourhood, boss: Phone) -> None:
    note = scam_note()
    hood.member().send(note)
    with db.writing() as session:
        card = notes.begin_card(session, acting(boss), note.id, new_trick(), "谢谢", now=NOW)
    assert statuses(card) == ["draft"]


def test_who_sets_a_note_aside_says_why(hood: Neighbourhood, boss: Phone) -> None:
    phone, note = hood.member(), scam_note()
    phone.send(note)
    with pytest.raises(Problem, match="reason_missing"), db.writing() as session:
        notes.dismiss(session, acting(boss), note.id, " ", now=NOW)
    with db.writing() as session:
        notes.dismiss(session, acting(boss), note.id, "已经有了", now=NOW)
    phone.pull()
    assert phone.rows["me"]["note_answer", note.id]["answer"] == "已经有了"


def test_a_note_is_decided_on_once(hood: Neighbourhood, boss: Phone) -> None:
    note = scam_note()
    hood.member().send(note)
    with db.writing() as session:
        notes.dismiss(session, acting(boss), note.id, "已经有了", now=NOW)
    with pytest.raises(Problem, match="note_decided"), db.writing() as session:
        notes.dismiss(session, acting(boss), note.id, "已经有了", now=NOW)


def test_a_note_of_another_community_is_not_there(hood: Neighbourhood, boss: Phone) -> None:
    note = scam_note()
    neighbourhood("Other").member().send(note)
    with pytest.raises(NotFound), db.writing() as session:
        notes.dismiss(session, acting(boss), note.id, "x", now=NOW)


def test_nobody_else_learns_what_became_of_a_note(hood: Neighbourhood, boss: Phone) -> None:
    author, other, note = hood.member(), hood.member(), scam_note()
    author.send(note)
    with db.writing() as session:
        notes.dismiss(session, acting(boss), note.id, "已经有了", now=NOW)
    other.pull()
    assert ("note_answer", note.id) not in other.rows["me"]


# --- training on the phone ---


def test_a_second_phone_of_the_member_knows_what_was_learned(hood: Neighbourhood) -> None:
    phone = hood.member()
    phone.send(quiz_result(TASK, right=4))
    other = hood.second_phone(phone)
    other.pull()
    row = other.rows["me"]["training", TASK]
    assert (row["right"], row["asked"], row["quiz_at"]) == (4, 5, NOW)


def test_nobody_gets_the_results_of_others(hood: Neighbourhood) -> None:
    hood.member().send(quiz_result(TASK))
    other = hood.member()
    other.pull()
    assert ("training", TASK) not in other.rows["me"]
