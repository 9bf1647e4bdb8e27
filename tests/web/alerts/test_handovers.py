"""An alert that is another community's: offered, accepted, sent back, taken back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.accounts import SignedIn, User, make_community, make_member, sign_in
from tests.factories.alerts import make_alert, mine, outcome, row
from tests.factories.field import HOUR, MINUTE, NOW, Neighbourhood, Phone
from webapp.alerts.models import Alert, AlertPerson, Handover
from webapp.alerts.verify import verify
from webapp.core import db

PERSON: dict[str, Any] = {
    "resident_name": "张丽华",
    "place_text": "滨江路 7 幢 张丽华",
    "phone": "13812345678",
}


@dataclass
class Side:
    """A community with its coordinator at the desk."""

    id: int
    name: str
    user: User
    desk: SignedIn


def side(app: Flask, name: str) -> Side:
    community = make_community(app, name)
    user = make_member(app, community, "coordinator", name=f"{name}协调员")
    return Side(community, name, user, sign_in(app, user))


@pytest.fixture
def ours(app: Flask, clock: Clock) -> Side:
    return side(app, "甲社区")


@pytest.fixture
def theirs(app: Flask, clock: Clock) -> Side:
    return side(app, "乙社区")


def alert_of(app: Flask, ours: Side) -> str:
    with app.app_context():
        return make_alert(Neighbourhood(ours.id), **PERSON)


def offer(ours: Side, alert: str, to: Side) -> int:
    answer = ours.desk.submit(f"/alerts/{alert}/handover", community=to.id)
    return int(answer.status_code)


def offers(app: Flask) -> list[Handover]:
    with app.app_context(), db.reading() as session:
        return list(session.scalars(select(Handover).order_by(Handover.offered_at, Handover.id)))


def standing(app: Flask, alert: str) -> tuple[str, str | None]:
    with app.app_context():
        found = row(alert)
        return found.status, found.outcome


def phone(app: Flask, ours: Side) -> Phone:
    with app.app_context():
        return Neighbourhood(ours.id).member("coordinator")


@pytest.mark.both_engines
def test_until_they_accept_it_stays_ours_and_then_it_is_theirs(
    app: Flask, ours: Side, theirs: Side, clock: Clock
) -> None:
    alert = alert_of(app, ours)
    clock.advance(minutes=10)
    assert offer(ours, alert, theirs) == 303
    assert standing(app, alert) == ("open", "not_ours")

    page = theirs.desk.get("/handovers").text
    assert "甲社区" in page
    assert "滨江路 7 幢 张*" in page
    assert "张丽华" not in page
    assert "13812345678" not in page
    (offered,) = offers(app)
    assert "张" not in str(offered.sealed)

    clock.advance(minutes=5)
    answer = theirs.desk.submit(f"/handovers/{offered.id}/accept")
    assert answer.status_code == 303
    assert standing(app, alert) == ("closed", "not_ours")
    with app.app_context(), db.reading() as session:
        taken = session.scalars(select(Alert).where(Alert.community_id == theirs.id)).one()
        person = session.scalars(
            select(AlertPerson).where(AlertPerson.community_id == theirs.id)
        ).one()
        assert verify(session, ours.id) == verify(session, theirs.id) == []
    assert (taken.status, taken.source, taken.received_at) == ("open", "handover", NOW)
    assert taken.deadline == NOW + HOUR
    assert (person.resident_name, person.phone) == ("张丽华", "13812345678")
    (decided,) = offers(app)
    assert (decided.status, decided.sealed, decided.taken_as) == ("accepted", None, taken.id)
    assert decided.to_by == "乙社区协调员"
    assert "已接收" in ours.desk.get("/handovers").text


def test_who_signed_stands_in_the_senders_record(app: Flask, ours: Side, theirs: Side) -> None:
    alert = alert_of(app, ours)
    offer(ours, alert, theirs)
    theirs.desk.submit(f"/handovers/{offers(app)[0].id}/accept")
    with app.app_context():
        boss = Neighbourhood(ours.id).member("coordinator")
        boss.push(outcome(alert, "dissuaded", at=NOW + 1), now=NOW + MINUTE)
        found = row(alert)
    assert found.outcome == "dissuaded"  # it can still be corrected


def test_they_send_it_back_with_a_reason(app: Flask, ours: Side, theirs: Side) -> None:
    alert = alert_of(app, ours)
    offer(ours, alert, theirs)
    (offered,) = offers(app)
    address = f"/handovers/{offered.id}/decline"
    theirs.desk.submit(address, reason="  ")
    assert offers(app)[0].status == "offered"
    theirs.desk.submit(address, reason="6222 4111 1111 1111 1111 4111111111111111")
    assert offers(app)[0].status == "offered"
    assert theirs.desk.submit(address, reason="查无此人").status_code == 303
    assert standing(app, alert) == ("open", "not_ours")
    page = ours.desk.get("/handovers").text
    assert "查无此人" in page
    assert "已退回" in page
    assert theirs.desk.submit(f"/handovers/{offered.id}/accept").status_code == 409
    assert offer(ours, alert, theirs) == 303  # it may be offered again


def test_what_was_offered_is_not_offered_twice_and_can_be_taken_back(
    app: Flask, ours: Side, theirs: Side
) -> None:
    alert = alert_of(app, ours)
    offer(ours, alert, theirs)
    assert offer(ours, alert, theirs) == 409
    (offered,) = offers(app)
    assert theirs.desk.submit(f"/handovers/{offered.id}/withdraw").status_code == 404
    assert ours.desk.submit(f"/handovers/{offered.id}/withdraw").status_code == 303
    assert offers(app)[0].sealed is None
    assert theirs.desk.submit(f"/handovers/{offered.id}/accept").status_code == 409
    assert "没有移交" in theirs.desk.get("/handovers").text


def test_closing_it_otherwise_takes_the_offer_back(app: Flask, ours: Side, theirs: Side) -> None:
    alert = alert_of(app, ours)
    offer(ours, alert, theirs)
    boss = phone(app, ours)
    with app.app_context():
        boss.push(outcome(alert, "dissuaded", at=NOW + 1), now=NOW + MINUTE)
    (offered,) = offers(app)
    assert (offered.status, offered.sealed) == ("withdrawn", None)
    assert theirs.desk.submit(f"/handovers/{offered.id}/accept").status_code == 409


def test_only_the_receivers_coordinators_decide(app: Flask, ours: Side, theirs: Side) -> None:
    alert = alert_of(app, ours)
    offer(ours, alert, theirs)
    (offered,) = offers(app)
    address = f"/handovers/{offered.id}/accept"
    third = side(app, "丙社区")
    volunteer = sign_in(app, make_member(app, theirs.id))
    assert third.desk.submit(address).status_code == 404
    assert ours.desk.submit(address).status_code == 404
    assert volunteer.submit(address).status_code == 403
    assert third.desk.submit(f"/handovers/{offered.id}/decline", reason="x").status_code == 404
    assert third.desk.get(f"/alerts/{alert}/handover").status_code == 404
    assert "滨江路" not in third.desk.get("/handovers").text
    assert offers(app)[0].status == "offered"


def test_an_alert_is_not_offered_to_oneself_or_nobody(app: Flask, ours: Side) -> None:
    alert = alert_of(app, ours)
    assert offer(ours, alert, ours) == 404
    answer = ours.desk.submit(f"/alerts/{alert}/handover", community="99")
    assert answer.status_code == 404
    assert ours.desk.submit(f"/alerts/{alert}/handover").status_code == 400
    assert "没有别的社区" in ours.desk.get(f"/alerts/{alert}/handover").text
    assert standing(app, alert) == ("open", None)


def test_the_person_leaves_the_senders_phones(app: Flask, ours: Side, theirs: Side) -> None:
    with app.app_context():
        hood = Neighbourhood(ours.id)
        ann = hood.volunteer()
        alert = make_alert(hood, to=(ann,), **PERSON)
        assert alert in mine(ann)
    offer(ours, alert, theirs)
    with app.app_context():
        assert alert in mine(ann)  # responsible until it is accepted
    theirs.desk.submit(f"/handovers/{offers(app)[0].id}/accept")
    with app.app_context():
        assert mine(ann) == {}


@pytest.mark.both_engines
def test_of_two_who_accept_at_once_one_takes_it(app: Flask, ours: Side, theirs: Side) -> None:
    alert = alert_of(app, ours)
    offer(ours, alert, theirs)
    address = f"/handovers/{offers(app)[0].id}/accept"
    others = [sign_in(app, make_member(app, theirs.id, "coordinator")) for _ in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda desk: desk.submit(address).status_code, others))
    assert sorted(answers) == [303, 409, 409]
    with app.app_context(), db.reading() as session:
        taken = session.scalars(select(Alert).where(Alert.community_id == theirs.id)).all()
    assert len(taken) == 1


@pytest.mark.both_engines
def test_two_who_accept_from_each_other_do_not_wait_for_each_other(
    app: Flask, ours: Side, theirs: Side
) -> None:
    there, back = alert_of(app, ours), alert_of(app, theirs)
    offer(ours, there, theirs)
    offer(theirs, back, ours)
    by_receiver = {offered.to_community: offered.id for offered in offers(app)}

    def accept(one: Side) -> int:
        return int(one.desk.submit(f"/handovers/{by_receiver[one.id]}/accept").status_code)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(accept, [ours, theirs])) == [303, 303]
    assert standing(app, there) == standing(app, back) == ("closed", "not_ours")
