"""What alerts add up to: every figure against alerts that were worked by hand."""

from __future__ import annotations

import pytest

from tests.factories.alerts import acting, attempt, follow_up, make_alert, outcome
from tests.factories.field import DAY, HOUR, MINUTE, NOW, TIMEZONE, Neighbourhood, neighbourhood
from webapp.alerts.statistics.figures import Figures, rate
from webapp.alerts.statistics.months import note_month
from webapp.alerts.statistics.period import Month, Period, month_of, months, read_month
from webapp.alerts.statistics.report import Report, report
from webapp.core import clock, db
from webapp.core.errors import Problem

NOVEMBER = Month(2026, 11)


def seen(hood: Neighbourhood, now: int = NOW, first: Month | None = None) -> Report:
    with db.reading() as session:
        return report(session, hood.community_id, now, first, None)


def counts(view: Report, name: str) -> dict[str, int]:
    return {code: found.count for code, found in view.groups[name] if found.count}


def test_months_follow_each_other_over_the_turn_of_the_year() -> None:
    assert Month(2026, 12).after() == Month(2027, 1)
    assert Month(2027, 1).after(-2) == NOVEMBER
    assert [str(m) for m in months(NOVEMBER, Month(2027, 1))] == ["2026-11", "2026-12", "2027-01"]


@pytest.mark.parametrize("text", ["", None, "2026-13", "2026-00", "1-2", "2026-1", "x" * 99])
def test_what_is_no_month_is_none(text: str | None) -> None:
    assert read_month(text) is None


def test_a_month_begins_at_midnight_of_the_community() -> None:
    start = NOVEMBER.start(TIMEZONE)
    assert clock.iso(start) == "2026-10-31T16:00:00.000+00:00"
    assert month_of(start, TIMEZONE) == NOVEMBER
    assert month_of(start - 1, TIMEZONE) == Month(2026, 10)
    assert Period(NOVEMBER, NOVEMBER, TIMEZONE).end == Month(2026, 12).start(TIMEZONE)


def test_a_rate_is_rounded_down_and_nothing_over_nothing_is_no_rate() -> None:
    assert rate(2, 3) == 6666
    assert rate(0, 0) is None


@pytest.mark.both_engines
def test_a_community_without_alerts_has_a_report_of_this_month(hood: Neighbourhood) -> None:
    view = seen(hood)
    assert (view.total.count, view.total.success_rate, view.total.mean_tries) == (0, None, None)
    assert view.choices == (NOVEMBER,)
    assert [code for code, _ in view.groups["bucket"]][:2] == ["romance_investment", "loan"]


@pytest.mark.both_engines
def test_drafts_and_what_was_dropped_count_nowhere(hood: Neighbourhood) -> None:
    make_alert(hood, draft=True)
    make_alert(hood)
    assert seen(hood).total.count == 1


@pytest.mark.both_engines
def test_success_leaves_out_what_was_not_ours_a_false_alarm_or_a_duplicate(
    hood: Neighbourhood,
) -> None:
    desk = hood.member("coordinator")
    endings = ("dissuaded", "dissuaded", "already_paid", "unreachable", "false_alarm", "duplicate")
    for ending in endings:
        desk.push(outcome(make_alert(hood), ending))
    signed = {"name": "林", "office": "隔壁", "at": clock.iso(NOW)}
    desk.push(outcome(make_alert(hood), "not_ours", signed=signed))
    make_alert(hood)
    total = seen(hood).total
    assert (total.count, total.open, total.dissuaded, total.measured) == (8, 1, 2, 4)
    assert total.success_rate == 5000


@pytest.mark.both_engines
def test_on_time_is_decided_by_contact_or_by_an_outcome_that_spares_it(
    hood: Neighbourhood,
) -> None:
    desk = hood.member("coordinator")
    in_time, late, spared, never, running = (make_alert(hood) for _ in range(5))
    soon, too_late = NOW + 10 * MINUTE, NOW + 61 * MINUTE
    desk.push(attempt(in_time, "call", "denied", at=soon), now=soon)
    desk.push(attempt(late, "door", "met", at=too_late), now=too_late)
    desk.push(outcome(spared, "false_alarm", at=soon), now=soon)
    desk.push(outcome(never, "unreachable", at=soon), now=soon)
    total = seen(hood, now=soon).total  # by then the late one is not known to be late
    assert total.in_time == 2
    total = seen(hood, now=NOW + 2 * HOUR).total
    assert (total.in_time, total.late, total.on_time_rate) == (2, 3, 4000)
    assert running


@pytest.mark.both_engines
def test_money_is_summed_by_kind_and_by_grade_and_never_across_kinds(hood: Neighbourhood) -> None:
    desk = hood.member("coordinator")
    desk.push(
        outcome(make_alert(hood), avoided=100, recovered=7, grade="claimed"),
        outcome(make_alert(hood), avoided=1000, grade="bank"),
        outcome(make_alert(hood), "already_paid", lost=50, stopped=20, grade="police"),
        outcome(make_alert(hood), avoided=3),
    )
    total = seen(hood).total
    assert total.amount("avoided") == 1103
    assert total.amount("avoided", "claimed") == 103  # what nobody graded is claimed
    assert [total.amount("avoided", grade) for grade in ("bank", "police")] == [1000, 0]
    assert [total.amount(kind) for kind in ("recovered", "stopped", "lost")] == [7, 20, 50]


@pytest.mark.both_engines
def test_the_last_stop_payment_decision_counts_once(hood: Neighbourhood) -> None:
    desk, alert = hood.member("coordinator"), make_alert(hood)
    requested = {"decision": "requested", "via": "bank", "amount": 500}
    desk.push(
        attempt(alert, at=NOW, stop_payment={"decision": "not_needed"}, at_risk=800),
        attempt(alert, at=NOW + 1, stop_payment=requested, remaining=300),
        attempt(make_alert(hood), stop_payment={"decision": "declined"}),
    )
    total = seen(hood).total
    assert (total.stop_payments, total.stop_payment_amount) == (1, 500)
    assert (total.at_risk, total.remaining) == (800, 300)


@pytest.mark.both_engines
def test_attempts_until_success_are_those_of_dissuaded_alerts_alone(hood: Neighbourhood) -> None:
    desk = hood.member("coordinator")
    for tries, ending in ((1, "dissuaded"), (2, "dissuaded"), (6, "dissuaded"), (9, "unreachable")):
        alert = make_alert(hood)
        desk.push(*(attempt(alert, at=NOW + n) for n in range(tries)))
        desk.push(outcome(alert, ending, at=NOW + 60))
    total = seen(hood).total
    assert (total.attempts, total.mean_tries, total.median_tries) == (18, 3, 2)


@pytest.mark.both_engines
def test_door_dissuasions_are_credited_to_whoever_went_there_once_an_alert(
    hood: Neighbourhood,
) -> None:
    a, b = hood.volunteer(), hood.volunteer()
    won, lost = make_alert(hood, to=(a, b)), make_alert(hood, to=(a,))
    a.push(
        attempt(won, "door", "no_answer", at=NOW + 1),
        attempt(won, "workplace", "met", at=NOW + 2),
        attempt(lost, "door", "no_answer", at=NOW + 3),
        outcome(lost, "unreachable", at=NOW + 4),
    )
    b.push(attempt(won, "call", "answered", at=NOW + 1), outcome(won, at=NOW + 9))
    first, second = seen(hood).people
    assert (first.dissuaded, first.worked, first.attempts, first.door_visits) == (1, 2, 3, 3)
    assert (second.dissuaded, second.attempts, second.door_visits) == (0, 1, 0)
    assert seen(hood).total.door_visits == 3


@pytest.mark.both_engines
def test_follow_ups_done_and_due_by_today(hood: Neighbourhood) -> None:
    volunteer = hood.volunteer()
    alert = make_alert(hood, to=(volunteer,))
    volunteer.push(outcome(alert, risk="high"))  # after 1, 3, 7 and 30 days
    then = NOW + 3 * DAY
    assert (seen(hood).total.follow_ups_done, seen(hood).total.follow_ups_due) == (0, 0)
    volunteer.push(follow_up(alert, at=NOW + DAY, risk="high"), now=NOW + DAY)
    total = seen(hood, now=then).total
    assert (total.follow_ups_done, total.follow_ups_due) == (1, 2)
    assert seen(hood, now=then).people[0].follow_ups == 1


@pytest.mark.both_engines
def test_groups_go_by_bucket_type_level_channel_grid_and_age(hood: Neighbourhood) -> None:
    building = hood.building("3")
    make_alert(hood, hood.door(building), scam_type="task", channel="app", age=17, level="low")
    make_alert(hood, scam_type=None, channel=None, age=None)
    view = seen(hood)
    assert counts(view, "bucket") == {"app": 1, "other": 1}
    assert counts(view, "type") == {"task": 1, "": 1}
    assert counts(view, "level") == {"high": 1, "low": 1}
    assert counts(view, "channel") == {"app": 1, "": 1}
    assert counts(view, "age") == {"under_18": 1, "": 1}
    assert sum(counts(view, "grid").values()) == 2


@pytest.mark.both_engines
def test_the_confirmed_type_decides_where_an_alert_is_counted(hood: Neighbourhood) -> None:
    desk, alert = hood.member("coordinator"), make_alert(hood, scam_type="task", channel="app")
    desk.push(attempt(alert, "call", "answered", confirmed="romance"))
    assert counts(seen(hood), "bucket") == {"romance_investment": 1}
    assert counts(seen(hood), "type") == {"romance": 1}


@pytest.mark.both_engines
def test_months_that_were_asked_for_are_kept_within_those_there_are(hood: Neighbourhood) -> None:
    make_alert(hood, received_at=NOW - 60 * DAY)
    make_alert(hood)
    assert seen(hood).total.count == 2
    assert [line.figures.count for line in seen(hood).months] == [1, 0, 1]
    assert seen(hood, first=NOVEMBER).total.count == 1
    assert seen(hood, first=Month(2001, 1)).total.count == 2
    assert seen(hood, first=Month(2999, 1)).total.count == 1


@pytest.mark.both_engines
def test_the_polices_number_stands_beside_its_month_and_can_be_taken_back(
    hood: Neighbourhood,
) -> None:
    desk = acting(hood.member("coordinator"), "coordinator")

    def note(cases: str, plan: str = "") -> None:
        with db.writing() as session:
            note_month(
                session, hood.community_id, NOVEMBER, cases=cases, plan=plan, who=desk, now=NOW
            )

    note("3", "先讲刷单")
    assert (seen(hood).months[-1].cases, seen(hood).plan) == (3, "先讲刷单")
    note("", "")
    assert (seen(hood).months[-1].cases, seen(hood).plan) == (None, "")
    for wrong in ("-1", "3.5", "很多", "9" * 30, "²"):
        with pytest.raises(Problem) as refused:
            note(wrong)
        assert (refused.value.code, refused.value.params["field"]) == ("cases_number", "cases")
    with pytest.raises(Problem) as refused:
        note("1", "x" * 1001)
    assert refused.value.code == "text_long"


@pytest.mark.both_engines
def test_another_community_is_not_counted(hood: Neighbourhood) -> None:
    make_alert(neighbourhood("Other"))
    assert seen(hood).total == Figures()
