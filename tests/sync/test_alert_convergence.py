"""Alerts under shuffled, repeated and split pushes: everybody ends up with the same.

A story is told twice, in order and mixed up, to two communities with an alert each; then the
alert, its leases, its follow-ups and what phones get must be the same, equal to what their
operations say, and the same on a stale phone and on a fresh one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from random import Random
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.factories.alerts import attempt, dues, follow_up, join, make_alert, outcome, row, workers
from tests.factories.field import (
    DAY,
    MINUTE,
    NOW,
    Neighbourhood,
    Op,
    Phone,
    neighbourhood,
    op,
    void,
)
from webapp.alerts import worker
from webapp.alerts.codes import RESULTS
from webapp.alerts.refold import DIRECT
from webapp.alerts.verify import verify
from webapp.core import db
from webapp.core.ids import new_id
from webapp.operations.models import Operation

pytestmark = pytest.mark.both_engines

EXAMPLES = int(os.environ.get("EXAMPLES", "8"))
slow = settings(
    deadline=None,
    max_examples=EXAMPLES,
    derandomize=EXAMPLES == 8,
    phases=[phase for phase in Phase if phase != Phase.shrink] if EXAMPLES == 8 else list(Phase),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
_ids = count(1)
RECEIVED = NOW + 40 * DAY
SIGNED = {"office": "南津街派出所", "name": "刘警官", "at": "2026-11-23T10:00:00+08:00"}


@dataclass(frozen=True)
class Told:
    """One step: who records what at which moment; `target` points to another step."""

    who: int
    what: str
    at: int
    target: int
    fields: dict[str, Any]


@st.composite
def steps(draw: st.DrawFn) -> Told:
    kinds = ["attempt"] * 4 + ["outcome"] * 2 + ["join", "follow_up", "void", "bad"]
    what = draw(st.sampled_from(kinds))
    fields: dict[str, Any] = {}
    if what == "attempt":
        fields = {"channel": draw(st.sampled_from(["call", "door", "family"]))}
        fields["result"] = draw(st.sampled_from([one for one in RESULTS if one != "sent"]))
        fields |= draw(st.sampled_from([{}, {"at_risk": 5}, {"note": "女儿同住"}]))
    elif what == "outcome":
        fields = {"what": draw(st.sampled_from(["dissuaded", "already_paid", "not_ours"]))}
        fields["risk"] = draw(st.sampled_from(["high", "medium", "none"]))
        fields["avoided"] = draw(st.integers(0, 3))
        if fields["what"] == "not_ours" and draw(st.booleans()):
            fields["signed"] = SIGNED
    elif what == "join":
        fields = {"action": draw(st.sampled_from(["on", "off", "help"]))}
    elif what == "follow_up":
        fields = {"reached": draw(st.booleans()), "again": draw(st.booleans())}
        fields["risk"] = draw(st.sampled_from(["high", "low", "none"]))
    at = NOW + draw(st.integers(0, 8)) * 6 * 60 * MINUTE
    return Told(draw(st.integers(0, 3)), what, at, draw(st.integers(0, 11)), fields)


stories = st.lists(steps(), min_size=1, max_size=12)


@dataclass
class Scene:
    """A community with an alert that two volunteers have; a third has none; a coordinator."""

    hood: Neighbourhood
    alert: str
    phones: Sequence[Phone]


def scene() -> Scene:
    hood = neighbourhood()
    phones = [hood.volunteer(), hood.volunteer(), hood.volunteer(), hood.member("coordinator")]
    return Scene(hood, make_alert(hood, to=(phones[0], phones[1])), phones)


def told(story: Sequence[Told], place: Scene, salt: int) -> list[tuple[int, Op]]:
    """The operations of a story; ids and their order are the same wherever it is told."""
    ids = [f"{salt:08x}-0000-7000-8000-{n:012x}" for n in range(len(story))]
    made: list[tuple[int, Op]] = []
    for n, step in enumerate(story):
        common: dict[str, Any] = {"id": ids[n], "at": step.at}
        if step.what == "attempt":
            one = attempt(place.alert, **common, **step.fields)
        elif step.what == "outcome":
            one = outcome(place.alert, **common, **step.fields)
        elif step.what == "join":
            one = join(place.alert, **common, **step.fields)
        elif step.what == "follow_up":
            one = follow_up(place.alert, **common, **step.fields)
        elif step.what == "void":
            one = void(ids[step.target % len(ids)], **common)
        else:
            one = op("alert_attempt", alert=place.alert, channel="pigeon", **common)
        made.append((step.who, one))
    return made


def picture(place: Scene) -> dict[str, Any]:
    """What is known afterwards, members by number."""
    names = {phone.member_id: n for n, phone in enumerate(place.phones)}
    alert = row(place.alert)
    kept = {name: getattr(alert, name) for name in (*DIRECT, "status", "attempts", "bucket")}
    kept["working"] = [names[one] for one in alert.working]
    kept["last"] = alert.last and alert.last | {"by": names[alert.last["by"]]}
    with db.reading() as session:
        assert verify(session, place.hood.community_id) == []
        statuses = session.execute(
            select(Operation.id, Operation.status, Operation.code, Operation.voided).where(
                Operation.community_id == place.hood.community_id
            )
        ).all()
    return {
        "alert": kept,
        "operations": sorted((i[9:], s, c, v) for i, s, c, v in statuses),
        "leases": [(names[turn.member_id], turn.left_at) for turn in workers(place.alert)],
        "dues": [
            (due.step, due.due_on, due.risk, names.get(due.given_to or ""), due.done_at)
            for due in dues(place.alert)
        ],
        "seen": [sorted(seen(phone)) for phone in place.phones],
    }


def seen(phone: Phone) -> list[str]:
    """The kinds of rows of alerts on a phone."""
    phone.pull()
    return [
        kind
        for rows in phone.rows.values()
        for kind, _ in rows
        if kind in ("alert", "my_alert", "my_follow_up")
    ]


@slow
@given(story=stories, random=st.randoms(use_true_random=False), cuts=st.integers(1, 5))
def test_shuffled_repeated_and_split_pushes_end_the_same(
    context: Flask, story: list[Told], random: Random, cuts: int
) -> None:
    salt = next(_ids)
    ordered, mixed = scene(), scene()
    for who, operation in told(story, ordered, salt):
        ordered.phones[who].push(operation, now=RECEIVED)

    operations = told(story, mixed, salt)
    again = [*operations, *random.choices(operations, k=len(operations) // 2)]
    random.shuffle(again)
    for start in range(0, len(again), cuts):
        batch = again[start : start + cuts]
        for who in {who for who, _ in batch}:
            mixed.phones[who].push(*(one for w, one in batch if w == who), now=RECEIVED)
    assert picture(mixed) == picture(ordered)


@slow
@given(story=stories, random=st.randoms(use_true_random=False), page_bytes=st.integers(1, 900))
def test_changes_add_up_to_a_fresh_download(
    context: Flask, story: list[Told], random: Random, page_bytes: int
) -> None:
    place = scene()
    stale = place.phones[:2]
    for who, operation in told(story, place, next(_ids)):
        place.phones[who].push(operation, now=RECEIVED)
        if random.random() < 0.3:
            worker.open_due(NOW + random.randint(0, 10) * DAY)
        for phone in stale:
            if random.random() < 0.4:
                phone.pull(page_bytes)
    for phone in stale:
        phone.pull(page_bytes)
        phone.pull()
        fresh = place.hood.second_phone(phone)
        fresh.pull()
        assert phone.rows == fresh.rows


@slow
@given(story=stories)
def test_one_push_of_all_is_as_good_as_many(context: Flask, story: list[Told]) -> None:
    """All by the coordinator, so that only the cuts differ."""
    alone = [Told(3, s.what, s.at, s.target, s.fields) for s in story]
    salt = next(_ids)
    many, one = scene(), scene()
    for who, operation in told(alone, many, salt):
        many.phones[who].push(operation, now=RECEIVED)
    one.phones[3].push(*(operation for _, operation in told(alone, one, salt)), now=RECEIVED)
    assert picture(one) == picture(many)


def test_what_came_before_its_alert_is_taken_up_with_it(
    hood: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert, coordinator, ann = new_id(), hood.member("coordinator"), hood.volunteer()
    sent = [attempt(alert, "door", "met", at_risk=5), outcome(alert, risk="low"), attempt(alert)]
    gone = void(sent[1])
    assert coordinator.statuses(*sent, gone) == ["waiting", "waiting", "waiting", "accepted"]
    assert ann.statuses(attempt(alert)) == ["waiting"]
    with monkeypatch.context() as patched:
        patched.setattr("webapp.alerts.actions.new_id", lambda: alert)
        assert make_alert(hood) == alert
    found = row(alert)
    assert (found.status, found.attempts, found.at_risk) == ("open", 2, 5)
    with db.reading() as session:
        kept = session.scalars(select(Operation.status).where(Operation.member_id == ann.member_id))
        assert kept.all() == ["held"]
        assert verify(session, hood.community_id) == []
