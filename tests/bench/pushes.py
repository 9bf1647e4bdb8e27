"""Fifty phones hand over what they recorded, all at once; against the least that could take it."""

from __future__ import annotations

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.bench import rows
from tests.bench.measures import RUNS, Figure, percentile
from tests.bench.served import Client, Installation, installation, serving
from webapp.core import clock, db

DEVICES, VISITS, PORTION, SINGLES = 50, 200, 50, 10
PUSH = "/api/v1/sync/push"


@dataclass(slots=True)
class _Phone:
    client: Client
    doors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Load:
    """What came of one load: visits a second, and milliseconds of each request."""

    visits: float
    waits: list[float]


def run() -> list[Figure]:
    """Visits a second in portions and one by one, and how long a phone waits."""
    with installation() as made:
        with serving(made, "tests.bench.bare:app"):
            bare = [_Phone(Client(made.port), ()) for _device in range(DEVICES)]
            bare_portions = _repeated(bare, VISITS // PORTION, PORTION)
            bare_singles = _repeated(bare, SINGLES, 1)
        doors = _build(made)
        with serving(made):
            phones = [_phone(made, login, password, own) for login, password, own in doors]
            portions = _repeated(phones, VISITS // PORTION, PORTION)
            singles = _repeated(phones, SINGLES, 1)
    return [
        *_compared(f"portions of {PORTION}", portions, bare_portions),
        *_compared("one by one", singles, bare_singles),
    ]


def _compared(how: str, product: _Load, bare: _Load) -> list[Figure]:
    return [
        Figure(f"visits a second, {how}", product.visits, "1/s"),
        Figure(f"visits a second, {how}, bare endpoint", bare.visits, "1/s"),
        Figure(f"times slower than bare, {how}", bare.visits / product.visits, "×"),
        Figure(f"wait of 95 % of phones, {how}", percentile(product.waits, 95), "ms"),
    ]


def _build(made: Installation) -> list[tuple[str, str, tuple[str, ...]]]:
    with made.app(), db.writing() as session:
        community = rows.add_community(session, "Pushes")
        found = []
        for index in range(DEVICES):
            person = rows.add_member(session, community, f"phone{index}", "volunteer")
            place = rows.add_building(session, community, str(index + 1), 25, VISITS, units=2)
            rows.assign(session, community, person.member_id, [place])
            found.append((person.login, person.password, place.doors))
    return found


def _phone(made: Installation, login: str, password: str, doors: tuple[str, ...]) -> _Phone:
    client = Client(made.port)
    client.sign_in(login, password, device="bench")
    return _Phone(client, doors)


def _repeated(phones: list[_Phone], pushes: int, size: int) -> _Load:
    loads = [_load(phones, pushes, size) for _run in range(RUNS)]
    return _Load(
        statistics.median(load.visits for load in loads),
        [wait for load in loads for wait in load.waits],
    )


def _load(phones: list[_Phone], pushes: int, size: int) -> _Load:
    bodies = [[_body(phone, size, push) for push in range(pushes)] for phone in phones]
    with ThreadPoolExecutor(len(phones)) as pool:
        begin = time.perf_counter()
        waits = list(pool.map(_send, phones, bodies))
        spent = time.perf_counter() - begin
    return _Load(len(phones) * pushes * size / spent, [wait for own in waits for wait in own])


def _send(phone: _Phone, bodies: list[dict[str, object]]) -> list[float]:
    waits = []
    for body in bodies:
        begin = time.perf_counter()
        answer = json.loads(phone.client.post(PUSH, body))
        waits.append((time.perf_counter() - begin) * 1_000)
        if any(result["status"] != "accepted" for result in answer["results"]):
            raise RuntimeError(answer["results"])
    return waits


def _body(phone: _Phone, size: int, push: int) -> dict[str, object]:
    now = clock.now()
    operations = [
        rows.visit(_door(phone, push * size + n), rows.OUTCOMES[n % len(rows.OUTCOMES)], now)
        for n in range(size)
    ]
    return {"sent_at": clock.iso(now), "operations": operations}


def _door(phone: _Phone, number: int) -> str:
    return phone.doors[number % len(phone.doors)] if phone.doors else ""
