"""Who watches the watchman: the harness's fold keeps to the shared vectors, and its oracle sees
what was planted."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.storm import alerting, oracle, weather
from tests.storm.check import door_differences
from tests.storm.database import Database, Stored
from tests.storm.desk import Action, Desk
from tests.storm.fold import Visit, display, in_order, state
from tests.storm.ledger import REFUSED, Recorded
from tests.storm.options import read
from tests.storm.oracle import Expected
from tests.storm.wire import Line
from tests.storm.world import Community, Listed, Member

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "fold.json").read_text("utf-8"))
WHOLE = [case for case in VECTORS["cases"] if not case.get("carried")]
AT = 1_800_000_000_000


def visit(fields: dict[str, Any]) -> Visit:
    return Visit(
        fields["moment"],
        fields["id"],
        "somebody",
        fields["outcome"],
        fields.get("app"),
        fields.get("flags"),
        fields.get("leaflets") or 0,
        fields.get("follow_up_on"),
        None,
    )


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in WHOLE])
def test_the_harness_folds_as_the_shared_vectors_say(case: dict[str, Any]) -> None:
    visits = list({fields["id"]: visit(fields) for fields in case["visits"]}.values())
    folded = state(in_order(visits))
    shown = {name: value for name, value in folded.items() if name != "closed"}
    shown |= {"vacant": folded["contact"] == "vacant", "display": display(folded)}
    assert shown == case["expect"]


ALERTS = json.loads((Path(__file__).parents[1] / "vectors" / "alert.json").read_text("utf-8"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in ALERTS["cases"]])
def test_the_harness_folds_alerts_as_the_shared_vectors_say(case: dict[str, Any]) -> None:
    facts = {
        fields["id"]: alerting.Fact(
            fields["moment"],
            fields["id"],
            fields["type"],
            fields["by"],
            fields,
            bool(fields.get("coordinator")),
        )
        for fields in case["facts"]
    }
    found = alerting.state(facts.values())
    wanted = ALERTS["empty"] | case["expect"]
    wanted |= {
        "attempts": sum(wanted["attempts"].values()),
        "working": sorted(wanted["working"]),
        "status": "open" if wanted["closed_at"] is None else "closed",
    }
    assert found == {name: wanted[name] for name in found}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    boss = Member(1, "boss", "boss", "coordinator")
    door = Listed("d", "b", "1", "101", moved=False)
    place = Community(1, ["b", "practice"], [door], boss, boss, [boss])
    return Desk(place, Line(0, ""), Database(f"sqlite:///{tmp_path}/none"), Random(1))


def recorded(name: str, kind: str = "visit", **fields: Any) -> Recorded:
    fields = fields or {"household": "d", "outcome": "informed"}
    made = Recorded(1, name, name.encode(), kind, fields, "m", "phone", AT, "b")
    made.pushes.append((AT, AT + 10))
    return made


def stored(operation: Recorded, **changed: Any) -> Stored:
    row = Stored(
        operation.id, operation.digest, "accepted", None, "m", "phone", AT, False, AT + 5, False
    )
    return replace(row, **changed)


def judge(desk: Desk, *pairs: tuple[Recorded, Stored | None]) -> Expected:
    operations = [operation for operation, _ in pairs]
    return oracle.expect(desk.place, operations, [row for _, row in pairs if row], desk)


def test_all_is_well_when_everything_is_there_once(desk: Desk) -> None:
    a, b = recorded("a"), recorded("b")
    found = judge(desk, (a, stored(a)), (b, stored(b)))
    assert (found.lost, found.doubled, found.wrong) == ([], [], [])
    assert oracle.counts(found, desk.place)["b"]["reached"] == 1
    assert [v.id for v in found.doors["d"].visits] == ["a", "b"]


def test_what_is_stored_nowhere_is_lost(desk: Desk) -> None:
    assert judge(desk, (recorded("a"), None)).lost == ["a visit"]


def test_what_is_stored_twice_or_by_nobody_is_doubled(desk: Desk) -> None:
    a = recorded("a")
    assert judge(desk, (a, stored(a)), (a, stored(a, id="other"))).doubled
    found = oracle.expect(desk.place, [], [stored(a)], desk)
    assert found.doubled == ["nobody recorded a"]
    poison = recorded("p")
    poison.fate = REFUSED
    assert judge(desk, (poison, stored(poison))).doubled


@pytest.mark.parametrize(
    "changed",
    [
        {"status": "waiting"},
        {"moment": AT + 1},
        {"capped": True},
        {"received_at": AT + 120_000},
    ],
)
def test_a_wrong_status_moment_or_time_of_receipt_is_seen(
    desk: Desk, changed: dict[str, Any]
) -> None:
    a = recorded("a")
    assert judge(desk, (a, stored(a, **changed))).wrong


def test_a_moment_far_ahead_is_to_be_capped_to_the_receipt(desk: Desk) -> None:
    a = recorded("a")
    a.moment = AT + 400_000
    assert judge(desk, (a, stored(a, moment=AT + 5, capped=True))).wrong == []
    assert judge(desk, (a, stored(a, moment=a.moment))).wrong


def test_what_was_dismissed_or_voided_does_not_count(desk: Desk) -> None:
    a, b, void = recorded("a"), recorded("b"), recorded("v", "void", operation="b")
    desk.journal.append(Action("dismiss", ("a", a.digest.hex()), (AT, AT)))
    found = judge(desk, (a, stored(a, status="dismissed")), (b, stored(b)), (void, stored(void)))
    assert (found.wrong, found.doors["d"].visits) == ([], [])


def test_a_door_that_was_added_and_taken_back_is_retired_with_its_visits(desk: Desk) -> None:
    add = recorded("a", "household_add", household="n", building="b", unit="1", room="0902室")
    late = recorded("x", household="n", outcome="informed")
    void = recorded("v", "void", operation="a")
    found = judge(desk, (add, stored(add)), (late, stored(late)), (void, stored(void)))
    door = found.doors["n"]
    assert (door.live, door.room, len(door.visits)) == (False, "902", 1)
    row = {"id": "n", "room": "0902室", "retired": True}
    assert [line.split(":")[0] for line in door_differences(door, row)] == [
        "id", "by", "outcome", "moment",
    ]  # fmt: skip


def test_the_weather_is_the_same_for_the_same_seed() -> None:
    options = read(["--seed", "4", "--operations", "2000"])
    first = weather.plan(options, 400)
    assert first == weather.plan(options, 400)
    assert [event.what for event in first].count(weather.KILL) == 3
    assert [event.what for event in first if event.what != weather.KILL] == [
        weather.BACKUP,
        weather.RESTORE,
    ]
