"""What guessing brings: 2,000 badges, 10,000 guesses each way, an address of its own for each.

The odds: a guess is right with 3 codes of 10^6 (at a stairwell five badges' codes), and only what
the limits let through is compared. Bounds are far out in the tail (less than one run in a million).
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, insert

from tests.factories.field import NOW, Neighbourhood, neighbourhood
from tests.factories.trust import SECRET_KEY, Badge, Resident, checks, issue
from webapp.accounts.models import Member, Person
from webapp.core import db, sealing
from webapp.core.ids import new_id
from webapp.places.models import Assignment
from webapp.trust import models, totp
from webapp.trust.badges import PURPOSE

BADGES, GUESSES, BUILDINGS = 2_000, 10_000, 400
SAMPLE = 40
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def chance() -> random.Random:
    """The same guesses in every run; the keys are drawn anew."""
    return random.Random(6238)


def addresses() -> Iterator[str]:
    """As many as an attacker likes."""
    number = 0
    while True:
        number += 1
        yield f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


@pytest.fixture(autouse=True)
def _without_waiting_for_the_disk(context: Flask) -> None:
    """Thirty thousand commits: what they mean does not depend on a power cut here."""

    def relax(connection: Any, _entry: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(db.current().engine, "connect", relax)
    db.current().dispose()


@pytest.fixture
def crowd(hood: Neighbourhood) -> tuple[list[int], list[str]]:
    """2,000 numbers, five badges assigned to each of 400 buildings."""
    buildings = [hood.building(str(n)) for n in range(BUILDINGS)]
    numbers = random.Random(7).sample(range(1, 9_999), BADGES)
    community = hood.community_id
    people = [{"id": 10_000 + n, "name": f"P{n}", "created_at": NOW} for n in range(BADGES)]
    members = [
        {
            "community_id": community,
            "id": new_id(),
            "person_id": person["id"],
            "role": "volunteer",
            "status": "active",
            "lead": False,
            "deputy": False,
            "joined_at": NOW,
            "confirmed_at": NOW,
            "seq": 1,
        }
        for person in people
    ]
    given = [
        {
            "community_id": community,
            "id": new_id(),
            "member_id": member["id"],
            "number": number,
            "mark": "Z",
            "status": "active",
            "sealed": sealing.seal(SECRET_KEY, PURPOSE, secrets.token_bytes(20)),
            "issued_at": NOW,
            "seq": 1,
        }
        for member, number in zip(members, numbers, strict=True)
    ]
    walks = [
        {
            "community_id": community,
            "id": new_id(),
            "building_id": buildings[n % BUILDINGS],
            "member_id": member["id"],
            "assigned_at": NOW,
            "seq": 1,
        }
        for n, member in enumerate(members)
    ]
    with db.writing() as session:
        session.execute(insert(Person), people)
        session.execute(insert(Member), members)
        owned = [{"number": number, "community_id": community} for number in numbers]
        session.execute(insert(models.BadgeNumber), owned)
        session.execute(insert(models.Badge), given)
        session.execute(insert(Assignment), walks)
    return numbers, buildings


def test_guessing_by_number(
    crowd: tuple[list[int], list[str]], chance: random.Random, hood: Neighbourhood
) -> None:
    numbers, _ = crowd
    near = addresses()
    answers = Counter(
        Resident(next(near)).types(chance.choice(numbers), f"{chance.randrange(10**6):06}").result
        for _ in range(GUESSES)
    )
    compared = sum(answers[result] for result in answers if result != "closed")
    assert compared <= 5 * BADGES
    assert answers["off_duty"] <= 4  # 0.03 are to be expected
    assert answers["confirmed"] == 0
    assert_served(hood, answers)


def test_guessing_one_number(crowd: tuple[list[int], list[str]], chance: random.Random) -> None:
    """With ten thousand addresses: five are compared, whoever asks."""
    numbers, _ = crowd
    near = addresses()
    answers = Counter(
        Resident(next(near)).types(numbers[0], f"{chance.randrange(10**6):06}").result
        for _ in range(GUESSES // 10)
    )
    assert answers["closed"] == GUESSES // 10 - 5


def test_guessing_by_building(
    crowd: tuple[list[int], list[str]], chance: random.Random, hood: Neighbourhood
) -> None:
    _, buildings = crowd
    near = addresses()
    answers = Counter(
        Resident(next(near))
        .types_at(hood, chance.choice(buildings), f"{chance.randrange(10**6):06}")
        .result
        for _ in range(GUESSES)
    )
    compared = sum(answers[result] for result in answers if result != "closed")
    assert compared == 5 * BUILDINGS  # of 10,000
    assert answers["off_duty"] <= 4  # 0.03 are to be expected
    assert_served(hood, answers)


def test_forging_qr_codes(
    crowd: tuple[list[int], list[str]], chance: random.Random, hood: Neighbourhood
) -> None:
    numbers, _ = crowd
    near, step = addresses(), totp.step_of(NOW)
    letters = "abcdefghijklmnopqrstuvwxyz234567"
    answers = Counter(
        Resident(next(near))
        .checker.scanned(
            chance.choice(numbers),
            step + chance.randrange(-1, 2),
            "".join(chance.choices(letters, k=16)),
            now=NOW,
        )
        .result
        for _ in range(GUESSES)
    )
    assert answers == {"wrong": GUESSES}
    assert_served(hood, answers)


def test_trying_all_numbers_tells_nothing_of_which_exist(
    crowd: tuple[list[int], list[str]], context: Flask
) -> None:
    numbers, _ = crowd
    known = set(numbers[:SAMPLE])
    unknown = set(range(100_000, 100_000 + SAMPLE))
    near = addresses()
    answers: dict[bool, set[str]] = {True: set(), False: set()}
    for number in known | unknown:
        guesser = Resident(next(near))
        verdicts = [guesser.types(number, "000000") for _ in range(7)]
        told = " ".join(f"{verdict.result}{verdict.bearer}" for verdict in verdicts)
        answers[number in known].add(told)
    assert answers[True] == answers[False]
    assert len(answers[True]) == 1


def test_one_address_gets_ten_guesses_an_hour(
    crowd: tuple[list[int], list[str]], chance: random.Random
) -> None:
    numbers, _ = crowd
    guesser = Resident()
    verdicts = [guesser.types(chance.choice(numbers), "000000") for _ in range(500)]
    assert [verdict.blocked for verdict in verdicts].count(False) == 10
    assert len(checks("id")) == 10


def assert_served(hood: Neighbourhood, answers: Counter[str]) -> None:
    """A resident at a door of another community, and one of this, still get their answers."""
    assert sum(answers.values()) == GUESSES
    for community in (hood, neighbourhood("Elsewhere")):
        badge: Badge = issue(community)
        badge.start()
        assert Resident().types(badge.number, badge.code()).result == "confirmed"
        assert Resident().scans(badge).result == "confirmed"
