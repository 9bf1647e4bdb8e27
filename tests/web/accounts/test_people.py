"""The desk's page of people, and what a coordinator does there."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.conftest import Clock
from tests.factories.accounts import (
    SignedIn,
    make_community,
    make_member,
    make_person,
    sign_in,
)
from webapp.accounts.models import Audit, Device, Member
from webapp.core import db
from webapp.core.ids import new_id


@pytest.fixture
def desk(app: Flask) -> SignedIn:
    """A coordinator at the desk."""
    return sign_in(app, make_member(app, make_community(app), "coordinator", name="何静"))


def community(desk: SignedIn) -> int:
    """The desk's community."""
    return int(desk.answer["community"]["id"])


def test_who_is_pending_stands_on_top(app: Flask, desk: SignedIn) -> None:
    make_member(app, community(desk), name="老成员")
    make_member(app, community(desk), name="新来的", status="pending")
    page = desk.get("/people").text
    assert page.index("新来的") < page.index("老成员")


def test_confirming_on_the_page_lets_them_begin(app: Flask, desk: SignedIn) -> None:
    user = make_member(app, community(desk), status="pending")
    phone = sign_in(app, user, device=True)
    assert desk.submit(f"/people/{user.member_id}/confirm").status_code == 303
    assert phone.get("/api/v1/session").json["member"]["status"] == "active"


def test_confirming_twice_is_harmless_and_numbers_go_up(app: Flask, desk: SignedIn) -> None:
    user = make_member(app, community(desk), status="pending")
    before = _member(app, user.member_id).seq
    desk.submit(f"/people/{user.member_id}/confirm")
    once = _member(app, user.member_id)
    desk.submit(f"/people/{user.member_id}/confirm")
    assert _member(app, user.member_id).seq == once.seq > before
    assert once.confirmed_by == desk.answer["member"]["id"]


def test_ending_a_membership_shuts_out_its_devices(app: Flask, desk: SignedIn) -> None:
    user = make_member(app, community(desk))
    phone, page = sign_in(app, user, device=True), sign_in(app, user)
    desk.submit(f"/people/{user.member_id}/end")
    assert phone.get("/api/v1/session").json["code"] == "device_revoked"
    assert page.get("/api/v1/session").status_code == 401
    assert _member(app, user.member_id).status == "ended"


def test_who_left_cannot_sign_in_again(app: Flask, desk: SignedIn) -> None:
    user = make_member(app, community(desk))
    desk.submit(f"/people/{user.member_id}/end")
    with pytest.raises(AssertionError, match="no_membership"):
        sign_in(app, user, device=True)


def test_a_stranger_can_be_declined(app: Flask, desk: SignedIn) -> None:
    user = make_member(app, community(desk), status="pending")
    desk.submit(f"/people/{user.member_id}/end")
    member = _member(app, user.member_id)
    assert (member.status, member.confirmed_at) == ("ended", None)


def test_the_last_coordinator_stays(desk: SignedIn) -> None:
    own = desk.answer["member"]["id"]
    desk.submit(f"/people/{own}/end")
    desk.submit(f"/people/{own}/change", role="volunteer")
    assert "至少要有一位协调员" in desk.get("/people").text
    assert desk.get("/api/v1/session").json["member"]["role"] == "coordinator"


def test_marks_and_role_can_be_set(app: Flask, desk: SignedIn) -> None:
    user = make_member(app, community(desk))
    desk.submit(f"/people/{user.member_id}/change", role="coordinator", lead="on")
    member = _member(app, user.member_id)
    assert (member.role, member.lead, member.deputy) == ("coordinator", True, False)


def test_devices_show_what_waits_and_can_be_shut_out(app: Flask, desk: SignedIn) -> None:
    user, phone = make_member(app, community(desk)), new_id()
    session = sign_in(app, user, device=phone)
    with app.app_context(), db.writing() as writing:
        writing.get_one(Device, (community(desk), phone)).waiting = 7
    assert "7 条待上传" in desk.get("/people").text
    assert desk.submit(f"/people/devices/{phone}/revoke").status_code == 303
    assert session.get("/api/v1/session").status_code == 410


def test_a_volunteer_shuts_out_an_own_phone_but_nobody_elses(app: Flask, desk: SignedIn) -> None:
    mine, other = make_member(app, community(desk)), make_member(app, community(desk))
    phones = [new_id(), new_id()]
    sign_in(app, mine, device=phones[0])
    sign_in(app, other, device=phones[1])
    page = sign_in(app, mine)
    assert page.submit(f"/account/devices/{phones[0]}/revoke").status_code == 303
    assert page.submit(f"/account/devices/{phones[1]}/revoke").status_code == 404


def test_the_page_costs_the_same_for_two_and_for_forty_people(
    app: Flask, desk: SignedIn, query_count: object
) -> None:
    counts = []
    for size in (2, 40):
        for _ in range(size):
            sign_in(app, make_member(app, community(desk)), device=True)
        with query_count() as statements:  # type: ignore[operator]
            desk.get("/people")
        counts.append(statements.count)
    assert counts[0] == counts[1] <= 6


def test_what_is_done_to_people_is_written_down(app: Flask, desk: SignedIn) -> None:
    user = make_member(app, community(desk), status="pending")
    desk.submit(f"/people/{user.member_id}/confirm")
    desk.submit(f"/people/{user.member_id}/end")
    with app.app_context(), db.reading() as session:
        acts = [row.action for row in session.query(Audit).order_by(Audit.id)]
    assert acts == ["member_confirm", "member_end"]


def test_settings_of_the_community_are_kept_and_checked(app: Flask, desk: SignedIn) -> None:
    good = {
        "name": "紫荆园",
        "phone": "023-4280 0000",
        "headline": "app",
        "publicity_target": "90",
        "app_target": "70",
        "leaflet_default": "2",
    }
    desk.submit("/people/community", **good)
    for wrong in ({"app_target": "0"}, {"app_target": "x"}, {"headline": "y"}, {"name": " "}):
        desk.submit("/people/community", **{**good, **wrong})
    page = desk.get("/people").text
    assert 'value="02342800000"' in page
    assert 'value="90"' in page
    assert 'value="70"' in page


def test_an_administrator_makes_a_community_and_its_coordinator(app: Flask, clock: Clock) -> None:
    admin = sign_in(app, make_person(app, role="admin"))
    made = admin.submit(
        "/communities", name="新社区", region="重庆市 / 合川区", timezone="Asia/Shanghai"
    )
    place = made.headers["Location"]
    shown = admin.submit(f"{place}/invites", name="何静").headers["Location"]
    link = next(part for part in admin.get(shown).text.split('"') if "/app/join/" in part)
    client = app.test_client()
    joined = client.post(
        "/api/v1/join",
        json={
            "token": link.rsplit("/", 1)[1],
            "name": "何静",
            "phone": "13800000001",
            "password": "door by door",
        },
    )
    member = joined.json["member"]
    assert (member["role"], member["status"]) == ("coordinator", "pending")
    assert client.get("/people").status_code == 403
    assert admin.submit(f"{place}/members/{member['id']}/confirm").status_code == 303
    assert client.get("/people").status_code == 200


def _member(app: Flask, member_id: str | None) -> Member:
    with app.app_context(), db.reading() as session:
        member = session.query(Member).filter(Member.id == member_id).one()
        session.expunge(member)
        return member
