"""Addresses to places: geopy's own clients ask a geocoder on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from tests.factories.geocoders import Geocoder, geocoder
from tests.factories.places import Estate
from webapp.core import clock as product_clock
from webapp.core import db, geocoder_settings, jobs
from webapp.core.clock import MINUTE
from webapp.core.jobs import Job
from webapp.places.geocoding import asking, job
from webapp.places.imports import crs
from webapp.places.models import Building, BuildingClaim

REGION = "重庆市合川区南津街街道"
HERE = (29.9723, 106.2763)


@pytest.fixture
def knows() -> Iterator[Geocoder]:
    with geocoder() as running:
        yield running


def use(app: Flask, environ: dict[str, str]) -> None:
    settings = app.extensions["qiaomen.settings"]
    chosen = geocoder_settings.from_environment(environ)
    app.extensions["qiaomen.settings"] = replace(settings, geocoder=chosen)


def buildings(place: Estate, count: int, **fields: Any) -> list[str]:
    return [
        place.building(f"{n}幢", compound="紫荆园", address=f"南园路{n}号", **fields)
        for n in range(1, count + 1)
    ]


def start(place: Estate, prefix: str = REGION) -> Any:
    return place.desk.submit("/geocoding", prefix=prefix)


def work(place: Estate) -> Job:
    """Have the worker do what is queued; the last job."""
    with place.context():
        while jobs.run_one():
            pass
        with db.reading() as session:
            found = job.last(session, place.community_id)
            assert found is not None
            session.expunge(found)
    return found


def claims(place: Estate) -> list[BuildingClaim]:
    with place.context(), db.reading() as session:
        found = session.query(BuildingClaim).order_by(BuildingClaim.building_id).all()
        session.expunge_all()
    return found


@pytest.mark.both_engines
def test_answers_count_once_a_person_takes_them(app: Flask, place: Estate, knows: Geocoder) -> None:
    one, two, three = buildings(place, 3)
    use(app, knows.nominatim())
    knows.known = {
        f"{REGION}南园路1号": (*HERE, "南园路1号, 合川区"),
        f"{REGION}南园路2号": (HERE[0] + 1, HERE[1], "另一个南园路"),
    }
    page = place.desk.get("/geocoding").text
    assert f"<q>{REGION}南园路1号</q>" in page
    assert "查 3 栋的位置" in page
    assert start(place).status_code == 303
    done = work(place)
    assert (done.status, done.done, done.total) == ("done", 3, 3)
    assert (done.state["found"], done.state["unknown"]) == (2, 1)
    assert any("qiaomen" in agent for agent in knows.agents)
    assert place.row(Building, one).lat is None
    page = place.desk.get("/geocoding").text
    assert "上次找到 2 栋，1 栋没有结果" in page
    assert "另一个南园路" in page
    near, far = claims(place)
    place.desk.submit("/geocoding/answers", answer=[near.id], take="yes")
    place.desk.submit("/geocoding/answers", answer=[far.id], take="no")
    found = place.row(Building, one)
    assert (found.lat, found.lon) == HERE
    assert found.origins == {"location": "desk"}
    assert "OpenStreetMap" in found.attribution
    assert place.row(Building, two).lat is None
    assert place.row(Building, three).lat is None
    # What was declined is not asked again; what was unknown is.
    knows.asked.clear()
    start(place)
    work(place)
    assert knows.asked == [f"{REGION}南园路3号"]


@pytest.mark.parametrize("name", ["baidu", "baiduv3"])
def test_baidus_answers_are_moved_to_wgs84(
    app: Flask, place: Estate, knows: Geocoder, name: str
) -> None:
    (one,) = buildings(place, 1)
    use(app, knows.baidu(name))
    lon, lat = crs.from_wgs84(HERE[1], HERE[0], "bd09")
    assert abs(lat - HERE[0]) > 0.001
    knows.known = {f"{REGION}南园路1号": (lat, lon, "门址")}
    start(place)
    work(place)
    (claim,) = claims(place)
    assert claim.value["lat"] == pytest.approx(HERE[0], abs=2e-7)
    assert claim.value["lon"] == pytest.approx(HERE[1], abs=2e-7)
    place.desk.submit("/geocoding/answers", answer=[claim.id], take="yes")
    assert place.row(Building, one).attribution == "© Baidu"


def test_a_stopped_job_goes_on_and_asks_nothing_twice(
    app: Flask, place: Estate, knows: Geocoder
) -> None:
    buildings(place, 4)
    use(app, knows.nominatim())
    knows.known = {f"{REGION}南园路{n}号": (*HERE, "x") for n in range(1, 5)}
    start(place)
    with place.context():
        with db.reading() as session:
            queued = job.last(session, place.community_id)
            assert queued is not None
            job_id = queued.id
        # A worker that dies after two answers, its lease running out.
        settings = job.geocoder()
        assert settings is not None
        with db.writing() as session:
            session.get_one(Job, job_id).status = "running"
        for _n in range(2):
            assert job._step(job_id, asking.asker(settings))
        with db.writing() as session:
            session.get_one(Job, job_id).leased_until = product_clock.now() - MINUTE
    assert len(claims(place)) == 2
    assert "geocoding/" in place.desk.get("/geocoding").text
    figures = place.desk.get(f"/geocoding/{job_id}.json").json
    assert (figures["status"], figures["done"], figures["total"]) == ("running", 2, 4)
    assert start(place).status_code == 422
    done = work(place)
    assert (done.status, done.done, done.state["found"]) == ("done", 4, 4)
    assert sorted(knows.asked) == sorted(knows.known)
    assert place.desk.get("/geocoding/00000000-0000-7000-8000-000000000000.json").status_code == 404


def test_stopping_keeps_what_came_back(app: Flask, place: Estate, knows: Geocoder) -> None:
    buildings(place, 2)
    use(app, knows.nominatim())
    start(place)
    with place.context(), db.reading() as session:
        queued = job.last(session, place.community_id)
        assert queued is not None
    place.desk.submit(f"/geocoding/{queued.id}/stop")
    assert work(place).status == "stopped"
    assert knows.asked == []
    assert "可以接着问" in place.desk.get("/geocoding").text
    start(place)
    assert work(place).status == "done"


@pytest.mark.parametrize(
    ("refuse", "code", "said"),
    [
        ((200, {"status": 302, "message": "天配额超限"}), "quota", "额度用完了"),
        ((200, {"status": 240, "message": "APP 服务被禁用"}), "key", "不认密钥"),
        ((429, {}), "quota", "额度用完了"),
        ((403, {}), "key", "不认密钥"),
        ((500, {}), "service", "连不上"),
    ],
)
def test_a_geocoder_that_refuses_ends_the_job_with_a_reason(
    app: Flask,
    place: Estate,
    knows: Geocoder,
    monkeypatch: pytest.MonkeyPatch,
    refuse: tuple[int, dict[str, Any]],
    code: str,
    said: str,
) -> None:
    monkeypatch.setattr(asking, "PAUSE", 0.01)
    buildings(place, 3)
    use(app, knows.baidu())
    knows.known = {f"{REGION}南园路{n}号": (*HERE, "x") for n in range(1, 4)}
    knows.refuse, knows.after = refuse, 1
    start(place)
    done = work(place)
    assert (done.status, done.done, done.state["refused"]) == ("done", 1, code)
    assert said in place.desk.get("/geocoding").text
    assert "secret-key" not in place.desk.get("/geocoding").text
    assert len(claims(place)) == 1


def test_it_keeps_the_pace_that_is_set(app: Flask, place: Estate, knows: Geocoder) -> None:
    buildings(place, 4)
    use(app, knows.nominatim(GEOCODER_SECONDS="0.2"))
    start(place)
    began = time.monotonic()
    work(place)
    assert time.monotonic() - began >= 3 * 0.2


def test_doubtful_answers_are_not_ticked(app: Flask, place: Estate, knows: Geocoder) -> None:
    place.building("已有", lat=HERE[0], lon=HERE[1])
    buildings(place, 5)
    use(app, knows.nominatim())
    knows.known = {
        f"{REGION}南园路1号": (HERE[0] + 0.001, HERE[1], "近"),
        f"{REGION}南园路2号": (HERE[0] + 0.1, HERE[1], "远"),
        **{f"{REGION}南园路{n}号": (HERE[0], HERE[1] + 0.001, "小区") for n in (3, 4, 5)},
    }
    start(place)
    work(place)
    page = place.desk.get("/geocoding").text
    assert page.count('name="answer"') == 5
    assert page.count(" checked>") == 1
    assert "3 栋在同一点" in page
    assert "11,0" in page  # about 11 km from the middle


def test_only_buildings_without_a_place_are_asked_for_and_only_their_address(
    app: Flask, place: Estate, knows: Geocoder
) -> None:
    place.building("有位置", lat=HERE[0], lon=HERE[1], address="a")
    place.building("练习", practice=True, address="b")
    place.building("待命名", provisional=True, address="c")
    named = place.building("9幢", compound="紫荆园")
    place.doors(named, ["101"])
    use(app, knows.nominatim())
    start(place, "合川区")
    work(place)
    assert knows.asked == ["合川区紫荆园9幢"]


def test_an_address_that_is_the_whole_estates_is_asked_with_the_building(
    app: Flask, place: Estate, knows: Geocoder
) -> None:
    for n in (1, 2):
        place.building(f"{n}幢", compound="紫荆园", address="南园路8号")
    place.building("3幢", compound="紫荆园", address="南园路9号")
    use(app, knows.nominatim())
    start(place, "合川区")
    work(place)
    assert sorted(knows.asked) == [
        "合川区南园路8号紫荆园1幢",
        "合川区南园路8号紫荆园2幢",
        "合川区南园路9号",
    ]


def test_without_a_geocoder_it_says_so(app: Flask, place: Estate, knows: Geocoder) -> None:
    buildings(place, 1)
    assert "没有设置地址解析服务" in place.desk.get("/geocoding").text
    assert start(place).status_code == 422
    assert "1 栋没有位置" in place.desk.get("/buildings").text
    use(app, knows.nominatim())
    assert start(place, "长" * 121).status_code == 422
    place.set(Building, place.building("x"), lat=1.0, lon=1.0)
    start(place)
    work(place)
    place.desk.submit("/geocoding/answers", answer=["nonsense"], take="yes")


def test_the_command_queues_the_same_work(app: Flask, place: Estate, knows: Geocoder) -> None:
    buildings(place, 2)
    use(app, knows.nominatim())
    shell = app.test_cli_runner()
    done = shell.invoke(args=["geocode", "--community", str(place.community_id), "--json"])
    assert done.exit_code == 0
    assert '"buildings":2' in done.output
    again = shell.invoke(args=["geocode", "--community", str(place.community_id)])
    assert again.exit_code == 2
    assert work(place).done == 2
    nowhere = shell.invoke(args=["geocode", "--community", "99"])
    assert nowhere.exit_code == 2
    assert "Traceback" not in nowhere.output


def test_settings_that_cannot_be_used_are_refused_with_a_sentence() -> None:
    for environ, said in (
        ({"GEOCODER": "nobody"}, "GEOCODER"),
        ({"GEOCODER": "baiduv3"}, "GEOCODER_OPTIONS"),
        ({"GEOCODER": "baiduv3", "GEOCODER_OPTIONS": "key123"}, "GEOCODER_OPTIONS"),
        ({"GEOCODER": "baiduv3", "GEOCODER_OPTIONS": '["key123"]'}, "GEOCODER_OPTIONS"),
        ({"GEOCODER": "nominatim", "GEOCODER_SECONDS": "x"}, "GEOCODER_SECONDS"),
        ({"GEOCODER": "nominatim", "GEOCODER_SECONDS": "-1"}, "GEOCODER_SECONDS"),
        ({"GEOCODER": "nominatim", "GEOCODER_CRS": "mars"}, "GEOCODER_CRS"),
    ):
        with pytest.raises(ValueError, match=said) as caught:
            geocoder_settings.from_environment(environ)
        assert "key123" not in str(caught.value)
    found = geocoder_settings.from_environment(
        {"GEOCODER": "BaiduV3", "GEOCODER_OPTIONS": '{"api_key": "key123"}'}
    )
    assert found is not None
    assert (found.name, found.crs) == ("baiduv3", "bd09")
    assert "key123" not in repr(found)
    assert geocoder_settings.from_environment({}) is None
