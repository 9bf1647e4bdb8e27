"""Lists on paper, and what comes back on them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.factories.field import NOW, Phone, visit
from tests.factories.places import Estate
from webapp.core import clock, db
from webapp.core.ids import new_id
from webapp.operations.models import Operation
from webapp.visits.models import DoorState

TODAY = clock.day_of(NOW, "Asia/Shanghai").isoformat()


@pytest.fixture
def building(place: Estate) -> str:
    return place.building("3号楼", compound="甲苑")


@pytest.fixture
def doors(place: Estate, building: str) -> list[str]:
    return place.doors(building, ["101", "102"], floor=1) + place.doors(building, ["201"], floor=2)


@pytest.fixture
def walker(place: Estate) -> Phone:
    return place.volunteer()


def sheet(walker: Phone, **lines: str) -> dict[str, str]:
    head = {"once": new_id(), "by": walker.member_id, "day": TODAY, "time": "08:00"}
    return head | lines


def typed(place: Estate) -> list[Operation]:
    with place.context(), db.reading() as session:
        statement = select(Operation).where(
            Operation.community_id == place.community_id, Operation.status == "accepted"
        )
        return list(session.scalars(statement.order_by(Operation.moment)))


@pytest.mark.both_engines
def test_what_is_typed_counts_for_who_walked_with_the_typist_beside(
    place: Estate, building: str, doors: list[str], walker: Phone
) -> None:
    form = sheet(walker) | {
        f"outcome-{doors[2]}": "informed",
        f"app-{doors[2]}": "helped",
        f"leaflets-{doors[2]}": "2",
        f"note-{doors[2]}": "周末在家",
        f"outcome-{doors[0]}": "come_back",
        f"follow_up_on-{doors[0]}": "2026-12-01",
    }
    address = f"/coverage/buildings/{building}/paper"
    page = place.desk.submit(address, **form)
    assert (page.status_code, page.headers["Location"]) == (303, f"/coverage/buildings/{building}")
    assert "记下 2 户走访" in place.desk.get(page.headers["Location"]).text
    state = place.row(DoorState, doors[2])
    assert (state.display, state.leaflets, state.knocks) == ("installed", 2, 1)
    assert place.row(DoorState, doors[0]).follow_up_on.isoformat() == "2026-12-01"
    first, _second = typed(place)
    assert first.subject_id == doors[2], "from the top floor down"
    assert first.member_id != walker.member_id
    assert walker.member_id in first.body
    assert first.moment == clock.typed(f"{TODAY}T08:00", "Asia/Shanghai")
    with place.context():
        assert walker.statuses(visit(doors[1])) == ["held:not_yours"], (
            "typing for somebody gives them no right"
        )
    again = place.desk.submit(address, **form)
    assert "没有重复记" in place.desk.get(again.headers["Location"]).text
    assert len(typed(place)) == 2


@pytest.mark.both_engines
def test_a_form_that_was_sent_and_changed_is_not_recorded_again(
    place: Estate, building: str, doors: list[str], walker: Phone
) -> None:
    address = f"/coverage/buildings/{building}/paper"
    form = sheet(walker) | {f"outcome-{doors[0]}": "informed"}
    place.desk.submit(address, **form)
    form |= {f"outcome-{doors[0]}": "refused", f"outcome-{doors[1]}": "informed"}
    page = place.desk.submit(address, **form)
    assert page.status_code == 422
    assert "已经录过，内容和这次不同" in page.text
    assert len(typed(place)) == 1


def test_one_wrong_line_keeps_everything_back_and_is_named(
    place: Estate, building: str, doors: list[str], walker: Phone
) -> None:
    lines = {
        f"outcome-{doors[0]}": "no_answer",
        f"app-{doors[0]}": "helped",
        f"outcome-{doors[1]}": "informed",
        f"leaflets-{doors[1]}": "100",
        f"note-{doors[2]}": "没人",
    }
    page = place.desk.submit(f"/coverage/buildings/{building}/paper", **(sheet(walker) | lines))
    assert page.status_code == 422
    said = re.sub(r"<[^>]+>", " ", page.text)
    assert "101: App 只在有人应门时才能填" in said
    assert "102: 传单填 0 到 99 的数字" in said
    assert "201: 请选结果" in said
    assert 'value="没人"' in page.text, "what was typed is still there"
    assert typed(place) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": "2026-13-01"}, "日期或时间不对"),
        ({"day": "2027-01-01"}, "日期或时间不对"),
        ({"time": "xx"}, "日期或时间不对"),
        ({"by": new_id()}, "服务器没有收下这一户"),
        ({}, "没有填任何一户的结果"),
    ],
)
def test_what_makes_no_sense_is_said_in_a_sentence(
    place: Estate,
    building: str,
    doors: list[str],
    walker: Phone,
    change: dict[str, str],
    words: str,
) -> None:
    line = {f"outcome-{doors[0]}": "informed"} if change else {}
    page = place.desk.submit(
        f"/coverage/buildings/{building}/paper", **(sheet(walker) | line | change)
    )
    assert page.status_code == 422
    assert words in page.text
    assert typed(place) == []


def test_a_note_with_a_personal_number_is_taken_and_told(
    place: Estate, building: str, doors: list[str], walker: Phone
) -> None:
    lines = {f"outcome-{doors[0]}": "informed", f"note-{doors[0]}": "电话13812345678"}
    answer = place.desk.submit(f"/coverage/buildings/{building}/paper", **(sheet(walker) | lines))
    assert "像是写了个人号码" in place.desk.get(answer.headers["Location"]).text


def test_a_list_has_every_door_once_from_the_top_down_and_says_what_is_known(
    place: Estate, building: str, doors: list[str]
) -> None:
    place.push(place.volunteer(building), visit(doors[0], "no_answer"))
    many = place.doors(building, range(301, 331), unit="2", floor=3)
    page = place.desk.get(f"/coverage/walk-lists?building={building}").text
    rooms = re.findall(r'<th scope="row">([^<]+)</th>', page)
    assert rooms[:3] == ["201", "101", "102"]
    assert len(rooms) == len(doors) + len(many) == len(set(rooms))
    assert page.count('class="walk-sheet"') == 3, "stairwells apart, 26 doors on a page"
    assert "无人 1" in page
    assert f"/coverage/buildings/{building}/paper" in page
    assert page.count("<svg") >= 3, "a code on every sheet"


def test_another_communitys_building_is_not_there(place: Estate, building: str) -> None:
    for address in (
        f"/coverage/walk-lists?building={new_id()}",
        "/coverage/walk-lists",
        f"/coverage/buildings/{new_id()}/paper",
    ):
        assert place.desk.get(address).status_code == 404
