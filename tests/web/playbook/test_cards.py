"""The desk's pages of cards: list, form, review, publishing, differences, paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from tests.factories.accounts import make_member, sign_in
from tests.factories.places import Estate, estate
from tests.factories.playbook import LOAN, TASK, card_read
from webapp.accounts.models import Community
from webapp.core import db
from webapp.core.ids import new_id
from webapp.playbook import form
from webapp.playbook import versions as actions
from webapp.playbook.content import builtin
from webapp.playbook.models import PlaybookVersion


def fields(page: str) -> MultiDict[str, str]:
    """What a browser would send of a page's form of a card, without changing anything."""
    found: MultiDict[str, str] = MultiDict()
    body = page[page.index('<form class="pb-edit"') :]
    for tag in re.findall(r"<(?:input|textarea|select)[^>]*>", body):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        off = re.search(r'type="(?:checkbox|radio)"', tag) and " checked" not in tag
        if name and not off and not tag.startswith("<textarea"):
            found.add(name[1], unescape(value[1] if value else ""))
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)<', body):
        found.add(name, unescape(text))
    return found


def unescape(text: str) -> str:
    """Without the entities of HTML."""
    for entity, sign in (("&#34;", '"'), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">")):
        text = text.replace(entity, sign)
    return text.replace("&amp;", "&")


def change(place: Estate, card: str, language: str = "zh", **changed: str) -> Any:
    """Open the form, type something and send it."""
    typed = fields(place.desk.get(f"/playbook/cards/{card}/edit?in={language}").text)
    for name, value in changed.items():
        typed[name] = value
    return place.desk.client.post(f"/playbook/cards/{card}/edit?in={language}", data=typed)


def publish(place: Estate, card: str) -> str:
    """Review and publish; the page that follows."""
    place.desk.submit(f"/playbook/cards/{card}/review")
    answer = place.desk.submit(f"/playbook/cards/{card}/publish")
    return str(place.desk.get(answer.headers["Location"]).text)


def versions(place: Estate, card: str) -> list[PlaybookVersion]:
    """The card's versions in order."""
    with place.context(), db.reading() as session:
        statement = select(PlaybookVersion).where(PlaybookVersion.card_id == card)
        return list(session.scalars(statement.order_by(PlaybookVersion.number)))


def test_the_list_shows_every_card_of_the_product(place: Estate) -> None:
    page = place.desk.get("/playbook").text
    for card in builtin().values():
        assert card.content.zh.title in page
        assert card.content.en is not None
        assert (
            card.content.en.title.replace("'", "&#39;") in place.desk.get("/playbook?lang=en").text
        )


def test_a_form_that_is_sent_back_unchanged_changes_nothing(place: Estate) -> None:
    for card, one in builtin().items():
        for language in ("zh", "en"):
            typed = fields(place.desk.get(f"/playbook/cards/{card}/edit?in={language}").text)
            assert form.read_card(typed, one.content, language) == one.content, one.content.type


def test_a_change_becomes_a_draft_and_then_the_card(place: Estate) -> None:
    answer = change(place, TASK, hook="先给一点，再要一大笔", note="换了一句话")
    assert answer.status_code == 303
    assert "草稿" in place.desk.get(answer.headers["Location"]).text
    page = publish(place, TASK)
    assert "第 1 版已发布" in page
    assert "先给一点，再要一大笔" in place.desk.get("/playbook").text
    assert [(v.number, v.status, v.note) for v in versions(place, TASK)] == [
        (1, "published", "换了一句话")
    ]


def test_every_field_of_the_form_reaches_the_card(place: Estate) -> None:
    change(
        place,
        LOAN,
        flags="一\n二\n\n 三 ",
        quiz0_question="问？",
        quiz0_option0="甲",
        quiz0_option1="乙",
        quiz0_option2="",
        quiz0_answer="1",
        quiz0_why="因为",
    )
    (version,) = versions(place, LOAN)
    card = form.filled(form_text(version))
    assert card.lines["flags"] == "一\n二\n三"
    assert (card.quiz[0].question, card.quiz[0].options[:3]) == ("问？", ("甲", "乙", ""))
    assert (card.quiz[0].answer, card.quiz[0].why) == (1, "因为")


def form_text(version: PlaybookVersion) -> Any:
    """The Chinese text of a version."""
    return actions.decode(version).zh


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"flags": "好\n" + "长" * 161}, "「红旗特征」第 2 行"),
        ({"say": "打我电话 13800001234"}, "「怎么说」里好像有电话"),
        ({"title": "名" * 41}, "「名字」"),
        (
            {"quiz0_question": "只有一个选项", "quiz0_option1": "", "quiz0_option2": ""},
            "「小测验」第 1 行",
        ),
    ],
)
def test_what_does_not_fit_comes_back_as_typed_with_a_sentence(
    place: Estate, wrong: dict[str, str], sentence: str
) -> None:
    answer = change(place, TASK, **wrong)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert next(iter(wrong.values())).splitlines()[0] in answer.text
    assert versions(place, TASK) == []


def test_two_who_write_at_once_do_not_overwrite_each_other(place: Estate) -> None:
    before = fields(place.desk.get(f"/playbook/cards/{TASK}/edit").text)
    change(place, TASK, hook="第一个人写的")
    before["hook"] = "第二个人写的"
    answer = place.desk.client.post(f"/playbook/cards/{TASK}/edit", data=before)
    assert answer.status_code == 409
    assert "第二个人写的" in answer.text
    assert "第一个人写的" in versions(place, TASK)[0].content


def test_a_new_card_begins_with_a_title(place: Estate) -> None:
    answer = place.desk.submit("/playbook/cards", title="共享屏幕借钱", type="loan")
    card = answer.headers["Location"].split("/")[3]
    assert place.desk.get(answer.headers["Location"]).status_code == 200
    page = publish(place, card)
    assert "还空着" in page
    filled = {"hook": "一句", "lead": "两句", "flags": "特征", "say": "这样说"}
    assert change(place, card, **filled).status_code == 303
    assert "第 1 版已发布" in publish(place, card)
    assert "共享屏幕借钱" in place.desk.get("/playbook").text


def test_a_new_card_without_a_title_is_not_begun(place: Estate) -> None:
    answer = place.desk.submit("/playbook/cards", title=" ", type="loan")
    assert "「名字」" in place.desk.get(answer.headers["Location"]).text


def test_english_may_be_left_out_and_added_later(place: Estate) -> None:
    answer = place.desk.submit("/playbook/cards", title="新骗术", type="other")
    card = answer.headers["Location"].split("/")[3]
    assert change(place, card, "en").status_code == 303
    assert '"en"' not in versions(place, card)[0].content
    change(place, card, "en", title="New trick", hook="One line")
    assert '"en"' in versions(place, card)[0].content


def test_differences_are_shown_part_by_part(place: Estate) -> None:
    change(place, TASK, hook="先给一点，再要一大笔")
    page = place.desk.get(f"/playbook/cards/{TASK}/diff").text
    assert "<ins>先给一点，再要一大笔</ins>" in page
    assert "<del>充 100 返 140，越充越多</del>" in page
    same = place.desk.get(f"/playbook/cards/{TASK}/diff?from=1&to=1").text
    assert "这两版一样" in same
    assert place.desk.get(f"/playbook/cards/{TASK}/diff?from=7&to=1").status_code == 404


def test_withdrawing_brings_the_products_card_back(place: Estate) -> None:
    change(place, TASK, title="改过的名字")
    publish(place, TASK)
    place.desk.submit(f"/playbook/cards/{TASK}/withdraw")
    page = place.desk.get(f"/playbook/cards/{TASK}").text
    assert "<h1>刷单返利</h1>" in page
    assert "已撤下" in page


def test_a_draft_can_be_given_up(place: Estate) -> None:
    change(place, TASK, title="改过的名字")
    place.desk.submit(f"/playbook/cards/{TASK}/drop")
    assert "没有用" in place.desk.get(f"/playbook/cards/{TASK}").text


def test_the_card_shows_who_has_not_read_it(place: Estate) -> None:
    change(place, TASK, title="改过的名字")
    publish(place, TASK)
    phone = place.volunteer()
    assert "还没看" in place.desk.get(f"/playbook/cards/{TASK}").text
    place.push(phone, card_read(TASK, 1))
    assert place.desk.get(f"/playbook/cards/{TASK}").text.count("还没看") == 1  # the coordinator


@pytest.mark.parametrize("page", ["", "/edit", "/diff", "/print", "/leaflet"])
def test_a_card_of_another_community_is_not_there(place: Estate, app: Any, page: str) -> None:
    answer = place.desk.submit("/playbook/cards", title="只在甲社区", type="other")
    card = answer.headers["Location"].split("/")[3]
    other = estate(app, "乙社区")
    assert other.desk.get(f"/playbook/cards/{card}{page}").status_code == 404
    assert other.desk.get(f"/playbook/cards/{new_id()}{page}").status_code == 404
    assert other.desk.get(f"/playbook/cards/nonsense{page}").status_code == 404


@pytest.mark.parametrize("action", ["edit", "review", "publish", "withdraw", "drop"])
def test_what_is_not_there_cannot_be_changed(place: Estate, action: str) -> None:
    answer = place.desk.submit(f"/playbook/cards/{new_id()}/{action}", title="x", seen="")
    assert answer.status_code == 404


def test_volunteers_have_no_business_here(place: Estate, app: Any) -> None:
    who = sign_in(app, make_member(app, place.community_id, "volunteer"))
    assert who.get("/playbook").status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_card_prints_in_both_languages(place: Estate, language: str) -> None:
    for card, one in builtin().items():
        text = getattr(one.content, language)
        for paper in ("print", "leaflet"):
            page = place.desk.get(f"/playbook/cards/{card}/{paper}?in={language}").text
            assert f"<h1>{text.title}</h1>" in page
            assert ("What to say" in page) == (language == "en" and paper == "print")


def test_the_leaflet_carries_the_communitys_number_and_a_code(place: Estate) -> None:
    with place.context(), db.writing() as session:
        session.get_one(Community, place.community_id).phone = "02342750000"
    page = place.desk.get(f"/playbook/cards/{TASK}/leaflet").text
    assert "02342750000" in page
    assert f"/r/{place.community_id}" in page
    answer = place.desk.get("/playbook/qr.svg")
    assert answer.mimetype == "image/svg+xml"
    assert b"<path" in answer.data


def test_residents_read_the_current_tricks_without_signing_in(place: Estate, app: Any) -> None:
    change(place, LOAN, title="社区刚改的")
    publish(place, LOAN)
    page = app.test_client().get(f"/r/{place.community_id}").text
    assert page.index("社区刚改的") < page.index("刷单返利")
    assert "96110" in page
    assert "何静" not in page
    assert app.test_client().get("/r/999999").status_code == 404


def test_the_list_costs_the_same_for_one_change_and_for_many(
    place: Estate, query_count: Any
) -> None:
    for card in list(builtin())[:4]:
        change(place, card, hook="改了")
        publish(place, card)
    with query_count() as statements:
        place.desk.get("/playbook")
    assert statements.count <= 9
