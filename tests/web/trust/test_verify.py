"""The public pages on which residents check who is at the door."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.factories.accounts import make_community
from tests.factories.field import Neighbourhood
from tests.factories.trust import Badge, acting, issue
from tests.web.trust.conftest import Door
from webapp.core import db
from webapp.core.ids import new_id
from webapp.places.models import Building
from webapp.trust import badges, totp


def words(text: str) -> str:
    """What a page says, without its markup."""
    body = text.partition("<body>")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


@pytest.mark.both_engines
def test_who_is_there_from_which_community_and_since_when(
    door: Door, badge: Badge, clock: Clock
) -> None:
    answer = door.check(badge, clock)
    said = words(answer.text)
    assert answer.status_code == 200
    assert "是社区的人" in said
    for fact in (badge.shown, "甲社区", "11月23日 09:00 起", "000-12345678", "反诈志愿者"):
        assert fact in said
    assert "127.0.0.1:8000" in said  # the address to compare with
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_speaks_english_too(door: Door, badge: Badge, clock: Clock) -> None:
    said = words(door.check(badge, clock, lang="en").text)
    for fact in ("Yes, from the community", "since 23 Nov 09:00", "Anti-fraud volunteer"):
        assert fact in said
    assert not re.search("[\u4e00-\u9fff]", re.sub("甲社区|中文|甲-", "", said))


def test_no_page_needs_script_or_names_another_site(door: Door, badge: Badge, clock: Clock) -> None:
    pages = [door.get("/verify"), door.check(badge, clock), door.check(badge, clock, code="000000")]
    for page in pages:
        assert "<script" not in page.text
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page.text)


def test_every_page_warns_of_what_swindlers_ask_for(door: Door, badge: Badge, clock: Clock) -> None:
    wrong = "000000" if badge.code(clock.moment) != "000000" else "000001"
    for page in (
        door.get("/verify"),
        door.check(badge, clock),
        door.check(badge, clock, code=wrong),
    ):
        said = words(page.text)
        for danger in ("密码", "转账", "110", "96110"):
            assert danger in said


def test_a_wrong_code_is_a_clear_warning_with_what_to_do(door: Door, badge: Badge) -> None:
    answer = door.get("/verify", number=badge.shown, code="000000")
    said = words(answer.text)
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    for words_ in ("没有查到这个人", "先不要开门", "再输一次"):
        assert words_ in said
    assert f"您输的是 {badge.shown} · 000000" in said
    assert "Person" not in said


def test_who_is_not_on_duty_is_amber_and_named_so_that_one_can_ask(
    app: Flask, door: Door, hood: Neighbourhood, clock: Clock
) -> None:
    with app.app_context():
        idle = issue(hood)
    answer = door.check(idle, clock)
    said = words(answer.text)
    assert 'data-tone="wait"' in answer.text
    assert "今天没有确认上岗" in said
    assert idle.shown in said
    assert 'href="tel:000-12345678"' in answer.text


def test_a_suspended_badge_warns_and_names_nobody(
    app: Flask, door: Door, hood: Neighbourhood, badge: Badge, clock: Clock
) -> None:
    with app.app_context():
        boss = acting(hood.member("coordinator"))
        with db.writing() as session:
            badges.suspend(session, boss, hood.community_id, badge.id, now=clock.moment)
    answer = door.check(badge, clock)
    assert 'data-tone="bad"' in answer.text
    assert "已停用" in words(answer.text)
    assert badge.shown not in answer.text


@pytest.mark.parametrize(
    ("number", "code", "sentence"),
    [
        ("", "123456", "编号没有看懂"),
        ("甲", "123456", "编号没有看懂"),
        ("0218", "", "核验码要 6 位数字"),
        ("0218", "12345", "核验码要 6 位数字"),
        ("0218", "abcdef", "核验码要 6 位数字"),
        ("\x00", "\x00", "编号没有看懂"),
        ("9" * 3000, "1" * 3000, "编号没有看懂"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field_and_not_counted(
    door: Door, badge: Badge, clock: Clock, number: str, code: str, sentence: str
) -> None:
    for _ in range(12):
        answer = door.get("/verify", number=number, code=code)
        assert answer.status_code == 400
        assert sentence in words(answer.text)
        assert 'aria-invalid="true"' in answer.text
    assert door.check(badge, clock).status_code == 200


def test_what_was_typed_stays_in_the_form_and_is_only_text(door: Door) -> None:
    page = door.get("/verify", number='"><script>1</script>', code="12").text
    assert "<script" not in page
    assert "&#34;&gt;&lt;script" in page


def test_too_many_wrong_ones_get_the_neutral_page_and_429(door: Door, badge: Badge) -> None:
    answers = [door.get("/verify", number=900_000_000 + n, code="123456") for n in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "请打电话核对" in words(answers[-1].text)
    by_number = [door.get("/verify", number=badge.shown, code="000000", address=f"192.0.2.{n}")
                 for n in range(6)]  # fmt: skip
    assert [answer.status_code for answer in by_number] == [200] * 6
    assert words(by_number[-1].text) == words(answers[-1].text)


def test_asking_only_whether_the_page_is_there_counts_nothing(
    door: Door, badge: Badge, clock: Clock
) -> None:
    for _ in range(12):
        door.client.head(
            "/verify",
            query_string={"number": badge.shown, "code": "000000"},
            environ_overrides={"REMOTE_ADDR": door.address},
        )
    assert door.check(badge, clock).status_code == 200


def test_a_qr_code_leads_to_the_same_page(door: Door, badge: Badge, clock: Clock) -> None:
    step = totp.step_of(clock.moment)
    token = f"{badge.number}.{step}.{badge.mark(clock.moment)}"
    assert "是社区的人" in words(door.get(f"/v/{token}").text)
    clock.advance(minutes=2)
    late = door.get(f"/v/{token}")
    assert "这个码过期了" in words(late.text)
    assert 'data-tone="wait"' in late.text
    assert "没有查到" in words(door.get(f"/v/{badge.number}.{step}.{'a' * 16}").text)


@pytest.mark.parametrize(
    "token", ["x", "218", "218.1.A" + "a" * 15, "1." + "9" * 40 + ".aa", "%00"]
)
def test_what_is_no_qr_code_is_not_counted(door: Door, token: str) -> None:
    assert {door.get(f"/v/{token}").status_code for _ in range(12)} == {400}


@pytest.mark.both_engines
def test_a_posters_page_takes_the_code_alone(
    app: Flask, door: Door, hood: Neighbourhood, badge: Badge, clock: Clock
) -> None:
    with app.app_context():
        building = hood.building("3号楼")
        hood.assign(badge.phone, building)
    form = door.get(f"/verify/{building}")
    assert "3号楼" in words(form.text)
    assert 'name="number"' not in form.text
    answer = door.get(f"/verify/{building}", code=badge.code(clock.moment))
    assert "此刻正在您这栋楼走访" in words(answer.text)
    assert "没有查到" in words(door.get(f"/verify/{building}", code="000000").text)


def test_a_posters_page_asks_for_the_number_where_many_walk(
    app: Flask, door: Door, hood: Neighbourhood, badge: Badge, clock: Clock
) -> None:
    with app.app_context():
        building = hood.building("3号楼")
        for phone in [badge.phone, *(issue(hood).phone for _ in range(5))]:
            hood.assign(phone, building)
    assert 'name="number"' in door.get(f"/verify/{building}").text
    alone = door.get(f"/verify/{building}", code=badge.code(clock.moment))
    assert alone.status_code == 400
    assert "编号没有看懂" in words(alone.text)
    both = door.get(f"/verify/{building}", code=badge.code(clock.moment), number=badge.number)
    assert "是社区的人" in words(both.text)


def test_an_address_that_is_no_building_asks_for_number_and_code(door: Door) -> None:
    answer = door.get(f"/verify/{new_id()}")
    assert answer.status_code == 404
    assert 'name="number"' in answer.text
    assert door.get(f"/verify/{new_id()}", code="123456").status_code == 404


def test_whose_page_it_is_is_not_told_among_several_communities(
    app: Flask, door: Door, badge: Badge, clock: Clock
) -> None:
    make_community(app, "乙社区")
    assert "000-12345678" not in door.get("/verify").text
    wrong = door.get("/verify", number=badge.shown, code="000000")
    assert "000-12345678" not in wrong.text
    assert "甲社区" not in wrong.text
    assert "000-12345678" in door.get("/verify", c=badge.phone.community_id).text
    assert "甲社区" in door.check(badge, clock).text
    assert door.get("/verify", c="x").status_code == 200
    assert door.get("/verify", c=10**30).status_code == 200


def test_the_poster_of_a_merged_building_still_serves(
    app: Flask, door: Door, hood: Neighbourhood, badge: Badge, clock: Clock
) -> None:
    with app.app_context():
        building, gone = hood.building("3号楼"), hood.building("三号楼")
        hood.assign(badge.phone, building)
        with db.writing() as session:
            session.get_one(Building, (hood.community_id, gone)).merged_into = building
    answer = door.get(f"/verify/{gone}", code=badge.code(clock.moment))
    assert "是社区的人" in words(answer.text)
