"""Which door a row is after merging: computed from what rows are by themselves."""

from __future__ import annotations

from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from webapp.places.arrange import Place, Record, arrange


def row(name: str, home: str = "s", **more: Any) -> Record:
    """`row("a101")` is door 101 of the list of building s: the letter tells rows apart."""
    return Record(name, home, ("1", name[1:]), **more)


def doors(*records: Record, homes: str = "s") -> dict[str, str]:
    return {name: place.door_id for name, place in arrange(records, homes).items()}


def test_what_was_never_merged_stays_where_it_is() -> None:
    assert arrange([row("a1"), row("a2", retired_at=7)], "s") == {
        "a1": Place("s", "a1", None),
        "a2": Place("s", "a2", 7),
    }


def test_a_merged_door_is_another_id_of_the_door_it_was_merged_into() -> None:
    assert doors(row("a1"), row("a2", merged_into="a1")) == {"a1": "a1", "a2": "a1"}


def test_merging_goes_on_to_the_last_door() -> None:
    merged = doors(row("a1"), row("a2", merged_into="a1"), row("a3", merged_into="a2"))
    assert set(merged.values()) == {"a1"}


def test_a_merged_buildings_doors_move_under_the_one_that_stands_for_it() -> None:
    places = arrange([row("a1"), row("b2", "m")], "sm")
    assert places["b2"] == Place("s", "b2", None)


def test_doors_with_equal_keys_become_one_and_the_others_stay_at_home() -> None:
    places = arrange([row("a1"), row("b1", "m"), row("c1", "n")], "smn")
    assert places["b1"] == Place("m", "a1", None)
    assert places["c1"] == Place("n", "a1", None)


def test_of_two_merged_buildings_the_first_one_names_the_door() -> None:
    places = arrange([row("z1", "m"), row("a1", "n")], "smn")
    assert (places["z1"].building_id, places["a1"].door_id) == ("s", "z1")


def test_a_door_is_in_use_while_one_of_its_rows_is() -> None:
    alone = arrange([row("a1", retired_at=5), row("b1", "m")], "sm")
    assert alone["a1"].retired_at is None
    both = arrange([row("a1", retired_at=5), row("b1", "m", retired_at=6)], "sm")
    assert both["a1"].retired_at == 5


def test_what_the_desk_said_comes_before_the_key() -> None:
    merged = doors(row("a1"), row("b1", "m", merged_into="b2"), row("b2", "m"), homes="sm")
    assert merged == {"a1": "a1", "b1": "b2", "b2": "b2"}


def test_a_door_merged_across_a_border_that_is_there_again_stands_by_itself() -> None:
    assert doors(row("a1", merged_into="elsewhere")) == {"a1": "a1"}


def test_a_circle_ends_at_one_door_wherever_it_is_entered() -> None:
    """Desk: b2 is a1; a2, which came later, is the holder of the key 2, and the desk: a1 is a2."""
    rows = [row("a1", merged_into="b2"), row("b2", "m"), row("a2", merged_into="a1")]
    found = {tuple(sorted(doors(*some, homes="sm").items())) for some in permutations(rows)}
    assert len(found) == 1
    assert len(set(dict(found.pop()).values())) == 1


names = st.sampled_from([f"{letter}{room}" for letter in "abc" for room in (1, 2, 3)])


@st.composite
def estates(draw: st.DrawFn) -> list[Record]:
    """Rows of three buildings; letter and home go together, so that keys are unique at home."""
    homes = dict(zip("abc", "smn", strict=True))
    chosen = draw(st.lists(names, unique=True, min_size=1))
    return [
        row(
            name,
            homes[name[0]],
            merged_into=draw(st.none() | st.sampled_from(["elsewhere", *chosen[:n]])),
            retired_at=draw(st.none() | st.integers(1, 3)),
        )
        for n, name in enumerate(chosen)
    ]


@given(estates())
def test_no_two_rows_stand_at_one_key_and_every_door_stands_where_it_shows(
    records: list[Record],
) -> None:
    places = arrange(records, "smn")
    keys = [(places[r.id].building_id, r.key) for r in records]
    assert len(keys) == len(set(keys))
    for name in {place.door_id for place in places.values()}:
        assert places[name].door_id == name
        assert places[name].building_id == "s"


@given(estates(), st.randoms())
def test_the_order_of_rows_does_not_matter(records: list[Record], rng: Any) -> None:
    shuffled = sorted(records, key=lambda _record: rng.random())
    assert arrange(records, "smn") == arrange(shuffled, "smn")
