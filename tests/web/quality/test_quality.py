"""Flags from push to decision, and re-checks from the draw to the margin."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Clock
from tests.factories.field import HOUR, NOW, Op, Phone, differences, op, visit, void
from tests.factories.places import Estate
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.clock import DAY, MINUTE, SECOND
from webapp.operations.registry import Reader
from webapp.quality import board, feed, flagging
from webapp.quality.models import DayToLookAt, Recheck, VisitFlag

TODAY = product_clock.day_of(NOW, "Asia/Shanghai")


@pytest.fixture
def building(place: Estate) -> str:
    return place.building("3号楼")


@pytest.fixture
def doors(place: Estate, building: str) -> list[str]:
    return place.doors(building, [f"{floor}01" for floor in range(1, 13)], unit="1", floor=3)


@pytest.fixture
def phone(place: Estate, building: str, doors: list[str]) -> Phone:
    return place.volunteer(building)


def fast(doors: list[str], gap: int = 20 * SECOND, at: int = NOW) -> list[Op]:
    return [visit(door, at=at + n * gap) for n, door in enumerate(doors)]


def look(place: Estate, now: int = NOW + HOUR) -> None:
    with place.context():
        flagging.look(now)


def rows(place: Estate, phone: Phone, kind: str) -> list[dict[str, Any]]:
    with place.context():
        phone.pull()
        return [row for (of, _id), row in phone.rows["me"].items() if of == kind]


def flags(place: Estate) -> list[VisitFlag]:
    with place.context(), db.reading() as session:
        found = session.query(VisitFlag).order_by(VisitFlag.rule).all()
        session.expunge_all()
    return found


def rechecks(place: Estate) -> list[Recheck]:
    with place.context(), db.reading() as session:
        found = session.query(Recheck).order_by(Recheck.household_id).all()
        session.expunge_all()
    return found


@pytest.mark.both_engines
def test_the_volunteer_sees_it_first_and_has_the_first_word(
    place: Estate, phone: Phone, doors: list[str], clock: Clock
) -> None:
    place.push(phone, *fast(doors[:4]), now=NOW + HOUR)
    look(place)
    (row,) = rows(place, phone, "visit_flag")
    expected = {"rule": "too_fast", "status": "open", "doors": 4, "value": 60, "place": "3号楼"}
    assert expected.items() <= row.items()
    assert "记得太快" not in place.desk.get("/quality").text
    assert "还有 1 条先由志愿者自己说明" in place.desk.get("/quality").text
    said = op("flag_explain", flag=row["id"], note="在楼道里一起讲的，后来补记", at=NOW + HOUR)
    place.push(phone, said, now=NOW + 2 * HOUR)
    page = place.desk.get("/quality").text
    assert "记得太快" in page
    assert "60 秒记了 4 户已宣传" in page
    assert "在楼道里一起讲的" in page
    assert "3号楼" in page
    answer = place.desk.submit(f"/quality/flags/{row['id']}/accept")
    assert answer.status_code == 303
    assert flags(place)[0].status == "accepted"
    assert "记得太快" not in place.desk.get("/quality").text
    (row,) = rows(place, phone, "visit_flag")
    assert row["status"] == "accepted"
    with place.context():
        assert not differences(place.hood)


def test_who_says_nothing_is_seen_by_the_desk_a_day_later(
    place: Estate, phone: Phone, doors: list[str], clock: Clock
) -> None:
    place.push(phone, *fast(doors[:2]), now=NOW + HOUR)
    look(place)
    clock.set(NOW + HOUR + DAY - 1)
    assert "记得太快" not in place.desk.get("/quality").text
    clock.set(NOW + HOUR + DAY)
    page = place.desk.get("/quality").text
    assert "记得太快" in page
    assert "本人还没有说明" in page
    assert "记得太快" in place.desk.get(f"/coverage/buildings/{flags(place)[0].building_id}").text


@pytest.mark.both_engines
def test_looking_again_changes_nothing_and_a_visit_taken_back_ends_it(
    place: Estate, phone: Phone, doors: list[str]
) -> None:
    visits = fast(doors[:3])
    place.push(phone, *visits, now=NOW + HOUR)
    look(place)
    before = flags(place)[0]
    place.push(phone, visit(doors[9], "no_answer", at=NOW + HOUR), now=NOW + HOUR)
    look(place)
    assert [(f.id, f.seq, f.status) for f in flags(place)] == [(before.id, before.seq, "open")]
    place.push(phone, void(visits[1]), now=NOW + HOUR)
    look(place)
    assert flags(place)[0].status == "open"  # 101 and 301: 40 seconds
    place.push(phone, void(visits[2]), now=NOW + HOUR)
    look(place)
    assert flags(place)[0].status == "gone"
    place.push(phone, visit(doors[1], at=NOW + 5 * SECOND), now=NOW + HOUR)
    look(place)
    assert flags(place)[0].status == "open"
    with place.context(), db.reading() as session:
        assert session.query(DayToLookAt).count() == 0


def test_what_was_accepted_is_asked_again_when_more_comes(
    place: Estate, phone: Phone, doors: list[str]
) -> None:
    place.push(phone, *fast(doors[:2]), now=NOW + HOUR)
    look(place)
    flag = flags(place)[0]
    place.desk.submit(f"/quality/flags/{flag.id}/accept")
    look(place)
    assert flags(place)[0].status == "accepted"
    place.push(phone, visit(doors[2], at=NOW + 40 * SECOND), now=NOW + HOUR)
    look(place)
    assert flags(place)[0].status == "open"


def test_every_rule_finds_what_a_phone_recorded(
    place: Estate, phone: Phone, building: str, doors: list[str]
) -> None:
    far = visit(doors[0], at=NOW, distance_m=640, accuracy_m=12, note="讲过了，一切都好")
    vague = visit(doors[1], at=NOW + 5 * MINUTE, distance_m=640, accuracy_m=120, app="installed")
    odd = visit(doors[2], "refused", at=NOW + 10 * MINUTE, app="helped")
    notes = [visit(doors[n], at=NOW + n * 10 * MINUTE, note="讲过了 一切都好") for n in (3, 4)]
    ahead = visit(doors[5], "no_answer", at=NOW + 3 * HOUR)
    place.push(phone, far, vague, odd, *notes, ahead, now=NOW + HOUR)
    unit = place.doors(building, [f"{n}02" for n in range(1, 9)], unit="2")
    alike = [visit(door, at=NOW - 2 * HOUR + n * 5 * MINUTE) for n, door in enumerate(unit)]
    place.push(phone, *alike, now=NOW + HOUR)
    look(place)
    found = {flag.rule: (len(flag.doors), flag.value) for flag in flags(place)}
    assert found == {
        "clock": (1, 120),
        "no_contact": (1, 1),
        "same_notes": (3, 3),
        "too_far": (1, 640),
        "whole_unit": (8, 8),
    }


def test_paper_lists_and_practice_are_not_asked_about(
    place: Estate, phone: Phone, doors: list[str]
) -> None:
    practice = place.building("练习楼", practice=True)
    rooms = place.doors(practice, ["101", "102"])
    with place.context():
        place.hood.assign(phone, practice)
        boss = place.hood.member("coordinator")
    paper = [visit(door, at=NOW + n, by=phone.member_id) for n, door in enumerate(doors[:3])]
    past = [visit(door, at=NOW + n, imported=True) for n, door in enumerate(doors[3:6])]
    old = [visit(d, at=NOW - 61 * DAY + n * SECOND) for n, d in enumerate(doors[6:8])]
    place.push(boss, *paper, now=NOW + HOUR)
    place.push(boss, *past, *old, now=NOW + HOUR)
    place.push(phone, *fast(rooms), now=NOW + HOUR)
    look(place)
    assert flags(place) == []


def test_only_whose_day_it_was_may_explain_and_only_what_there_is(
    place: Estate, phone: Phone, doors: list[str]
) -> None:
    place.push(phone, *fast(doors[:2]), now=NOW + HOUR)
    look(place)
    flag = flags(place)[0].id
    other = place.volunteer()
    first = op("flag_explain", flag=flag, note="先", at=NOW + HOUR)
    last = op("flag_explain", flag=flag, note="后", at=NOW + HOUR + 1)
    with place.context():
        nobody = other.statuses(op("flag_explain", flag=flag, note="不是我"), now=NOW + HOUR)
        unknown = op("flag_explain", flag=doors[0], note="没有")
        empty = op("flag_explain", flag=flag, note="  ")
        assert nobody == ["held:not_yours"]
        assert phone.statuses(unknown, empty, now=NOW + HOUR) == [
            "held:invalid:flag",
            "held:invalid:note",
        ]
    place.push(phone, last, first, now=NOW + 2 * HOUR)
    assert flags(place)[0].explanation_id == last.id
    place.push(phone, void(last), now=NOW + 2 * HOUR)
    assert flags(place)[0].explanation_id == first.id
    place.push(phone, void(first), now=NOW + 2 * HOUR)
    assert (flags(place)[0].explanation_id, flags(place)[0].status) == (None, "open")


def draw(place: Estate, **fields: Any) -> Any:
    usual = {"first": str(TODAY - timedelta(days=30)), "last": str(TODAY), "share": "100"}
    return place.desk.submit("/quality/rounds", **(usual | fields))


@pytest.mark.both_engines
def test_a_round_goes_to_others_and_bounds_the_app_coverage(
    place: Estate, phone: Phone, building: str, doors: list[str]
) -> None:
    other = place.volunteer()
    visits = [visit(d, at=NOW + n * 5 * MINUTE, app="installed") for n, d in enumerate(doors[:10])]
    visits += [visit(doors[10], at=NOW, app="declined"), visit(doors[11], "refused", at=NOW)]
    place.push(phone, *visits, now=NOW + HOUR)
    assert "还没有抽查" in place.desk.get("/quality").text
    assert draw(place, seed="种子1").status_code == 303
    asked = rechecks(place)
    assert len(asked) == 11
    assert {row.member_id for row in asked} == {other.member_id}
    assert {row.of_member for row in asked} == {phone.member_id}
    assert sum(row.app for row in asked) == 10
    told = rows(place, other, "recheck")
    assert len(told) == 11
    assert told[0].keys() <= {
        "kind", "id", "open", "place", "address", "unit", "floor", "room", "tries",
    }  # fmt: skip
    assert not rows(place, phone, "recheck")
    answers = [
        op("recheck", recheck=row.id, answer="visited", app="installed" if n else "none", at=NOW)
        for n, row in enumerate(row for row in asked if row.app)
    ]
    place.push(other, *answers, now=NOW + 2 * HOUR)
    assert len([row for row in rows(place, other, "recheck") if row["open"]]) == 1
    page = place.desk.get("/quality").text
    assert "9 / 10" in page
    assert "90.0% (59.5%–98.2%)" in page
    # 10 of 12 homes: 83.3 %; times the bounds
    assert "抽查后 49.6%–81.8%" in page
    assert "抽查后 49.6%–81.8%" in place.desk.get("/coverage").text


def test_the_same_seed_draws_the_same_doors_and_none_twice_at_once(
    place: Estate, phone: Phone, doors: list[str]
) -> None:
    place.volunteer()
    place.push(phone, *[visit(d, at=NOW) for d in doors], now=NOW + HOUR)
    draw(place, share="20", seed="a")
    first = {row.household_id for row in rechecks(place)}
    assert len(first) == 3  # 20 % of 12, rounded up
    draw(place, share="100", seed="a")
    assert len(rechecks(place)) == len(doors)
    assert draw(place, share="10").status_code == 422
    assert "没有可以抽查的住户" in draw(place, share="10").text


def test_wishes_vacancies_and_practice_are_left_in_peace(
    place: Estate, phone: Phone, doors: list[str]
) -> None:
    place.volunteer()
    place.push(phone, *[visit(d, at=NOW) for d in doors[:4]], now=NOW + HOUR)
    place.push(
        phone,
        op("door_wish", household=doors[0], no_visits_until="2027-01-01", at=NOW + 1),
        op("door_wish", household=doors[1], outcome_only=True, at=NOW + 1),
        visit(doors[2], "vacant", at=NOW + 1),
        now=NOW + HOUR,
    )
    draw(place)
    assert [row.household_id for row in rechecks(place)] == [doors[3]]


def test_nobody_home_is_a_try_and_the_last_answer_holds(
    place: Estate, phone: Phone, doors: list[str]
) -> None:
    other = place.volunteer()
    place.push(phone, visit(doors[0], at=NOW, app="installed"), now=NOW + HOUR)
    draw(place)
    of = rechecks(place)[0].id
    nobody = op("recheck", recheck=of, answer="no_answer", at=NOW)
    place.push(other, nobody, now=NOW + HOUR)
    row = rechecks(place)[0]
    assert (row.tries, row.answer) == (1, None)
    later = op("recheck", recheck=of, answer="visited", at=NOW + 2)
    place.push(
        other, later, op("recheck", recheck=of, answer="not_visited", at=NOW + 1), now=NOW + HOUR
    )
    assert rechecks(place)[0].answer == "visited"
    place.push(other, void(later), now=NOW + HOUR)
    assert rechecks(place)[0].answer == "not_visited"
    with place.context():
        wrong = op("recheck", recheck=of, answer="no_answer", app="none")
        assert other.statuses(wrong, now=NOW + HOUR) == ["held:invalid:app"]
        mine = op("recheck", recheck=of, answer="visited")
        assert phone.statuses(mine, now=NOW + HOUR) == ["held:not_yours"]


def test_the_desk_passes_on_and_withdraws(
    place: Estate, phone: Phone, building: str, doors: list[str]
) -> None:
    place.push(phone, visit(doors[0], at=NOW), now=NOW + HOUR)
    draw(place)
    row = rechecks(place)[0]
    assert row.member_id is None
    assert "没人能派" in place.desk.get("/quality").text
    one, two = place.volunteer(), place.volunteer()
    give = f"/quality/rechecks/{row.id}/give"
    refused = place.desk.submit(give, member=phone.member_id)
    assert refused.status_code == 422
    assert "走访过这户" in refused.text
    assert place.desk.submit(give, member="nobody").status_code == 422
    place.desk.submit(give, member=one.member_id)
    assert [row["open"] for row in rows(place, one, "recheck")] == [True]
    place.desk.submit(give, member=two.member_id)
    assert [row["open"] for row in rows(place, one, "recheck")] == [False]
    assert [row["open"] for row in rows(place, two, "recheck")] == [True]
    # What was answered before the news came still counts.
    place.push(one, op("recheck", recheck=row.id, answer="visited", at=NOW), now=NOW + HOUR)
    assert rechecks(place)[0].answered_by == one.member_id
    place.push(phone, visit(doors[1], at=NOW), now=NOW + HOUR)
    draw(place)
    fresh = next(one for one in rechecks(place) if one.household_id == doors[1])
    place.desk.submit(f"/quality/rechecks/{fresh.id}/withdraw")
    assert "还没去的" in place.desk.get("/quality").text
    with place.context(), db.reading() as session:
        assert not board.to_do(session, place.community_id)
    with place.context(), db.reading() as session:
        reader = Reader(place.community_id, two.member_id, two.person_id)
        assert not list(feed.recheck_rows(session, reader, "", -1))


def test_a_flag_sends_somebody_to_its_doors(
    place: Estate, phone: Phone, building: str, doors: list[str]
) -> None:
    other = place.volunteer()
    place.push(phone, *fast(doors[:3]), now=NOW + HOUR)
    look(place)
    flag = flags(place)[0]
    answer = place.desk.submit(
        f"/quality/flags/{flag.id}/recheck", next=f"/coverage/buildings/{building}"
    )
    assert answer.location == f"/coverage/buildings/{building}"
    assert {row.household_id for row in rechecks(place)} == set(doors[:3])
    assert flags(place)[0].status == "rechecked"
    for row in rechecks(place):
        place.push(other, op("recheck", recheck=row.id, answer="not_visited"), now=NOW + HOUR)
    with place.context(), db.reading() as session:
        # They were not drawn at random: they say nothing about the rest.
        assert board.figures(session, place.community_id, NOW).visits.asked == 0


def test_thresholds_are_the_communitys(
    place: Estate, phone: Phone, doors: list[str], clock: Clock
) -> None:
    usual = {
        "seconds": "15", "per_hour": "27", "metres": "100", "same_notes": "3",
        "unit_doors": "8", "hours": "0", "share": "5",
    }  # fmt: skip
    wrong = place.desk.submit("/quality/thresholds", **(usual | {"seconds": "x"}))
    assert wrong.status_code == 422
    assert "两户已宣传至少隔几秒" in wrong.text
    wrong = place.desk.submit("/quality/thresholds", **(usual | {"share": "0"}))
    assert "随机抽查百分之几”请填" in wrong.text
    assert place.desk.submit("/quality/thresholds", **usual).status_code == 303
    place.push(phone, *fast(doors[:3]), now=NOW + HOUR)
    look(place)
    assert flags(place) == []
    clock.set(NOW + HOUR)
    place.push(phone, visit(doors[3], at=NOW + 50 * SECOND), now=NOW + HOUR)
    look(place)
    assert len(flags(place)) == 1
    assert "记得太快" in place.desk.get("/quality").text  # no hours to wait
    assert 'value="5"' in place.desk.get("/quality").text


def test_only_coordinators_of_the_community(place: Estate, phone: Phone, doors: list[str]) -> None:
    place.push(phone, *fast(doors[:2]), now=NOW + HOUR)
    look(place)
    flag = flags(place)[0]
    assert place.desk.submit(f"/quality/flags/{doors[0]}/accept").status_code == 404
    assert place.desk.submit(f"/quality/rechecks/{flag.id}/withdraw").status_code == 404


def test_a_long_list_is_shown_in_part(place: Estate, phone: Phone, building: str) -> None:
    many = place.doors(building, range(1, 251), unit="9")
    place.volunteer()
    place.push(phone, *[visit(door, at=NOW) for door in many], now=NOW + HOUR)
    draw(place)
    page = place.desk.get("/quality").text
    assert page.count("/withdraw") == 200
    assert "这里是前 200 条，共 250 条" in page
