"""Communities, people, sessions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from webapp.accounts import communities, members, passwords, sequence
from webapp.accounts.models import Person
from webapp.core import clock, db
from webapp.core.ids import new_id

PASSWORD = "knock knock 12"
REGION = "重庆市/合川区/南津街街道"
_serial = count(1)


@dataclass(frozen=True)
class User:
    """Somebody who can sign in with `PASSWORD`."""

    person_id: int
    login: str
    community_id: int | None = None
    member_id: str | None = None
    name: str = ""


@dataclass
class SignedIn:
    """A client with a session, and the token that its writes carry."""

    client: FlaskClient
    token: str
    answer: dict[str, Any]

    def post(self, path: str, json: Any = None) -> Any:
        """A write of a phone or program."""
        return self.client.post(path, json=json, headers={"X-CSRFToken": self.token})

    def delete(self, path: str) -> Any:
        """The same for DELETE."""
        return self.client.delete(path, headers={"X-CSRFToken": self.token})

    def submit(self, path: str, **fields: Any) -> Any:
        """A form on a page."""
        return self.client.post(path, data={"csrf_token": self.token, **fields})

    def get(self, path: str) -> Any:
        """A page or an answer."""
        return self.client.get(path)


@lru_cache(maxsize=1)
def password_hash() -> str:
    """The hash of PASSWORD, worked out once: it is slow by intention."""
    return passwords.hash_password(PASSWORD)


def make_community(app: Flask, name: str = "紫荆园社区", region: str = REGION) -> int:
    """A community without people; returns its id."""
    with app.app_context(), db.writing() as session:
        return communities.add_community(session, name, region, now=clock.now())


def make_person(
    app: Flask,
    name: str = "张敏",
    *,
    login: str | None = None,
    phone: str | None = None,
    role: str | None = None,
    region: str | None = None,
) -> User:
    """A person without membership; with a role of the installation if given."""
    login = login or f"person{next(_serial)}"
    with app.app_context(), db.writing() as session:
        person = Person(
            login=login,
            phone=phone,
            name=name,
            password_hash=password_hash(),
            role=role,
            region=region,
            created_at=clock.now(),
        )
        session.add(person)
        session.flush()
        return User(person.id, login, name=name)


def make_member(
    app: Flask,
    community_id: int,
    role: str = "volunteer",
    *,
    status: str = "active",
    user: User | None = None,
    name: str = "张敏",
    phone: str | None = None,
) -> User:
    """A member: a new person, or `user` in another community."""
    user = user or make_person(app, name, phone=phone)
    with app.app_context(), db.writing() as session:
        seq = next(sequence.draw(session, community_id))
        member = members.admit(
            session,
            seq,
            community_id,
            user.person_id,
            role,
            now=clock.now(),
            confirmed=status == "active",
        )
        return User(user.person_id, user.login, community_id, member.id, user.name)


def sign_in(
    app: Flask,
    user: User,
    *,
    device: bool | str = False,
    community: int | None = None,
    client: FlaskClient | None = None,
) -> SignedIn:
    """A client with a session of that person; on a phone if `device` (or its id) is given."""
    client = client or app.test_client()
    body: dict[str, Any] = {"login": user.login, "password": PASSWORD}
    if community or user.community_id:
        body["community"] = community or user.community_id
    if device:
        body["device"] = {"id": device if isinstance(device, str) else new_id(), "name": "Phone"}
    answer = client.post("/api/v1/session", json=body)
    assert answer.status_code == 200, answer.text
    session: dict[str, Any] = answer.get_json()
    return SignedIn(client, session["csrf_token"], session)
