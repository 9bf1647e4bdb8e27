"""Loading the demo: the counters agree with the operations, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.support.databases import Source
from webapp.accounts.models import Device, Member, Person
from webapp.accounts.passwords import matches
from webapp.app import create_app
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.errors import Problem
from webapp.core.personal import personal_number
from webapp.core.settings import Settings
from webapp.coverage.models import BuildingCount, CommunityDay, MemberDay
from webapp.coverage.report import report
from webapp.coverage.verify import verify
from webapp.demo import loading, names
from webapp.demo.loading import SEED, TIMEZONE, Loaded
from webapp.operations.models import Operation, OperationText
from webapp.places.models import Assignment, Building, Household
from webapp.visits.models import DoorState

EVENING = "2026-11-22T21:40:00.000+08:00"
SAME_EVERYWHERE = (2383, 1307, 2_826)
"""Households, doors reached and visits of the seed that everybody gets."""

pytestmark = pytest.mark.slow


def _load(app: Flask, moment: str = EVENING) -> Loaded:
    now = product_clock.parse(moment)
    with product_clock.moved_to(now), app.app_context(), db.writing() as session:
        return loading.load(session, seed=SEED, now=now)


@pytest.fixture(scope="module")
def town(
    _sources: Callable[[str], Source], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Loaded]]:
    """The demo, loaded once: the tests that use it only look."""
    source = _sources("sqlite")
    url = source.copy("demo")
    app = create_app(Settings(tmp_path_factory.mktemp("demo"), url, "only-for-tests", testing=True))
    yield app, _load(app)
    app.extensions[db.EXTENSION].dispose()
    source.drop(url)


@pytest.fixture
def loaded(town: tuple[Flask, Loaded]) -> Loaded:
    return town[1]


@pytest.fixture
def session(town: tuple[Flask, Loaded]) -> Iterator[Session]:
    with town[0].app_context(), db.reading() as session:
        yield session


@pytest.mark.both_engines
def test_verify_finds_no_difference_after_loading(app: Flask) -> None:
    loaded = _load(app, "2026-11-27T11:30:00.000+08:00")
    with app.app_context(), db.reading() as session:
        assert verify(session, loaded.community_id) == []


def test_some_buildings_are_over_target_and_some_untouched(
    session: Session, loaded: Loaded
) -> None:
    rates = [row["publicity_rate"] for row in report(session, loaded.community_id)["buildings"]]
    assert len(rates) == loaded.buildings == 24
    assert sum(rate >= 8_500 for rate in rates) >= 4
    assert sum(rate == 0 for rate in rates) >= 2
    assert sum(0 < rate < 8_500 for rate in rates) >= 4


def test_the_community_as_a_whole_is_on_its_way(session: Session, loaded: Loaded) -> None:
    totals = report(session, loaded.community_id)["totals"]
    assert 2_300 <= totals["households"] <= 2_500
    assert 4_000 <= totals["publicity_rate"] <= 7_500
    assert 0 < totals["app_rate"] < totals["publicity_rate"]


def test_the_trend_has_three_weeks_that_end_today_and_only_grows_at_first(
    session: Session, loaded: Loaded
) -> None:
    statement = select(CommunityDay.day, CommunityDay.knocked).order_by(CommunityDay.day)
    days = [(row.day, row.knocked) for row in session.execute(statement)]
    today = product_clock.day_of(product_clock.parse(EVENING), TIMEZONE)
    assert days[0] == (today - timedelta(days=21), 0)
    assert days[-1][0] == today
    assert len(days) >= 14
    knocked = [count for _day, count in days]
    assert knocked == sorted(knocked)


def test_every_volunteer_was_out_in_the_last_two_weeks(session: Session, loaded: Loaded) -> None:
    today = product_clock.day_of(product_clock.parse(EVENING), TIMEZONE)
    statement = select(func.count(MemberDay.member_id.distinct())).where(
        MemberDay.day > today - timedelta(days=14)
    )
    assert session.scalar(statement) == len(names.VOLUNTEERS)


def test_the_practice_building_counts_nowhere(session: Session, loaded: Loaded) -> None:
    visited = select(func.count()).where(DoorState.building_id == loaded.practice_building)
    assert session.scalar(visited) == 3
    assert session.get(BuildingCount, (loaded.community_id, loaded.practice_building)) is None
    households = select(func.count()).select_from(Household)
    own = households.where(Household.building_id == loaded.practice_building)
    total = report(session, loaded.community_id)["totals"]["households"]
    assert (session.scalar(households) or 0) - (session.scalar(own) or 0) == total


def test_every_volunteer_is_assigned_and_three_buildings_wait_for_somebody(
    session: Session, loaded: Loaded
) -> None:
    statement = select(Assignment.member_id, Assignment.building_id)
    assigned = {(row.member_id, row.building_id) for row in session.execute(statement)}
    volunteers = set(session.scalars(select(Member.id).where(Member.role == "volunteer")))
    assert {member for member, _building in assigned} == volunteers
    everything = set(session.scalars(select(Building.id).where(Building.practice.is_(False))))
    assert len(everything - {building for _member, building in assigned}) == 3


def test_everybody_can_sign_in_with_a_password_that_nobody_else_has(
    session: Session, loaded: Loaded
) -> None:
    assert [person.role for person in loaded.signins] == [
        "coordinator",
        *["volunteer"] * 5,
        "supervisor",
        "admin",
    ]
    assert len({person.password for person in loaded.signins}) == len(loaded.signins)
    for person in loaded.signins:
        kept = session.scalars(select(Person).where(Person.login == person.login)).one()
        assert matches(kept.password_hash, person.password)
        inside = session.scalars(select(Member).where(Member.person_id == kept.id)).all()
        assert [member.role for member in inside] == (
            [person.role] if person.role in ("coordinator", "volunteer") else []
        )


def test_every_operation_was_accepted_and_has_the_device_that_recorded_it(
    session: Session, loaded: Loaded
) -> None:
    statement = select(Operation.status, func.count()).group_by(Operation.status)
    assert [status for status, _count in session.execute(statement)] == ["accepted"]
    statement = (
        select(Operation.type, func.count())
        .where(Operation.device_id.is_not(None))
        .group_by(Operation.type)
    )
    assert {kind: count for kind, count in session.execute(statement)} == loaded.operations


def test_only_the_desk_records_without_a_device(session: Session, loaded: Loaded) -> None:
    statement = select(Operation.type).where(Operation.device_id.is_(None)).distinct()
    assert set(session.scalars(statement)) == {"alert_attempt", "alert_outcome"}


def test_one_phone_has_been_silent_with_something_unsent(session: Session, loaded: Loaded) -> None:
    phones = session.scalars(select(Device)).all()
    now = product_clock.parse(EVENING)
    assert len(phones) == 5
    (silent,) = [phone for phone in phones if phone.waiting]
    assert silent.synced_at is not None
    assert silent.synced_at < now - product_clock.DAY


def test_notes_hold_no_personal_numbers(session: Session, loaded: Loaded) -> None:
    notes = session.scalars(select(OperationText.text)).all()
    assert 20 <= len(notes) <= 300
    assert [note for note in notes if personal_number(note)] == []


def test_the_same_seed_gives_the_same_figures_everywhere(session: Session, loaded: Loaded) -> None:
    totals = report(session, loaded.community_id)["totals"]
    assert (totals["households"], totals["reached"], loaded.operations["visit"]) == SAME_EVERYWHERE


def test_loading_twice_is_refused_and_changes_nothing(town: tuple[Flask, Loaded]) -> None:
    app, _ = town
    with pytest.raises(Problem, match="demo_not_empty"):
        _load(app)
    with app.app_context(), db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Building)) == 25


def test_what_stops_half_way_leaves_the_installation_empty(app: Flask) -> None:
    def give_up(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with app.app_context():
        with pytest.raises(KeyboardInterrupt), db.writing() as session:
            loading.load(session, seed=SEED, now=product_clock.parse(EVENING), progress=give_up)
        with db.reading() as session:
            assert loading.is_empty(session)
