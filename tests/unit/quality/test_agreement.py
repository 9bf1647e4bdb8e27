"""Intervals and margins, against published figures; the draw against its definition."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.core.errors import Problem
from webapp.quality.agreement import Agreement, Checked, app_there, margin, visited, wilson
from webapp.quality.sampling import Candidate, draw, give, read


@pytest.mark.parametrize(
    ("agreed", "asked", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3 (score without correction)
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611),
     (1, 29, 0.0061, 0.1718)],
)  # fmt: skip
def test_intervals_are_those_that_were_published(
    agreed: int, asked: int, low: float, high: float
) -> None:
    found = wilson(agreed, asked)
    assert found[0] / 10_000 == pytest.approx(low, abs=2e-4)
    assert found[1] / 10_000 == pytest.approx(high, abs=2e-4)


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_what_was_seen(pair: tuple[int, int]) -> None:
    agreed, asked = pair
    low, high = wilson(agreed, asked)
    assert 0 <= low <= agreed * 10_000 / asked <= high <= 10_000


def test_what_counts_as_agreement() -> None:
    checks = [
        Checked("a", "visited", True, True),
        Checked("a", "visited", True, False),
        Checked("a", "not_visited", True, None),
        Checked("a", "refused", True, None),
        Checked("a", "visited", False, True),
    ]
    assert visited(checks) == Agreement(3, 4)
    assert app_there(checks) == Agreement(1, 2)
    assert visited([]).bounds is None


def test_the_margin_of_the_app_coverage() -> None:
    assert margin(60, 100, Agreement(0, 0)) is None
    assert margin(0, 0, Agreement(1, 1)) is None
    low, high = wilson(18, 20)
    found = margin(60, 100, Agreement(18, 20))
    assert found is not None
    assert found[0] == 60 * low // 100
    assert 0.6 * high <= found[1] < 0.6 * high + 1


names = st.lists(st.uuids().map(str), max_size=80, unique=True)


@given(names, st.integers(1, 100), st.text(max_size=8))
def test_a_draw_is_what_its_definition_says(doors: list[str], share: int, seed: str) -> None:
    found = draw(doors, share, seed)
    assert len(found) == -(-len(doors) * share // 100)
    assert found == draw(list(reversed(doors)), share, seed)
    rest = set(doors) - set(found)

    def number(door: str) -> str:
        return sha256(f"{seed} {door}".encode()).hexdigest()

    assert all(number(one) < number(other) for one in found for other in rest)


@given(
    st.lists(
        st.builds(
            Candidate,
            st.uuids().map(str),
            st.sampled_from("xyz"),
            st.booleans(),
            st.lists(st.sampled_from("abcd"), max_size=4, unique=True).map(tuple),
        ),
        max_size=40,
        unique_by=lambda one: one.id,
    ),
    st.sets(st.sampled_from("abcd")),
)
def test_nobody_is_sent_where_they_have_been(chosen: list[Candidate], team: set[str]) -> None:
    given_to = give(chosen, sorted(team))
    assert given_to.keys() == {one.id for one in chosen}
    for one in chosen:
        who = given_to[one.id]
        assert who not in one.visitors
        assert (who is None) == (not team - set(one.visitors))


def test_doors_of_one_building_go_to_one_person_and_the_load_is_even() -> None:
    chosen = [Candidate(f"{b}{n}", b, False, ()) for b in "xyzw" for n in range(5)]
    given_to = give(chosen, ["a", "b", "c", "d"])
    assert all(len({given_to[f"{b}{n}"] for n in range(5)}) == 1 for b in "xyzw")
    assert sorted(map(list(given_to.values()).count, "abcd")) == [5, 5, 5, 5]


def test_problems_have_fields() -> None:
    today = date(2026, 11, 23)
    good = {"first": "2026-11-01", "last": "2026-11-23", "share": "10"}
    assert len(read(good, today).seed) == 8
    for wrong, field in (
        ({"first": "x"}, "first"),
        ({"first": "2025-01-01"}, "first"),
        ({"last": "2026-11-24"}, "last"),
        ({"last": "2026-10-01"}, "last"),
        ({"share": "0"}, "share"),
        ({"share": "101"}, "share"),
        ({"share": "１０"}, "share"),
        ({"seed": "a" * 41}, "seed"),
    ):
        with pytest.raises(Problem) as caught:
            read(good | wrong, today)
        assert caught.value.params["field"] == field
