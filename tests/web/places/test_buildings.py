"""The list of buildings: find, name, assign."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select

from tests.conftest import Clock, Statements
from tests.factories.accounts import make_member
from tests.factories.field import Phone
from tests.factories.places import Estate, estate, many_buildings
from webapp.accounts.models import Audit
from webapp.core import db
from webapp.core.ids import new_id
from webapp.places import claims
from webapp.places.models import Assignment, Building

Counting = Callable[[], AbstractContextManager[Statements]]


def names(page: str) -> list[str]:
    """The buildings of the list, in order."""
    return re.findall(r'<th scope="row"><a href="/coverage/buildings/[^"]+">([^<]+)</a>', page)


def running(place: Estate) -> list[Assignment]:
    """The assignments that have not ended."""
    with place.context(), db.reading() as session:
        statement = select(Assignment).where(
            Assignment.community_id == place.community_id, Assignment.ended_at.is_(None)
        )
        return list(session.scalars(statement))


def audited(place: Estate) -> list[str]:
    """What was written down, in order."""
    with place.context(), db.reading() as session:
        statement = select(Audit.action).where(Audit.community_id == place.community_id)
        return list(session.scalars(statement.order_by(Audit.id)))


def buckets(place: Estate, phone: Phone) -> set[str]:
    """What the volunteer's phone holds after a pull."""
    with place.context():
        phone.pull()
    return {bucket for bucket in phone.rows if bucket.startswith("building:")}


def test_an_empty_community_is_shown_the_way(place: Estate) -> None:
    page = place.desk.get("/buildings").text
    assert 'href="/import"' in page
    assert 'name="compound"' in page  # by hand


@pytest.mark.both_engines
def test_the_list_can_be_narrowed(place: Estate) -> None:
    named = place.building("3号楼", compound="甲苑", grid="一网格")
    place.doors(named, [101])
    place.building("楼栋 a", compound="乙苑", provisional=True)
    place.volunteer(named)
    assert names(place.desk.get("/buildings?compound=甲苑").text) == ["3号楼"]
    assert names(place.desk.get("/buildings?q=甲+3").text) == ["3号楼"]
    assert names(place.desk.get("/buildings?show=unassigned").text) == ["楼栋 a"]
    assert names(place.desk.get("/buildings?show=empty").text) == ["楼栋 a"]
    assert "楼栋 a" in place.desk.get("/buildings?show=unnamed").text


def test_numbers_are_ordered_as_people_count(place: Estate) -> None:
    for name in ("10号楼", "9号楼", "2号楼"):
        place.building(name)
    assert names(place.desk.get("/buildings").text) == ["2号楼", "9号楼", "10号楼"]


def test_more_buildings_cost_no_more_statements(
    app: Flask, place: Estate, query_count: Counting
) -> None:
    many_buildings(place, 5)
    with query_count() as few:
        place.desk.get("/buildings")
    crowded = estate(app, "大社区")
    many_buildings(crowded, 300)
    with query_count() as many:
        crowded.desk.get("/buildings")
    assert many.count == few.count <= 10


# --- naming ---------------------------------------------------------------------------------


def test_naming_takes_a_building_off_the_list(place: Estate) -> None:
    building = place.building("楼栋 a", provisional=True)
    key = place.row(Building, building).key
    back = "/buildings?show=unnamed"
    answer = place.desk.submit(f"/buildings/{building}", name=" 3 号楼 ", next=back)
    assert answer.location == back
    row = place.row(Building, building)
    assert (row.name, row.provisional) == ("3 号楼", False)
    assert row.key == key  # the same list finds it again


def test_a_label_can_be_confirmed_as_it_is(place: Estate) -> None:
    building = place.building("楼栋 a", provisional=True)
    place.desk.submit(f"/buildings/{building}", name="楼栋 a")
    assert not place.row(Building, building).provisional


def test_phones_learn_a_new_name(place: Estate) -> None:
    building = place.building("楼栋 a")
    phone = place.volunteer(building)
    buckets(place, phone)
    place.desk.submit(f"/buildings/{building}", name="3号楼")
    buckets(place, phone)
    assert phone.rows[f"building:{building}"]["building", building]["name"] == "3号楼"


def test_saving_the_same_again_changes_nothing(place: Estate) -> None:
    building = place.building("3号楼")
    before = place.row(Building, building).seq
    place.desk.submit(f"/buildings/{building}", name="3号楼")
    assert place.row(Building, building).seq == before
    assert audited(place) == []


@pytest.mark.parametrize("name", ["", "   ", "x" * 121])
def test_a_name_that_is_none_is_refused_with_a_sentence(place: Estate, name: str) -> None:
    building = place.building("3号楼")
    answer = place.desk.submit(f"/buildings/{building}", name=name)
    assert place.row(Building, building).name == "3号楼"
    assert 'role="alert"' in place.desk.get(answer.location).text


def test_two_buildings_of_a_compound_cannot_share_a_name(place: Estate) -> None:
    place.building("3号楼", compound="甲苑")
    other = place.building("4号楼", compound="甲苑")
    place.desk.submit(f"/buildings/{other}", name="3号楼")
    assert place.row(Building, other).name == "4号楼"


def test_a_building_can_be_added_by_hand(place: Estate) -> None:
    answer = place.desk.submit("/buildings", name="3号楼", compound="甲苑", grid="一网格")
    building = answer.location.rsplit("/", 1)[1]
    assert place.row(Building, building).key == "甲苑|3"
    place.desk.submit("/buildings", name="3幢", compound="甲苑小区")
    assert len(names(place.desk.get("/buildings").text)) == 1
    assert audited(place) == ["building_add"]


# --- assigning ------------------------------------------------------------------------------


@pytest.mark.both_engines
def test_many_buildings_are_assigned_to_many_people_at_once(place: Estate) -> None:
    buildings = [place.building(name) for name in ("1", "2", "3")]
    phones = [place.volunteer(), place.volunteer()]
    place.desk.submit(
        "/buildings/assign", building=buildings[:2], member=[p.member_id for p in phones]
    )
    assert {(row.building_id, row.member_id) for row in running(place)} == {
        (building, phone.member_id) for building in buildings[:2] for phone in phones
    }
    for phone in phones:
        assert buckets(place, phone) == {f"building:{building}" for building in buildings[:2]}


def test_assigning_twice_is_one_assignment(place: Estate) -> None:
    building, phone = place.building("1"), place.volunteer()
    for _ in range(2):
        place.desk.submit("/buildings/assign", building=building, member=phone.member_id)
    (row,) = running(place)
    assert row.assigned_by == place.desk.answer["member"]["id"]


def test_units_say_who_is_expected_where(place: Estate) -> None:
    building, phone = place.building("1"), place.volunteer()
    for unit in ("1", "2", "3"):
        place.doors(building, [101], unit=unit)
    place.desk.submit(
        "/buildings/assign", building=building, member=phone.member_id, unit=["3", "1"]
    )
    before = running(place)[0]
    assert before.units == ["1", "3"]
    place.desk.submit("/buildings/assign", building=building, member=phone.member_id)
    after = running(place)[0]
    assert (after.id, after.units) == (before.id, None)
    assert after.seq > before.seq


def test_an_unknown_unit_is_refused(place: Estate) -> None:
    building, phone = place.building("1"), place.volunteer()
    place.desk.submit("/buildings/assign", building=building, member=phone.member_id, unit="9")
    assert running(place) == []


def test_all_that_the_filter_finds_can_be_assigned(place: Estate) -> None:
    many_buildings(place, 60)
    phone = place.volunteer()
    place.desk.submit("/buildings/assign", all="yes", compound="小区1", member=phone.member_id)
    assert len(running(place)) == 20


@pytest.mark.parametrize("status", ["pending", "ended"])
def test_only_active_members_get_a_building(app: Flask, place: Estate, status: str) -> None:
    building = place.building("1")
    user = make_member(app, place.community_id, status="pending")
    if status == "ended":
        place.desk.submit(f"/people/{user.member_id}/end")
    place.desk.submit("/buildings/assign", building=building, member=user.member_id)
    assert running(place) == []


def test_nobody_of_another_community_gets_a_building(app: Flask, place: Estate) -> None:
    other = estate(app, "另一个社区")
    stranger, theirs = other.volunteer(), other.building("隔壁楼")
    mine, phone = place.building("1"), place.volunteer()
    ask = place.desk.submit
    assert ask("/buildings/assign", building=mine, member=stranger.member_id).status_code == 404
    assert ask("/buildings/assign", building=theirs, member=phone.member_id).status_code == 404
    assert ask(f"/buildings/{theirs}", name="我的").status_code == 404
    assert running(place) == running(other) == []


@pytest.mark.both_engines
def test_ending_an_assignment_takes_the_building_off_the_phone(place: Estate, clock: Clock) -> None:
    building = place.building("1")
    phone = place.volunteer(building)
    assert buckets(place, phone) == {f"building:{building}"}
    (assignment,) = running(place)
    assert ("assignment", assignment.id) in phone.rows["me"]
    clock.advance(minutes=5)
    for _ in range(2):  # a repeat is harmless
        place.desk.submit("/buildings/unassign", assignment=assignment.id)
    assert buckets(place, phone) == set()
    assert ("assignment", assignment.id) not in phone.rows["me"]
    assert place.row(Assignment, assignment.id).ended_at == clock.moment
    assert audited(place) == ["unassign"]


def test_assigning_anew_after_the_end_is_a_new_assignment(place: Estate) -> None:
    building = place.building("1")
    phone = place.volunteer(building)
    (first,) = running(place)
    place.desk.submit("/buildings/unassign", assignment=first.id)
    place.desk.submit("/buildings/assign", building=building, member=phone.member_id)
    (second,) = running(place)
    assert second.id != first.id
    assert buckets(place, phone) == {f"building:{building}"}


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_a_form_cannot_send_anybody_away(place: Estate, target: str) -> None:
    building, phone = place.building("1"), place.volunteer()
    answer = place.desk.submit(
        "/buildings/assign", building=building, member=phone.member_id, next=target
    )
    assert answer.location == "/buildings"


def test_nothing_chosen_is_told(place: Estate) -> None:
    answer = place.desk.submit("/buildings/assign")
    assert "请先选" in place.desk.get(answer.location).text


def test_an_id_that_is_none_is_not_found(place: Estate) -> None:
    phone = place.volunteer()
    ask = place.desk.submit
    assert ask("/buildings/assign", building="x", member=phone.member_id).status_code == 404
    assert ask("/buildings/assign", building=new_id(), member=phone.member_id).status_code == 404


# --- by command -----------------------------------------------------------------------------


def test_the_command_assigns_all_buildings_but_practice(app: Flask, place: Estate) -> None:
    wanted = {place.building("1"), place.building("2")}
    place.building("练习楼", practice=True)
    user = make_member(app, place.community_id)
    command = ["assign", user.login, "--community", str(place.community_id), "--all", "--json"]
    first = app.test_cli_runner().invoke(args=command)
    assert first.exit_code == 0
    assert first.stdout.strip() == '{"new":2,"changed":0,"unchanged":0}'
    assert {row.building_id for row in running(place)} == wanted
    again = app.test_cli_runner().invoke(args=command)
    assert again.stdout.strip() == '{"new":0,"changed":0,"unchanged":2}'


def test_all_buildings_of_a_community_without_any_are_none(app: Flask, place: Estate) -> None:
    user = make_member(app, place.community_id)
    command = ["assign", user.login, "--community", str(place.community_id), "--all", "--json"]
    done = app.test_cli_runner().invoke(args=command)
    assert (done.exit_code, done.stdout.strip()) == (0, '{"new":0,"changed":0,"unchanged":0}')


def test_the_command_assigns_the_buildings_it_is_given(app: Flask, place: Estate) -> None:
    one, _other = place.building("1"), place.building("2")
    user = make_member(app, place.community_id)
    done = app.test_cli_runner().invoke(
        args=["assign", user.login, "--community", str(place.community_id), "--building", one]
    )
    assert done.exit_code == 0
    assert [row.building_id for row in running(place)] == [one]


@pytest.mark.parametrize(
    "wrong",
    [[], ["--all", "--building", new_id()], ["--building", "x"], ["--building", new_id()]],
)
def test_wrong_use_of_the_command_ends_with_two(
    app: Flask, place: Estate, wrong: list[str]
) -> None:
    place.building("1")
    user = make_member(app, place.community_id)
    command = ["assign", user.login, "--community", str(place.community_id), *wrong]
    assert app.test_cli_runner().invoke(args=command).exit_code == 2
    assert running(place) == []


def test_an_unknown_login_is_told(app: Flask, place: Estate) -> None:
    place.building("1")
    done = app.test_cli_runner().invoke(
        args=["assign", "nobody", "--community", str(place.community_id), "--all"]
    )
    assert done.exit_code == 2
    assert "nobody" in done.stderr


# -- where sources differ ------------------------------------------------------------------------


def differing(place: Estate) -> tuple[str, str]:
    building = place.building("3号楼", floors=18, source="list", attribution="© 地图的作者")
    with place.context(), db.writing() as session:
        claim = claims.Claim("floors", "osm", 15)
        claims.keep(session, place.community_id, building, [claim], now=1)
    with place.context(), db.reading() as session:
        (found,) = claims.claims_of(session, place.community_id, [building])[building]
        return building, found.id


def test_what_sources_say_differently_is_listed_and_decided_on_the_page(place: Estate) -> None:
    building, claim = differing(place)
    assert names(place.desk.get("/buildings?show=differ").text) == ["3号楼"]
    page = place.desk.get(f"/buildings/{building}").text
    assert "OpenStreetMap：15" in page
    assert "© 地图的作者" in page
    place.desk.submit(f"/buildings/{building}/claims/{claim}", take="yes")
    assert place.row(Building, building).floors == 15
    assert "OpenStreetMap：15" not in place.desk.get(f"/buildings/{building}").text
    assert names(place.desk.get("/buildings?show=differ").text) == []


def test_keeping_what_is_there_ends_the_question_too(place: Estate) -> None:
    building, claim = differing(place)
    answer = place.desk.submit(f"/buildings/{building}/claims/{claim}", take="no")
    assert answer.status_code == 303
    assert place.row(Building, building).floors == 18
    assert "claim" not in place.desk.get(f"/buildings/{building}").text


def test_nobody_decides_for_another_community(app: Flask, place: Estate) -> None:
    building, claim = differing(place)
    other = estate(app, "别的社区")
    answer = other.desk.submit(f"/buildings/{building}/claims/{claim}", take="yes")
    assert answer.status_code == 404
    assert place.row(Building, building).floors == 18
