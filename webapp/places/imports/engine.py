"""Readings → the database, or the same as a dry run: what would be created, updated, unchanged.

Whole buildings in transactions of well under half a second, with a breath between them so that a
phone's push gets its turn. Nothing is deleted; what is there already is recognised and left
alone, so that running again after a stop or a crash finishes the work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.core import db
from webapp.core.i18n import _
from webapp.core.ids import new_id
from webapp.places import claims
from webapp.places.announce import Change, DoorEvent
from webapp.places.claims import Claim
from webapp.places.imports import planning
from webapp.places.imports.findings import Finding
from webapp.places.imports.known import KnownBuildings, Match, doors_of, rows_of
from webapp.places.imports.planning import BuildingPlan
from webapp.places.imports.records import BuildingRecord, Reading
from webapp.places.models import Building, Household
from webapp.places.rearrange import rearranging

TARGET_SECONDS = 0.12
BREATH_SECONDS = 0.04
FIRST_DOORS, FEWEST_DOORS, MOST_DOORS, MOST_BUILDINGS = 400, 50, 3_000, 100

Row = dict[str, object]


@dataclass(slots=True)
class Count:
    """How many rows a run made, changed and found as they should be."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def as_data(self) -> dict[str, int]:
        """As the answer has it."""
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged}


@dataclass(slots=True)
class Outcome:
    """What came of a file. Counts are of the database's rows, not of the file's."""

    buildings: Count = field(default_factory=Count)
    households: Count = field(default_factory=Count)
    problems: list[Finding] = field(default_factory=list)
    notices: list[Finding] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Step:
    """Progress: so many of the records and of the doors are done."""

    at: int
    doors: int
    total: int
    outcome: Outcome


OnStep = Callable[[Session, Step], None]
"""Called inside each transaction; what it raises undoes that transaction and ends the run."""


def run(
    reading: Reading,
    *,
    community_id: int,
    now: int,
    generate: bool = False,
    write: bool = True,
    start: int = 0,
    outcome: Outcome | None = None,
    on_step: OnStep | None = None,
    on_progress: Callable[[Step], None] | None = None,
) -> Outcome:
    """Bring the reading's buildings and doors in; with `write=False` only say what would happen.

    `on_step` runs inside each transaction, `on_progress` after it.
    `start` and `outcome` go on where an earlier run of the same reading stopped. Problems and
    notices of the reading come first in the outcome.
    """
    outcome = outcome or Outcome(problems=list(reading.problems), notices=list(reading.notices))
    work = _Work(reading, community_id, now, generate, write, outcome)
    with db.reading() as session:
        work.known = KnownBuildings(session, community_id)
    sizes = [planning.size(record, generate=generate) for record in reading.buildings]
    total, at, budget = sum(sizes), start, FIRST_DOORS
    with _one_session(write) as shared:
        while at < len(sizes):
            end = _chunk_end(sizes, at, budget)
            began = time.perf_counter()
            step = Step(end, sum(sizes[:end]), total, outcome)
            if shared is not None:
                work.step(shared, reading.buildings[at:end])
            else:
                _write(work, reading.buildings[at:end], sum(sizes[at:end]), step, on_step)
            budget = _next_budget(budget, time.perf_counter() - began)
            at = end
            if on_progress is not None:
                on_progress(step)
    return outcome


def _write(
    work: _Work, records: list[BuildingRecord], doors: int, step: Step, on_step: OnStep | None
) -> None:
    with db.reading() as session:
        settled = work.settled(session, records)
    if settled and on_step is None:
        return
    with db.writing() as session:
        if not settled:
            work.numbers = sequence.draw(session, work.community_id, doors + len(records))
            work.step(session, records)
        if on_step is not None:
            on_step(session, step)
    time.sleep(BREATH_SECONDS)


def _has_work(plan: BuildingPlan) -> bool:
    rows = plan.values or plan.doors or plan.changed or plan.claims or plan.agreed
    return bool(rows or plan.problems)


def _next_budget(budget: int, took: float) -> int:
    """As many doors as fit the time, growing slowly: a machine may slow down at any moment."""
    fitting = int(budget * min(1.5, TARGET_SECONDS / (took + 1e-6)))
    return max(FEWEST_DOORS, min(MOST_DOORS, fitting))


def _which_compound(record: BuildingRecord, match: Match) -> list[Finding]:
    """Every row of a building that could be any of several compounds' is a row to mend."""
    params = {"name": record.name, "compounds": ", ".join(match.compounds[:6])}
    rows = {record.row: record.sheet} | {d.row: d.sheet for d in record.doors.values()}
    return [
        Finding("which_compound", row, record.column, sheet, params)
        for row, sheet in sorted(rows.items())
    ]


def _chunk_end(sizes: list[int], at: int, budget: int) -> int:
    """The end of the next transaction's buildings: at least one, never part of one."""
    doors, end = 0, at
    while end < len(sizes) and end - at < MOST_BUILDINGS:
        doors += sizes[end]
        if end > at and doors > budget:
            break
        end += 1
    return end


@contextmanager
def _one_session(write: bool) -> Iterator[Session | None]:
    """A dry run looks at one snapshot; a real one opens a transaction for each step."""
    if write:
        yield None
        return
    with db.reading() as session:
        yield session


class _Work:
    """The state of one run: what is known of the community, and what has come of it so far."""

    known: KnownBuildings
    numbers: sequence.Numbers

    def __init__(
        self,
        reading: Reading,
        community_id: int,
        now: int,
        generate: bool,
        write: bool,
        outcome: Outcome,
    ) -> None:
        self.reading, self.community_id, self.now = reading, community_id, now
        self.generate, self.write, self.outcome = generate, write, outcome

    def settled(self, session: Session, records: list[BuildingRecord]) -> bool:
        """Whether all of them are there as the file has them; then they are counted at once.

        Looks before taking the write lock: a file that changes nothing holds up nobody.
        """
        matched = self._matches(records)
        if not all(match.id for _record, match in matched):
            return False
        plans = self._plans(session, matched)
        if any(_has_work(plan) for plan in plans):
            return False
        for plan, (record, match) in zip(plans, matched, strict=True):
            self._finish(plan, record, match)
        self._count(plans)
        return True

    def step(self, session: Session, records: list[BuildingRecord]) -> None:
        """Bring some buildings in, all of each."""
        if self.write:
            self.known.look_again(session, [record.key for record in records])
        matched = []
        for record, match in self._matches(records):
            if match.among > 1:
                self.outcome.problems += _which_compound(record, match)
            else:
                matched.append((record, match))
        plans = self._plans(session, matched)
        for plan, (record, match) in zip(plans, matched, strict=True):
            self._finish(plan, record, match)
        self._count(plans)
        if self.write:
            self._apply(session, plans)

    def _matches(self, records: list[BuildingRecord]) -> list[tuple[BuildingRecord, Match]]:
        """Which building each means; no two of a source's ids mean the same one."""
        taken: set[str] = set()
        matched = []
        for record in records:
            match = self.known.match(record, self.reading.source)
            if match.id is not None and match.id in taken:
                match = Match()
            elif match.id is not None and record.source_id:
                taken.add(match.id)
            matched.append((record, match))
        return matched

    def _plans(
        self, session: Session, matched: list[tuple[BuildingRecord, Match]]
    ) -> list[BuildingPlan]:
        ids = [match.id for _record, match in matched if match.id]
        there = rows_of(session, self.community_id, ids)
        doors = doors_of(session, self.community_id, ids)
        claimed = claims.claims_of(session, self.community_id, ids)
        return [
            planning.plan(
                record,
                there.get(match.id or ""),
                doors.get(match.id or "", {}),
                generate=self.generate,
                source=self.reading.source,
                said_by=self.reading.attribution,
                known=[
                    Claim(claim.field, claim.source, claim.value, claim.settled_at is not None)
                    for claim in claimed.get(match.id or "", ())
                ],
            )
            for record, match in matched
        ]

    def _finish(self, plan: BuildingPlan, record: BuildingRecord, match: Match) -> None:
        """Ids, keys and made-up labels: what needs to know of the other buildings."""
        plan.id = match.id or new_id()
        plan.new = match.id is None
        if match.by_number:
            params = {"name": record.name, "compound": match.compounds[0]}
            plan.notices.append(
                Finding("taken_by_number", record.row, record.column, record.sheet, params)
            )
        if plan.new and record.provisional:
            plan.values["name"] = self.known.free_label(
                record.compound, lambda n: _("places.provisional_name", number=n)
            )
            plan.notices.append(Finding("provisional", record.row, None, record.sheet))
        if "key" in plan.values:
            plan.values["key"] = self.known.free_key(str(plan.values["key"]), record.source_id)
        self.known.remember(plan, record, self.reading.source)

    def _count(self, plans: list[BuildingPlan]) -> None:
        buildings, households = self.outcome.buildings, self.outcome.households
        for plan in plans:
            buildings.created += plan.new
            buildings.updated += not plan.new and bool(plan.values)
            buildings.unchanged += not plan.new and not plan.values
            households.created += len(plan.doors)
            households.updated += len(plan.changed)
            households.unchanged += plan.unchanged
            self.outcome.problems += plan.problems
            self.outcome.notices += plan.notices

    def _apply(self, session: Session, plans: list[BuildingPlan]) -> None:
        new: list[Row] = []
        doors: list[Row] = []
        changed: list[tuple[str, Row]] = []
        events: list[DoorEvent] = []
        for plan in plans:
            if plan.new:
                new.append(self._new_building(plan))
            elif plan.values:
                session.execute(
                    update(Building)
                    .where(Building.community_id == self.community_id, Building.id == plan.id)
                    .values(**plan.values, seq=next(self.numbers))
                )
            self._claim(session, plan)
            for door in plan.doors:
                row = self._new_door(plan.id)
                row |= door
                doors.append(row)
                events.append(DoorEvent(str(row["id"]), plan.id, None, "live"))
            changed += plan.changed
            events += [DoorEvent(door, plan.id, "retired", "live") for door in plan.back]
        if new:
            session.execute(insert(Building), new)
        change = Change(session, self.community_id, self.numbers, self.now)
        with rearranging(change, {plan.id for plan in plans}) as told:
            if doors:
                session.execute(insert(Household), doors)
            for household_id, values in changed:
                session.execute(
                    update(Household)
                    .where(
                        Household.community_id == self.community_id, Household.id == household_id
                    )
                    .values(**values, seq=next(self.numbers))
                )
            told += events

    def _claim(self, session: Session, plan: BuildingPlan) -> None:
        source = self.reading.source
        claims.keep(session, self.community_id, plan.id, plan.claims, now=self.now)
        claims.withdraw(session, self.community_id, plan.id, source, plan.agreed)

    def _new_building(self, plan: BuildingPlan) -> Row:
        empty: Row = {
            "compound": "",
            "grid": "",
            "address": "",
            "access_note": "",
            "lat": None,
            "lon": None,
            "outline": None,
            "units": None,
            "floors": None,
            "source": None,
            "source_id": None,
            "origins": None,
            "attribution": "",
            "provisional": False,
        }
        return {
            **empty,
            **plan.values,
            "community_id": self.community_id,
            "id": plan.id,
            "created_at": self.now,
            "seq": next(self.numbers),
        }

    def _new_door(self, building_id: str) -> Row:
        return {
            "community_id": self.community_id,
            "id": new_id(),
            "building_id": building_id,
            "seq": next(self.numbers),
        }
