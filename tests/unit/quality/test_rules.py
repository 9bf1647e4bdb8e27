"""What looks odd in a day, and what does not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.clock import HOUR, MINUTE, SECOND
from webapp.quality.rules import Done, Finding, look_at, plain
from webapp.quality.settings import Thresholds

NINE = 9 * HOUR
LIMITS = Thresholds()


def done(room: int, at: int, **more: Any) -> Done:
    """A visit to a door of 3号楼 unit 1, `at` milliseconds after nine."""
    fields: dict[str, Any] = {
        "id": f"{at:012d}-{room}",
        "door": f"door-{room}",
        "building": "b",
        "unit": "1",
        "floor": room // 100,
        "outcome": "informed",
        **more,
    }
    return Done(moment=NINE + at, **fields)


def odd(
    visits: Iterable[Done], rule: str = "", doors: int = 999, limits: Thresholds = LIMITS
) -> list[Finding]:
    """What is found, of one rule; the stairwell has so many `doors`."""
    found = look_at(visits, {("b", "1"): doors}, limits)
    return [one for one in found if not rule or one.rule == rule]


@pytest.mark.parametrize(("gap", "found"), [(59_999, 1), (60_000, 0)])
def test_two_informed_homes_in_less_than_a_minute_are_asked_about(gap: int, found: int) -> None:
    assert len(odd([done(101, 0), done(102, gap)], "too_fast")) == found


def test_a_run_is_one_question_that_names_floors_doors_and_time() -> None:
    visits = [done(1801 - 100 * n, n * 30 * SECOND) for n in range(5)]
    visits.append(done(1201, HOUR))
    (one,) = odd(visits, "too_fast")
    assert (one.building, one.unit, len(one.doors), one.value) == ("b", "1", 5, 120)
    assert one.floors == [18, 17, 16, 15, 14]


def test_from_one_stairwell_to_the_next_in_seconds() -> None:
    (one,) = odd([done(101, 0), done(102, 9 * SECOND, unit="2")], "too_fast")
    assert (one.unit, one.key, one.doors) == ("", "2", ["door-101", "door-102"])


def test_twenty_doors_with_nobody_home_are_how_it_goes() -> None:
    nobody = [done(100 + n, n * 20 * SECOND, outcome="no_answer") for n in range(20)]
    assert not odd(nobody)
    between = [done(101, 0), *nobody[5:7], done(102, 10 * MINUTE)]
    assert not odd(between)


def test_one_door_told_twice_is_not_two_homes() -> None:
    assert not odd([done(101, 0), done(101, 5_000, id="again")])


def test_more_talks_in_an_hour_than_anybody_holds() -> None:
    every = [done(100 + n, n * 2 * MINUTE, outcome="refused") for n in range(40)]
    (one,) = odd(every, "pace")
    assert one.value == 30
    assert not odd(every[:27], "pace")
    assert len(odd(every[:28], "pace")) == 1


@pytest.mark.parametrize(
    ("distance", "accuracy", "found"),
    [(118, 18, 0), (118.5, 18, 1), (900, 101, 0), (900, None, 0), (None, 10, 0), (201, 100, 1)],
)
def test_far_is_further_than_the_fix_can_err(
    distance: float | None, accuracy: float | None, found: int
) -> None:
    assert len(odd([done(101, 0, distance=distance, accuracy=accuracy)], "too_far")) == found


def test_the_furthest_of_a_building_is_told() -> None:
    far = [done(n, n * MINUTE, distance=300 + n, accuracy=5) for n in (1, 2)]
    (one,) = odd(far, "too_far")
    assert (one.value, len(one.doors)) == (302, 2)


def test_one_note_at_many_doors_however_it_is_written() -> None:
    notes = ["已讲过，App 装好。", "已讲过App装好", "已讲过 ａｐｐ 装好!"]
    visits = [done(101 + n, n * 5 * MINUTE, note=note) for n, note in enumerate(notes)]
    assert odd(visits, "same_notes")[0].value == 3
    assert not odd(visits[:2], "same_notes")
    assert not odd([done(101 + n, n * 5 * MINUTE, note="。") for n in range(5)])
    assert plain("Ａ b，C") == "abc"


def test_a_whole_unit_that_is_all_alike() -> None:
    unit = [done(101 + n, n * 5 * MINUTE, leaflets=1) for n in range(8)]
    assert odd(unit, "whole_unit", doors=8)[0].value == 8
    assert not odd(unit, "whole_unit", doors=9)
    assert not odd(unit[:7], "whole_unit", doors=7)
    assert not odd([*unit[:7], done(108, 40 * MINUTE, leaflets=2)], "whole_unit", doors=8)
    nobody = [done(101 + n, n * MINUTE, outcome="no_answer") for n in range(8)]
    assert not odd(nobody, "whole_unit", doors=8)


def test_a_time_that_cannot_be() -> None:
    assert odd([done(101, 0, ahead=11 * MINUTE)], "clock")[0].value == 11
    assert odd([done(101, 0, early=True)], "clock")[0].value == 0


@pytest.mark.parametrize("app", ["installed", "helped"])
@pytest.mark.parametrize(("outcome", "found"), [("refused", 1), ("come_back", 1), ("informed", 0)])
def test_an_app_without_a_talk(app: str, outcome: str, found: int) -> None:
    assert len(odd([done(101, 0, outcome=outcome, app=app)], "no_contact")) == found


def test_nothing_that_is_switched_off_is_found() -> None:
    off = Thresholds(seconds=0, per_hour=0, metres=0, same_notes=0, unit_doors=0)
    visits = [done(100 + n, n * SECOND, note="同样", distance=900, accuracy=1) for n in range(40)]
    assert not odd(visits, doors=40, limits=off)
    assert {one.rule for one in odd(visits, doors=40)} == {
        "too_fast", "pace", "too_far", "same_notes", "whole_unit",
    }  # fmt: skip


days = st.lists(
    st.builds(
        done,
        st.integers(101, 112),
        st.integers(0, 4 * HOUR),
        outcome=st.sampled_from(["informed", "no_answer", "refused", "come_back"]),
        app=st.sampled_from([None, "installed"]),
        distance=st.one_of(st.none(), st.integers(0, 500)),
        accuracy=st.one_of(st.none(), st.integers(0, 150)),
        note=st.sampled_from(["", "同样"]),
    ),
    max_size=60,
    unique_by=lambda visit: visit.id,
)


@given(days, st.randoms())
def test_the_order_of_arrival_does_not_matter(visits: list[Done], chance: Any) -> None:
    shuffled = list(visits)
    chance.shuffle(shuffled)
    assert odd(shuffled) == odd(visits)


@given(days)
def test_each_finding_is_about_doors_of_that_day(visits: list[Done]) -> None:
    known = {visit.door for visit in visits}
    for one in odd(visits):
        assert one.doors
        assert set(one.doors) <= known
        if one.rule == "too_fast":
            assert all(visit.outcome == "informed" for visit in one.visits)
