"""Plans: made at the desk, measured by what was recorded, told to those whom they are for."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Clock
from tests.factories.field import DAY, NOW, Phone, op, visit, void
from tests.factories.places import Estate, estate
from webapp.accounts.models import Community
from webapp.core import clock as clocks
from webapp.core import db
from webapp.plans.models import Plan
from webapp.plans.progress import Standing, outlooks, standings
from webapp.plans.spread import of_day

TODAY = clocks.day_of(NOW, "Asia/Shanghai")
EVERY = [str(n) for n in range(7)]
FORM: dict[str, Any] = {
    "year": str(TODAY.year), "for": "community", "measure": "homes", "target": "365",
    "first": "1", "campaign": "", "weekday": EVERY,
}  # fmt: skip


def found(place: Estate, clock: Clock) -> dict[tuple[str, str], Standing]:
    """(grid, person's id or community, measure) → the plan as it stands."""
    today = clocks.day_of(clock.now(), "Asia/Shanghai")
    with place.context(), db.reading() as session:
        community = session.get_one(Community, place.community_id)
        rows = standings(session, community, TODAY.year, today)
    return {(row.plan.who or "community", row.plan.measure): row for row in rows}


def make(place: Estate, **change: Any) -> None:
    answer = place.desk.submit("/plans", **FORM | change)
    assert answer.status_code == 303, answer.text


@pytest.mark.both_engines
def test_plans_are_measured_by_what_was_recorded(place: Estate, clock: Clock) -> None:
    one = place.building("1号楼", grid="一网格")
    other = place.building("2号楼", grid="二网格")
    doors, others = place.doors(one, range(101, 105)), place.doors(other, range(101, 103))
    phone = place.volunteer(one, other)
    for measure in ("homes", "leaflets", "installed"):
        make(place, measure=measure)
        make(place, **{"for": "grid:二网格", "measure": measure})
        make(place, **{"for": f"member:{phone.member_id}", "measure": measure})
    helped = visit(doors[1], app="helped", leaflets={"general": 2})
    place.push(
        phone,
        visit(doors[0], "no_answer"),
        helped,
        visit(doors[1], app="helped"),
        visit(others[0], app="installed", leaflets={"general": 3}),
        op("session_log", place="广场", residents=9, workers=1, leaflets={"general": 40}),
    )
    rows = found(place, clock)
    me = phone.member_id
    assert {key: row.done for key, row in rows.items()} == {
        ("community", "homes"): 2, ("community", "leaflets"): 45, ("community", "installed"): 2,
        ("二网格", "homes"): 1, ("二网格", "leaflets"): 3, ("二网格", "installed"): 1,
        (me, "homes"): 3, (me, "leaflets"): 5, (me, "installed"): 1,
    }  # fmt: skip
    assert all(row.done_today == row.done for row in rows.values())
    assert rows["community", "homes"].missing == 363
    place.push(phone, void(helped))
    assert found(place, clock)[me, "installed"].done == 1
    assert found(place, clock)[me, "leaflets"].done == 3
    page = place.desk.get("/plans").text
    assert "二网格" in page
    assert "365" in page


@pytest.mark.both_engines
def test_the_year_begins_with_what_was_known_before_it(place: Estate, clock: Clock) -> None:
    building = place.building("1号楼")
    doors = place.doors(building, range(101, 105))
    phone = place.volunteer(building)
    place.push(phone, visit(doors[0]))
    clock.set(NOW + 60 * DAY)
    year = TODAY.year + 1
    make(place, year=str(year), target="2")
    place.push(phone, visit(doors[1], at=clock.now()), now=clock.now())
    with place.context(), db.reading() as session:
        community = session.get_one(Community, place.community_id)
        day = clocks.day_of(clock.now(), "Asia/Shanghai")
        (row,) = standings(session, community, year, day)
    assert (row.done, row.missing) == (1, 1)
    assert row.months[day.month - 1][1] == 1


def test_the_day_at_which_a_target_is_met(place: Estate, clock: Clock) -> None:
    """One more home each day: a rate's target and a plan's, counted on from today."""
    building = place.building("1号楼")
    doors = place.doors(building, range(101, 141))
    phone = place.volunteer(building)
    for n in range(12):
        clock.set(NOW + n * DAY)
        place.push(phone, visit(doors[n], at=clock.now()), now=clock.now())
    make(place, target="20", first=str(TODAY.month))
    row = found(place, clock)["community", "homes"]
    assert (row.done, row.missing) == (12, 8)
    assert row.forecast is not None
    assert (row.forecast.early, row.forecast.likely, row.forecast.late) == (8, 8, 8)
    with place.context(), db.reading() as session:
        community = session.get_one(Community, place.community_id)
        day = clocks.day_of(clock.now(), "Asia/Shanghai")
        rates = {one.rate.kind: one for one in outlooks(session, community, day)}
    assert rates["publicity"].rate.missing == 34 - 12
    assert rates["publicity"].forecast is not None
    assert rates["publicity"].forecast.likely == 22
    assert rates["app"].forecast is None
    page = place.desk.get("/plans").text
    likely = day + timedelta(days=22)
    assert f"预计 {likely.month}月{likely.day}日" in page
    assert "还差 22" in page
    assert "看不出何时能完成" in page


@pytest.mark.both_engines
def test_a_day_that_took_more_back_than_it_brought_counts_too(place: Estate, clock: Clock) -> None:
    building = place.building("1号楼")
    doors = place.doors(building, range(101, 105))
    phone = place.volunteer(building)
    mistaken = visit(doors[0], leaflets={"general": 30})
    place.push(phone, mistaken, visit(doors[1], leaflets={"general": 2}))
    clock.set(NOW + DAY)
    place.push(phone, void(mistaken, at=clock.now()), now=clock.now())
    make(place, measure="leaflets")
    row = found(place, clock)["community", "leaflets"]
    assert (row.done, row.done_today) == (2, -30)


def plan_rows(phone: Phone) -> dict[str, dict[str, Any]]:
    phone.pull()
    return {row["measure"]: row for (kind, _), row in phone.rows["me"].items() if kind == "plan"}


@pytest.mark.both_engines
def test_a_person_is_told_of_their_own_plans_only(place: Estate) -> None:
    building = place.building("1号楼")
    mine, other = place.volunteer(building), place.volunteer(building)
    make(place, **{"for": f"member:{mine.member_id}"}, target="1200", weekday=["0", "2"])
    make(place)
    with place.context():
        rows = plan_rows(mine)
        assert list(rows) == ["homes"]
        row = rows["homes"]
        assert (row["year"], sum(row["months"]), row["weekdays"]) == (TODAY.year, 1200, 0b101)
        assert plan_rows(other) == {}
    assert place.desk.submit(f"/plans/{row['id']}/withdraw", year="2026").status_code == 303
    with place.context():
        assert not any(plan_rows(mine)["homes"]["months"])
    assert "还没有计划" not in place.desk.get("/plans").text
    with place.context(), db.reading() as session:
        assert session.scalars(select(Plan.id)).all()


def test_a_plan_is_changed_by_making_it_again(place: Estate) -> None:
    make(place, campaign="全民反诈月")
    make(place, target="", **{f"m{n}": str(n) for n in range(1, 13)})
    with place.context(), db.reading() as session:
        plan = session.scalars(select(Plan)).one()
        assert (plan.target, plan.months, plan.campaign) == (78, list(range(1, 13)), "")
    page = place.desk.get(f"/plans?change={plan.id}").text
    assert 'name="m12"' in page
    assert 'value="78"' in page
    lines = list(
        csv.reader(io.StringIO(place.desk.get("/plans/file.csv").data.decode("utf-8-sig")))
    )
    assert lines[1][:4] == ["全社区", "户数", "", "78"]
    assert place.desk.get("/plans/file.xlsx").data[:2] == b"PK"
    assert place.desk.get("/plans/file.exe").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"target": "0"}, "全年目标要填"),
        ({"target": "many"}, "全年目标要填"),
        ({"target": ""}, "全年目标要填"),
        ({"target": "99999999"}, "全年目标要填"),
        ({"year": "2019"}, "年份只能是"),
        ({"year": "x"}, "年份只能是"),
        ({"for": "grid:没有的"}, "请选择全社区"),
        ({"for": "member:x"}, "请选择全社区"),
        ({"for": "member:00000000-0000-7000-8000-000000000000"}, "请选择全社区"),
        ({"for": "grid:"}, "请选择全社区"),
        ({"for": ""}, "请选择全社区"),
        ({"measure": "doors"}, "请选择户数"),
        ({"weekday": []}, "至少选一个"),
        ({"weekday": ["9", "x"]}, "至少选一个"),
        ({"first": "13"}, "要填 1 到 12"),
        ({"campaign": "x" * 61}, "最多 60 个字"),
        ({"m3": "x"}, "3 月要填整数"),
        ({"m3": "7"}, "各月加起来是 7，全年目标写的是 365"),
    ],
)
def test_what_makes_no_sense_is_told_and_nothing_is_kept(
    place: Estate, change: dict[str, Any], words: str
) -> None:
    answer = place.desk.submit("/plans", **FORM | {"campaign": "反诈月"} | change)
    assert answer.status_code == 422
    assert words in answer.text
    if "campaign" not in change:
        assert "反诈月" in answer.text
    with place.context(), db.reading() as session:
        assert session.scalars(select(Plan)).all() == []


def test_another_communitys_plan_is_not_there(place: Estate) -> None:
    make(place, campaign="只给自己看")
    with place.context(), db.reading() as session:
        plan = session.scalars(select(Plan.id)).one()
    other = estate(place.app, "别的社区")
    assert other.desk.submit(f"/plans/{plan}/withdraw", year="2026").status_code == 404
    assert "只给自己看" not in other.desk.get("/plans").text


def test_todays_share_is_what_the_phone_reckons(place: Estate, clock: Clock) -> None:
    make(place, target="1000", weekday=["0", "1", "2", "3", "4"])
    row = found(place, clock)["community", "homes"]
    assert row.of_today == of_day(row.plan.months, row.plan.weekdays, TODAY)
    assert json.loads(json.dumps(row.plan.months)) == row.plan.months
    before = date(TODAY.year - 1, 12, 31)
    assert Standing(row.plan, "", before, {}, ()).due == 0
    after = date(TODAY.year + 1, 1, 1)
    assert Standing(row.plan, "", after, {}, ()).due == 1000
