"""Operations of every client version that was ever released are accepted, from recorded pushes."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import ROOT, Clock
from tests.factories.accounts import make_community, make_member, sign_in
from tests.factories.field import Neighbourhood, differences
from webapp.core import db
from webapp.places import assignments
from webapp.places.models import Household
from webapp.visits.models import DoorState

RECORDED = ROOT / "tests" / "vectors" / "pushes"
PUSH = "/api/v1/sync/push"


def current_version() -> int:
    text = (ROOT / "static/app/core/update.ts").read_text(encoding="utf-8")
    found = re.search(r"CLIENT_VERSION = (\d+)", text)
    assert found
    return int(found[1])


def versions() -> list[Path]:
    return sorted(RECORDED.glob("*.json"), key=lambda path: int(path.stem))


def test_every_version_has_its_recorded_pushes() -> None:
    """Raise CLIENT_VERSION and record what the new app sends (docs/add-an-operation.md)."""
    assert [int(path.stem) for path in versions()] == list(range(1, current_version() + 1))


@pytest.fixture(params=versions(), ids=lambda path: f"client {path.stem}")
def recorded(request: pytest.FixtureRequest) -> Any:
    return json.loads(request.param.read_text(encoding="utf-8"))


@pytest.mark.both_engines
@pytest.mark.parametrize("packed", [False, True])
def test_what_it_sent_is_accepted_to_the_byte(
    app: Flask, clock: Clock, recorded: Any, packed: bool
) -> None:
    community = make_community(app)
    member = make_member(app, community)
    hood = Neighbourhood(community)
    with app.app_context():
        building = hood.building(id=recorded["building"])
        hood.doors(building, list(recorded["doors"].values()), ids=list(recorded["doors"]))
        with db.writing() as session:
            assignments.assign(
                session, community, [building], [str(member.member_id)], who=None, now=clock.now()
            )
    phone = sign_in(app, member, device=True)
    sent = 0
    for body in recorded["pushes"]:
        data = gzip.compress(body.encode()) if packed else body.encode()
        headers = {"X-CSRFToken": phone.token, "Content-Type": "application/json"}
        headers |= {"Content-Encoding": "gzip"} if packed else {}
        answer = phone.client.post(PUSH, data=data, headers=headers)
        assert answer.status_code == 200
        results = answer.get_json()["results"]
        assert [result["status"] for result in results] == ["accepted"] * len(results), results
        sent += len(results)
    assert phone.get("/api/v1/sync/receipt").json["count"] == sent
    with app.app_context():
        assert differences(hood) == []
        with db.reading() as session:
            states = session.execute(
                select(Household.room, DoorState.display)
                .join(Household, Household.id == DoorState.household_id)
                .order_by(Household.room)
            ).all()
    assert {room: state for room, state in states} == recorded["states"]
