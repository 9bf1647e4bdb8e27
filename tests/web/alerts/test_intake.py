"""The desk's ways in: paste, form and list, and what becomes of a draft."""

from __future__ import annotations

import html
import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import Clock
from tests.factories.alerts import make_alert, workers
from tests.factories.field import MINUTE, NOW, visit
from tests.factories.places import Estate, estate
from webapp.alerts.models import Alert, AlertPerson
from webapp.core import db
from webapp.core.ids import new_id

MESSAGE = (
    "合川紫荆园社区，甲苑3幢2单元1204何女士，58岁，疑似被骗，对方冒充客服退款，电话13812345678"
)
CARD = "6222021234567890128"


def panel(page: str) -> str:
    """The left panel alone."""
    return page.partition('id="intake"')[2].partition("data-board=")[0]


def words(page: str) -> str:
    """What a person reads of it."""
    return html.unescape(re.sub(r"<[^>]+>", " ", page))


def alerts(place: Estate, **where: Any) -> list[Alert]:
    with place.context(), db.reading() as session:
        statement = select(Alert).filter_by(community_id=place.community_id, **where)
        return list(session.scalars(statement.order_by(Alert.number)))


def person(place: Estate, alert: Alert) -> AlertPerson:
    return place.row(AlertPerson, alert.id)  # type: ignore[no-any-return]


def paste(place: Estate, text: str, **fields: Any) -> Any:
    return place.desk.submit("/alerts/paste", text=text, **fields)


@pytest.fixture
def doors(place: Estate) -> list[str]:
    """甲苑 3号楼, unit 2, with a few doors."""
    building = place.building("3号楼", compound="甲苑", lat=29.98, lon=106.27)
    return place.doors(building, ["1203", "1204", "1205"], unit="2")


@pytest.mark.both_engines
def test_a_pasted_message_becomes_a_draft_with_its_parts(place: Estate, doors: list[str]) -> None:
    answer = paste(place, MESSAGE)
    (draft,) = alerts(place)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/alerts?draft={draft.id}")
    assert (draft.status, draft.source, draft.level) == ("draft", "paste", "high")
    assert (draft.received_at, draft.scam_type) == (NOW, "customer_service")
    who = person(place, draft)
    assert (who.resident_name, who.sex, who.age, who.phone) == ("何女士", "f", 58, "13812345678")
    assert (who.unit, who.room, who.original) == ("2", "1204", MESSAGE)
    assert who.place_text == "合川紫荆园社区,甲苑3幢2单元1204"


def test_the_page_shows_what_was_taken_from_where_and_what_is_missing(
    place: Estate, doors: list[str]
) -> None:
    paste(
        place, "社区甲，甲苑3幢2单元 冯女士，62岁，疑似被骗，对方冒充客服退款，正在操作手机银行。"
    )
    page = panel(place.desk.get("/alerts").text)
    marks = re.findall(r"<mark[^>]*>([^<]*)</mark>", page)
    assert marks == ["社区甲", "甲苑3幢2单元", "冯女士", "62岁", "冒充客服退款"]
    assert words(page).count("消息里没写") == 3  # room, phone, amount
    assert "写的是社区甲，可能不是本社区的" in words(page)


def test_the_door_is_offered_with_its_reasons_and_chosen_when_it_is_clear(
    place: Estate, doors: list[str]
) -> None:
    paste(place, MESSAGE)
    page = panel(place.desk.get("/alerts").text)
    assert f'value="door:{doors[1]}" checked' in page
    for text in ("甲苑 3号楼 2-1204", "很像", "房号对上", "单元对上", "都不是"):
        assert text in words(page)


@pytest.mark.both_engines
def test_ten_messages_in_one_paste_become_ten_drafts(place: Estate) -> None:
    text = "\n".join(
        f"{n}. 甲苑{n}幢1单元101{name}女士，{50 + n}岁"
        for n, name in enumerate("何张王李赵钱孙周吴郑", 1)
    )
    paste(place, text)
    assert len(alerts(place, status="draft")) == 10
    page = words(panel(place.desk.get("/alerts").text))
    assert "第 1 条，共 10 条待核实" in page


def test_pasting_the_same_again_makes_nothing_twice(place: Estate, clock: Clock) -> None:
    paste(place, MESSAGE)
    paste(place, f"  {MESSAGE}\n")
    assert len(alerts(place)) == 1
    clock.advance(days=1)
    paste(place, MESSAGE)
    assert len(alerts(place)) == 2


def test_what_was_dropped_can_be_pasted_again(place: Estate) -> None:
    paste(place, MESSAGE)
    (draft,) = alerts(place)
    place.desk.submit(f"/alerts/{draft.id}/decide", what="drop")
    assert alerts(place)[0].status == "dropped"
    paste(place, MESSAGE)
    assert [one.status for one in alerts(place)] == ["dropped", "draft"]


@pytest.mark.parametrize("number", [CARD, "500382196503121231"])
def test_the_number_of_a_card_is_refused_with_a_sentence_and_the_text_stays(
    place: Estate, number: str
) -> None:
    answer = paste(place, f"1. 甲苑3幢何女士58岁\n2. 甲苑5幢张先生67岁，号码{number}")
    assert answer.status_code == 400
    assert "第 2 条：" in words(answer.text)
    assert number in answer.text
    assert alerts(place) == []


@pytest.mark.parametrize("text", ["", "   \n "])
def test_an_empty_paste_is_refused(place: Estate, text: str) -> None:
    answer = paste(place, text)
    assert answer.status_code == 400
    assert "什么都没写" in answer.text


def test_a_message_that_came_earlier_is_set_back_and_never_into_the_future(place: Estate) -> None:
    paste(place, "甲苑3幢何女士58岁", received_at="2026-11-23T08:40")
    assert alerts(place)[0].received_at == NOW - 20 * MINUTE
    answer = paste(place, "甲苑4幢张先生58岁", received_at="2026-11-23T10:00")
    assert answer.status_code == 400
    assert "收到时间晚于现在" in answer.text
    assert len(alerts(place)) == 1


def test_what_says_nothing_is_told_and_makes_no_draft(place: Estate) -> None:
    paste(place, "今日情况：\n1. 甲苑3幢何女士58岁\n2. 甲苑5幢张先生67岁\n陈警官 10:30: 收到")
    assert len(alerts(place)) == 2
    assert "收到" in words(place.desk.get("/alerts").text)


@pytest.mark.both_engines
def test_confirming_makes_it_an_alert_with_door_and_people(place: Estate, doors: list[str]) -> None:
    walker = place.volunteer()
    paste(place, MESSAGE)
    (draft,) = alerts(place)
    answer = place.desk.submit(
        f"/alerts/{draft.id}/decide", what="accept", choice=f"door:{doors[1]}",
        level="very_high", member=[walker.member_id], received_at="2026-11-23T08:55",
    )  # fmt: skip
    assert answer.status_code == 303
    (alert,) = alerts(place)
    assert (alert.status, alert.household_id, alert.level) == ("open", doors[1], "very_high")
    assert alert.received_at == NOW - 5 * MINUTE
    assert alert.deadline == alert.received_at + 30 * MINUTE
    with place.context():
        assert [row.member_id for row in workers(alert.id)] == [walker.member_id]


def test_confirming_without_a_door_or_people_leaves_it_to_the_team(place: Estate) -> None:
    paste(place, "何女士，58岁，疑似被骗，13812345678")
    (draft,) = alerts(place)
    page = panel(place.desk.get("/alerts").text)
    assert "没找到对得上的住户" in page
    place.desk.submit(f"/alerts/{draft.id}/decide", what="accept", choice="none")
    (alert,) = alerts(place)
    assert (alert.status, alert.household_id, alert.building_id) == ("open", None, None)


def test_fields_are_corrected_while_confirming_and_the_time_is_not_touched(place: Estate) -> None:
    paste(place, "何女士，58岁，疑似被骗")
    (draft,) = alerts(place)
    place.desk.submit(
        f"/alerts/{draft.id}/decide", what="accept", resident_name="贺女士", age="59",
        scam_type="task", received_at="2026-11-23T09:00", received_was="2026-11-23T09:00",
    )  # fmt: skip
    (alert,) = alerts(place)
    assert (person(place, alert).resident_name, alert.scam_type) == ("贺女士", "task")
    assert alert.received_at == NOW


@pytest.mark.both_engines
def test_a_repeat_offers_to_join_the_open_alert(place: Estate, doors: list[str]) -> None:
    with place.context():
        first = make_alert(place.hood, doors[1])
    paste(place, MESSAGE)
    draft = alerts(place)[1]
    page = panel(place.desk.get("/alerts").text)
    value = f"join:{first}:door:{doors[1]}"
    assert f'value="{value}"' in page
    assert "并入在办的 1 号" in page
    answer = place.desk.submit(f"/alerts/{draft.id}/decide", what="accept", choice=value)
    assert answer.headers["Location"] == f"/alerts/{first}"
    one, other = alerts(place)
    assert (one.status, other.status, other.outcome) == ("open", "closed", "duplicate")
    assert (other.household_id, other.repeat) == (doors[1], True)


@pytest.mark.both_engines
def test_what_is_not_ours_keeps_its_clock_until_somebody_signs(place: Estate) -> None:
    paste(place, "渝北区龙山社区3幢何女士58岁")
    (draft,) = alerts(place)
    answer = place.desk.submit(f"/alerts/{draft.id}/decide", what="elsewhere")
    assert answer.headers["Location"] == f"/alerts/{draft.id}"
    (alert,) = alerts(place)
    assert (alert.status, alert.outcome, alert.closed_at) == ("open", "not_ours", None)


def test_a_choice_that_is_none_changes_nothing(place: Estate) -> None:
    paste(place, MESSAGE)
    (draft,) = alerts(place)
    for choice in ("door:x", "join:x:door:y", f"door:{new_id()}", "level:high"):
        place.desk.submit(f"/alerts/{draft.id}/decide", what="accept", choice=choice)
    assert alerts(place)[0].status == "draft"


def test_nearest_volunteers_are_proposed_with_distance_and_load(
    place: Estate, doors: list[str], clock: Clock
) -> None:
    here = alerts_building(place, doors[0])
    far = place.building("9号楼", compound="甲苑", lat=29.99, lon=106.27)
    walks_here, near, away = place.volunteer(here), place.volunteer(), place.volunteer(far)
    (door,) = place.doors(far, ["101"])
    with place.context():
        make_alert(place.hood, doors[0], to=(walks_here,))
        place.hood.assign(near, far)
        place.hood.assign(near, here, until=NOW - MINUTE)
    place.push(near, visit(doors[2], at=NOW - 10 * MINUTE), now=NOW - 9 * MINUTE)
    place.push(away, visit(door, at=NOW - 10 * MINUTE), now=NOW - 9 * MINUTE)
    paste(place, MESSAGE)
    page = panel(place.desk.get("/alerts").text)
    helpers = re.findall(r'value="([^"]+)"( checked)? data-helper>.*?</label>', page, re.DOTALL)
    assert [one for one, checked in helpers if checked] == [walks_here.member_id, near.member_id]
    text = words(page)
    assert "负责这栋，手上 1 条" in text
    assert "约 0 米" in text
    assert re.search(r"约 1,1\d\d 米", text)
    assert "不看实时位置" in text
    assert "建预警，派给 2 人" in text
    with place.context():
        later = make_alert(place.hood, doors[1], to=(walks_here,))
    page = place.desk.get(f"/alerts/{later}").text
    helpers = re.findall(r'value="([^"]+)" data-helper>.*?</label>', page, re.DOTALL)
    assert helpers[0] == near.member_id, "who has it already is not proposed again"
    assert walks_here.member_id not in helpers
    assert re.search(r"约 1,1\d\d 米", words(page))


def alerts_building(place: Estate, door: str) -> str:
    from webapp.places.models import Household  # noqa: PLC0415

    return str(place.row(Household, door).building_id)


def test_drafts_of_others_are_masked_until_somebody_looks(app: Flask, place: Estate) -> None:
    with place.context():
        make_alert(
            place.hood, draft=True, source="api", resident_name="何丽娟", original=MESSAGE,
            phone="13812345678",
        )  # fmt: skip
    page = panel(place.desk.get("/alerts").text)
    assert "13812345678" not in page
    assert "138****5678" in page
    assert 'name="phone"' not in page
    (draft,) = alerts(place)
    place.desk.submit(f"/alerts/{draft.id}/reveal")
    assert "13812345678" in panel(place.desk.get("/alerts").text)


def test_the_form_makes_a_draft_and_only_one(place: Estate, doors: list[str]) -> None:
    assert "手工建一条" in place.desk.get("/alerts/new").text
    once = new_id()
    fields = {
        "once": once, "level": "very_high", "resident_name": "何秀英", "sex": "f", "age": "58",
        "compound": "甲苑", "building": "3", "unit": "2", "room": "1204", "amount": "1.5万",
        "scam_type": "task",
    }  # fmt: skip
    for _again in range(2):
        answer = place.desk.submit("/alerts/new", **fields)
        assert answer.status_code == 303
    (draft,) = alerts(place)
    assert (draft.source, draft.level, draft.amount) == ("form", "very_high", 1_500_000)
    assert person(place, draft).resident_name == "何女士"
    page = panel(place.desk.get("/alerts").text)
    assert f'value="door:{doors[1]}" checked' in page


def test_a_form_that_says_nothing_or_a_card_number_is_refused(place: Estate) -> None:
    assert place.desk.submit("/alerts/new", level="high").status_code == 400
    answer = place.desk.submit("/alerts/new", resident_name="何女士", text=f"卡号{CARD}")
    assert answer.status_code == 400
    assert "何女士" in answer.text
    assert place.desk.submit("/alerts/new", age="abc").status_code == 400
    assert alerts(place) == []


LIST = """某某分局预警劝阻名单
序号,预警编号,姓名,性别,年龄,联系电话,现住址,预警等级,诈骗类型,涉案金额,预警时间
1,YJ-1,何秀英,女,58,13812345678,合川紫荆园社区甲苑3幢2单元1204,高危,刷单返利,5万元,2026-11-23 08:30
2,YJ-2,张*,男,七十多,139,乙苑5幢1单元302,中,冒充公检法,78000,2026/11/23 8:10
3,YJ-3,,,,,,,,,
4,YJ-4,李某,女,30,13900139000,丙苑1幢,低,不明,,2027-01-01
5,YJ-5,赵某,女,30,6222021234567890128,丙苑1幢,低,贷款,,2026-11-23 08:00
"""


def upload(place: Estate, data: bytes, name: str = "名单.csv") -> Any:
    return place.desk.client.post(
        "/alerts/import",
        data={"csrf_token": place.desk.token, "file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_list_is_checked_first_with_every_problem_by_row_and_field(
    place: Estate, encoding: str
) -> None:
    answer = upload(place, LIST.encode(encoding))
    assert answer.status_code == 303
    page = words(place.desk.get(answer.headers["Location"]).text)
    assert "「年龄」没看懂" not in page
    assert "「联系电话」没看懂：139" in page
    assert "这一行没写是谁、住哪里" in page
    assert "「预警时间」晚于现在：2027-01-01" in page
    assert "「联系电话」里像是银行卡号" in page
    assert "导入 2 条" in page
    assert alerts(place) == []


@pytest.mark.both_engines
def test_importing_twice_makes_nothing_twice(place: Estate) -> None:
    for _again in range(2):
        where = upload(place, LIST.encode()).headers["Location"]
        assert place.desk.submit(f"{where}/start").status_code == 303
    one, other = alerts(place)
    assert (one.reference, one.source, one.status) == ("YJ-1", "import", "draft")
    assert (one.level, one.scam_type, one.amount) == ("high", "task", 5_000_000)
    assert one.received_at == NOW - 30 * MINUTE
    assert person(place, one).resident_name == "何女士"
    assert (person(place, other).age, other.level) == (70, "medium")


def test_a_row_without_a_number_of_its_own_is_known_by_what_it_says(place: Estate) -> None:
    text = "姓名,电话,地址\n何女士,13812345678,甲苑3幢2单元1204\n张先生,13912345678,甲苑5幢\n"
    for _again in range(2):
        where = upload(place, text.encode()).headers["Location"]
        place.desk.submit(f"{where}/start")
    assert len(alerts(place)) == 2


def test_a_column_that_was_not_recognised_can_be_chosen(place: Estate) -> None:
    where = upload(place, "谁,哪\n何女士,甲苑3幢2单元1204\n".encode()).headers["Location"]
    page = place.desk.get(where)
    assert page.status_code == 422
    assert "没认出" in words(page.text)
    place.desk.submit(f"{where}/columns", c0="name", c1="address")
    place.desk.submit(f"{where}/start")
    (draft,) = alerts(place)
    assert (person(place, draft).resident_name, person(place, draft).room) == ("何女士", "1204")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"PK\x03\x04rubbish"])
def test_what_is_no_list_is_refused_with_a_sentence(place: Estate, data: bytes) -> None:
    answer = upload(place, data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_a_list_of_another_community_is_not_there(app: Flask, place: Estate) -> None:
    where = upload(place, LIST.encode()).headers["Location"]
    other = estate(app, "乙社区")
    assert other.desk.get(where).status_code == 404
    assert other.desk.submit(f"{where}/start").status_code == 404


def test_a_draft_of_another_community_is_not_there(app: Flask, place: Estate) -> None:
    paste(place, MESSAGE)
    (draft,) = alerts(place)
    other = estate(app, "乙社区")
    answer = other.desk.submit(f"/alerts/{draft.id}/decide", what="accept")
    assert answer.status_code == 404
    assert "何女士" not in other.desk.get(f"/alerts?draft={draft.id}").text
    assert alerts(place)[0].status == "draft"


def test_every_page_is_there_in_english_too(place: Estate) -> None:
    paste(place, MESSAGE)
    for path in ("/alerts", "/alerts/new", "/alerts/import", "/alerts/tokens"):
        page = place.desk.get(f"{path}?lang=en").text
        assert "alerts.intake." not in page
        assert "alerts.tokens." not in page


def test_nothing_of_a_paste_counts_before_it_is_confirmed(place: Estate) -> None:
    paste(place, MESSAGE)
    with place.context(), db.reading() as session:
        open_ones = select(func.count()).select_from(Alert).where(Alert.status == "open")
        assert session.scalar(open_ones) == 0
