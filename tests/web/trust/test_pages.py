"""The desk's pages about badges and posters."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from PIL import Image

from tests.conftest import Clock, Statements
from tests.factories.accounts import SignedIn, make_community, make_member, sign_in
from tests.factories.field import Neighbourhood
from tests.factories.trust import Badge, Resident, issue
from tests.web.trust.conftest import Door
from tests.web.trust.test_verify import words
from webapp.core import db, pictures
from webapp.core.ids import new_id
from webapp.trust import photos
from webapp.trust.models import BadgeNumber


@pytest.fixture
def desk(app: Flask, hood: Neighbourhood) -> SignedIn:
    """A coordinator of the community."""
    return sign_in(app, make_member(app, hood.community_id, "coordinator", name="何静"))


def picture(size: tuple[int, int] = (900, 1200), kind: str = "JPEG", **options: object) -> bytes:
    """A photo as a camera makes it."""
    out = io.BytesIO()
    Image.new("RGB", size, "#8ecab5").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.both_engines
def test_a_badge_is_given_out_suspended_and_ended_at_the_desk(
    app: Flask, desk: SignedIn, hood: Neighbourhood
) -> None:
    member = make_member(app, hood.community_id, name="周小甲")
    given = desk.submit("/badges", member=member.member_id)
    assert given.status_code == 303
    page = given.headers["Location"]
    assert "周小甲" in desk.get("/badges").text
    for act, state in (("suspend", "已停用"), ("resume", "有效"), ("revoke", "已作废")):
        assert desk.submit(f"{page}/{act}").status_code == 303
        assert f"{state}</span>" in desk.get(page).text
    assert desk.submit(f"{page}/suspend").status_code == 303
    assert "请另发一张" in desk.get(page).text


def test_everybody_gets_a_badge_with_one_press(
    app: Flask, desk: SignedIn, hood: Neighbourhood
) -> None:
    for _ in range(3):
        make_member(app, hood.community_id)
    assert "4 人还没有工作证" in words(desk.get("/badges").text)
    desk.submit("/badges")
    page = words(desk.get("/badges").text)
    assert "已给 4 人发证" in page
    assert "还没有工作证" not in page
    with app.app_context(), db.reading() as session:
        assert session.query(BadgeNumber).count() == 4


def test_a_late_volunteer_stands_on_top_and_checks_are_counted(
    app: Flask, desk: SignedIn, badge: Badge, clock: Clock
) -> None:
    with app.app_context():
        Resident().types(badge.number, badge.code(clock.moment), now=clock.moment)
        Resident().types(badge.number, "000000", now=clock.moment)
    page = words(desk.get("/badges").text)
    assert "1 张，现在 1 人在岗" in page
    assert re.search(r"09:00 起 09:00 1\b", page)
    log = words(desk.get(f"/badges/{badge.id}").text)
    assert "输编号和码 已确认" in log
    assert "输编号和码 不对" in log


def test_the_list_costs_the_same_for_three_and_for_sixty(
    app: Flask,
    desk: SignedIn,
    hood: Neighbourhood,
    query_count: Callable[[], AbstractContextManager[Statements]],
) -> None:
    counts = []
    for more in (3, 57):
        with app.app_context():
            for _ in range(more):
                issue(hood)
        with query_count() as statements:
            assert desk.get("/badges").status_code == 200
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 6


@pytest.mark.both_engines
def test_a_photo_is_cut_encoded_anew_and_shown_to_who_has_the_code(
    desk: SignedIn, badge: Badge, door: Door, clock: Clock
) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    upload = io.BytesIO(picture(exif=exif))
    answer = desk.submit(f"/badges/{badge.id}/photo", photo=(upload, "face.jpg"))
    assert answer.status_code == 303
    shown = desk.get(f"/badges/{badge.id}/photo").data
    assert b"SecretCamera" not in shown
    with Image.open(io.BytesIO(shown)) as face:
        assert (face.format, face.size, dict(face.getexif())) == ("JPEG", photos.SIZE, {})
    page = door.check(badge, clock).text
    assert 'src="data:image/jpeg;base64,' in page
    assert "门外的人和照片" in words(page)
    assert "data:image" not in door.check(badge, clock, code="000000").text
    desk.submit(f"/badges/{badge.id}/photo-gone")
    assert "data:image" not in door.check(badge, clock).text
    assert desk.get(f"/badges/{badge.id}/photo").status_code == 404


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_pictures_become_jpegs(kind: str) -> None:
    with Image.open(io.BytesIO(photos.encode(picture(kind=kind)))) as face:
        assert (face.format, face.size) == ("JPEG", photos.SIZE)


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        (b"", "请选一张照片"),
        (b"<svg onload='alert(1)'/>", "读不出这张照片"),
        (picture()[:2000], "读不出这张照片"),
        (picture(kind="GIF"), "读不出这张照片"),
        (picture((9000, 7000), "PNG"), "照片太大"),
    ],
    ids=["none", "svg", "cut", "gif", "pixels"],
)
def test_what_is_no_usable_photo_is_explained(
    desk: SignedIn, badge: Badge, upload: bytes, sentence: str
) -> None:
    file = (io.BytesIO(upload), "face.jpg" if upload else "")
    assert desk.submit(f"/badges/{badge.id}/photo", photo=file).status_code == 303
    assert sentence in words(desk.get(f"/badges/{badge.id}").text)


def test_no_more_is_read_of_a_photo_than_a_photo_may_have(
    desk: SignedIn, badge: Badge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 1_000)
    desk.submit(f"/badges/{badge.id}/photo", photo=(io.BytesIO(picture()), "face.jpg"))
    assert "照片太大" in words(desk.get(f"/badges/{badge.id}").text)


def test_a_sideways_photo_is_turned_upright() -> None:
    sideways = Image.new("RGB", (400, 200), "white")
    sideways.paste("red", (0, 0, 200, 200))
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x0112] = 6  # held upright: the left of the stored picture is its top
    sideways.save(out, "JPEG", exif=exif, quality=95)
    with Image.open(io.BytesIO(photos.encode(out.getvalue()))) as face:
        pixel = face.getpixel((176, 20))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200
    assert pixel[1] < 80


def test_the_work_phone_is_set_and_refused_when_it_is_none(desk: SignedIn, badge: Badge) -> None:
    page = f"/badges/{badge.id}"
    desk.submit(f"{page}/phone", phone="138 0000 0001")
    assert 'value="13800000001"' in desk.get(page).text
    desk.submit(f"{page}/phone", phone="ring me")
    text = desk.get(page).text
    assert "手机号不对" in text
    assert 'value="13800000001"' in text
    desk.submit(f"{page}/phone", phone="")
    assert 'name="phone" type="tel" maxlength="32" value=""' in desk.get(page).text


def test_a_poster_leads_to_its_own_building_and_shows_the_phone(
    app: Flask, desk: SignedIn, hood: Neighbourhood
) -> None:
    with app.app_context():
        building = hood.building("3号楼")
        hood.building("练习楼", practice=True)
    page = desk.get(f"/posters/{building}")
    assert "000-12345678" in page.text
    assert "3号楼" in page.text
    assert "<svg" in page.text.partition("poster-qr")[2]
    every = desk.get("/posters/print?compound=").text
    assert every.count('<section class="poster">') == 1
    assert "1" in words(desk.get("/posters").text)
    assert desk.get("/posters/print?compound=none").status_code == 404
    assert desk.get("/posters/print?compound=&from=999999999999999999999").status_code == 404
    assert desk.get("/posters/print?compound=&from=x").status_code == 200


def test_nothing_of_another_community_is_there(app: Flask, badge: Badge) -> None:
    other = make_community(app, "乙社区")
    stranger = sign_in(app, make_member(app, other, "coordinator"))
    for path in (f"/badges/{badge.id}", f"/badges/{badge.id}/photo"):
        assert stranger.get(path).status_code == 404
    for act in ("suspend", "revoke", "photo-gone", "phone"):
        assert stranger.submit(f"/badges/{badge.id}/{act}").status_code == 404
    assert stranger.submit("/badges", member=badge.phone.member_id).status_code == 404
    assert stranger.submit("/badges", member="x").status_code == 404
    assert stranger.get(f"/posters/{new_id()}").status_code == 404
    assert badge.shown not in stranger.get("/badges").text


@pytest.mark.both_engines
def test_a_phone_fetches_its_key_and_photo_by_the_api(app: Flask, hood: Neighbourhood) -> None:
    member = make_member(app, hood.community_id, name="周小甲")
    desk = sign_in(app, make_member(app, hood.community_id, "coordinator"))
    phone = sign_in(app, member, device=True)
    assert phone.post("/api/v1/badge/key", {}).status_code == 404
    desk.submit("/badges", member=member.member_id)
    answer = phone.post("/api/v1/badge/key", {})
    assert answer.status_code == 200
    assert re.fullmatch(r"甲-\d{4}", answer.json["number"])
    assert len(answer.json["key"]) == 28  # base64 of 20 bytes
    second = sign_in(app, member, device=True)
    refused = second.post("/api/v1/badge/key", {})
    assert (refused.status_code, refused.json["code"]) == (409, "badge_elsewhere")
    assert second.post("/api/v1/badge/key", {"move": True}).status_code == 200
    assert phone.get("/api/v1/badge/photo").status_code == 404
    upload = (io.BytesIO(picture()), "face.jpg")
    desk.submit(f"/badges/{answer.json['badge']}/photo", photo=upload)
    assert phone.get("/api/v1/badge/photo").mimetype == "image/jpeg"
    browser = sign_in(app, member)
    assert browser.post("/api/v1/badge/key", {}).status_code == 401
