"""The harness's own arrangement of merged doors, held to the same cases as the product's."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.storm.desk import Action
from tests.storm.merging import Estate, estate, ever_one
from tests.storm.world import Listed
from webapp.places.arrange import Record, arrange

DOORS = [
    Listed(f"{building}{room}", building, "1", room, moved=False)
    for building, rooms in (("s", ("101", "102")), ("m", ("102", "103")), ("n", ("103", "104")))
    for room in rooms
]


def after(*actions: tuple[str, ...], added: Any = ()) -> Estate:
    return estate(DOORS, [Action(what, args, (0, 0)) for what, *args in actions], added)  # type: ignore[arg-type]


def ids(known: Estate) -> set[frozenset[str]]:
    return {frozenset(one for row in rows for one in row.ids) for rows in known.groups()}


def test_a_merged_door_is_the_one_that_stays_until_it_is_taken_back() -> None:
    assert {"s101", "s102"} in ids(after(("merge", "s101", "s102")))
    assert ids(after(("merge", "s101", "s102"), ("unmerge", "s102"))) == ids(after())


def test_merged_buildings_have_one_door_for_each_number() -> None:
    known = after(("join", "s", "m"), ("join", "s", "n"), added=[("n", "1", "102", "x")])
    assert ids(known) == {
        frozenset(found) for found in ({"s101"}, {"s102", "m102", "x"}, {"m103", "n103"}, {"n104"})
    }
    assert {known.root(door.home) for door in known.shown().values()} == {"s"}


def test_parting_takes_back_what_was_merged_across() -> None:
    told = [("join", "s", "m"), ("merge", "s101", "m103"), ("part", "m")]
    assert ids(after(*told)) == ids(after())
    assert after(*told, ("join", "s", "m")).by_id("m103").into is None


def test_retiring_a_door_means_all_its_rows_and_bringing_back_only_what_is_out() -> None:
    told = [("retire", "s102"), ("join", "s", "m"), ("unretire", "s102"), ("part", "m")]
    assert after(*told).by_id("s102").out
    told = [("join", "s", "m"), ("retire", "s102"), ("part", "m")]
    assert after(*told).by_id("m102").out


def test_what_was_one_for_a_while_is_remembered() -> None:
    known = after(("join", "s", "m"), ("part", "m"))
    assert known.by_id("m102") in known.met[known.by_id("s102")]
    journal = [Action("join", ("s", "m"), (0, 0)), Action("join", ("n", "s"), (0, 0))]
    assert ever_one(journal, "m") == {"s", "m", "n"}
    assert ever_one(journal[:1], "n") == {"n"}


steps = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.sampled_from("smn"), st.sampled_from("smn")),
        st.tuples(st.just("part"), st.sampled_from("smn")),
        st.tuples(
            st.just("merge"),
            st.sampled_from([d.id for d in DOORS]),
            st.sampled_from([d.id for d in DOORS]),
        ),
        st.tuples(st.just("unmerge"), st.sampled_from([d.id for d in DOORS])),
    ),
    max_size=12,
)


@given(steps)
def test_it_agrees_with_the_product_whatever_the_desk_does(story: list[tuple[str, ...]]) -> None:
    known = estate(DOORS, [])
    for what, *args in story:
        if may(known, what, args):
            known.do(Action(what, tuple(args), (0, 0)))
    order = list(known._in_order("smn"))
    for root in {known.root(building) for building in "smn"}:
        homes = [home for home in order if known.root(home) == root]
        records = [
            Record(str(row.listed), row.home, row.key, row.into.listed if row.into else None)
            for row in known.rows
            if row.home in homes
        ]
        places = arrange(records, homes)
        shown = {str(row.listed): str(door.listed) for row, door in known.shown().items()}
        assert {name: place.door_id for name, place in places.items()} == {
            record.id: shown[record.id] for record in records
        }


def may(known: Estate, what: str, args: list[str]) -> bool:
    """What the desk's pages let through."""
    if what == "join":
        return args[0] != args[1] and not known.into.keys() & set(args)
    if what == "part":
        return args[0] in known.into
    rows = [known.by_id(arg) for arg in args]
    if what == "unmerge":
        return rows[0].into is not None
    shown = known.shown()
    one_building = known.root(rows[0].home) == known.root(rows[1].home)
    return rows[0] is not rows[1] and one_building and all(shown[row] is row for row in rows)
