"""The fold of design 3.1, by the vectors that phone and server share, and as properties."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.core.ids import new_id, time_of
from webapp.visits.fold import Seen, State, fold, fold_ordered, in_order
from webapp.visits.packed import KEPT, Recorded, pack
from webapp.visits.wishes import Wish, holding

VECTORS = Path(__file__).parents[2] / "vectors"


def cases(name: str) -> list[Any]:
    loaded = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["name"]) for case in loaded["cases"]]


def seen(fields: dict[str, Any]) -> Seen:
    flags, day = fields.get("flags"), fields.get("follow_up_on")
    return Seen(
        fields["moment"],
        fields["id"],
        fields["outcome"],
        fields.get("app"),
        None if flags is None else tuple(flags),
        fields.get("leaflets") or 0,
        date.fromisoformat(day) if day else None,
    )


def carried(fields: dict[str, Any] | None) -> State | None:
    if fields is None:
        return None
    day, flags = fields.get("follow_up_on"), fields.get("flags")
    return State(
        **{
            **fields,
            "flags": None if flags is None else tuple(flags),
            "follow_up_on": date.fromisoformat(day) if day else None,
        }
    )


def shown(state: State) -> dict[str, Any]:
    """The state as the vectors write it."""
    fields = {name: getattr(state, name) for name in State.__struct_fields__ if name != "closed"}
    fields["flags"] = None if state.flags is None else list(state.flags)
    fields["follow_up_on"] = state.follow_up_on and state.follow_up_on.isoformat()
    return fields | {"vacant": state.vacant, "display": state.display}


@pytest.mark.parametrize("case", cases("fold"))
def test_the_fold_agrees_with_the_shared_vectors(case: dict[str, Any]) -> None:
    state = fold([seen(v) for v in case["visits"]], carried(case.get("carried")))
    assert shown(state) == case["expect"]


@pytest.mark.parametrize("case", cases("wish"))
def test_the_wish_that_holds_agrees_with_the_shared_vectors(case: dict[str, Any]) -> None:
    wishes = [
        Wish(
            w["moment"],
            w["id"],
            date.fromisoformat(w["no_visits_until"]) if w.get("no_visits_until") else None,
            bool(w.get("outcome_only")),
        )
        for w in case["wishes"]
    ]
    wish = holding(wishes)
    fields: dict[str, Any] = {}
    if wish and wish.no_visits_until:
        fields["no_visits_until"] = wish.no_visits_until.isoformat()
    if wish and wish.outcome_only:
        fields["outcome_only"] = True
    assert (fields or None) == case["expect"]
    for day, skipped in case.get("skipped_on", {}).items():
        assert (wish is not None and wish.skipped_on(date.fromisoformat(day))) is skipped


OUTCOMES = ["informed", "no_answer", "refused", "come_back", "vacant"]
days = st.dates(date(2026, 11, 1), date(2026, 12, 31))


@st.composite
def any_visit(draw: st.DrawFn) -> Seen:
    outcome = draw(st.sampled_from(OUTCOMES))
    answered = outcome not in ("no_answer", "vacant")
    return Seen(
        draw(st.integers(0, 40)),
        draw(st.text("abcdef", min_size=3, max_size=3)),
        outcome,
        draw(st.sampled_from([None, "installed", "helped", "declined", "no_smartphone"]))
        if answered
        else None,
        draw(st.sampled_from([None, (), ("elderly",), ("elderly", "lives_alone")])),
        draw(st.integers(0, 3)),
        draw(st.none() | days) if outcome != "vacant" else None,
    )


visits_of_a_door = st.lists(any_visit(), max_size=40, unique_by=lambda visit: visit.id)


@given(visits_of_a_door, st.randoms(use_true_random=False))
def test_neither_the_order_of_arrival_nor_repeats_matter(visits: list[Seen], random: Any) -> None:
    again = [*visits, *random.choices(visits, k=5)] if visits else []
    random.shuffle(again)
    assert fold(again) == fold(visits)


@given(visits_of_a_door, st.integers(0, 40))
def test_older_visits_can_be_carried_as_one_state(visits: list[Seen], cut: int) -> None:
    ordered = in_order(visits)
    assert fold(ordered[cut:], fold(ordered[:cut])) == fold(visits)


@given(visits_of_a_door)
def test_going_on_from_a_carried_state_leaves_that_state_alone(visits: list[Seen]) -> None:
    before = fold(visits)
    copy = State(**{name: getattr(before, name) for name in State.__struct_fields__})
    fold([Seen(99, "zzz", "vacant", leaflets=1)], before)
    assert before == copy


def naive(visits: list[Seen]) -> dict[str, Any]:
    """Design 3.1 sentence by sentence, as a second opinion."""
    ordered = in_order(visits)
    last_vacant = max((i for i, v in enumerate(ordered) if v.outcome == "vacant"), default=-1)
    chapter = ordered[last_vacant + 1 :]
    answered = [i for i, v in enumerate(chapter) if v.outcome != "no_answer"]
    vacant = last_vacant >= 0 and not answered
    last = answered[-1] if answered else -1
    apps = [v.app for v in chapter if v.app]
    flags = [v.flags for v in chapter if v.flags is not None]
    dated = [i for i, v in enumerate(chapter) if v.follow_up_on]
    settled = bool(dated) and any(i > dated[-1] for i in answered)
    contact = chapter[last].outcome if answered else "no_answer" if chapter else None
    return {
        "knocks": len(ordered),
        "leaflets": sum(v.leaflets for v in ordered),
        "last_at": max((v.moment for v in ordered), default=None),
        "vacant": vacant,
        "contact": "vacant" if vacant else contact,
        "tries": sum(v.outcome == "no_answer" for v in chapter[last + 1 :]),
        "reached": any(v.outcome == "informed" for v in chapter),
        "app": apps[-1] if apps else None,
        "flags": flags[-1] if flags else None,
        "follow_up_on": chapter[dated[-1]].follow_up_on if dated and not settled else None,
    }


@given(visits_of_a_door)
@settings(max_examples=300)
def test_the_fold_says_what_the_design_says_word_by_word(visits: list[Seen]) -> None:
    state = fold(visits)
    assert {name: getattr(state, name) for name in naive(visits)} == naive(visits)


@given(visits_of_a_door, st.booleans())
def test_a_packed_door_folds_on_a_phone_to_the_same_state(
    visits: list[Seen], outcome_only: bool
) -> None:
    ordered = in_order(visits)
    wish = Wish(1, "w", outcome_only=True) if outcome_only else None
    packed = json.loads(pack([Recorded(v, "m", "note") for v in ordered], wish))
    columns = packed.get("visits", {"id": []})
    assert len(columns["id"]) == min(len(visits), KEPT)
    assert {len(column) for column in columns.values()} == {len(columns["id"])}
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values())]  # noqa: B905
    rows = [row | {"moment": time_of(row["id"]) + row.get("off", 0)} for row in rows]
    state = fold_ordered([seen(row) for row in rows], carried(packed.get("carried")))
    expected = fold(visits)
    if outcome_only:
        assert state.flags is None
        assert "note" not in columns
        expected.flags = None
    assert state == expected


def test_a_column_without_any_value_is_left_out() -> None:
    made = new_id()
    packed = json.loads(pack([Recorded(Seen(time_of(made), made, "no_answer"), "m", None)], None))
    assert packed == {"visits": {"id": [made], "by": ["m"], "outcome": ["no_answer"]}}


def test_flags_that_were_cleared_stay_in_their_column() -> None:
    visits = [Seen(1, "a", "informed", flags=()), Seen(2, "b", "informed")]
    packed = json.loads(pack([Recorded(v, "m", None) for v in visits], None))
    assert packed["visits"]["flags"] == [[], None]


def test_a_wish_travels_with_the_door() -> None:
    day = date(2026, 12, 1)
    assert json.loads(pack([], Wish(1, "w", day, True))) == {
        "wish": {"no_visits_until": "2026-12-01", "outcome_only": True}
    }
    assert pack([], None) == "{}"
    assert Wish(1, "w", day).skipped_on(day - timedelta(1))
