"""`flask community add` and `flask user add`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from tests.factories.accounts import make_community
from webapp.accounts.models import Member, Person
from webapp.core import db

REGION = "重庆市/合川区/南津街街道"


def run(app: Flask, *arguments: str, stdin: str | None = None) -> Result:
    """The command, its exit code and what it wrote."""
    return app.test_cli_runner().invoke(args=list(arguments), input=stdin)


def user_add(app: Flask, login: str, *arguments: str, stdin: str = "door by door\n") -> Result:
    """`user add` with a password."""
    return run(
        app, "user", "add", login, "--name", "何静", "--password-stdin", "--json", *arguments,
        stdin=stdin,
    )  # fmt: skip


def persons(app: Flask) -> list[dict[str, Any]]:
    """All persons, with the number of their memberships."""
    with app.app_context(), db.reading() as session:
        return [
            {
                "login": person.login,
                "phone": person.phone,
                "role": person.role,
                "members": [
                    (member.role, member.status)
                    for member in session.query(Member).filter(Member.person_id == person.id)
                ],
            }
            for person in session.query(Person)
        ]


def test_a_community_answers_its_id_as_one_object(app: Flask) -> None:
    done = run(app, "community", "add", "紫荆园社区", "--region", REGION, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout) == {"id": 1}
    plain = run(app, "community", "add", "乙社区", "--region", REGION)
    assert plain.stdout == "id: 2\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("紫荆园", "--region", REGION, "--timezone", "Mars/Base"),
        ("紫荆园", "--region", REGION, "--timezone", "../etc/passwd"),
        ("紫荆园", "--region", " / "),
        (" ", "--region", REGION),
        ("紫荆园",),
        (),
    ],
)
def test_a_community_that_makes_no_sense_is_wrong_use(app: Flask, arguments: tuple[str]) -> None:
    done = run(app, "community", "add", *arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr


def test_a_member_is_active_at_once_and_can_sign_in(app: Flask) -> None:
    community = make_community(app)
    done = user_add(app, "coordinator", "--role", "coordinator", "--community", str(community))
    assert done.exit_code == 0, done.output
    answer = app.test_client().post(
        "/api/v1/session", json={"login": "coordinator", "password": "door by door"}
    )
    assert answer.json["person"]["id"] == json.loads(done.stdout)["id"]
    assert answer.json["member"]["status"] == "active"


def test_a_login_that_exists_gains_a_membership_and_keeps_its_password(app: Flask) -> None:
    first, second = make_community(app, "甲"), make_community(app, "乙")
    made = user_add(app, "hejing", "--role", "volunteer", "--community", str(first))
    again = user_add(
        app, "HeJing", "--role", "coordinator", "--community", str(second), stdin="another one\n"
    )
    assert json.loads(made.stdout) == json.loads(again.stdout)
    assert again.stderr
    assert persons(app)[0]["members"] == [("volunteer", "active"), ("coordinator", "active")]
    for password, status in (("door by door", 409), ("another one", 401)):
        answer = app.test_client().post(
            "/api/v1/session", json={"login": "hejing", "password": password}
        )
        assert answer.status_code == status


def test_repeating_changes_nothing(app: Flask) -> None:
    community = str(make_community(app))
    for _ in range(2):
        user_add(app, "hejing", "--role", "volunteer", "--community", community)
    assert [one["members"] for one in persons(app)] == [[("volunteer", "active")]]


def test_a_login_that_is_a_phone_number_is_the_phone_number(app: Flask) -> None:
    community = str(make_community(app))
    user_add(app, "138 0000 0002", "--role", "volunteer", "--community", community)
    assert persons(app)[0]["phone"] == "13800000002"


def test_roles_of_the_installation_need_no_community(app: Flask) -> None:
    assert user_add(app, "root", "--role", "admin").exit_code == 0
    assert user_add(app, "boss", "--role", "supervisor", "--region", "重庆市").exit_code == 0
    assert [one["role"] for one in persons(app)] == ["admin", "supervisor"]


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (("--role", "volunteer"), "door by door"),
        (("--role", "volunteer", "--community", "99"), "door by door"),
        (("--role", "volunteer", "--community", "x"), "door by door"),
        (("--role", "volunteer", "--community", "1", "--region", "重庆市"), "door by door"),
        (("--role", "supervisor"), "door by door"),
        (("--role", "admin", "--community", "1"), "door by door"),
        (("--role", "king", "--community", "1"), "door by door"),
        (("--role", "volunteer", "--community", "1"), ""),
        (("--role", "volunteer", "--community", "1"), "\n"),
        (("--role", "volunteer", "--community", "1"), "   \n"),
        (("--role", "volunteer", "--community", "1"), "x" * 300),
    ],
)
def test_a_user_that_makes_no_sense_is_wrong_use(
    app: Flask, arguments: tuple[str], stdin: str
) -> None:
    make_community(app)
    done = user_add(app, "hejing", *arguments, stdin=stdin)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert done.stderr
    assert persons(app) == []


def test_a_new_user_needs_a_password(app: Flask) -> None:
    community = str(make_community(app))
    done = run(
        app, "user", "add", "hejing", "--name", "何静", "--role", "volunteer",
        "--community", community,
    )  # fmt: skip
    assert done.exit_code == 2


def test_commands_explain_themselves(app: Flask) -> None:
    for command in (
        ("community", "--help"),
        ("community", "add", "--help"),
        ("user", "add", "--help"),
    ):
        done = run(app, *command)
        assert done.exit_code == 0
        assert "Usage" in done.stdout
