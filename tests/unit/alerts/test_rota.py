"""Who is on duty: weekdays, single days, over midnight, by the community's own clock."""

from __future__ import annotations

from datetime import date

import pytest

from tests.factories.field import NOW, Neighbourhood, Phone, neighbourhood
from webapp.alerts import rota
from webapp.core import clock, db
from webapp.core.errors import NotFound, Problem

pytestmark = pytest.mark.both_engines


def enter(
    hood: Neighbourhood, phone: Phone, *days: int, on: date | None = None, span: str = "18:00-22:00"
) -> None:
    start, end = span.split("-")
    with db.writing() as session:
        rota.add(
            session, hood.community_id, phone.member_id, weekdays=days, day=on, start=start,
            end=end, who=None, now=NOW,
        )  # fmt: skip


def here(hood: Neighbourhood, moment: str) -> set[str]:
    with db.reading() as session:
        return rota.on_duty(session, hood.community_id, clock.parse(moment))


def test_somebody_is_on_duty_within_their_hours_of_their_weekdays(hood: Neighbourhood) -> None:
    a = hood.volunteer()
    enter(hood, a, 0, 2)  # 2026-11-23 is a Monday
    assert here(hood, "2026-11-23T17:59:59+08:00") == set()
    assert here(hood, "2026-11-23T18:00:00+08:00") == {a.member_id}
    assert here(hood, "2026-11-23T21:59:59+08:00") == {a.member_id}
    assert here(hood, "2026-11-23T22:00:00+08:00") == set()
    assert here(hood, "2026-11-24T19:00:00+08:00") == set()
    assert here(hood, "2026-11-25T11:00:00+00:00") == {a.member_id}


def test_a_night_belongs_to_the_day_on_which_it_began(hood: Neighbourhood) -> None:
    a = hood.volunteer()
    enter(hood, a, 4, span="20:00-02:00")
    assert here(hood, "2026-11-28T01:59:00+08:00") == {a.member_id}
    assert here(hood, "2026-11-27T01:00:00+08:00") == set()


def test_a_single_day_and_the_whole_of_it(hood: Neighbourhood) -> None:
    a = hood.volunteer()
    enter(hood, a, on=date(2026, 10, 1), span="00:00-24:00")
    assert here(hood, "2026-10-01T00:00:00+08:00") == {a.member_id}
    assert here(hood, "2026-10-01T23:59:59+08:00") == {a.member_id}
    assert here(hood, "2026-10-02T00:00:00+08:00") == set()


def test_the_same_line_is_entered_once_and_can_be_taken_out_twice(hood: Neighbourhood) -> None:
    a = hood.volunteer()
    enter(hood, a, 0)
    enter(hood, a, 0)
    with db.writing() as session:
        (line,) = rota.lines(session, hood.community_id)
        for _ in range(2):
            rota.remove(session, hood.community_id, line.duty.id, who=None, now=NOW)
    assert here(hood, "2026-11-23T19:00:00+08:00") == set()


def test_another_communitys_line_is_not_found(hood: Neighbourhood) -> None:
    other = neighbourhood("Other")
    a = other.volunteer()
    enter(other, a, 0)
    with db.writing() as session:
        (line,) = rota.lines(session, other.community_id)
        with pytest.raises(NotFound):
            rota.remove(session, hood.community_id, line.duty.id, who=None, now=NOW)
    with pytest.raises(NotFound):
        enter(hood, a, 0)


@pytest.mark.parametrize("span", ["25:00-26:00", "18-22", "-", "18:60-19:00", "a:b-c:d"])
def test_what_is_no_time_is_named(hood: Neighbourhood, span: str) -> None:
    with pytest.raises(Problem) as refused:
        enter(hood, hood.volunteer(), 0, span=span)
    assert refused.value.code == "time_unknown"


def test_no_day_at_all_is_said(hood: Neighbourhood) -> None:
    with pytest.raises(Problem) as refused:
        enter(hood, hood.volunteer())
    assert refused.value.code == "nothing_chosen"
