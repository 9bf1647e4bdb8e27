"""Who lives behind the demo's doors, and what happens when somebody knocks.

The rates follow what canvassers know: working people are home in the evening and at weekends,
retired people by day; one try in two finds nobody; most who open listen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Literal

from webapp.demo import names

Sort = Literal["working", "retired", "renting", "nobody"]
Part = Literal["day", "evening", "weekend"]

SORTS: dict[Sort, int] = {"working": 52, "retired": 24, "renting": 17, "nobody": 7}
AT_HOME: dict[Sort, dict[Part, float]] = {
    "working": {"day": 0.14, "evening": 0.68, "weekend": 0.60},
    "retired": {"day": 0.80, "evening": 0.84, "weekend": 0.74},
    "renting": {"day": 0.22, "evening": 0.52, "weekend": 0.46},
    "nobody": {"day": 0.0, "evening": 0.0, "weekend": 0.0},
}
EVENING = 17
SATURDAY = 5
SEEN_EMPTY_AFTER = 2
"""Tries after which a volunteer asks the neighbours whether anybody lives there."""

REFUSES = 0.07
COMES_BACK = 0.08
FLAGGED = 0.09
NOTED = {
    "informed": 0.03,
    "refused": 0.12,
    "come_back": 0.15,
    "no_answer": 0.008,
    "vacant": 0.2,
}
FLAGS: dict[Sort, tuple[str, ...]] = {
    "working": ("has_student", "online_shopper"),
    "retired": ("elderly", "lives_alone", "limited_mobility"),
    "renting": ("new_tenant", "online_shopper"),
    "nobody": (),
}


@dataclass(slots=True)
class Resident:
    """A household as it is, whether or not anybody knows it yet."""

    sort: Sort
    refuses: bool
    app: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a volunteer can record of one knock; `again_in` days if a date was agreed."""

    outcome: str
    app: str | None = None
    leaflets: int = 0
    flags: tuple[str, ...] = ()
    again_in: int | None = None
    note: str | None = None


def moves_in(rng: Random) -> Resident:
    """Somebody, or nobody, behind a door."""
    sort = rng.choices(list(SORTS), list(SORTS.values()))[0]
    plain = sort == "retired" and rng.random() < 0.3
    apps = ("no_smartphone",) if plain else ("installed", "helped", "declined")
    weights = (1,) if plain else (34, 44, 22)
    return Resident(sort, rng.random() < REFUSES, rng.choices(apps, weights)[0])


def part_of(wall: datetime) -> Part:
    """What part of the week that is, as far as finding people home goes."""
    if wall.weekday() >= SATURDAY:
        return "weekend"
    return "evening" if wall.hour >= EVENING else "day"


def knock(resident: Resident, tries: int, wall: datetime, rng: Random) -> Reaction:
    """What comes of a knock at that time after `tries` that nobody answered."""
    if rng.random() >= AT_HOME[resident.sort][part_of(wall)]:
        empty = resident.sort == "nobody" and tries >= SEEN_EMPTY_AFTER and rng.random() < 0.6
        outcome = "vacant" if empty else "no_answer"
        left = 1 if outcome == "no_answer" and rng.random() < 0.12 else 0
        return Reaction(outcome, leaflets=left, note=_note(outcome, rng))
    if resident.refuses:
        return Reaction("refused", note=_note("refused", rng))
    if rng.random() < COMES_BACK:
        again = rng.choice((1, 2, 3, 5, 7)) if rng.random() < 0.6 else None
        return Reaction("come_back", again_in=again, note=_note("come_back", rng))
    return _informed(resident, rng)


def _informed(resident: Resident, rng: Random) -> Reaction:
    asked = rng.random() < 0.93
    app = resident.app if asked else None
    if app == "helped":
        resident.app = "installed"
    return Reaction(
        "informed",
        app=app,
        leaflets=rng.choices((0, 1, 2), (6, 90, 4))[0],
        flags=(rng.choice(FLAGS[resident.sort]),) if rng.random() < FLAGGED else (),
        again_in=7 if app == "declined" and rng.random() < 0.15 else None,
        note=_note("informed", rng),
    )


def _note(outcome: str, rng: Random) -> str | None:
    return rng.choice(names.NOTES[outcome]) if rng.random() < NOTED[outcome] else None
