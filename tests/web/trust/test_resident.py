"""The page that a leaflet leads to, and what residents send from it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256
from html import unescape
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.conftest import Clock, Statements
from tests.factories.accounts import SignedIn, make_community, make_member, sign_in
from tests.factories.field import Neighbourhood
from tests.web.trust.conftest import Door
from tests.web.trust.test_pages import picture
from tests.web.trust.test_verify import words
from webapp.alerts import actions
from webapp.alerts.models import Alert, AlertPerson
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.coverage.self_reported import SelfReport
from webapp.places.models import Building
from webapp.trust import proof


@pytest.fixture(autouse=True)
def _little_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """The browser's test does it all; here a handful of hashes will do."""
    monkeypatch.setattr(proof, "BITS", 6)


@pytest.fixture
def building(app: Flask, hood: Neighbourhood) -> str:
    """紫荆花园 3幢."""
    with app.app_context():
        building = hood.building("3幢")
        with db.writing() as session:
            session.execute(update(Building).values(compound="紫荆花园"))
    return building


def solved(task: str) -> str:
    """What a browser computes."""
    for answer in count():
        digest = int.from_bytes(sha256(f"{task}:{answer}".encode()).digest(), "big")
        if digest >> (256 - proof.BITS) == 0:
            return str(answer)
    raise AssertionError


def field(page: str, name: str) -> str:
    """The value of a form's field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, name
    return unescape(found[1])


@pytest.fixture
def send(door: Door, hood: Neighbourhood) -> Callable[..., TestResponse]:
    """Open a form, work for it, fill it in, send it."""

    def sending(what: str = "help", *, address: str | None = None, **given: str) -> TestResponse:
        path = f"/r/{hood.community_id}/{what}"
        page = door.get(path).text
        task = field(page, "task")
        filled = {"task": task, "csrf_token": field(page, "csrf_token"), "trap": ""}
        if "answer" not in given:
            filled["answer"] = solved(task)
        if what == "help":
            filled |= {"phone": "138 0000 0001", "building": "紫荆花园 3幢", "note": "不听劝"}
        return door.client.post(
            path,
            data=filled | given,
            environ_overrides={"REMOTE_ADDR": address or door.address},
        )

    return sending


def drafts(app: Flask) -> list[tuple[Alert, AlertPerson]]:
    """What the intake got."""
    with app.app_context(), db.reading() as session:
        rows = session.execute(
            select(Alert, AlertPerson).join(AlertPerson, AlertPerson.alert_id == Alert.id)
        )
        return [(alert, person) for alert, person in rows]


def reports(app: Flask) -> list[SelfReport]:
    """What was counted."""
    with app.app_context(), db.reading() as session:
        return list(session.scalars(select(SelfReport)))


def test_the_page_names_whom_to_call_and_three_tricks(door: Door, hood: Neighbourhood) -> None:
    page = door.get(f"/r/{hood.community_id}")
    said = words(page.text)
    assert page.text.count('class="card trick"') == 3
    for number in ("tel:110", "tel:96110", "tel:000-12345678"):
        assert number in page.text
    assert said.index("打 110") < said.index("核对敲门的人")
    assert f'href="/verify?c={hood.community_id}"' in page.text
    english = words(door.get(f"/r/{hood.community_id}", lang="en").text)
    assert not re.search("[\u4e00-\u9fff]", re.sub("甲社区|中文", "", english))


@pytest.mark.parametrize("path", ["", "/help", "/installed", "/thanks"])
def test_other_numbers_are_not_there(door: Door, hood: Neighbourhood, path: str) -> None:
    for other in (hood.community_id + 1, 2**31, 10**30):
        assert door.get(f"/r/{other}{path}").status_code == 404


@pytest.mark.both_engines
def test_a_referral_is_a_draft_without_a_running_clock(
    app: Flask, send: Callable[..., TestResponse], building: str, clock: Clock
) -> None:
    answer = send()
    assert answer.status_code == 303
    [(alert, person)] = drafts(app)
    assert (alert.source, alert.status, alert.building_id) == ("resident", "draft", building)
    assert person.contacts == [{"role": "neighbour", "phone": "13800000001"}]
    assert person.original == "不听劝"
    clock.advance(days=1)
    with app.app_context(), db.writing() as session:
        actions.confirm(session, alert.community_id, alert.id, who=None, now=clock.moment)
    [(taken, _)] = drafts(app)
    assert taken.received_at == clock.moment
    assert taken.deadline == clock.moment + product_clock.HOUR


def test_thanks_come_with_whom_to_call(
    send: Callable[..., TestResponse], door: Door, building: str
) -> None:
    page = door.client.get(send().headers["Location"])
    assert "收到了" in words(page.text)
    assert "tel:110" in page.text
    assert "13800000001" not in page.text


def test_a_building_may_be_said_in_ones_own_words(
    app: Flask, send: Callable[..., TestResponse], building: str
) -> None:
    send(building="超市对面那栋")
    send(building=" 3幢 ")
    [(first, person), (second, _)] = drafts(app)
    assert (first.building_id, person.place_text) == (None, "超市对面那栋")
    assert second.building_id == building


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"phone": "abc"}, "手机号不对"),
        ({"phone": ""}, "手机号不对"),
        ({"building": " "}, "请写他住的小区和楼栋"),
        ({"note": "他的卡 6222 0212 3456 7890 128"}, "卡号"),
    ],
)
def test_what_cannot_be_taken_is_said_and_what_was_typed_stays(
    app: Flask,
    send: Callable[..., TestResponse],
    building: str,
    given: dict[str, str],
    sentence: str,
) -> None:
    answer = send(**given)
    assert answer.status_code == 400
    assert sentence in words(answer.text)
    assert "不听劝" in answer.text or "note" in given
    assert drafts(app) == []


@pytest.mark.parametrize("what", ["help", "installed"])
def test_without_work_nothing_is_taken(
    app: Flask, send: Callable[..., TestResponse], building: str, what: str
) -> None:
    for answer in ("", "x", "-1", "9" * 30, "٣"):
        refused = send(what, answer=answer, building="紫荆花园 3幢")
        assert refused.status_code == 400
        assert "请再按一次" in words(refused.text)
    assert drafts(app) == []
    assert reports(app) == []


def test_a_task_counts_once_not_for_another_form_and_not_for_ever(
    app: Flask, door: Door, hood: Neighbourhood, building: str, clock: Clock
) -> None:
    path = f"/r/{hood.community_id}/help"
    page = door.get(path).text
    form = {
        "csrf_token": field(page, "csrf_token"),
        "task": field(page, "task"),
        "phone": "13800000001",
        "building": "3幢",
    }
    form["answer"] = solved(form["task"])
    other = door.client.post(f"/r/{hood.community_id}/installed", data=form)
    assert other.status_code == 400
    assert door.client.post(path, data=form).status_code == 303
    assert door.client.post(path, data=form).status_code == 400
    late = dict(form, task=field(door.get(path).text, "task"))
    late["answer"] = solved(late["task"])
    clock.advance(proof.LIFETIME + 1)
    assert door.client.post(path, data=late).status_code == 400
    forged = f"{clock.moment + 1000}.00.{late['task'].rpartition('.')[2]}"
    answer = {"task": forged, "answer": solved(forged)}
    assert door.client.post(path, data=late | answer).status_code == 400
    assert len(drafts(app)) == 1


def test_a_program_that_fills_every_field_is_thanked_and_forgotten(
    app: Flask, send: Callable[..., TestResponse], building: str
) -> None:
    assert send(trap="http://spam.example").status_code == 303
    assert drafts(app) == []


def test_one_address_sends_three_an_hour_and_a_community_gets_twenty(
    app: Flask, send: Callable[..., TestResponse], building: str
) -> None:
    assert [send().status_code for _ in range(4)] == [303] * 3 + [429]
    more = [send(address=f"192.0.2.{n // 3}").status_code for n in range(19)]
    assert more == [303] * 17 + [429] * 2
    assert len(drafts(app)) == 20


def test_a_referral_needs_the_token_of_its_own_page(
    app: Flask, door: Door, hood: Neighbourhood
) -> None:
    answer = door.client.post(f"/r/{hood.community_id}/help", data={"phone": "13800000001"})
    assert answer.status_code == 400
    assert drafts(app) == []


@pytest.mark.both_engines
def test_installed_is_counted_apart_and_shown_beside_the_coverage(
    app: Flask, send: Callable[..., TestResponse], hood: Neighbourhood, building: str
) -> None:
    with app.app_context():
        hood.door(building)
    desk = sign_in(app, make_member(app, hood.community_id, "coordinator"))
    before = desk.get("/api/v1/coverage").json
    assert "居民自报" not in desk.get("/coverage").text
    assert send("installed", building="3幢", unit="2单元").status_code == 303
    [report] = reports(app)
    assert (report.building_id, report.unit) == (building, "2单元")
    assert "另有居民自报已装 1 户" in words(desk.get("/coverage").text)
    assert "居民自报已装" in words(desk.get(f"/coverage/buildings/{building}").text)
    assert desk.get("/api/v1/coverage").json == before


def test_a_building_that_is_not_listed_is_not_counted(
    app: Flask, send: Callable[..., TestResponse], building: str
) -> None:
    answer = send("installed", building="99幢")
    assert answer.status_code == 400
    assert "请从列表里选" in words(answer.text)
    assert reports(app) == []


def test_a_posters_page_leads_to_its_own_building(
    door: Door, hood: Neighbourhood, building: str
) -> None:
    page = door.get(f"/verify/{building}").text
    link = f"/r/{hood.community_id}/installed?building={building}"
    assert link in page
    form = door.get(f"/r/{hood.community_id}/installed", building=building)
    assert 'value="紫荆花园 3幢"' in form.text
    assert door.get(f"/r/{hood.community_id}/installed", building="x").status_code == 200


def test_forms_say_to_call_where_there_is_no_script(door: Door, hood: Neighbourhood) -> None:
    for what in ("help", "installed"):
        page = door.get(f"/r/{hood.community_id}/{what}").text
        assert "<noscript>" in page
        assert re.search(r"<button[^>]*data-proof[^>]* disabled>", page)


def test_many_buildings_are_typed_not_listed(
    app: Flask,
    door: Door,
    hood: Neighbourhood,
    query_count: Callable[[], AbstractContextManager[Statements]],
) -> None:
    with app.app_context(), db.writing() as session:
        for n in range(601):
            session.add(
                Building(
                    community_id=hood.community_id,
                    id=f"0199d0c4-0000-7000-8000-{n:012}",
                    key=f"k{n}",
                    name=f"{n}幢",
                    created_at=1,
                )
            )
    with query_count() as statements:
        page = door.get(f"/r/{hood.community_id}/help").text
    assert "<option" not in page
    assert statements.count <= 3


@pytest.fixture
def desk(app: Flask, hood: Neighbourhood) -> SignedIn:
    """A coordinator of the community."""
    return sign_in(app, make_member(app, hood.community_id, "coordinator"))


@pytest.mark.both_engines
def test_a_caretaker_is_shown_to_residents_only_with_consent(
    app: Flask, desk: SignedIn, door: Door, building: str
) -> None:
    with app.app_context(), db.writing() as session:
        session.execute(update(Building).values(caretaker_name="吴姐", caretaker_role="网格员"))
    public = (f"/verify/{building}",)
    assert "吴姐" in desk.get("/badges/known").text
    assert not [path for path in public if "吴姐" in door.get(path).text]
    assert "吴姐" not in desk.get(f"/posters/{building}").text
    person = {"name": "吴姐", "role": "网格员"}
    desk.submit("/badges/known", act="agree", **person)
    assert [path for path in public if "吴姐" in door.get(path).text] == list(public)
    assert "吴姐" in desk.get(f"/posters/{building}").text
    photo = (io.BytesIO(picture()), "face.jpg")
    desk.submit("/badges/known", act="agree", photo=photo, **person)
    assert "data:image/jpeg" in door.get(f"/verify/{building}").text
    with app.app_context(), db.writing() as session:  # somebody else looks after it now
        session.execute(update(Building).values(caretaker_name="刘姐"))
    assert not re.search("吴姐|刘姐", door.get(f"/verify/{building}").text)
    with app.app_context(), db.writing() as session:
        session.execute(update(Building).values(caretaker_name="吴姐"))
    desk.submit("/badges/known", act="take_back", **person)
    assert "吴姐" not in door.get(f"/verify/{building}").text


def test_nobody_agrees_for_a_stranger(app: Flask, desk: SignedIn, building: str) -> None:
    assert desk.submit("/badges/known", act="agree", name="谁", role="").status_code == 404
    assert desk.submit("/badges/known", act="agree", name="", role="").status_code == 404
    other = sign_in(app, make_member(app, make_community(app, "乙社区"), "coordinator"))
    with app.app_context(), db.writing() as session:
        session.execute(update(Building).values(caretaker_name="吴姐", caretaker_role="网格员"))
    assert "吴姐" not in other.get("/badges/known").text
    assert other.submit("/badges/known", act="agree", name="吴姐", role="网格员").status_code == 404
