"""Pages that everybody has, in both languages and in strange circumstances."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Clock
from tests.factories.accounts import (
    PASSWORD,
    SignedIn,
    User,
    make_community,
    make_member,
    make_person,
    sign_in,
)
from webapp.accounts import members
from webapp.accounts.actor import Actor
from webapp.core import db
from webapp.core.settings import Settings


def token_of(page: str) -> str:
    """The form token on a page."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found.group(1)


def enter(client: FlaskClient, login: str, password: str = PASSWORD, **fields: str) -> str:
    """Sign in by the form; where it leads."""
    token = token_of(client.get("/sign-in?other=1").text)
    form = {"csrf_token": token, "login": login, "password": password, **fields}
    answer = client.post("/sign-in", data=form)
    return answer.headers.get("Location") or f"{answer.status_code} {answer.text}"


def test_signing_in_by_the_form_leads_to_the_work(app: Flask, client: FlaskClient) -> None:
    user = make_member(app, make_community(app), "coordinator")
    assert enter(client, user.login) == "/"
    assert client.get("/").headers["Location"] == "/coverage"


def test_a_wrong_password_keeps_the_login_and_says_so(app: Flask, client: FlaskClient) -> None:
    user = make_member(app, make_community(app))
    answer = enter(client, user.login, "wrong")
    assert answer.startswith("401")
    assert "账号或密码不对" in answer
    assert f'value="{user.login}"' in answer


def test_what_was_typed_cannot_break_out_of_the_page(client: FlaskClient) -> None:
    answer = enter(client, '"><script>alert(1)</script>', "x")
    assert "<script>alert" not in answer


def test_the_form_is_locked_like_the_api(app: Flask, client: FlaskClient) -> None:
    user = make_member(app, make_community(app))
    for _ in range(5):
        enter(client, user.login, "wrong")
    assert "15 分钟" in enter(client, user.login)


def test_somebody_with_two_communities_chooses_and_may_change(
    app: Flask, client: FlaskClient
) -> None:
    first, second = make_community(app, "甲社区"), make_community(app, "乙社区")
    user = make_member(app, first, "coordinator")
    make_member(app, second, "coordinator", user=user)
    assert enter(client, user.login, next="/people") == "/choose-community?next=%2Fpeople"
    assert client.get("/people").headers["Location"].startswith("/choose-community")
    for community, name in ((first, "甲社区"), (second, "乙社区")):
        token = token_of(client.get("/choose-community").text)
        form = {"csrf_token": token, "community": community, "next": "/people"}
        assert client.post("/choose-community", data=form).headers["Location"] == "/people"
        assert name in client.get("/people").text


def test_a_community_of_others_cannot_be_chosen(app: Flask) -> None:
    desk = sign_in(app, make_member(app, make_community(app), "coordinator"))
    other = make_community(app, "乙")
    for value in (str(other), "", "x", "99999999999999999999"):
        assert desk.submit("/choose-community", community=value).status_code == 403
    assert desk.get("/people").status_code == 200


def test_a_phone_keeps_its_community(app: Flask) -> None:
    first, second = make_community(app, "甲"), make_community(app, "乙")
    user = make_member(app, first)
    make_member(app, second, user=user)
    phone = sign_in(app, user, device=True, community=first)
    assert phone.submit("/choose-community", community=second).status_code == 409


def test_signing_out_by_the_form(app: Flask) -> None:
    desk = sign_in(app, make_member(app, make_community(app), "coordinator"))
    assert desk.submit("/sign-out").headers["Location"] == "/sign-in"
    assert desk.get("/people").status_code == 302


@pytest.fixture
def own(app: Flask) -> tuple[SignedIn, User]:
    """A volunteer on a page."""
    user = make_member(app, make_community(app), name="张敏")
    return sign_in(app, user), user


def test_a_new_password_ends_all_other_sessions(app: Flask, own: tuple[SignedIn, User]) -> None:
    page, user = own
    phone = sign_in(app, user, device=True)
    done = page.submit("/account/password", present=PASSWORD, password="stair by stair")
    assert done.status_code == 303
    assert page.get("/account").status_code == 200
    assert phone.get("/api/v1/session").status_code == 401
    assert enter(app.test_client(), user.login, "stair by stair") == "/"


def test_the_present_password_is_asked_and_cannot_be_guessed(own: tuple[SignedIn, User]) -> None:
    page, _ = own
    for _ in range(5):
        answer = page.submit("/account/password", present="wrong", password="stair by stair")
        assert answer.status_code == 403
        assert "现在的密码不对" in answer.text
    locked = page.submit("/account/password", present=PASSWORD, password="stair by stair")
    assert locked.status_code == 429


def test_a_short_new_password_is_refused(own: tuple[SignedIn, User]) -> None:
    answer = own[0].submit("/account/password", present=PASSWORD, password="short")
    assert answer.status_code == 400
    assert "密码至少 8 位" in answer.text


def test_name_and_language_are_ones_own_to_set(own: tuple[SignedIn, User]) -> None:
    page, _ = own
    page.submit("/account/profile", name="张 小敏", language="en")
    shown = page.get("/account").text
    assert 'lang="en"' in shown
    assert 'value="张 小敏"' in shown
    assert page.get("/api/v1/session").json["person"]["name"] == "张 小敏"
    assert page.submit("/account/profile", name="", language="en").status_code == 400
    assert page.submit("/account/profile", name="x", language="xx").status_code == 400


def test_a_language_that_was_chosen_stays(client: FlaskClient) -> None:
    assert "您好" in client.get("/sign-in").text
    english = client.get("/sign-in?lang=en")
    assert "Welcome" in english.text
    assert "Welcome" in client.get("/sign-in").text
    assert "您好" in client.get("/sign-in?lang=zh").text
    assert "您好" in client.get("/sign-in?lang=xx").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_is_complete_in_both_languages(app: Flask, language: str) -> None:
    community = make_community(app)
    for status in ("pending", "active"):
        sign_in(app, make_member(app, community, status=status), device=True)
    gone = make_member(app, community)
    with app.app_context(), db.writing() as session:
        nobody = Actor(session_hash=b"", seen_at=0, person_id=1, name="")
        members.end(session, nobody, community, str(gone.member_id), now=1)
    desk = sign_in(app, make_member(app, community, "coordinator"))
    admin = sign_in(app, make_person(app, role="admin"))
    made = desk.post("/api/v1/invites", {}).json["id"]
    pages = [
        (desk, path)
        for path in (
            "/people",
            "/people/pending",
            f"/people/invites/{made}",
            "/account",
            "/choose-community",
            "/sign-in?other=1",
            "/nowhere",
        )
    ] + [
        (admin, path)
        for path in ("/communities", f"/communities/{community}", "/account", "/choose-community")
    ]
    for who, path in pages:
        who.client.set_cookie("qm_lang", language)
        text = who.get(path).text
        untranslated = re.findall(r">\s*(?:accounts|error|desk)\.[a-z_.]+", text)
        assert untranslated == [], path
        assert not re.search(r'(?:label|title|alt)="(?:accounts|error|desk)\.', text), path
        assert "style=" not in text, path
        assert not re.search(r"<script(?![^>]*src=)", text), path
        if path != "/people/pending":
            assert re.search(r"<title>[^<]+ · ", text), path


def test_pages_of_persons_are_never_kept_by_browsers(own: tuple[SignedIn, User]) -> None:
    for path in ("/account", "/sign-in?other=1", "/api/v1/session"):
        assert own[0].get(path).headers["Cache-Control"] == "no-store"


def test_every_answer_carries_the_policy(app: Flask, own: tuple[SignedIn, User]) -> None:
    for path in ("/account", "/nowhere", "/api/v1/session", "/api/v1/nowhere", "/people"):
        headers = own[0].get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


def test_https_means_secure_cookies_and_strict_transport(
    settings: Settings, app: Flask, client: FlaskClient
) -> None:
    user = make_member(app, make_community(app))
    object.__setattr__(settings, "public_url", "https://qiaomen.example")
    answer = client.post(
        "/api/v1/session",
        json={"login": user.login, "password": PASSWORD},
        base_url="https://qiaomen.example",
    )
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    cookie = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("qm_session="))
    assert "Secure" in cookie


def test_mistakes_are_answered_in_the_askers_manner(app: Flask, client: FlaskClient) -> None:
    api = client.get("/api/v1/nowhere")
    assert (api.status_code, api.json["code"]) == (404, "not_found")
    page = client.get("/nowhere")
    assert page.mimetype == "text/html"
    assert "没有找到这一页" in page.text
    assert 'href="/"' in page.text
    wrong = client.put("/api/v1/session")
    assert (wrong.status_code, wrong.json["code"]) == (405, "method_not_allowed")
    assert "POST" in wrong.headers["Allow"]


def test_a_server_error_tells_nothing_and_leaves_a_way_out(settings: Settings, app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    rules = ("/api/v1/breaks", "/breaks")

    def breaks() -> str:
        raise RuntimeError("a secret")

    view = app.view_functions["accounts.sign_in"]
    breaks.__dict__.update(view.__dict__)
    for number, rule in enumerate(rules):
        app.add_url_rule(rule, f"breaks{number}", breaks)
    api, page = (app.test_client().get(rule) for rule in rules)
    assert api.status_code == page.status_code == 500
    assert api.json["code"] == "server"
    assert "secret" not in api.text + page.text
    assert "再试一次" in page.text


def test_an_expired_form_is_explained(app: Flask, own: tuple[SignedIn, User]) -> None:
    answer = own[0].client.post("/account/profile", data={"name": "x"})
    assert answer.status_code == 400
    assert "页面放得太久" in answer.text


def test_a_foreign_page_cannot_post_a_form(own: tuple[SignedIn, User], clock: Clock) -> None:
    page, _ = own
    answer = page.client.post(
        "/account/profile",
        data={"csrf_token": page.token, "name": "x"},
        headers={"Origin": "https://evil.example"},
    )
    assert answer.status_code == 403
