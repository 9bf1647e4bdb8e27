"""Which doors a message may mean: few, scored, each with its reasons. A person decides.

Buildings are found by their number and their compound, doors only in the few buildings that are
left, by unit and room as keys: nothing looks through all doors. Nothing about residents is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.alerts.intake.grounds import Block, Grounds
from webapp.places.labels import short
from webapp.places.models import IS_DOOR, Household
from webapp.places.numbers import building_key, compound_key, room_key, unit_key
from webapp.places.writing import fold
from webapp.playbook import pinyin

MOST = 5
LIKE, MAYBE = 85, 60
"""From these scores on: very like, perhaps; below: hardly."""

_LEAST, _BEHIND = 35, 50
"""Below this score, or so far behind the best one, a door is not offered."""
_BLOCKS = 60
"""Buildings in which doors are looked for."""
_ALIKE = 70
"""From which likeness (0–100) on two names may be the same."""
_PHASE = re.compile(
    r"(?:[一二三四五六七八九十\d]+期|[东南西北中]区|[A-Z\d一二三四五六七八九十]区)$"
)


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says of the place, as written or as typed; "" where it says nothing."""

    compound: str = ""
    street: str = ""
    number: str = ""
    building: str = ""
    unit: str = ""
    floor: str = ""
    room: str = ""

    @property
    def anything(self) -> bool:
        """Whether there is something to look for."""
        return any((self.compound, self.street, self.building, self.unit, self.room))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A door (or, without `household_id`, a building) that may be meant.

    `score` is 0–100; `reasons` are keys of sentences, the weightiest first.
    """

    building_id: str
    building: str
    household_id: str | None = None
    unit: str = ""
    room: str = ""
    score: int = 0
    reasons: tuple[str, ...] = ()

    @property
    def door(self) -> str:
        """`2-1204`, "" for a building."""
        return short(self.unit, self.room) if self.household_id else ""

    @property
    def likeness(self) -> str:
        """`very`, `perhaps`, `hardly`."""
        return "very" if self.score >= LIKE else "perhaps" if self.score >= MAYBE else "hardly"

    @property
    def value(self) -> str:
        """What a form sends for it."""
        return f"door:{self.household_id}" if self.household_id else f"building:{self.building_id}"


@dataclass(slots=True)
class _Scored:
    block: Block
    score: int
    reasons: list[str] = field(default_factory=list)


def candidates(session: Session, grounds: Grounds, said: Said) -> list[Candidate]:
    """At most five, the likeliest first."""
    if not said.anything:
        return []
    blocks = sorted(_blocks(grounds, said), key=lambda one: -one.score)[:_BLOCKS]
    found = [*_doors(session, grounds.community_id, blocks, said), *_buildings(blocks, said)]
    best = max((one.score for one in found), default=0)
    good = [one for one in found if one.score >= max(_LEAST, best - _BEHIND)]
    good.sort(key=lambda one: (-one.score, one.building, one.unit, one.room))
    return _distinct(good)[:MOST]


# -- buildings -------------------------------------------------------------------------------------


def _blocks(grounds: Grounds, said: Said) -> Iterator[_Scored]:
    number = building_key(said.building) if said.building else ""
    scope = compound_key(fold(said.compound).text)
    likeness = _likeness(grounds, scope)
    for block in _possible(grounds, said, number, likeness):
        score, reasons = _by_number(grounds, block, number)
        more, why = _by_place(grounds, block, said, likeness, alone=bool(number))
        yield _Scored(block, score + more, [*why, *reasons])


def _possible(
    grounds: Grounds, said: Said, number: str, likeness: dict[str, float]
) -> Iterable[Block]:
    """Those with the number; without one (or if none has it) those of the compound or street."""
    found = {block.id: block for block in grounds.by_number.get(number, ())} if number else {}
    alike = [scope for scope, value in likeness.items() if value >= _ALIKE]
    if not number or not found:
        for scope in alike:
            found |= {block.id: block for block in grounds.by_scope[scope]}
    if said.street:
        where = fold(said.street + said.number).text
        found |= {b.id: b for b in grounds.blocks if _stands_at(b, where)}
    if not number and not said.compound and not said.street and len(grounds.blocks) <= MOST:
        found = {block.id: block for block in grounds.blocks}  # unit or room alone
    if number and not found:
        found = {block.id: block for block in _similar_numbers(grounds, number)}
    return found.values()


def _similar_numbers(grounds: Grounds, number: str) -> Iterator[Block]:
    """`B3` for `3`, `12A` for `12`: the same digits with another letter."""
    digits = re.sub(r"\D", "", number)
    for other, blocks in grounds.by_number.items():
        if digits and re.sub(r"\D", "", other) == digits and len(other) <= len(digits) + 2:
            yield from blocks


def _by_number(grounds: Grounds, block: Block, number: str) -> tuple[int, list[str]]:
    if not number:
        return 15, []
    if block.number == number:
        only = len(grounds.by_number[number]) == 1
        return (65, ["same_number", "only_one"]) if only else (50, ["same_number"])
    if re.sub(r"\D", "", block.number) == re.sub(r"\D", "", number):
        return 30, ["similar_number"]
    return 0, ["other_number"]


def _by_place(
    grounds: Grounds, block: Block, said: Said, likeness: dict[str, float], *, alone: bool
) -> tuple[int, list[str]]:
    """What compound and street say for or against the building."""
    if said.street and _stands_at(block, fold(said.street + said.number).text):
        return (30 if alone else 55), ["same_address"]
    if not said.compound:
        return (5 if alone else 0), []
    if not block.scope:
        return 10, []
    alike = likeness.get(block.scope, 0.0)
    if alike >= 99:
        return 30 + (0 if alone else 20), ["same_compound"]
    if alike >= _ALIKE:
        return round((alike - _ALIKE) / 30 * 16) + 8 + (0 if alone else 15), ["similar_compound"]
    return -35, ["other_compound"]


def _likeness(grounds: Grounds, scope: str) -> dict[str, float]:
    """Every compound's likeness to the one that was named: 100 the same, phases put aside 99."""
    if not scope:
        return {}
    stem = _PHASE.sub("", scope) or scope
    scores: dict[str, float] = {}
    for other in grounds.by_scope:
        if not other:
            continue
        if other == scope:
            scores[other] = 100.0
        elif (_PHASE.sub("", other) or other) == stem:
            scores[other] = 99.0
    rest = [other for other in grounds.by_scope if other and other not in scores]
    for other, value, _index in process.extract(
        scope, rest, scorer=fuzz.ratio, limit=20, score_cutoff=_ALIKE
    ):
        scores[other] = min(float(value), 98.0)
    sound = _sound(scope)
    scores |= {other: 97.0 for other in rest if _sound(other) == sound}
    for other in rest:
        if other not in scores and len(stem) >= 2 and (stem in other or other in stem):
            scores[other] = 90.0 if len(other) >= 2 else 0.0
    return scores


@lru_cache(maxsize=1)
def _syllables() -> dict[str, str]:
    """The syllable of every common character."""
    groups = (re.match(r"([a-z]+)(.+)", group) for group in pinyin.known().table.split())
    return {sign: group[1] for group in groups if group for sign in group[2]}


def _sound(name: str) -> tuple[str, ...]:
    """How a name is spoken: input methods and ears confuse what sounds alike (`花圆`, `花园`)."""
    return tuple(_syllables().get(sign, sign) for sign in name)


def _stands_at(block: Block, where: str) -> bool:
    """Whether the building's address or name has this street and number."""
    texts = (fold(block.address).text, fold(block.name).text)
    return any(re.search(rf"{re.escape(where)}(?!\d)", text) for text in texts if text)


# -- doors -----------------------------------------------------------------------------------------


def _doors(
    session: Session, community_id: int, blocks: Sequence[_Scored], said: Said
) -> Iterator[Candidate]:
    keys = _room_keys(said)
    if not keys or not blocks:
        return
    by_id = {one.block.id: one for one in blocks}
    query = select(
        Household.id, Household.building_id, Household.unit, Household.room, Household.unit_key,
        Household.room_key,
    ).where(
        Household.community_id == community_id,
        Household.building_id.in_(by_id),
        Household.room_key.in_(keys),
        Household.retired_at.is_(None),
        IS_DOOR,
    )  # fmt: skip
    rows = session.execute(query).all()
    unit = unit_key(said.unit) if said.unit else ""
    several = {b: sum(row.building_id == b for row in rows) > 1 for b in by_id}
    for row in rows:
        one = by_id[row.building_id]
        more, why = _by_unit(row.unit_key, unit, several=several[row.building_id])
        if row.room_key != keys[0]:
            more, why = more - 3, [*why, "floor_and_room"]
        score = max(0, min(100, one.score + more))
        yield Candidate(
            one.block.id, one.block.label, row.id, row.unit, row.room, score,
            ("same_room", *why, *one.reasons),
        )  # fmt: skip


def _by_unit(has: str, unit: str, *, several: bool) -> tuple[int, list[str]]:
    if unit and has == unit:
        return 20, ["same_unit"]
    if unit and has:
        return -10, ["other_unit"]
    if unit:
        return 12, ["unit_unknown"]
    return (0, ["unit_not_said"]) if several else (18, [])


def _room_keys(said: Said) -> list[str]:
    """How the door may be written in the list, as said first: `1204`, `12-4`, floor 12 and 4."""
    if not said.room:
        return []
    key = room_key(said.room)
    keys = [key]
    if floored := re.fullmatch(r"(\d{1,2})-(\d{1,2})", key):
        keys.append(f"{floored[1]}{int(floored[2]):02}")
    elif plain := re.fullmatch(r"(\d{1,2})(\d{2})", key):
        keys.append(f"{plain[1]}-{int(plain[2])}")
    elif said.floor.isdecimal() and re.fullmatch(r"\d{1,2}", key):
        floor = int(said.floor)
        keys = [f"{floor}{int(key):02}", f"{floor}-{int(key)}", key]
    return keys


def _buildings(blocks: Sequence[_Scored], said: Said) -> Iterator[Candidate]:
    """The buildings themselves: where no room is said, or none of them is in the list.

    Of a compound alone all buildings are as likely: that is no candidate but a question.
    """
    if not said.building and len(blocks) > MOST:
        return
    for one in blocks:
        why = [*one.reasons, "no_room" if not said.room else "room_unknown"]
        less = 0 if not said.room else 15
        score = max(0, min(95, one.score - less))
        yield Candidate(one.block.id, one.block.label, score=score, reasons=tuple(why))


def _distinct(found: Sequence[Candidate]) -> list[Candidate]:
    """A building is not offered beside a door of its own that is at least as likely."""
    kept: list[Candidate] = []
    for one in found:
        better = [other for other in kept if other.building_id == one.building_id]
        if one.household_id is None and better:
            continue
        if better and one.household_id and "other_unit" in one.reasons and len(better) >= 2:
            continue
        kept.append(replace(one))
    return kept
