"""Splitting buildings among people at the desk."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.factories.field import Phone, visit
from tests.factories.places import Estate
from webapp.core import db
from webapp.places.models import Assignment, Household


@pytest.fixture
def buildings(place: Estate) -> list[str]:
    """Four small ones in a row and a tower with three stairwells."""
    found = []
    for n in range(4):
        one = place.building(f"{n + 1}号楼", compound="甲苑", lat=29.97, lon=106.27 + n * 0.001)
        place.doors(one, range(101, 105), floor=1)
        found.append(one)
    tower = place.building("5号楼", compound="甲苑", lat=29.97, lon=106.275)
    for unit in "123":
        place.doors(tower, range(101, 121), unit=unit, floor=9)
    return [*found, tower]


def plan(page: str) -> dict[str, str]:
    """Piece → member, as the page proposes."""
    found = {}
    for name, options in re.findall(r'name="to:([^"]+)".*?>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def running(place: Estate) -> dict[tuple[str, str], list[str] | None]:
    with place.context(), db.reading() as session:
        statement = select(Assignment).where(
            Assignment.community_id == place.community_id, Assignment.ended_at.is_(None)
        )
        return {(row.building_id, row.member_id): row.units for row in session.scalars(statement)}


def ask(place: Estate, *people: Phone) -> str:
    members = "&".join(f"member={one.member_id}" for one in people)
    return str(place.desk.get(f"/turf?{members}").text)


@pytest.mark.both_engines
def test_every_door_left_falls_to_somebody_once_and_is_given_in_one_step(
    place: Estate, buildings: list[str]
) -> None:
    one, other, old = place.volunteer(), place.volunteer(), place.volunteer(*buildings)
    with place.context(), db.reading() as session:
        session.scalar(select(Assignment.id))
    page = ask(place, one, other)
    wanted = plan(page)
    tower = buildings[-1]
    assert set(wanted) == {f"{b}" for b in buildings[:-1]} | {f"{tower}|{u}" for u in "123"}
    assert set(wanted.values()) == {one.member_id, other.member_id}
    answer = place.desk.submit(
        "/turf",
        member=[one.member_id, other.member_id],
        only="1",
        **{f"to:{key}": to for key, to in wanted.items()},
    )
    assert answer.status_code == 303
    now = running(place)
    assert old.member_id not in {member for _building, member in now}
    units = [unit for (b, _m), names in now.items() if b == tower for unit in names or ()]
    assert sorted(units) == ["1", "2", "3"]
    assert {b for b, _m in now} == set(buildings)


def test_doors_without_a_stairwells_name_keep_their_building_together(place: Estate) -> None:
    tower = place.building("5号楼", lat=29.97, lon=106.27)
    place.doors(tower, range(101, 121), unit="", floor=9)
    place.doors(tower, range(101, 121), unit="2", floor=9)
    page = ask(place, place.volunteer(), place.volunteer())
    assert set(plan(page)) == {tower}
    assert "40 户" in page


def test_what_was_moved_by_hand_counts_and_what_is_left_out_stays_as_it_is(
    place: Estate, buildings: list[str]
) -> None:
    one, other = place.volunteer(), place.volunteer()
    moved = {f"to:{buildings[0]}": other.member_id, f"to:{buildings[1]}": ""}
    page = place.desk.submit("/turf", again="1", member=[one.member_id, other.member_id], **moved)
    assert plan(page.text) == {buildings[0]: other.member_id}
    place.desk.submit("/turf", member=[one.member_id, other.member_id], **moved)
    assert set(running(place)) == {(buildings[0], other.member_id)}


def test_doors_that_are_done_are_no_work_any_more(place: Estate, buildings: list[str]) -> None:
    walker = place.volunteer(buildings[0])
    with place.context(), db.reading() as session:
        doors = list(
            session.scalars(select(Household.id).where(Household.building_id == buildings[0]))
        )
    place.push(walker, *[visit(door) for door in doors])
    assert buildings[0] not in plan(ask(place, walker))


@pytest.mark.both_engines
def test_nobody_of_another_community_and_nothing_odd_is_taken(
    place: Estate, buildings: list[str]
) -> None:
    one = place.volunteer()
    for address in ("/turf?member=x", "/turf?minutes=nan&member=y", "/turf?building=zz&minutes=-4"):
        assert place.desk.get(address).status_code == 200
    answer = place.desk.submit("/turf", member=[one.member_id], **{"to:zz": one.member_id})
    assert answer.status_code in {200, 303}
    assert running(place) == {}


def test_a_choice_longer_than_any_address_is_split_as_well(place: Estate) -> None:
    many = [place.building(f"{n}号楼", compound="甲苑") for n in range(120)]
    for building in many[:3]:
        place.doors(building, ["101", "102"])
    team = [place.volunteer().member_id for _ in range(2)]
    page = place.desk.submit("/turf", split="1", building=many, member=team)
    assert page.status_code == 200
    assert page.text.count('draggable="true"') == 3
    assert page.text.count('name="building"') == 2 * len(many)  # to ask again, and to give out
