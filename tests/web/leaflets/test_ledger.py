"""Leaflets: taken, noted at the desk, handed out; the ledger balances or says where not."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.factories.field import NOW, Phone, op, visit, void
from tests.factories.places import Estate, estate
from webapp.core import db
from webapp.core.ids import new_id
from webapp.leaflets import bags
from webapp.leaflets import ledger as book
from webapp.leaflets.kinds import kinds_of
from webapp.leaflets.ledger import Ledger
from webapp.leaflets.models import LeafletBag


@pytest.fixture
def phone(place: Estate) -> Phone:
    return place.volunteer()


def ledger(place: Estate) -> Ledger:
    with place.context(), db.reading() as session:
        return book.ledger(session, place.community_id)


def figures(found: Ledger, *names: str) -> tuple[int, ...]:
    """Over all kinds."""
    return tuple(found.total(name) for name in names)


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
    assert (found.total("received"), found.total("stock"), bag.left) == (
        1000,
        870,
        150 - 20 - 3 - 30,
    )
    assert (found.total("in_bags"), found.total("handed_out"), found.total("unexplained")) == (
        97,
        33,
        0,
    )
    place.push(phone, void(taken), void(session))
    found = ledger(place)
    assert (found.total("stock"), found.bags[0].left) == (920, 100 - 20 - 3)
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
    assert (found.total("stock_missing"), found.total("unexplained"), found.bags[0].left) == (
        2,
        7,
        -7,
    )
    page = place.desk.get("/leaflets").text
    assert "库存少了 2 份" in page
    assert "多发了 7 份" in page
    note(place, "find_bag", 7, member=phone.member_id, note="补记领取")
    note(place, "receive", 2)
    found = ledger(place)
    assert (found.total("stock_missing"), found.total("unexplained")) == (0, 0)


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
    assert ledger(place).total("stock") == 5
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
    with place.context(), db.reading() as session:
        assert bags.differences(session, place.community_id) == []
    assert after.total("stock") - before.total("stock") == -kept
    assert (bag.left if bag else 0) == kept


PNG = io.BytesIO()
Image.new("RGB", (300, 500), "teal").save(PNG, "PNG")


def enter_kind(place: Estate, called: str, /, **more: Any) -> Any:
    fields = {"name": called, "low": "10", "picture": (io.BytesIO(PNG.getvalue()), "a.png")}
    return place.desk.submit("/leaflets/kinds", **(fields | more))


def kind_called(place: Estate, name: str) -> str:
    with place.context(), db.reading() as session:
        (found,) = [one for one in kinds_of(session, place.community_id) if one.name == name]
    return found.id


@pytest.mark.both_engines
def test_each_kind_has_a_stock_and_bags_of_its_own(place: Estate, phone: Phone) -> None:
    door = walked_door(place, phone)
    assert enter_kind(place, "App 安装指南").status_code == 303
    app = kind_called(place, "App 安装指南")
    note(place, "receive", 100, kind=app)
    note(place, "receive", 50)
    seen = visit(door, leaflets={"general": 1, app: 2})
    held = op("session_log", place="广场", leaflets={app: 30})
    place.push(phone, op("leaflet_take", count=95, kind=app), seen, held)
    found = ledger(place)
    stocks = {one.kind: one for one in found.kinds}
    assert (stocks[app].stock, stocks[app].in_bags, stocks[app].handed_out) == (5, 63, 32)
    assert (stocks["general"].stock, stocks["general"].unexplained) == (50, 1)
    assert stocks[app].running_out
    page = place.desk.get("/leaflets").text
    assert "库存只剩 5 份，少于 10 份" in page
    assert "data:image/webp;base64," in page
    with place.context(), db.reading() as session:
        assert bags.differences(session, place.community_id) == []
    place.push(phone, void(seen), void(held))
    stocks = {one.kind: one for one in ledger(place).kinds}
    assert (stocks[app].in_bags, stocks[app].handed_out) == (95, 0)
    assert stocks["general"].unexplained == 0


@pytest.mark.both_engines
def test_phones_hear_of_kinds_and_of_their_own_bag(place: Estate, phone: Phone) -> None:
    door = walked_door(place, phone)
    other = place.volunteer()
    enter_kind(place, "大字版", low="0")
    kind = kind_called(place, "大字版")
    place.push(phone, op("leaflet_take", count=20), op("leaflet_take", count=10, kind=kind))
    with place.context():
        phone.pull()
        other.pull()

    def rows(of: Phone, bucket: str, name: str) -> dict[str, Any]:
        found = of.rows.get(bucket, {})
        return {row_id: row for (told, row_id), row in found.items() if told == name}

    told = rows(phone, "community", "leaflet_kind")[kind]
    assert told["name"] == "大字版"
    assert told["picture"].startswith("data:image/webp;base64,")
    assert len(told["picture"]) < 12_000
    assert {k: row["left"] for k, row in rows(phone, "me", "leaflet_bag").items()} == {
        "general": 20,
        kind: 10,
    }
    assert rows(other, "me", "leaflet_bag") == {}
    place.push(phone, visit(door, leaflets={kind: 3}))
    with place.context():
        phone.pull()
    assert rows(phone, "me", "leaflet_bag")[kind]["left"] == 7
    place.desk.submit(f"/leaflets/kinds/{kind}/retire")
    with place.context():
        phone.pull()
    assert rows(phone, "community", "leaflet_kind")[kind]["retired"] is True


def test_what_is_typed_from_paper_leaves_the_bag_of_who_walked(place: Estate, phone: Phone) -> None:
    door = walked_door(place, phone)
    with place.context():
        boss = place.hood.member("coordinator")
    place.push(boss, visit(door, leaflets={"general": 4}, by=phone.member_id))
    (bag,) = ledger(place).bags
    assert (bag.member_id, bag.at_doors) == (phone.member_id, 4)


def test_practice_hands_nothing_out(place: Estate, phone: Phone) -> None:
    building = place.building("练习楼", practice=True)
    (door,) = place.doors(building, ["101"])
    with place.context():
        place.hood.assign(phone, building)
    place.push(phone, visit(door, leaflets={"general": 4}))
    assert ledger(place).bags == ()
    with place.context(), db.reading() as session:
        assert bags.differences(session, place.community_id) == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": " "}, "名称填 1 到 40 个字"),
        ({"name": "字" * 41}, "名称填 1 到 40 个字"),
        ({"low": "x"}, "整数"),
        ({"picture": (io.BytesIO(b"not a picture"), "a.png")}, "照片"),
    ],
)
def test_a_kind_that_makes_no_sense_is_refused(
    place: Estate, fields: dict[str, Any], words: str
) -> None:
    page = enter_kind(place, "好", **fields)
    assert page.status_code == 422
    assert words in page.text
    assert enter_kind(place, "好", kind="unknown").status_code == 404
    assert place.desk.submit("/leaflets/kinds/unknown/retire").status_code == 404
    assert note(place, "receive", 5, kind="unknown").status_code == 422


def test_the_general_kind_can_be_named_and_has_its_picture(place: Estate) -> None:
    assert "普通传单" in place.desk.get("/leaflets").text
    enter_kind(place, "反诈宣传单", kind="general")
    page = place.desk.get("/leaflets").text
    assert "反诈宣传单" in page
    assert "普通传单" not in page
    enter_kind(place, "改名", kind="general", picture=(io.BytesIO(b""), ""))
    assert "data:image/webp" in place.desk.get("/leaflets").text  # the picture stays


@pytest.mark.both_engines
def test_bags_of_before_are_filled_from_the_records(place: Estate, phone: Phone) -> None:
    door = walked_door(place, phone)
    note(place, "issue", 40, member=phone.member_id)
    place.push(
        phone,
        op("leaflet_take", count=-5),
        visit(door, leaflets={"general": 2}),
        op("session_log", place="x", leaflets={"general": 7}),
    )
    with place.context():
        with db.writing() as session:
            session.query(LeafletBag).delete()
        bags.begin()
    (bag,) = ledger(place).bags
    assert (bag.into, bag.out, bag.at_doors, bag.in_sessions) == (40, 5, 2, 7)
    with place.context(), db.reading() as session:
        assert bags.differences(session, place.community_id) == []


def test_a_bag_that_is_wrong_is_found_and_mended(place: Estate, phone: Phone) -> None:
    place.push(phone, op("leaflet_take", count=20))
    shell = place.app.test_cli_runner()
    assert shell.invoke(args=["leaflets", "verify"]).exit_code == 0
    with place.context(), db.writing() as session:
        session.query(LeafletBag).update({"into": 99})
    assert shell.invoke(args=["leaflets", "verify"]).exit_code == 1
    assert shell.invoke(args=["leaflets", "rebuild"]).exit_code == 0
    assert shell.invoke(args=["leaflets", "verify"]).exit_code == 0
    assert ledger(place).bags[0].into == 20
