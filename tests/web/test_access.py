"""Closed unless listed: every route, with everybody, from everywhere."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tests.factories.accounts import (
    SignedIn,
    User,
    make_community,
    make_member,
    make_person,
    sign_in,
)
from webapp.accounts import access, communities
from webapp.app import create_app
from webapp.core import db
from webapp.core.ids import new_id
from webapp.core.settings import Settings

ROLES = ("volunteer", "coordinator", "supervisor", "admin")
SECRET = "乙社区的秘密"
PUBLIC = {
    "static",
    "accounts.sign_in",
    "accounts.open_session",
    "accounts_api.sign_in",
    "accounts_api.read_invite",
    "accounts_api.read_code",
    "accounts_api.join",
    "alert_posts.post",  # asks for a token of its own
    "alert_posts.status",
}
PUBLIC_PACKAGES = {"pwa", "verify", "resident"}
"""What shows nobody's data (the shell, the worker, the manifest), or only to who knows a code."""


def routes(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every rule with every method that does something."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if rule.endpoint != "static":
                yield rule, method


def address(rule: Rule, **ids: object) -> str:
    """The rule's address; unknown ids where none is given."""

    def fill(match: re.Match[str]) -> str:
        converter, _, name = match.group(1).rpartition(":")
        if name in ids:
            return str(ids[name])
        return "999999" if converter.startswith("int") else new_id()

    return re.sub(r"<([^<>]+)>", fill, rule.rule)


def ask(client: FlaskClient, method: str, path: str, token: str = "") -> tuple[int, str]:
    """Send it; a program sends JSON, a page a form."""
    headers = {"X-CSRFToken": token} if token else {}
    if path.startswith("/api/"):
        answer = client.open(path, method=method, json={}, headers=headers)
    else:
        data = {} if method == "GET" else {"csrf_token": token}
        answer = client.open(path, method=method, data=data, headers=headers)
    body = answer.data
    answer.close()
    return answer.status_code, readable(body)


def readable(body: bytes) -> str:
    """An answer as text, also what is packed into a spreadsheet."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with ZipFile(io.BytesIO(body)) as archive:
        return "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())


def make_user(app: Flask, role: str, community: int) -> User:
    """Somebody of that role."""
    if role in communities.MEMBER_ROLES:
        return make_member(app, community, role)
    return make_person(app, role=role, region="重庆市")


def test_every_endpoint_says_who_may_use_it(app: Flask) -> None:
    silent = [
        rule.endpoint for rule, _ in routes(app) if access.rule_of(app, rule.endpoint) is None
    ]
    assert silent == []


def test_what_is_open_to_everybody_is_a_short_list(app: Flask) -> None:
    for rule, _ in routes(app):
        declared = access.rule_of(app, rule.endpoint)
        assert declared is not None
        if not declared.signed_in:
            known = rule.endpoint in PUBLIC or rule.endpoint.split(".")[0] in PUBLIC_PACKAGES
            assert known, rule.endpoint


def test_an_endpoint_that_says_nothing_is_closed(settings: Settings) -> None:
    app = create_app(settings)
    app.add_url_rule("/forgotten", "forgotten", lambda: SECRET)
    answer = app.test_client().get("/forgotten")
    assert answer.status_code == 403
    assert SECRET not in answer.text


def test_nobody_gets_in_without_signing_in(app: Flask, client: FlaskClient) -> None:
    for rule, method in routes(app):
        declared = access.rule_of(app, rule.endpoint)
        if declared is None or not declared.signed_in:
            continue
        status, text = ask(client, method, address(rule))
        if rule.rule.startswith("/api/"):
            assert status == 401, (method, rule.rule)
            assert '"not_signed_in"' in text
        else:
            assert status == 302, (method, rule.rule)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_kept_out_of_what_is_not_its_own(app: Flask, role: str) -> None:
    community = make_community(app)
    who = sign_in(app, make_user(app, role, community))
    for rule, method in routes(app):
        declared = access.rule_of(app, rule.endpoint)
        assert declared is not None
        if rule.endpoint.endswith(("sign_out", "move", "attach_device")):
            continue
        status, text = ask(who.client, method, address(rule), who.token)
        assert status < 500, (method, rule.rule, text)
        if declared.roles and role not in declared.roles:
            assert status == 403, (method, rule.rule, status)


def test_who_is_pending_gets_into_nothing_but_what_is_listed(app: Flask) -> None:
    community = make_community(app)
    for role in communities.MEMBER_ROLES:
        who = sign_in(app, make_member(app, community, role, status="pending"), device=True)
        for rule, method in routes(app):
            declared = access.rule_of(app, rule.endpoint)
            if declared is None or not declared.roles or declared.pending:
                continue
            status, _ = ask(who.client, method, address(rule), who.token)
            assert status == 403, (role, method, rule.rule)


def test_a_revoked_device_gets_410_from_everything_but_what_is_listed(app: Flask) -> None:
    user, phone = make_member(app, make_community(app), "coordinator"), new_id()
    who = sign_in(app, user, device=phone)
    assert who.post(f"/api/v1/devices/{phone}/revoke").status_code == 204
    open_to_it = set()
    for rule, method in routes(app):
        declared = access.rule_of(app, rule.endpoint)
        assert declared is not None
        if not declared.signed_in:
            continue
        if declared.revoked_ok:
            open_to_it.add(rule.endpoint)
            continue
        status, _ = ask(who.client, method, address(rule), who.token)
        assert status in {410, 403}, (method, rule.rule)
        assert status == 410 or not declared.roles & {"coordinator"}
    assert {"sync.push_operations", "accounts_api.sign_out", "accounts.sign_out"} >= {
        one for one in open_to_it if "receipt" not in one
    }


@pytest.fixture
def neighbours(app: Flask) -> tuple[SignedIn, dict[str, str], int]:
    """A coordinator of one community, and the ids of things in another."""
    own, other = make_community(app, "甲社区"), make_community(app, "乙社区")
    theirs = make_member(app, other, "volunteer", name=SECRET, status="pending")
    phone = new_id()
    sign_in(app, make_member(app, other, name=SECRET), device=phone)
    boss = sign_in(app, make_member(app, other, "coordinator", name=SECRET))
    invite = boss.post("/api/v1/invites", {"name": SECRET}).json["id"]
    assert theirs.member_id is not None
    ids = {"member_id": theirs.member_id, "device_id": phone, "invite_id": invite}
    return sign_in(app, make_member(app, own, "coordinator")), ids, other


def test_ids_of_another_community_are_not_there(
    app: Flask, neighbours: tuple[SignedIn, dict[str, str], int]
) -> None:
    who, ids, other = neighbours
    before = fingerprint(app, other)
    for rule, method in routes(app):
        if "<" not in rule.rule:
            continue
        path = address(rule, **ids, community_id=other)
        status, text = ask(who.client, method, path, who.token)
        assert SECRET not in text, (method, path)
        if set(rule.arguments) & set(ids) and "withdraw" not in path:
            assert status in {403, 404}, (method, path, status)
    assert fingerprint(app, other) == before


def test_pages_without_ids_show_nothing_of_another_community(
    app: Flask, neighbours: tuple[SignedIn, dict[str, str], int]
) -> None:
    who, _, _ = neighbours
    for rule, method in routes(app):
        if "<" in rule.rule or method != "GET":
            continue
        _, text = ask(who.client, method, rule.rule, who.token)
        assert SECRET not in text, rule.rule


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "\\\\evil.example",
        "javascript:alert(1)",
        " /people",
        "/a" * 400,
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(app: Flask, target: str) -> None:
    user = make_member(app, make_community(app), "coordinator")
    client = app.test_client()
    page = client.get("/sign-in", query_string={"next": target}).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    form = {
        "csrf_token": token,
        "login": user.login,
        "password": "knock knock 12",
        "next": target,
    }
    answer = client.post("/sign-in", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


def test_signing_in_leads_back_to_where_one_wanted_to_go(app: Flask, client: FlaskClient) -> None:
    user = make_member(app, make_community(app), "coordinator")
    wanted = client.get("/people?x=1&y=2").headers["Location"]
    page = client.get(wanted).text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    target = page.split('name="next" value="')[1].split('"')[0].replace("&amp;", "&")
    form = {"csrf_token": token, "login": user.login, "password": "knock knock 12"}
    answer = client.post("/sign-in", data={**form, "next": target})
    assert answer.headers["Location"] == "/people?x=1&y=2"


def fingerprint(app: Flask, community: int) -> list[object]:
    """All rows of a community, to see that nothing of it changed."""
    rows: list[object] = []
    with app.app_context(), db.reading() as session:
        for table in db.Base.metadata.sorted_tables:
            if "community_id" in table.columns and table.name != "sign_in":
                query = table.select().where(table.c.community_id == community)
                rows += sorted(map(repr, session.execute(query)))
    return rows
