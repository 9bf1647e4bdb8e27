"""A resident asks who is at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from itertools import count

import pytest
from flask import Flask

from tests.conftest import Statements
from tests.factories.field import DAY, HOUR, MINUTE, NOW, Neighbourhood, neighbourhood
from tests.factories.trust import Badge, Resident, acting, checks, issue
from webapp.alerts import rota
from webapp.core import db
from webapp.trust import badges, totp
from webapp.trust.checking import AskNumber

SECOND = 1000


@pytest.fixture
def badge(hood: Neighbourhood) -> Badge:
    """On duty."""
    badge = issue(hood)
    badge.start()
    return badge


@pytest.fixture
def others() -> Iterator[Resident]:
    """Each time from another address."""
    return (Resident(f"198.51.{n // 250}.{n % 250}") for n in count(1))


def wrong(badge: Badge, now: int = NOW) -> str:
    """A code that is not the badge's around that moment."""
    step = totp.step_of(now)
    near = {totp.code(badge.key, step + late) for late in range(-3, 4)}
    return next(code for code in map("{:06}".format, count()) if code not in near)


@pytest.mark.both_engines
def test_number_and_code_tell_who_it_is(hood: Neighbourhood, badge: Badge) -> None:
    verdict = Resident().types(badge.shown, badge.code())
    assert verdict.result == "confirmed"
    assert verdict.bearer
    assert verdict.bearer.member_id == badge.phone.member_id
    assert verdict.bearer.shown_number == badge.shown
    assert verdict.duty
    assert verdict.duty.since == NOW
    assert checks("way", "result", "badge_id", "community_id", "number") == [
        ("typed", "confirmed", badge.id, hood.community_id, badge.number)
    ]


def test_the_digits_are_enough_but_a_wrong_letter_is_not(badge: Badge) -> None:
    resident = Resident()
    assert resident.types(badge.number, badge.code()).result == "confirmed"
    assert resident.types(f"乙-{badge.number:04}", badge.code()).result == "wrong"


@pytest.mark.both_engines
def test_who_is_not_on_duty_is_not_confirmed(hood: Neighbourhood) -> None:
    badge = issue(hood)
    verdict = Resident().types(badge.number, badge.code())
    assert (verdict.result, verdict.duty) == ("off_duty", None)
    assert verdict.bearer
    badge.start()
    late = NOW + 5 * HOUR
    assert Resident().types(badge.number, badge.code(late), now=late).result == "off_duty"


@pytest.mark.both_engines
def test_the_rota_confirms_too(hood: Neighbourhood) -> None:
    badge = issue(hood)
    with db.writing() as session:
        rota.add(
            session,
            hood.community_id,
            badge.phone.member_id,
            weekdays=[0],
            day=None,
            start="08:00",
            end="12:00",
            who=None,
            now=NOW,
        )
    verdict = Resident().types(badge.number, badge.code())
    assert verdict.result == "confirmed"
    assert verdict.duty
    assert verdict.duty.since is None
    noon = NOW + 3 * HOUR
    assert Resident().types(badge.number, badge.code(noon), now=noon).result == "off_duty"


def test_a_code_may_be_checked_again_while_it_counts(badge: Badge) -> None:
    """Two residents at one door, and who reads slowly."""
    shown = badge.code()
    results = [
        Resident().types(badge.number, shown, now=NOW + late * SECOND).result
        for late in (-30, 0, 0, 29, 59, 60, 90)
    ]
    assert results == ["confirmed"] * 5 + ["wrong"] * 2


def test_five_wrong_in_an_hour_close_a_number_also_for_the_right_code(
    badge: Badge, others: Iterator[Resident]
) -> None:
    for _ in range(5):
        assert next(others).types(badge.number, wrong(badge)).result == "wrong"
    verdict = next(others).types(badge.number, badge.code())
    assert (verdict.result, verdict.bearer, verdict.blocked) == ("closed", None, False)
    later = NOW + HOUR
    assert next(others).types(badge.number, badge.code(later), now=later).result == "confirmed"


def test_twenty_wrong_in_a_day_close_it_for_the_day(
    badge: Badge, others: Iterator[Resident]
) -> None:
    badge.start(NOW, until=NOW + 16 * HOUR)
    for hour in range(4):
        now = NOW + hour * HOUR
        for _ in range(5):
            assert next(others).types(badge.number, wrong(badge, now), now=now).result == "wrong"
    noon = NOW + 5 * HOUR
    assert next(others).types(badge.number, badge.code(noon), now=noon).result == "closed"
    tomorrow = NOW + DAY
    verdict = next(others).types(badge.number, badge.code(tomorrow), now=tomorrow)
    assert verdict.result == "off_duty"


def test_a_right_code_is_not_counted(badge: Badge, others: Iterator[Resident]) -> None:
    for _ in range(12):
        assert Resident().types(badge.number, badge.code()).result == "confirmed"


@pytest.mark.parametrize("known", [True, False])
def test_ten_wrong_from_one_address_shut_it_out_whatever_it_asks(
    hood: Neighbourhood, badge: Badge, known: bool
) -> None:
    numbers = [issue(hood) for _ in range(3)] if known else []
    guesser = Resident()
    for n in range(10):
        number = numbers[n % 3].number if known else 900_000_000 + n % 3
        code = wrong(numbers[n % 3]) if known else "123456"
        assert guesser.types(number, code).blocked is False
    verdict = guesser.types(badge.number, badge.code())
    assert (verdict.result, verdict.blocked, verdict.bearer) == ("closed", True, None)
    assert guesser.types(900_000_009, "123456").blocked
    assert Resident("203.0.113.8").types(badge.number, badge.code()).result == "confirmed"
    later = NOW + HOUR
    assert guesser.types(badge.number, badge.code(later), now=later).result == "confirmed"


@pytest.mark.parametrize("known", [True, False])
def test_hammering_one_number_gives_the_same_answers_whether_it_exists(
    badge: Badge, known: bool
) -> None:
    guesser = Resident()
    number, code = (badge.number, wrong(badge)) if known else (900_000_000, "123456")
    verdicts = [guesser.types(number, code) for _ in range(12)]
    told = [(verdict.result, verdict.blocked) for verdict in verdicts]
    assert told == [("wrong", False)] * 5 + [("closed", False)] * 5 + [("closed", True)] * 2


def test_a_right_code_at_a_closed_number_is_no_sign(
    badge: Badge, others: Iterator[Resident]
) -> None:
    """It counts against its address like a wrong one: else ten of them would tell."""
    for _ in range(5):
        next(others).types(badge.number, wrong(badge))
    guesser = Resident()
    for _ in range(10):
        assert guesser.types(badge.number, badge.code()).blocked is False
    assert guesser.types(badge.number, badge.code()).blocked


@pytest.mark.both_engines
def test_a_number_that_nobody_has_does_the_same_work(
    badge: Badge,
    query_count: Callable[[], AbstractContextManager[Statements]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed: list[int] = []
    code = totp.code

    def counted(key: bytes, step: int) -> str:
        computed.append(step)
        return code(key, step)

    monkeypatch.setattr(totp, "code", counted)
    Resident("192.0.2.1").types(5, "123456")
    work = []
    for number, typed in ((badge.number, wrong(badge)), (900_000_000, "123456")):
        computed.clear()
        with query_count() as statements:
            assert Resident("192.0.2.1").types(number, typed).result == "wrong"
        work.append((statements.texts, computed.copy()))
    assert work[0] == work[1]


def test_checks_of_numbers_that_nobody_has_are_written_down_too(badge: Badge) -> None:
    Resident().types(900_000_000, "123456")
    assert checks("community_id", "number", "badge_id", "result") == [
        (0, 900_000_000, None, "wrong")
    ]


@pytest.mark.both_engines
def test_at_a_stairwell_the_code_alone_is_enough(hood: Neighbourhood, badge: Badge) -> None:
    building = hood.building()
    hood.assign(badge.phone, building)
    verdict = Resident().types_at(hood, building, badge.code())
    assert verdict.result == "confirmed"
    assert verdict.bearer
    assert verdict.bearer.badge_id == badge.id
    assert checks("way", "result", "badge_id", "building_id") == [
        ("building", "confirmed", badge.id, building)
    ]


def test_only_who_is_assigned_there_may_be_meant(hood: Neighbourhood, badge: Badge) -> None:
    building = hood.building()
    assert Resident().types_at(hood, building, badge.code()).result == "wrong"
    hood.assign(badge.phone, building, until=NOW)
    assert Resident().types_at(hood, building, badge.code()).result == "wrong"


def test_of_two_assignments_of_one_member_none_is_ambiguous(
    hood: Neighbourhood, badge: Badge
) -> None:
    building = hood.building()
    hood.assign(badge.phone, building)
    hood.assign(badge.phone, building)
    assert Resident().types_at(hood, building, badge.code()).result == "confirmed"


def test_more_than_five_ask_for_the_number(hood: Neighbourhood, badge: Badge) -> None:
    building = hood.building()
    for phone in [badge.phone, *(issue(hood).phone for _ in range(4))]:
        hood.assign(phone, building)
    assert Resident().types_at(hood, building, badge.code()).result == "confirmed"
    hood.assign(hood.volunteer(), building)  # has no badge
    assert Resident().types_at(hood, building, badge.code()).result == "confirmed"
    hood.assign(issue(hood).phone, building)
    with pytest.raises(AskNumber):
        Resident().types_at(hood, building, badge.code())


def test_who_shows_the_same_code_as_another_is_not_confirmed(
    hood: Neighbourhood, badge: Badge
) -> None:
    """With one key on two badges, as chance may have it for 90 seconds."""
    building, twin = hood.building(), issue(hood)
    for phone in (badge.phone, twin.phone):
        hood.assign(phone, building)
    with db.writing() as session:
        key = badges.get_badge(session, hood.community_id, badge.id).sealed
        badges.get_badge(session, hood.community_id, twin.id).sealed = key
    assert Resident().types_at(hood, building, badge.code()).result == "wrong"


def test_wrong_codes_close_a_stairwell_but_not_the_number(
    hood: Neighbourhood, badge: Badge, others: Iterator[Resident]
) -> None:
    building, next_door = hood.building("1"), hood.building("2")
    for place in (building, next_door):
        hood.assign(badge.phone, place)
    for _ in range(5):
        assert next(others).types_at(hood, building, wrong(badge)).result == "wrong"
    assert next(others).types_at(hood, building, badge.code()).result == "closed"
    assert next(others).types_at(hood, next_door, badge.code()).result == "confirmed"
    assert next(others).types(badge.number, badge.code()).result == "confirmed"


@pytest.mark.both_engines
def test_a_qr_code_counts_while_its_digits_do(badge: Badge) -> None:
    results = [Resident().scans(badge, now=NOW + late * SECOND).result for late in (0, 59, 60)]
    assert results == ["confirmed", "confirmed", "expired"]
    assert checks("way", "result") == [
        ("qr", "confirmed"),
        ("qr", "confirmed"),
        ("qr", "expired"),
    ]


def test_a_qr_code_serves_the_honest_resident_when_typing_is_closed(badge: Badge) -> None:
    resident = Resident()
    for _ in range(12):
        resident.types(badge.number, wrong(badge))
    assert resident.types(badge.number, badge.code()).blocked
    assert resident.scans(badge).result == "confirmed"
    assert checks("result")[-1] == ("confirmed",)


def test_forged_qr_codes_shut_their_address_out_and_leave_no_more_rows(badge: Badge) -> None:
    forger = Resident()
    step = totp.step_of(NOW)
    verdicts = [forger.checker.scanned(badge.number, step, f"{n:016}", now=NOW) for n in range(30)]
    assert [verdict.blocked for verdict in verdicts] == [False] * 10 + [True] * 20
    assert {verdict.bearer for verdict in verdicts} == {None}
    assert len(checks("id")) == 10


def test_a_qr_code_of_another_number_or_step_is_forged(hood: Neighbourhood, badge: Badge) -> None:
    other, step = issue(hood), totp.step_of(NOW)
    checker = Resident().checker
    assert checker.scanned(other.number, step, badge.mark(), now=NOW).result == "wrong"
    assert checker.scanned(badge.number, step + 1, badge.mark(), now=NOW).result == "wrong"
    assert checker.scanned(900_000_000, step, badge.mark(), now=NOW).result == "wrong"
    assert checker.scanned(badge.number, step, "", now=NOW).result == "wrong"


def test_suspension_is_told_only_to_who_has_the_right_code(
    hood: Neighbourhood, badge: Badge
) -> None:
    boss = acting(hood.member("coordinator"))
    with db.writing() as session:
        badges.suspend(session, boss, hood.community_id, badge.id, now=NOW)
    assert Resident().types(badge.number, badge.code()).result == "suspended"
    assert Resident().types(badge.number, wrong(badge)).result == "wrong"
    old = NOW + MINUTE
    assert Resident().scans(badge, now=old).result == "suspended"


def test_a_badge_without_a_key_is_nobodys(hood: Neighbourhood) -> None:
    phone, boss = hood.volunteer(), acting(hood.member("coordinator"))
    with db.writing() as session:
        made = badges.issue(session, boss, hood.community_id, phone.member_id, now=NOW)
    assert Resident().types(made.number, "123456").result == "wrong"
    assert neighbourhood("Other").community_id != hood.community_id


@pytest.mark.both_engines
def test_a_burst_of_parallel_guesses_is_compared_no_more_often_than_five(
    app: Flask, badge: Badge
) -> None:
    def guess(n: int) -> str:
        with app.app_context():
            return Resident(f"192.0.2.{n}").types(badge.number, wrong(badge)).result

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(guess, range(24)))
    assert results.count("wrong") == 5
    assert results.count("closed") == 19
