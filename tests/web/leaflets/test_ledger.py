"""Leaflets: taken, noted at the desk, handed out; the ledger balances or says where not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.field import NOW, Phone, op, visit, void
from tests.factories.places import Estate, estate
from webapp.core import db
from webapp.core.ids import new_id
from webapp.leaflets import ledger as book
from webapp.leaflets.ledger import Ledger


@pytest.fixture
def phone(place: Estate) -> Phone:
    return place.volunteer()


def ledger(place: Estate) -> Ledger:
    with place.context(), db.reading() as session:
        return book.ledger(session, place.community_id)


def note(place: Estate, what: str, count: object, **more: Any) -> Any:
    fields = {"once": new_id(), "what": what, "count": str(count)}
    return place.desk.submit("/leaflets", **(fields | more))


def walked_door(place: Estate, phone: Phone) -> str:
    building = place.building("1号楼")
    (door,) = place.doors(building, ["101"])
    with place.context():
        place.hood.assign(phone, building)
    return door


@pytest.mark.both_engines
def test_what_is_taken_and_handed_out_is_known_where_it_is(place: Estate, phone: Phone) -> None:
    door = walked_door(place, phone)
    note(place, "receive", 1000)
    note(place, "issue", 100, member=phone.member_id)
    taken, brought = op("leaflet_take", count=50), op("leaflet_take", count=-20)
    seen = visit(door, leaflets={"general": 3})
    session = op("session_log", place="广场", leaflets={"general": 30})
    place.push(phone, taken, brought, seen, session)
    found = ledger(place)
    (bag,) = found.bags
    assert (found.received, found.stock, bag.left) == (1000, 870, 150 - 20 - 3 - 30)
    assert (found.in_bags, found.handed_out, found.unexplained) == (97, 33, 0)
    place.push(phone, void(taken), void(session))
    found = ledger(place)
    assert (found.stock, found.bags[0].left) == (920, 100 - 20 - 3)
    page = place.desk.get("/leaflets").text
    assert ">77<" in page
    assert "已撤回" in page


@pytest.mark.both_engines
def test_where_it_does_not_balance_is_said_and_keeps_nobody_from_anything(
    place: Estate, phone: Phone
) -> None:
    door = walked_door(place, phone)
    place.push(phone, op("leaflet_take", count=2), visit(door, leaflets={"general": 9}))
    found = ledger(place)
    assert (found.stock_missing, found.unexplained, found.bags[0].left) == (2, 7, -7)
    page = place.desk.get("/leaflets").text
    assert "库存少了 2 份" in page
    assert "多发了 7 份" in page
    note(place, "find_bag", 7, member=phone.member_id, note="补记领取")
    note(place, "receive", 2)
    found = ledger(place)
    assert (found.stock_missing, found.unexplained) == (0, 0)


@pytest.mark.parametrize(
    ("what", "count", "more", "words"),
    [
        ("receive", 0, {}, "份数填"),
        ("receive", "x", {}, "份数填"),
        ("receive", 10_000, {}, "份数填"),
        ("eat", 5, {}, "请选是什么事"),
        ("issue", 5, {}, "请选是谁的"),
        ("lose_stock", 5, {}, "要写原因"),
        ("lose_stock", 5, {"note": " "}, "要写原因"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    place: Estate, what: str, count: object, more: dict[str, str], words: str
) -> None:
    page = note(place, what, count, **more)
    assert page.status_code == 422
    assert words in page.text
    assert ledger(place).moves == ()


@pytest.mark.both_engines
def test_sending_a_form_twice_notes_it_once_and_nobody_elses_bag(place: Estate) -> None:
    once = new_id()
    for _ in range(2):
        assert note(place, "receive", 5, once=once).status_code == 303
    assert ledger(place).stock == 5
    stranger = estate(place.app, "别的社区").volunteer()
    for nobody in (stranger.member_id, "zz"):
        assert note(place, "issue", 5, member=nobody).status_code == 404


@pytest.mark.parametrize("fields", [{"count": 0}, {"count": 10_000}])
def test_what_is_no_movement_is_held(place: Estate, phone: Phone, fields: dict[str, Any]) -> None:
    with place.context():
        (status,) = phone.statuses(op("leaflet_take", **fields))
    assert status.startswith("held:invalid")
    assert ledger(place).moves == ()


@given(
    st.lists(st.tuples(st.integers(-30, 30).filter(bool), st.booleans()), max_size=8),
    st.randoms(use_true_random=False),
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_any_sequence_the_books_balance(
    place: Estate, takes: list[tuple[int, bool]], random: Any
) -> None:
    """In any order, with repeats and voids: what left the stock is in the bag, to the leaflet."""
    phone = place.volunteer()
    before = ledger(place)
    sent = [(op("leaflet_take", at=NOW, count=count), gone) for count, gone in takes]
    operations = [one for one, _gone in sent] + [void(one) for one, gone in sent if gone]
    random.shuffle(operations)
    with place.context():
        for one in [*operations, *operations[:3]]:
            phone.statuses(one)
    kept = sum(count for count, gone in takes if not gone)
    after = ledger(place)
    bag = next((bag for bag in after.bags if bag.member_id == phone.member_id), None)
    assert after.stock - before.stock == -kept
    assert (bag.left if bag else 0) == kept
