"""Three weeks of canvassing: which volunteer is out when, at which doors, and what they record.

Nothing is written here. The outcome is a list of pushes in the order in which the server would
have received them, made from a seed alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from webapp.core import clock
from webapp.core.clock import DAY, HOUR, MINUTE, SECOND
from webapp.demo.blocks import Block, Door
from webapp.demo.made import made_id
from webapp.demo.residents import SATURDAY, Reaction, Resident, knock, moves_in
from webapp.visits.fold import Seen, State, fold_ordered

DAYS = 21
ENOUGH = 0.88
"""Share of a building's occupied doors after which a volunteer goes on to the next one."""
MOST_TRIES = 4
BEGINS = time(8, 30)
ENDS = time(21, 0)
SECONDS = {
    "informed": (110, 250),
    "no_answer": (30, 60),
    "refused": (35, 80),
    "come_back": (35, 80),
    "vacant": (40, 70),
}


@dataclass(frozen=True, slots=True)
class Turf:
    """What a volunteer is asked to walk: a building, perhaps only some of its units."""

    block: Block
    units: tuple[str, ...] | None = None

    def has(self, door: Door) -> bool:
        """Whether the door is theirs to knock at."""
        return self.units is None or door.unit in self.units


@dataclass(frozen=True, slots=True)
class Habit:
    """When somebody goes out: chances for a weekday evening, a weekend day, a weekday morning.

    `skew` is what their phone's clock is off by, in ms. `late`: the shift so many days ago was
    without a signal until the next morning; `silent`: not out in the last days.
    """

    evening: float
    weekend: float
    morning: float
    skew: int
    late: int | None = None
    silent: int = 0


@dataclass(frozen=True, slots=True)
class Push:
    """Operations of one volunteer (by number), as received at a moment (ms)."""

    volunteer: int
    received_at: int
    operations: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Street:
    """The neighbourhood as it is and as it is known: shared by all walks."""

    timezone: str
    rng: Random
    residents: dict[str, Resident] = field(default_factory=dict)
    known: dict[str, State] = field(default_factory=dict)
    added: dict[str, list[Door]] = field(default_factory=dict)

    def resident(self, door: Door) -> Resident:
        """Who lives there."""
        if door.id not in self.residents:
            self.residents[door.id] = moves_in(self.rng)
        return self.residents[door.id]

    def state(self, door: Door) -> State:
        """What has been recorded there."""
        return self.known.get(door.id) or State()

    def doors(self, block: Block) -> list[Door]:
        """From the top floor down, unit by unit, as one walks."""
        doors = [*block.doors, *self.added.get(block.id, ())]
        return sorted(doors, key=lambda door: (door.unit, -door.floor, door.room))


def three_weeks(
    street: Street, turfs: list[list[Turf]], habits: list[Habit], practice: Block, now: int
) -> list[Push]:
    """All pushes of the `DAYS` that end today, by the moment of receipt; none later than `now`."""
    today = clock.day_of(now, street.timezone)
    pushes: list[Push] = []
    for ago in reversed(range(DAYS)):
        day = today - timedelta(days=ago)
        for volunteer, habit in enumerate(habits):
            hours = _hours(street, habit, day, now, surely=ago == DAYS - 1 or ago == 0)
            if hours is None or ago < habit.silent:
                continue
            walk = Walk(street, volunteer, habit, turfs[volunteer], *hours)
            if not any(push.volunteer == volunteer for push in pushes):
                walk.practise(practice)
            walk.go()
            pushes += walk.pushes(now, late=ago == habit.late)
    return sorted(pushes, key=lambda push: push.received_at)


def _hours(
    street: Street, habit: Habit, day: date, now: int, *, surely: bool
) -> tuple[int, int] | None:
    """Begin and end (ms) of somebody's shift on that day, or none: they stay at home."""
    rng = street.rng
    chance, windows = habit.evening, [(17.7, 20.9)]
    if day.weekday() >= SATURDAY:
        chance, windows = habit.weekend, [(9.4, 12.2), (14.5, 18.0), (15.5, 19.5)]
    elif rng.random() < habit.morning:
        chance, windows = 1.0, [(9.2, 11.8)]
    if rng.random() >= (max(chance, 0.8) if surely else chance):
        return None
    start, end = (hour + rng.uniform(-0.3, 0.3) for hour in rng.choice(windows))
    midnight = _midnight(day, street.timezone)
    begin, finish = midnight + round(start * HOUR), midnight + round(end * HOUR)
    return (begin, finish) if finish < now else _just_now(midnight, now)


def _just_now(midnight: int, now: int) -> tuple[int, int] | None:
    """A shift of today that ended a few minutes ago, if the day has begun."""
    end = min(now - 8 * MINUTE, midnight + _since_midnight(ENDS))
    begin = max(end - 150 * MINUTE, midnight + _since_midnight(BEGINS))
    return (begin, end) if end - begin > 20 * MINUTE else None


def _midnight(day: date, timezone: str) -> int:
    return round(datetime.combine(day, time(), clock.zone(timezone)).timestamp() * 1000)


def _since_midnight(wall: time) -> int:
    return wall.hour * HOUR + wall.minute * MINUTE


class Walk:
    """One volunteer's shift: doors one after the other, each recorded as their phone would."""

    def __init__(
        self, street: Street, volunteer: int, habit: Habit, turfs: list[Turf], begin: int, end: int
    ) -> None:
        self._street = street
        self._rng = street.rng
        self._volunteer = volunteer
        self._habit = habit
        self._turfs = turfs
        self._now = begin
        self._end = end
        self._left = self._rng.randint(55, 105)
        self._recorded: list[tuple[int, dict[str, Any]]] = []

    def go(self) -> None:
        """Knock at what wants a knock until the time or the strength is used up."""
        for turf in self._turfs:
            if self._is_done(turf):
                continue
            for door in self._wanting(turf):
                if self._left <= 0 or self._now >= self._end:
                    return
                self._left -= 1
                self._knock(turf, door)

    def practise(self, block: Block) -> None:
        """Three doors of the practice building, which count nowhere."""
        for door in block.doors[:3]:
            self._record("visit", household=door.id, outcome="informed", leaflets={"general": 1})

    def pushes(self, now: int, *, late: bool) -> Iterator[Push]:
        """What was recorded, in the portions in which the phone found a signal."""
        rng, waiting = self._rng, list[dict[str, Any]]()
        room = 0 if late else rng.randint(12, 40)
        for index, (moment, operation) in enumerate(self._recorded):
            waiting.append(operation)
            is_last = index + 1 == len(self._recorded)
            if is_last or (not late and len(waiting) >= room):
                delay = 13 * HOUR if late else rng.randint(20, 240) * SECOND
                yield Push(self._volunteer, min(moment + delay, now), tuple(waiting))
                waiting, room = [], rng.randint(12, 40)

    def _wanting(self, turf: Turf) -> list[Door]:
        return [door for door in self._street.doors(turf.block) if self._wants(turf, door)]

    def _wants(self, turf: Turf, door: Door) -> bool:
        """Whether this door is worth a knock on this walk."""
        state = self._street.state(door)
        if not turf.has(door) or state.contact in ("refused", "vacant"):
            return False
        if state.follow_up_on is not None:
            return state.follow_up_on <= clock.day_of(self._now, self._street.timezone)
        if state.last_at is not None and self._now - state.last_at < DAY // 3:
            return False
        return not state.reached and state.tries < MOST_TRIES

    def _is_done(self, turf: Turf) -> bool:
        """Whether enough of its doors know by now; a follow-up that is due still counts."""
        doors = [door for door in self._street.doors(turf.block) if turf.has(door)]
        states = [self._street.state(door) for door in doors]
        occupied = [state for state in states if not state.vacant]
        reached = sum(state.reached for state in occupied)
        today = clock.day_of(self._now, self._street.timezone)
        due = any(state.follow_up_on and state.follow_up_on <= today for state in states)
        return reached >= ENOUGH * len(occupied) and not due

    def _knock(self, turf: Turf, door: Door) -> None:
        state = self._street.state(door)
        wall = clock.local(self._now, self._street.timezone)
        reaction = knock(self._street.resident(door), state.tries, wall, self._rng)
        self._now += self._rng.randint(*SECONDS[reaction.outcome]) * SECOND
        if reaction.outcome == "informed" and self._rng.random() < 0.012:
            self._mistake(door)
        self._visit(door, reaction)
        if reaction.outcome == "refused" and self._rng.random() < 0.15:
            self._wish(door)
        if reaction.outcome == "informed" and self._rng.random() < 0.004:
            self._find_door(turf.block, door)

    def _visit(self, door: Door, reaction: Reaction) -> None:
        fields: dict[str, Any] = {"household": door.id, "outcome": reaction.outcome}
        if reaction.app:
            fields["app"] = reaction.app
        if reaction.leaflets:
            fields["leaflets"] = {"general": reaction.leaflets}
        if reaction.flags:
            fields |= {"flags": list(reaction.flags), "agreed": True}
        again = None
        if reaction.again_in is not None:
            today = clock.day_of(self._now, self._street.timezone)
            again = today + timedelta(days=reaction.again_in)
            fields["follow_up_on"] = again.isoformat()
        if reaction.note:
            fields["note"] = reaction.note
        if self._rng.random() < 0.7:
            fields["distance_m"] = self._rng.randint(2, 26)
            fields["accuracy_m"] = self._rng.randint(8, 60)
        visit_id = self._record("visit", **fields)
        seen = Seen(
            self._now,
            visit_id,
            reaction.outcome,
            reaction.app,
            reaction.flags or None,
            reaction.leaflets,
            again,
        )
        self._street.known[door.id] = fold_ordered([seen], self._street.state(door))

    def _mistake(self, door: Door) -> None:
        """A wrong tap, taken back at once."""
        wrong = self._record("visit", household=door.id, outcome="no_answer")
        self._now += self._rng.randint(4, 15) * SECOND
        self._record("void", operation=wrong, reason="wrong_outcome")
        self._now += self._rng.randint(4, 15) * SECOND

    def _wish(self, door: Door) -> None:
        """Who refuses may ask to be left in peace, or not to be written about."""
        today = clock.day_of(self._now, self._street.timezone)
        until = today + timedelta(days=self._rng.choice((60, 90, 180)))
        wish: dict[str, Any] = (
            {"outcome_only": True}
            if self._rng.random() < 0.3
            else {"no_visits_until": until.isoformat()}
        )
        self._record("door_wish", household=door.id, **wish)

    def _find_door(self, block: Block, beside: Door) -> None:
        """A door that the list lacks, next to this one; somebody is in."""
        added = self._street.added.setdefault(block.id, [])
        here = [
            d for d in (*block.doors, *added) if (d.unit, d.floor) == (beside.unit, beside.floor)
        ]
        room = f"{beside.floor}{len(here) + 1:02}"
        door = Door(made_id(self._now, self._rng), beside.unit, beside.floor, room)
        added.append(door)
        self._record(
            "household_add",
            household=door.id,
            building=block.id,
            unit=door.unit,
            floor=door.floor,
            room=door.room,
        )
        self._now += 90 * SECOND
        self._visit(door, Reaction("informed", app="installed", leaflets=1))

    def _record(self, kind: str, **fields: Any) -> str:
        """Write an operation down as the phone serialises it; returns its id."""
        self._now += self._rng.randint(1, 999)
        at = self._now - self._habit.skew
        operation = {
            "type": kind,
            "id": made_id(at, self._rng),
            "at": clock.iso_in(at, self._street.timezone),
            "skew_ms": self._habit.skew,
            **fields,
        }
        self._recorded.append((self._now, operation))
        return str(operation["id"])
