"""Training sessions: recorded by phones and at the desk, counted, taken back, in files."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.field import NOW, Phone, op, void
from tests.factories.places import Estate, estate
from webapp.core import clock as clocks
from webapp.core import db
from webapp.core.ids import new_id
from webapp.operations.models import Operation
from webapp.sessions import queries

TODAY = clocks.day_of(NOW, "Asia/Shanghai").isoformat()
SAID: dict[str, Any] = {
    "place": "小区广场",
    "partner": "bank",
    "residents": 42,
    "workers": 5,
    "leaflets": {"general": 40, "app": 10},
    "topics": ["task", "investment", "task"],
}


@pytest.fixture
def phone(place: Estate) -> Phone:
    return place.volunteer()


def totals(place: Estate) -> queries.Totals:
    with place.context(), db.reading() as session:
        return queries.together(queries.totals(session, place.community_id))


@pytest.mark.both_engines
def test_a_session_counts_once_until_it_is_taken_back(place: Estate, phone: Phone) -> None:
    sent = op("session_log", **SAID)
    with place.context():
        assert phone.statuses(sent, sent) == ["accepted", "duplicate"]
    assert totals(place) == queries.Totals(1, 42, 5, 50)
    page = place.desk.get("/sessions").text
    assert "1 场，居民 42 人次，传单 50 份" in page
    assert "小区广场" in page
    with place.context():
        assert phone.statuses(void(sent)) == ["accepted"]
    assert totals(place) == queries.Totals()
    assert "小区广场" not in place.desk.get("/sessions").text


@pytest.mark.both_engines
def test_a_void_that_comes_first_counts_too(place: Estate, phone: Phone) -> None:
    sent = op("session_log", **SAID)
    with place.context():
        assert phone.statuses(void(sent)) == ["waiting"]
        assert phone.statuses(sent) == ["accepted"]
    assert totals(place) == queries.Totals()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"place": " "}, "held:invalid:place"),
        ({"place": "a\u0000b"}, "held:invalid:place"),
        ({"place": "x" * 121}, "held:invalid:place"),
        ({"residents": -1}, "held:invalid:residents"),
        ({"residents": 5_001}, "held:invalid:residents"),
        ({"partner": "club"}, "held:invalid:partner"),
        ({"topics": ["nothing"]}, "held:invalid:topics"),
        ({"leaflets": {"a": 9_000, "b": 9_000}}, "held:invalid:leaflets"),
        ({"note": "x" * 501}, "held:invalid:note"),
        ({"something": 1}, "held:not_understood"),
    ],
)
def test_what_cannot_be_is_held_and_never_lost(
    place: Estate, phone: Phone, change: dict[str, object], status: str
) -> None:
    with place.context():
        assert phone.statuses(op("session_log", **(SAID | change))) == [status]
    assert totals(place) == queries.Totals()
    assert "session_log" in str(stored(place))


def stored(place: Estate) -> list[str]:
    with place.context(), db.reading() as session:
        statement = select(Operation.type).where(Operation.community_id == place.community_id)
        return list(session.scalars(statement))


def test_a_note_with_a_personal_number_is_taken_and_warned_of(place: Estate, phone: Phone) -> None:
    with place.context():
        result = phone.send(op("session_log", **SAID, note="电话13812345678"))
    assert (result.status, result.warning) == ("accepted", "personal_number")


@pytest.mark.both_engines
def test_the_desk_records_one_and_sending_the_form_twice_records_one(place: Estate) -> None:
    form = {
        "once": new_id(), "place": "银行大厅", "day": TODAY, "time": "08:30", "partner": "bank",
        "residents": "30", "workers": "", "leaflets": "25", "topic": ["task", "loan"], "note": "",
    }  # fmt: skip
    for _ in range(2):
        assert place.desk.submit("/sessions", **form).status_code == 303
    assert totals(place) == queries.Totals(1, 30, 0, 25)
    lines = list(csv.DictReader(io.StringIO(
        place.desk.get(f"/sessions/file.csv?month={TODAY[:7]}").data.decode("utf-8-sig")
    )))  # fmt: skip
    assert [list(line.values())[:6] for line in lines] == [
        [f"{TODAY} 08:30", "银行大厅", "银行", "30", "0", "25"]
    ]
    assert place.desk.get("/sessions/file.xlsx").data[:2] == b"PK"
    assert "没有宣讲记录" in place.desk.get("/sessions?month=2020-01").text
    assert place.desk.get("/sessions?month=x").status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"place": ""}, "请写地点"),
        ({"day": "2026-13-40"}, "日期或时间不对"),
        ({"day": "2027-01-01"}, "日期或时间不对"),
        ({"residents": "many"}, "居民人数填"),
        ({"residents": "9999"}, "居民人数填"),
        ({"partner": "club"}, "合作单位不在列表里"),
        ({"note": "x" * 501}, "备注最多"),
    ],
)
def test_a_form_that_makes_no_sense_is_told_and_keeps_what_was_typed(
    place: Estate, change: dict[str, str], words: str
) -> None:
    form = {"once": new_id(), "place": "银行大厅", "day": TODAY, "time": "08:00"} | change
    page = place.desk.submit("/sessions", **form)
    assert page.status_code == 422
    assert words in page.text
    assert form["place"] in page.text
    assert totals(place) == queries.Totals()


def test_a_form_that_was_sent_and_changed_is_told_so(place: Estate) -> None:
    form = {"once": new_id(), "place": "银行大厅", "day": TODAY, "time": "08:00"}
    place.desk.submit("/sessions", **form, residents="5")
    page = place.desk.submit("/sessions", **form, residents="6")
    assert page.status_code == 422
    assert "已经记过，内容和这次不同" in page.text
    assert totals(place).residents == 5


@pytest.mark.both_engines
def test_the_desk_takes_one_back_and_only_its_own(
    place: Estate, phone: Phone, clock: Clock
) -> None:
    sent = op("session_log", **SAID)
    place.push(phone, sent)
    other = estate(place.app, "别的社区")
    assert other.desk.submit(f"/sessions/{sent.id}/void").status_code == 404
    assert "小区广场" not in other.desk.get("/sessions").text
    for _ in range(2):
        assert place.desk.submit(f"/sessions/{sent.id}/void").status_code == 303
        clock.advance(minutes=3)  # the page was left open
    assert totals(place) == queries.Totals()


def test_a_campaign_labels_sessions_and_plans(place: Estate, phone: Phone) -> None:
    plan = {"year": TODAY[:4], "for": "community", "measure": "homes", "target": "900",
            "weekday": ["0", "1"], "campaign": "全民反诈月"}  # fmt: skip
    place.desk.submit("/plans", **plan)
    assert '<option value="全民反诈月">' in place.desk.get("/sessions").text
    with place.context():
        phone.pull()
    rows = [row for (kind, _), row in phone.rows["community"].items() if kind == "campaign"]
    assert [(row["name"], row["year"]) for row in rows] == [("全民反诈月", int(TODAY[:4]))]
    place.push(phone, op("session_log", **SAID, campaign="全民反诈月", note="下次早点开始"))
    place.push(phone, op("session_log", place="学校", residents=30))
    page = place.desk.get("/sessions").text
    assert page.count("全民反诈月</span>") == 2  # beside the session, and in the sums
    assert "下次早点开始" in page
    lines = place.desk.get("/sessions/file.csv").get_data().decode("utf-8-sig")
    assert "全民反诈月" in lines
    assert "下次早点开始" in lines
    once = {"once": new_id(), "place": "银行", "day": TODAY, "time": "08:00", "campaign": "字" * 61}
    refused = place.desk.submit("/sessions", **once)
    assert refused.status_code == 422
    assert "活动名称最多 60 个字" in refused.text
    place.desk.submit(f"/plans/{rows[0]['id']}/withdraw")
    with place.context():
        phone.pull()
    rows = [row for (kind, _), row in phone.rows["community"].items() if kind == "campaign"]
    assert [row["name"] for row in rows] == [""]
    with place.context():
        assert phone.statuses(op("session_log", place="x", campaign="a\u0007")) == [
            "held:invalid:campaign"
        ]


def test_the_report_says_what_sessions_add_up_to(place: Estate, phone: Phone) -> None:
    place.push(phone, op("session_log", **SAID), op("session_log", place="学校", residents=30))
    page = place.desk.get("/reports?kind=day").text
    assert "2 场" in page
    assert "72" in page
    assert "2 场" not in place.desk.get("/reports?kind=day&first=2026-01-05&last=2026-01-05").text
