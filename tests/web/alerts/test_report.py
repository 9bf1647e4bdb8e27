"""The monthly report: figures with their formulas, files without persons, notes of the month."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.conftest import Statements
from tests.factories.accounts import make_member, sign_in
from tests.factories.alerts import PERSON, attempt, make_alert, outcome
from tests.factories.field import DAY, NOW
from tests.factories.places import Estate, estate
from webapp.alerts.actions import record_all
from webapp.core import clock, db

Counting = Callable[[], AbstractContextManager[Statements]]
MOST_STATEMENTS = 12


def worked(place: Estate, count: int = 1, **fields: Any) -> None:
    """So many alerts that a volunteer with a name like a formula dissuaded at the door."""
    with place.context():
        volunteer = place.hood.volunteer()
        for _ in range(count):
            alert = make_alert(place.hood, to=(volunteer,), scam_type="romance", **fields)
            volunteer.push(
                attempt(alert, "door", "met"), outcome(alert, avoided=7_800_000, grade="bank")
            )


def test_a_community_without_alerts_sees_zeros_and_dashes(place: Estate) -> None:
    page = place.desk.get("/alerts/report").text
    assert "紫荆园社区 反诈工作月报" in page
    assert page.count("<select") == 2
    assert "–" in page


@pytest.mark.both_engines
def test_figures_stand_beside_their_formulas(place: Estate) -> None:
    worked(place, 3)
    page = place.desk.get("/alerts/report").text
    for told in ("杀猪盘", "23.4 万元", "劝阻成功 ÷（已办结", "按时 ÷（按时 + 超时）", "100.0"):
        assert told in page
    english = place.desk.get("/alerts/report?lang=en").text
    assert "Romance" in english or "romance" in english
    assert "Dissuaded ÷ (closed" in english


def test_nobodys_name_is_on_the_report_or_in_its_files(place: Estate) -> None:
    worked(place)
    for path in ("", "/alerts.csv", "/alerts.xlsx"):
        content = place.desk.get(f"/alerts/report{path}").data
        for secret in (PERSON["resident_name"], PERSON["phone"], PERSON["original"]):
            assert str(secret).encode() not in content


def test_the_csv_has_every_group_month_and_person(place: Estate) -> None:
    worked(place, 2)
    answer = place.desk.get("/alerts/report/alerts.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert 'filename="alerts-2026-11-2026-11.csv"' in answer.headers["Content-Disposition"]
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    bucket = next(line for line in lines if line and line[0] == "杀猪盘")
    assert bucket[1] == "2"
    assert any(line and line[0] == "合计" and line[1] == "2" for line in lines)


def test_the_workbook_has_numbers_as_numbers_and_a_frozen_head(place: Estate) -> None:
    worked(place, 2)
    content = place.desk.get("/alerts/report/alerts.xlsx").data
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "B2"
    heads = [cell.value for cell in sheet[1]]
    row = [cell.value for cell in sheet[2]]
    assert row[0] == "杀猪盘"
    assert row[heads.index("劝阻成功率")] == 100
    assert row[heads.index("避免损失 (银行确认)")] == 156_000


def test_a_person_whose_name_is_a_formula_is_a_text_in_the_files(app: Flask, place: Estate) -> None:
    evil = make_member(app, place.community_id, "coordinator", name="=cmd()")
    with place.context():
        alert = make_alert(place.hood)
    sign = sign_in(app, evil)
    assert sign.get("/alerts/report").status_code == 200
    with place.context():
        fields = {"type": "alert_attempt", "alert": alert, "channel": "door", "result": "met"}
        with db.writing() as session:
            record_all(
                session,
                place.community_id,
                [fields],
                member_id=str(evil.member_id),
                now=clock.now(),
            )
    assert "'=cmd()" in place.desk.get("/alerts/report/alerts.csv").data.decode()


def test_the_polices_number_and_the_plan_are_kept_for_their_month(place: Estate) -> None:
    fields = {"month": "2026-11", "cases": "3", "plan": "下月先讲刷单", "from": "2026-11"}
    assert place.desk.submit("/alerts/report/month", **fields).status_code == 302
    page = place.desk.get("/alerts/report").text
    assert "下月先讲刷单" in page
    assert 'value="3"' in page


def test_what_is_no_number_of_cases_is_refused_by_name(place: Estate) -> None:
    fields = {"month": "2026-11", "cases": "三", "plan": ""}
    answer = place.desk.submit("/alerts/report/month", **fields)
    assert answer.status_code == 400
    assert "警方通报案件数" in answer.text
    assert place.desk.submit("/alerts/report/month", month="x").status_code == 400


def test_months_that_make_no_sense_are_left_out(place: Estate) -> None:
    for query in ("?from=x&to=y", "?from=9999-99", "?to=" + "9" * 500, "?from=2026-12&to=2020-01"):
        assert place.desk.get("/alerts/report" + query).status_code == 200
    assert place.desk.get("/alerts/report/alerts.pdf").status_code == 404


def test_another_community_is_not_on_it(app: Flask, place: Estate) -> None:
    other = estate(app, "别的社区")
    worked(other, 4)
    assert "<b>4</b>" not in place.desk.get("/alerts/report").text


def test_the_report_costs_the_same_for_one_alert_and_for_many(
    place: Estate, query_count: Counting
) -> None:
    worked(place)
    with query_count() as few:
        place.desk.get("/alerts/report")
    worked(place, 12, received_at=NOW - 40 * DAY)
    with query_count() as many:
        place.desk.get("/alerts/report")
    assert few.count == many.count <= MOST_STATEMENTS
