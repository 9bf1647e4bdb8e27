"""The page of a community's alert settings."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from tests.factories.accounts import SignedIn, make_community, make_member, sign_in
from tests.factories.alerts import listed, make_alert
from tests.factories.field import MINUTE, NOW, Neighbourhood
from webapp.alerts import settings
from webapp.alerts.settings import AlertSettings
from webapp.alerts.settings_page import _values, read_form
from webapp.core import db

PAGE = "/settings/alerts"
DEFAULTS = _values(AlertSettings())


@pytest.fixture
def desk(app: Flask) -> SignedIn:
    return sign_in(app, make_member(app, make_community(app), "coordinator"))


def stored(app: Flask) -> AlertSettings:
    with app.app_context(), db.reading() as session:
        return settings.of(session, 1)


def test_the_form_of_the_defaults_is_the_defaults() -> None:
    assert read_form(MultiDict(DEFAULTS)) == AlertSettings()


def test_a_coordinator_sets_minutes_policy_days_and_retention(app: Flask, desk: SignedIn) -> None:
    assert 'name="minutes_very_high" value="30"' in desk.get(PAGE).text
    changed: dict[str, Any] = DEFAULTS | {
        "minutes_high": "45",
        "calls_high": "3",
        "follow_up_high": "7、1，1 14",
        "follow_up_low": "",
        "follow_ups_by": "lead",
        "escalation_deputy": "0",
        "kept_days": "90",
    }
    del changed["then_high_door"]
    answer = desk.submit(PAGE, **changed)
    assert (answer.status_code, answer.headers["Location"]) == (303, PAGE)
    found = stored(app)
    assert (found.minutes.high, found.minutes.very_high) == (45, 30)
    assert (found.policies.high.calls, found.policies.high.then) == (3, ["message"])
    assert (found.follow_ups.high, found.follow_ups.low) == ([1, 7, 14], [])
    assert (found.follow_ups_by, found.escalation.deputy, found.kept_days) == ("lead", 0, 90)
    assert 'name="follow_up_high" value="1, 7, 14"' in desk.get(PAGE).text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("minutes_high", "0", "「紧急 · 多久内联系上」请填 1 到 20160 的整数"),
        ("minutes_high", "", "「紧急 · 多久内联系上」"),
        ("minutes_low", "1e3", "「一般 · 多久内联系上」"),
        ("minutes_low", "-5", "「一般 · 多久内联系上」"),
        ("minutes_low", "٣", "「一般 · 多久内联系上」"),
        ("calls_medium", "10", "「较急 · 几次没接就换办法」请填 1 到 9 的整数"),
        ("escalation_lead", "x", "「组长 · 多久后通知」"),
        ("follow_up_high", "1, 0", "「高风险」的回访日请填 1 到 365 的整数"),
        ("follow_up_high", "a", "「高风险」的回访日"),
        ("follow_up_low", ",".join(map(str, range(1, 14))), "最多 12 个"),
        ("kept_days", "29", "「办结后保存」请填 30 到 3650 的整数"),
        ("audit_days", "182", "「操作日志保存」请填 183 到 3650 的整数"),
    ],
)
def test_what_cannot_be_is_said_with_its_field_and_stays_typed(
    app: Flask, desk: SignedIn, field: str, typed: str, sentence: str
) -> None:
    answer = desk.submit(PAGE, **(DEFAULTS | {field: typed, "minutes_very_high": "25"}))
    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'name="minutes_very_high" value="25"' in answer.text
    assert stored(app) == AlertSettings()


def test_only_coordinators_see_and_set_them(app: Flask, desk: SignedIn) -> None:
    volunteer = sign_in(app, make_member(app, 1))
    assert volunteer.get(PAGE).status_code == 403
    assert volunteer.submit(PAGE, **DEFAULTS).status_code == 403
    assert desk.client.post(PAGE, data=DEFAULTS).status_code == 400  # no token


def test_new_minutes_hold_for_new_alerts_and_reach_the_phones(app: Flask, desk: SignedIn) -> None:
    with app.app_context():
        hood = Neighbourhood(1)
        phone = hood.volunteer()
        first = make_alert(hood)
        phone.pull()
        row = phone.rows["community"]["alert_settings", settings.ROW_ID]
        assert row["minutes"] == {"very_high": 30, "high": 60, "medium": 240, "low": 1440}
    desk.submit(PAGE, **(DEFAULTS | {"minutes_high": "20"}))
    with app.app_context():
        second = make_alert(hood)
        found = listed(phone)
        assert found[first]["deadline"] == NOW + 60 * MINUTE
        assert found[second]["deadline"] == NOW + 20 * MINUTE
        row = phone.rows["community"]["alert_settings", settings.ROW_ID]
        assert row["minutes"]["high"] == 20
