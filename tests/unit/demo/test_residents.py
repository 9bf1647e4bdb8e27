"""What comes of knocking: the rates that canvassers know."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from webapp.demo.made import rng_of
from webapp.demo.residents import Reaction, Resident, Sort, knock, moves_in, part_of
from webapp.visits.operations import ANSWERED

TUESDAY_MORNING = datetime(2026, 11, 17, 10, tzinfo=UTC)
TUESDAY_EVENING = datetime(2026, 11, 17, 19, tzinfo=UTC)
SUNDAY_MORNING = datetime(2026, 11, 22, 10, tzinfo=UTC)


def _knocks(sort: Sort, wall: datetime, *, refuses: bool = False, tries: int = 0) -> list[Reaction]:
    rng = rng_of(3)
    return [
        knock(Resident(sort, refuses, "installed"), tries, wall, rng) for _knock in range(1_000)
    ]


def _unanswered(sort: Sort, wall: datetime) -> float:
    return sum(r.outcome == "no_answer" for r in _knocks(sort, wall)) / 1_000


def test_a_week_has_days_evenings_and_weekends() -> None:
    assert part_of(TUESDAY_MORNING) == "day"
    assert part_of(TUESDAY_EVENING) == "evening"
    assert part_of(SUNDAY_MORNING) == "weekend"


def test_working_people_are_found_in_the_evening_and_hardly_by_day() -> None:
    assert _unanswered("working", TUESDAY_MORNING) > 0.8
    assert _unanswered("working", TUESDAY_EVENING) < 0.4


def test_retired_people_are_found_by_day() -> None:
    assert _unanswered("retired", TUESDAY_MORNING) < 0.3


def test_an_empty_flat_looks_like_nobody_home_until_the_neighbours_are_asked() -> None:
    first = Counter(r.outcome for r in _knocks("nobody", SUNDAY_MORNING))
    third = Counter(r.outcome for r in _knocks("nobody", SUNDAY_MORNING, tries=2))
    assert first == {"no_answer": 1_000}
    assert 500 < third["vacant"] < 700


def test_who_refuses_always_refuses_when_found_and_takes_nothing() -> None:
    found = [r for r in _knocks("retired", SUNDAY_MORNING, refuses=True) if r.outcome in ANSWERED]
    assert {r.outcome for r in found} == {"refused"}
    assert {(r.app, r.leaflets, r.flags) for r in found} == {(None, 0, ())}


def test_the_app_is_only_spoken_of_with_somebody_who_listens() -> None:
    reactions = _knocks("working", TUESDAY_EVENING)
    assert {r.outcome for r in reactions if r.app} == {"informed"}


def test_whom_a_volunteer_helped_has_the_app_from_then_on() -> None:
    rng, resident, apps = rng_of(5), Resident("retired", False, "helped"), list[str | None]()
    while len(apps) < 3:
        reaction = knock(resident, 0, TUESDAY_MORNING, rng)
        apps += [reaction.app] if reaction.app else []
    assert apps == ["helped", "installed", "installed"]


def test_notes_are_few() -> None:
    noted = sum(r.note is not None for r in _knocks("working", TUESDAY_EVENING))
    assert 0 < noted < 60


def test_a_neighbourhood_is_mostly_people_who_work() -> None:
    rng = rng_of(4)
    sorts = Counter(moves_in(rng).sort for _household in range(2_000))
    assert sorts["working"] > sorts["retired"] > sorts["renting"] > sorts["nobody"] > 0
