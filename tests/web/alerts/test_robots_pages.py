"""Robots and the rota at the desk."""

from __future__ import annotations

import re

from flask import Flask

from tests.factories.places import Estate, estate

WECOM = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa"


def add(place: Estate, **fields: object) -> None:
    values = {
        "name": "值班群",
        "address": WECOM,
        "event": ["new"],
        "level": ["high"],
        "enabled": "1",
    }
    assert place.desk.submit("/settings/robots", **(values | fields)).status_code == 302


def robot_of(place: Estate) -> str:
    found = re.search(
        r"/settings/robots/([0-9a-f-]{36})/test", place.desk.get("/settings/robots").text
    )
    assert found is not None
    return found[1]


def test_a_robot_is_added_and_its_address_is_never_shown_again(place: Estate) -> None:
    add(place)
    page = place.desk.get("/settings/robots").text
    assert "值班群" in page
    assert "企业微信" in page
    assert "693a91f6" not in page


def test_a_trial_stands_in_the_log_until_the_worker_has_told_it(place: Estate) -> None:
    add(place)
    place.desk.submit(f"/settings/robots/{robot_of(place)}/test")
    page = place.desk.get("/settings/robots").text
    assert "试发" in page
    assert "等待发送" in page


def test_a_change_without_an_address_keeps_the_one_there_is(place: Estate) -> None:
    add(place)
    robot = robot_of(place)
    fields = {"name": "新名字", "address": "", "event": ["overdue"], "level": ["low"]}
    place.desk.submit(f"/settings/robots/{robot}", **fields)
    page = place.desk.get("/settings/robots").text
    assert "新名字" in page
    assert "停用" in page


def test_what_cannot_be_taken_is_said(place: Estate) -> None:
    for fields in (
        {"address": "http://evil"},
        {"name": ""},
        {"name": "x" * 61},
        {"per_minute": "0"},
    ):
        add(place, **fields)
        assert 'data-tone="error"' in place.desk.get("/settings/robots").text
    assert "还没有发过" in place.desk.get("/settings/robots").text


def test_a_rate_that_is_no_number_is_said(place: Estate) -> None:
    add(place, per_minute="viele")
    assert "每分钟条数" in place.desk.get("/settings/robots").text


def test_a_robot_of_another_community_is_not_found(app: Flask, place: Estate) -> None:
    other = estate(app, "别的社区")
    add(other)
    robot = robot_of(other)
    for act in ("", "/test", "/end"):
        assert place.desk.submit(f"/settings/robots/{robot}{act}", name="x").status_code == 404


def test_somebody_is_entered_into_the_rota_and_taken_out(place: Estate) -> None:
    phone = place.volunteer()
    fields = {"member": phone.member_id, "weekday": ["0", "5"], "start": "08:00", "end": "22:00"}
    place.desk.submit("/settings/duty", **fields)
    page = place.desk.get("/settings/duty").text
    assert page.count("08:00–22:00") == 2
    assert "正在值班" in page
    lines = re.findall(r"/settings/duty/([0-9a-f-]{36})/remove", page)
    place.desk.submit(f"/settings/duty/{lines[0]}/remove")
    assert place.desk.get("/settings/duty").text.count("08:00–22:00") == 1


def test_a_time_or_a_day_that_is_none_is_said(place: Estate) -> None:
    phone = place.volunteer()
    for fields in (
        {"weekday": "0", "start": "25:00"},
        {"day": "2026-02-31"},
        {"weekday": "9"},
        {"weekday": ["", "x"]},
    ):
        values = {"member": phone.member_id, "start": "08:00", "end": "22:00"} | fields
        assert place.desk.submit("/settings/duty", **values).status_code == 302
        assert 'data-tone="error"' in place.desk.get("/settings/duty").text
