"""The cards that come with the product: complete in both languages, and fit to be read aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest

from webapp.core.personal import account_number, personal_number
from webapp.playbook import content, pinyin, rows
from webapp.playbook.content import Builtin, CardText, builtin, spoken
from webapp.playbook.pinyin_child import cards as spelled_anew
from webapp.playbook.scam_types import SCAM_TYPES

BY_TYPE: dict[str, Builtin] = {card.content.type: card for card in builtin().values()}
LISTS = ("ladder", "flags", "openings", "say", "avoid", "tone", "whom", "probe", "first")
LINES = {"zh": 44, "en": 125}
TRUTHS = {"zh": 60, "en": 125}
HEADS = {"zh": 24, "en": 56}
LEADS = {"zh": 48, "en": 120}
LONG_NUMBER = re.compile(r"\d{7,}|\d{3,}[- ]\d{3,}")
NEWS = re.compile(r"记者|据.{0,6}报道|\d+年\d+月|通讯员|(?<!某)某市|according to", re.IGNORECASE)
EACH = pytest.mark.parametrize("kind", SCAM_TYPES)


def both(kind: str) -> Iterator[tuple[str, CardText]]:
    """The card of a kind in each language."""
    card = BY_TYPE[kind].content
    assert card.en is not None
    yield "zh", card.zh
    yield "en", card.en


def test_every_kind_of_fraud_has_one_card() -> None:
    assert [card.content.type for card in builtin().values()] == list(SCAM_TYPES)


def test_ids_of_cards_are_their_own() -> None:
    assert len({*builtin(), rows.WORDS_ID}) == len(SCAM_TYPES) + 1


@EACH
def test_a_card_says_everything_in_both_languages(kind: str) -> None:
    for language, text in both(kind):
        for name in LISTS:
            least = 2 if name in {"tone", "whom"} else 3
            assert len(getattr(text, name)) >= least, (language, name)
        assert len(text.chain) >= 5, language
        assert len(text.sunk) >= 2, language
        assert len(text.quiz) == 5, language
        assert text.keywords
        assert text.heard


@EACH
def test_both_languages_say_the_same_number_of_things(kind: str) -> None:
    (_, zh), (_, en) = both(kind)
    for name in (*LISTS, "chain", "sunk", "quiz"):
        assert len(getattr(zh, name)) == len(getattr(en, name)), name
    assert [one.answer for one in zh.quiz] == [one.answer for one in en.quiz]


@EACH
def test_the_first_ten_minutes_name_the_police_the_hotline_and_the_bank(kind: str) -> None:
    for language, text in both(kind):
        steps = " ".join(text.first)
        assert re.search(r"(?<!\d)110(?!\d)", steps), language
        assert "96110" in steps, language
        assert re.search("银行|bank", steps), language


@EACH
def test_every_question_has_one_right_answer_among_different_ones(kind: str) -> None:
    for _, text in both(kind):
        for question in text.quiz:
            assert question.answer < len(question.options)
            assert len(set(question.options)) == len(question.options) >= 3
        assert len({question.question for question in text.quiz}) == 5


@EACH
def test_no_sentence_is_too_long_to_be_said_at_a_door(kind: str) -> None:
    for language, text in both(kind):
        assert len(text.hook) <= HEADS[language]
        assert len(text.lead) <= LEADS[language]
        for name in ("flags", "openings", "say", "avoid", "tone", "whom", "probe", "first"):
            for line in getattr(text, name):
                assert len(line) <= LINES[language], line
        for truth in [link.truth for link in text.chain] + [sunk.answer for sunk in text.sunk]:
            assert len(truth) <= TRUTHS[language], truth
        assert all(len(part) <= (8 if language == "zh" else 14) for s in text.ladder for part in s)


@EACH
def test_nothing_on_a_card_points_to_a_person_or_comes_from_the_news(kind: str) -> None:
    for _, text in both(kind):
        for line in (*spoken(text), *text.keywords, *text.heard):
            assert personal_number(line) is None, line
            assert account_number(line) is None, line
            assert not LONG_NUMBER.search(line), line
            assert not NEWS.search(line), line


@EACH
def test_a_card_speaks_calmly(kind: str) -> None:
    for _, text in both(kind):
        assert not any(mark in line for line in spoken(text) for mark in "!！")


@EACH
def test_a_resident_is_addressed_with_respect(kind: str) -> None:
    zh = BY_TYPE[kind].content.zh
    answers = [sunk.answer for sunk in zh.sunk] + [link.truth for link in zh.chain]
    to_grown_ups = (*zh.flags, *zh.tone, *zh.whom, *zh.probe, *zh.first, *answers)
    quotes = re.compile("「[^」]*」")
    for line in to_grown_ups:
        assert "你" not in quotes.sub("", line), line


def test_english_cards_hold_no_chinese() -> None:
    for card in builtin().values():
        assert card.content.en is not None
        for line in (*spoken(card.content.en), *card.content.en.keywords, *card.content.en.heard):
            assert not re.search("[\u3400-\u9fff]", line), line


def test_the_bucket_of_a_kind_is_that_of_the_statistics() -> None:
    fixed = {
        "romance": "romance_investment",
        "investment": "romance_investment",
        "loan": "loan",
        "customer_service": "commerce",
        "ticket": "commerce",
        "authorities": "authorities",
        "acquaintance": "acquaintance",
    }
    by_channel = {"foreign_call", "app", "website", "other"}
    for kind, card in BY_TYPE.items():
        if kind in fixed:
            assert card.buckets == (fixed[kind],)
        else:
            assert set(card.buckets) <= by_channel


def test_the_pinyin_that_comes_with_the_cards_is_up_to_date() -> None:
    assert pinyin.FILE.read_text(encoding="utf-8") == spelled_anew(), "make cards"


def test_pinyin_of_a_new_sentence_is_worked_out_aside() -> None:
    assert pinyin.pinyin_of(["银行卡", "刷单返利", "OK"]) == ["yin hang ka", "shua dan fan li", ""]
    assert pinyin.initials("yin hang ka") == "yhk"


def test_pinyin_travels_where_the_table_would_be_wrong() -> None:
    assert pinyin.unlike_table(["老师带你稳赚", "去银行办"]) == ["", "qu yin hang ban"]
    assert pinyin.by_table("银行") == "yin xing"


def test_the_search_gets_a_line_of_pinyin_for_every_line() -> None:
    for row in rows.builtin_rows().values():
        find = msgspec.json.decode(row)["find"]
        assert len(find["names"].split("\n")) == len(find["names_pinyin"].split("\n"))
        assert len(find["names"].split("\n")) == len(find["initials"].split("\n"))
        assert len(find["said"].split("\n")) == len(find["said_pinyin"].split("\n"))


def test_no_word_stands_in_two_groups_of_the_same_meaning() -> None:
    for groups in (content.alike().zh, content.alike().en):
        words = [word for group in groups for word in group.split(" ")]
        assert "" not in words
        assert len(set(words)) == len(words), {word for word in words if words.count(word) > 1}


def test_what_finds_a_card_is_not_shown_on_it() -> None:
    card: Builtin = BY_TYPE["task"]
    text = msgspec.json.decode(rows.card_row(card.id, card.content))["text"]
    for language in ("zh", "en"):
        shown = msgspec.json.decode(text[language])
        assert "heard" not in shown
        assert shown["title"]
