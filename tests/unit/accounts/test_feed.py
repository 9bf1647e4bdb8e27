"""What phones get of the community and its team."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.factories.accounts import User, make_community, make_member, make_person
from webapp.accounts import communities, feed, members, sequence
from webapp.accounts.actor import Actor
from webapp.core import db

DESK = Actor(session_hash=b"", seen_at=0, person_id=1, name="何静", role="admin")


def rows(app: Flask, community: int, since: int = 0) -> list[tuple[int, dict[str, Any]]]:
    """The bucket `community` from a number on."""
    with app.app_context(), db.reading() as session:
        return list(feed.community_rows(session, community, since))


def head(app: Flask, community: int) -> int:
    """The highest number given out."""
    with app.app_context(), db.reading() as session:
        return sequence.head(session, community)[0]


def end(app: Flask, community: int, user: User) -> None:
    """The member leaves."""
    with app.app_context(), db.writing() as session:
        members.end(session, DESK, community, str(user.member_id), now=1)


def test_a_new_phone_gets_community_and_team(app: Flask) -> None:
    community = make_community(app)
    user = make_member(app, community, name="张敏")
    found = [row for _, row in rows(app, community)]
    assert [row["kind"] for row in found] == ["community", "member"]
    assert found[0] == {
        "kind": "community",
        "id": community,
        "name": "紫荆园社区",
        "region": "重庆市/合川区/南津街街道",
        "timezone": "Asia/Shanghai",
        "publicity_target": 8500,
        "app_target": 8500,
        "headline": "publicity",
        "phone": None,
        "leaflet_default": 1,
    }
    assert found[1] == {
        "kind": "member",
        "id": user.member_id,
        "name": "张敏",
        "role": "volunteer",
    }


def test_every_row_has_a_number_of_its_own_and_none_comes_twice(app: Flask) -> None:
    community = make_community(app)
    for _ in range(3):
        make_member(app, community)
    numbers = [seq for seq, _ in rows(app, community)]
    assert len(set(numbers)) == len(numbers)
    assert rows(app, community, head(app, community)) == []


def test_who_is_pending_is_nobodys_business_but_their_own(app: Flask) -> None:
    community = make_community(app)
    user = make_member(app, community, status="pending")
    assert [row["kind"] for _, row in rows(app, community)] == ["community"]
    with app.app_context(), db.reading() as session:
        own = list(feed.own_member_rows(session, community, str(user.member_id), 0))
    assert own[0][1]["status"] == "pending"


def test_who_left_keeps_a_name_for_older_visits_and_a_declined_stranger_has_none(
    app: Flask,
) -> None:
    community = make_community(app)
    gone = make_member(app, community, name="老张")
    stranger = make_member(app, community, status="pending", name="陌生人")
    end(app, community, gone)
    end(app, community, stranger)
    left = [row for _, row in rows(app, community) if row["kind"] == "member"]
    assert left == [
        {
            "kind": "member",
            "id": gone.member_id,
            "name": "老张",
            "role": "volunteer",
            "status": "ended",
        }
    ]


def test_a_new_name_reaches_all_communities_of_the_person(app: Flask) -> None:
    places = [make_community(app, "甲"), make_community(app, "乙")]
    user = make_person(app, "旧名")
    for place in places:
        make_member(app, place, user=user)
    before = [head(app, place) for place in places]
    with app.app_context(), db.writing() as session:
        communities.rename(session, user.person_id, "新名")
    for place, since in zip(places, before, strict=True):
        assert [row["name"] for _, row in rows(app, place, since)] == ["新名"]


def test_changed_settings_come_as_one_row(app: Flask) -> None:
    community = make_community(app)
    since = head(app, community)
    with app.app_context(), db.writing() as session:
        communities.change_community(
            session,
            community,
            name="紫荆园",
            phone="96110",
            headline="app",
            publicity_target=9000,
            app_target=7000,
            leaflet_default=2,
        )
    assert [row["kind"] for _, row in rows(app, community, since)] == ["community"]
