"""What looks odd in a member's day: pure functions of the visits that a phone recorded.

A flag is a question, never a verdict, and blocks nothing. Doors where nobody answered are never
judged by their pace: twenty of them in one stairwell in ten minutes is how it goes.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from webapp.core.clock import HOUR, MINUTE, SECOND
from webapp.quality.settings import Thresholds
from webapp.visits.fold import INSTALLED
from webapp.visits.operations import ANSWERED

WORST_FIX = 100
"""Metres: what a phone that knows no better says of its place is not used."""

Stairwell = tuple[str, str]
"""(building, unit)"""


@dataclass(frozen=True, slots=True)
class Done:
    """A visit of the day. `ahead`: how many milliseconds the phone's clock was ahead of the
    server's, where that was too much; `early`: it is from before its member was there."""

    id: str
    door: str
    building: str
    unit: str
    floor: int | None
    moment: int
    outcome: str
    app: str | None = None
    leaflets: int = 0
    note: str = ""
    distance: float | None = None
    accuracy: float | None = None
    ahead: int = 0
    early: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to ask about. `value`: seconds for too_fast (between the first and the last of
    `doors`, pauses left out), conversations an hour for pace, metres for too_far, minutes ahead for
    clock, else doors. `key` tells findings of one rule at one place apart."""

    rule: str
    building: str | None
    unit: str
    visits: tuple[Done, ...]
    value: int
    key: str = ""

    @property
    def doors(self) -> list[str]:
        """The doors that it is about, in the order of the visits."""
        return list(dict.fromkeys(visit.door for visit in self.visits))

    @property
    def floors(self) -> list[int]:
        """Their floors, from the top down."""
        return sorted({v.floor for v in self.visits if v.floor is not None}, reverse=True)


def look_at(
    day: Iterable[Done], whole: Mapping[Stairwell, int], limits: Thresholds
) -> list[Finding]:
    """Everything odd in a day. `whole`: how many doors each stairwell has."""
    visits = sorted(day, key=lambda visit: (visit.moment, visit.id))
    found = [
        *_too_fast(visits, limits.seconds),
        *_pace(visits, limits.per_hour),
        *_too_far(visits, limits.metres),
        *_same_notes(visits, limits.same_notes),
        *_whole_units(visits, whole, limits.unit_doors),
        *_clock(visits),
        *_no_contact(visits),
    ]
    return [one for one in found if one.visits]


def _too_fast(visits: Sequence[Done], seconds: int) -> Iterator[Finding]:
    """Two informed households in less time than a talk takes; by the stairwell of the second."""
    informed = [visit for visit in visits if visit.outcome == "informed"]
    fast: defaultdict[Stairwell, dict[Done, None]] = defaultdict(dict)
    spent: defaultdict[Stairwell, int] = defaultdict(int)
    for one, two in pairwise(informed):
        if one.door == two.door or two.moment - one.moment >= seconds * SECOND:
            continue
        stairwell = two.building, two.unit
        spent[stairwell] += two.moment - one.moment
        fast[stairwell] |= {one: None, two: None}
    for stairwell, found in fast.items():
        building, unit = stairwell
        here = all((visit.building, visit.unit) == stairwell for visit in found)
        took = spent[stairwell] // SECOND
        yield Finding("too_fast", building, unit if here else "", tuple(found), took, key=unit)


def _pace(visits: Sequence[Done], most: int) -> Iterator[Finding]:
    """More conversations in some hour than anybody holds."""
    talks = [visit for visit in visits if visit.outcome in ANSWERED]
    busiest: Sequence[Done] = ()
    first = 0
    for last, visit in enumerate(talks):
        while visit.moment - talks[first].moment >= HOUR:
            first += 1
        if last + 1 - first > len(busiest):
            busiest = talks[first : last + 1]
    doors = {visit.door for visit in busiest}
    if most and len(doors) > most:
        yield Finding("pace", None, "", tuple(busiest), len(doors))


def _too_far(visits: Sequence[Done], metres: int) -> Iterator[Finding]:
    """Recorded further from the building than the phone can err."""

    def far(visit: Done) -> bool:
        if not metres or visit.distance is None or visit.accuracy is None:
            return False
        return visit.accuracy <= WORST_FIX and visit.distance > metres + visit.accuracy

    for (building, _unit), found in _by(visits, lambda visit: (visit.building, ""), far):
        yield Finding("too_far", building, "", found, round(max(v.distance or 0 for v in found)))


def _same_notes(visits: Sequence[Done], least: int) -> Iterator[Finding]:
    """One note at many doors."""
    notes: defaultdict[str, list[Done]] = defaultdict(list)
    for visit in visits:
        notes[plain(visit.note)].append(visit)
    for note, found in notes.items():
        doors = len({visit.door for visit in found})
        if note and least and doors >= max(least, 2):
            yield Finding("same_notes", None, "", tuple(found), doors, note)


def _whole_units(
    visits: Sequence[Done], whole: Mapping[Stairwell, int], least: int
) -> Iterator[Finding]:
    """Every household of a stairwell at home, informed, and given the same number of leaflets."""
    for stairwell, found in _by(visits, lambda visit: (visit.building, visit.unit)):
        last = {visit.door: visit for visit in found}
        complete = least and len(last) >= max(least, whole.get(stairwell, 0))
        alike = {(visit.outcome, visit.leaflets) for visit in last.values()}
        if complete and len(alike) == 1 and found[0].outcome == "informed":
            building, unit = stairwell
            every = tuple(last.values())
            yield Finding("whole_unit", building, unit, every, len(every), key=unit)


def _clock(visits: Sequence[Done]) -> Iterator[Finding]:
    """Recorded at a time that was still to come, or before its member joined."""
    found = tuple(visit for visit in visits if visit.ahead or visit.early)
    yield Finding("clock", None, "", found, max((v.ahead for v in found), default=0) // MINUTE)


def _no_contact(visits: Sequence[Done]) -> Iterator[Finding]:
    """The app is there, but nobody was talked to."""

    def odd(visit: Done) -> bool:
        return visit.app in INSTALLED and visit.outcome != "informed"

    for (building, _unit), found in _by(visits, lambda visit: (visit.building, ""), odd):
        yield Finding("no_contact", building, "", found, len({visit.door for visit in found}))


def plain(note: str) -> str:
    """A note without what makes the same words look different: width, case, blanks, marks."""
    folded = unicodedata.normalize("NFKC", note).casefold()
    return "".join(sign for sign in folded if sign.isalnum())


def _by(
    visits: Iterable[Done],
    place: Callable[[Done], Stairwell],
    wanted: Callable[[Done], bool] = lambda visit: True,
) -> Iterator[tuple[Stairwell, tuple[Done, ...]]]:
    found: defaultdict[Stairwell, list[Done]] = defaultdict(list)
    for visit in visits:
        if wanted(visit):
            found[place(visit)].append(visit)
    for where, some in found.items():
        yield where, tuple(some)
