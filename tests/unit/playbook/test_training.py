"""What a member has learned is a function of the set of what they did."""

from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.factories.field import NOW
from webapp.playbook.training import REFRESH_AFTER, Learned, Quiz, Read, due, learn

MOMENTS = st.integers(0, 50)
IDS = st.uuids().map(str)
READS = st.lists(st.builds(Read, MOMENTS, IDS, st.integers(0, 3)), max_size=8)
QUIZZES = st.lists(st.builds(Quiz, MOMENTS, IDS, st.integers(0, 5), st.just(5)), max_size=8)


@given(reads=READS, quizzes=QUIZZES, seed=st.integers())
def test_the_order_of_arrival_does_not_matter(
    reads: list[Read], quizzes: list[Quiz], seed: int
) -> None:
    chance = Random(seed)
    shuffled = chance.sample(reads, len(reads)), chance.sample(quizzes, len(quizzes))
    assert learn(*shuffled) == learn(reads, quizzes)


def test_who_did_nothing_has_learned_nothing() -> None:
    assert learn([], []) == Learned()


def test_the_highest_version_counts_since_it_was_first_opened() -> None:
    reads = [Read(5, "a", 2), Read(9, "b", 1), Read(3, "c", 2)]
    assert (learn(reads, []).read_version, learn(reads, []).read_at) == (2, 3)


def test_of_two_quizzes_at_the_same_moment_the_higher_id_is_the_last() -> None:
    assert learn([], [Quiz(1, "b", 2, 5), Quiz(1, "a", 5, 5)]).score == 2


def test_the_reminder_comes_after_three_months() -> None:
    assert due(None, NOW)
    assert not due(NOW - REFRESH_AFTER + 1, NOW)
    assert due(NOW - REFRESH_AFTER, NOW)
