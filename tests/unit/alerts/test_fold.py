"""The fold of design 5.7, by the vectors that phone and server share, and as properties."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.alerts.codes import IN_CONTACT, RESULTS
from webapp.alerts.fold import Fact, fold, in_order, on_time

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "alert.json").read_text(encoding="utf-8")
)
CASES = [pytest.param(case, id=case["name"]) for case in VECTORS["cases"]]
AMOUNTS = ("avoided", "recovered", "stopped", "lost")


def facts(case: dict[str, Any]) -> list[Fact]:
    return msgspec.convert(case["facts"], list[Fact])


@pytest.mark.parametrize("case", CASES)
def test_the_fold_agrees_with_the_shared_vectors(case: dict[str, Any]) -> None:
    state = fold(facts(case))
    assert msgspec.to_builtins(state) == VECTORS["empty"] | case["expect"]
    for asked in case.get("on_time", ()):
        found = on_time(state, asked["deadline"], asked["now"])
        assert found is asked["is"], asked


@st.composite
def any_fact(draw: st.DrawFn) -> Fact:
    kind = draw(st.sampled_from(["alert_join", "alert_attempt", "alert_outcome", "follow_up"]))
    fields: dict[str, Any] = {}
    if kind == "alert_join":
        fields["action"] = draw(st.sampled_from(["on", "off", "help"]))
    elif kind == "alert_attempt":
        fields["channel"] = draw(st.sampled_from(["call", "message", "door"]))
        fields["result"] = draw(st.sampled_from(RESULTS))
        fields["at_risk"] = draw(st.none() | st.integers(0, 9))
        fields["reaction"] = draw(st.sampled_from([None, (), ("denies",), ("cries", "denies")]))
    elif kind == "alert_outcome":
        fields["outcome"] = draw(
            st.sampled_from(["dissuaded", "already_paid", "unreachable", "not_ours"])
        )
        fields |= {name: draw(st.none() | st.integers(0, 9)) for name in AMOUNTS}
        fields["risk"] = draw(st.sampled_from([None, "high", "low", "none"]))
    else:
        fields["reached"] = draw(st.booleans())
        fields["again"] = draw(st.booleans())
        fields["risk"] = draw(st.sampled_from([None, "high", "low"]))
    return Fact(
        type=kind,
        id=draw(st.text("abcdef", min_size=3, max_size=3)),
        moment=draw(st.integers(0, 30)),
        by=draw(st.sampled_from(["ann", "bob", "cho"])),
        coordinator=draw(st.booleans()),
        **fields,
    )


stories = st.lists(any_fact(), max_size=25, unique_by=lambda fact: fact.id)


@given(stories, st.randoms(use_true_random=False))
def test_neither_the_order_of_arrival_nor_repeats_matter(story: list[Fact], random: Any) -> None:
    again = [*story, *random.choices(story, k=5)] if story else []
    random.shuffle(again)
    assert fold(again) == fold(story)


@given(stories, st.integers(0, 25))
def test_two_phones_merge_to_what_one_would_have_recorded(story: list[Fact], cut: int) -> None:
    """Each has its part and an overlap; whoever syncs first, the set is the same."""
    ann, bob = story[: cut + 3], story[cut:]
    assert fold([*ann, *bob]) == fold([*bob, *ann]) == fold(story)


def naive(story: list[Fact]) -> dict[str, Any]:
    """Design 5.6 and 5.7 sentence by sentence, as a second opinion."""
    ordered = in_order(story)
    place = {fact.id: n for n, fact in enumerate(ordered)}
    outcomes = [fact for fact in ordered if fact.type == "alert_outcome"]
    attempts = [fact for fact in ordered if fact.type == "alert_attempt"]
    last = outcomes[-1] if outcomes else None
    if last is not None and last.outcome == "dissuaded":
        paid = [
            fact
            for fact in outcomes
            if fact.outcome == "already_paid"
            and not any(
                other.coordinator and other.outcome != "already_paid"
                for other in outcomes
                if place[other.id] > place[fact.id]
            )
        ]
        last = paid[-1] if paid else last
    opening = [
        place[fact.id]
        for fact in ordered
        if fact.result in ("paid", "still_at_risk") or fact.again or fact.outcome == "not_ours"
    ]
    since = max(opening, default=-1)
    closings = [f for f in outcomes if f.outcome != "not_ours" and place[f.id] > since]
    unanswered = last is not None and last.outcome != "already_paid" and any(
        fact.result == "paid"
        and not any(o.coordinator for o in outcomes if place[o.id] > place[fact.id])
        for fact in ordered
    )  # fmt: skip
    contacts = [fact.moment for fact in attempts if fact.result in IN_CONTACT]
    carried = [fact.at_risk for fact in attempts if fact.at_risk is not None]
    working = {
        by
        for by in {fact.by for fact in story}
        if [f.action for f in ordered if f.by == by and f.action][-1:] not in ([], ["off"])
    }
    return {
        "outcome": last and last.outcome,
        "amounts": [getattr(last, name) if last else None for name in AMOUNTS],
        "closed_at": closings[0].moment if closings and not unanswered else None,
        "in_contact_at": min(contacts, default=None),
        "at_risk": carried[-1] if carried else None,
        "working": working,
        "attempts": len(attempts),
    }


@settings(max_examples=400)
@given(stories)
def test_the_fold_says_what_the_design_says(story: list[Fact]) -> None:
    state = fold(story)
    assert {
        "outcome": state.outcome,
        "amounts": [getattr(state, name) for name in AMOUNTS],
        "closed_at": state.closed_at,
        "in_contact_at": state.in_contact_at,
        "at_risk": state.at_risk,
        "working": set(state.working),
        "attempts": sum(state.attempts.values()),
    } == naive(story)


@given(stories)
def test_without_an_outcome_nothing_ever_closes(story: list[Fact]) -> None:
    attempts = [fact for fact in story if fact.type != "alert_outcome"]
    state = fold(attempts)
    assert not state.closed
    assert state.outcome is None


@given(stories, st.integers(0, 40), st.integers(0, 40))
def test_being_on_time_is_never_lost_by_waiting(
    story: list[Fact], deadline: int, later: int
) -> None:
    state = fold(story)
    before, after = on_time(state, deadline, deadline), on_time(state, deadline, deadline + later)
    assert (before, after) in {(True, True), (False, False), (None, None), (None, False)}
