"""A door that grows from what is packed of it is the door folded anew."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from webapp.visits.fold import Seen, fold_ordered
from webapp.visits.packed import KEPT, Recorded, grow, order, pack
from webapp.visits.wishes import Wish

OUTCOMES = ("informed", "no_answer", "refused", "come_back", "vacant")
DAYS = st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 31))


def id_of(number: int) -> str:
    return f"{number:08}-0000-7000-8000-000000000000"


def recorded(number: int, moment: int, outcome: str = "informed") -> Recorded:
    return Recorded(Seen(moment, id_of(number), outcome), "somebody", None)


@st.composite
def visits(draw: st.DrawFn) -> list[Recorded]:
    """Up to fifty visits with ids that differ, in any order."""
    count = draw(st.integers(0, 50))
    return [
        Recorded(
            Seen(
                draw(st.integers(0, 60)),
                id_of(number),
                draw(st.sampled_from(OUTCOMES)),
                draw(st.sampled_from([None, "installed", "declined"])),
                draw(st.sampled_from([None, (), ("elderly",)])),
                draw(st.integers(0, 3)),
                draw(DAYS),
            ),
            draw(st.sampled_from(["one", "other"])),
            draw(st.sampled_from([None, "a note"])),
        )
        for number in range(count)
    ]


@given(visits(), st.integers(0, 50))
def test_growing_gives_what_folding_all_gives_or_says_that_it_cannot(
    found: list[Recorded], at: int
) -> None:
    earlier, later = sorted(found[:at], key=order), found[at:]
    grown = grow(pack(earlier, None), later)
    everything = sorted(found, key=order)
    if grown is None:
        assert len(earlier) > KEPT
        return
    text, state, new = grown
    assert text == pack(everything, None)
    assert state == fold_ordered([visit.seen for visit in everything])
    assert sorted(new, key=order) == sorted(later, key=order)


def test_a_visit_that_is_packed_already_is_not_added_again() -> None:
    first, second = recorded(1, 10), recorded(2, 20, "no_answer")
    grown = grow(pack([first, second], None), [second])
    assert grown is not None
    text, state, new = grown
    assert (text, state.knocks, new) == (pack([first, second], None), 2, [])


def test_a_visit_among_the_older_ones_needs_the_operations() -> None:
    packed = pack([recorded(n, 100 + n) for n in range(KEPT + 1)], None)
    assert grow(packed, [recorded(99, 50)]) is None
    assert grow(packed, [recorded(99, 500)]) is not None


def test_a_wish_needs_the_operations() -> None:
    packed = pack([recorded(1, 10)], Wish(5, "0000", outcome_only=True))
    assert grow(packed, [recorded(2, 20)]) is None


def test_a_door_without_anything_grows_from_nothing() -> None:
    visit = recorded(1, 10)
    for nothing in (None, "{}", ""):
        grown = grow(nothing, [visit])
        assert grown is not None
        assert grown[0] == pack([visit], None)
