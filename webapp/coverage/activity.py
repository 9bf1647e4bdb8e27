"""Who knocked at how many doors on which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member, Person
from webapp.coverage.models import MemberDay

DAYS = 14


@dataclass(frozen=True, slots=True)
class Worker:
    """A member's distinct doors on each of the `Activity.days`, and the leaflets in all."""

    name: str
    doors: tuple[int, ...]
    leaflets: int

    @property
    def total(self) -> int:
        """Doors a day, added up: a door counts once on each day."""
        return sum(self.doors)


@dataclass(frozen=True, slots=True)
class Activity:
    """The last days, oldest first, and whoever was out on one of them, the busiest first."""

    days: tuple[date, ...]
    workers: tuple[Worker, ...]

    @property
    def doors(self) -> tuple[int, ...]:
        """Doors of all members on each day."""
        return tuple(sum(column) for column in zip(*(w.doors for w in self.workers), strict=True))

    @property
    def peak(self) -> int:
        """The most doors that one member did on one day, at least 1."""
        return max([1, *(doors for worker in self.workers for doors in worker.doors)])


def activity(session: Session, community_id: int, today: date) -> Activity:
    """Distinct doors per member and day over the last fourteen days."""
    days = tuple(today - timedelta(days=n) for n in reversed(range(DAYS)))
    statement = (
        select(MemberDay.member_id, Person.name, MemberDay.day, MemberDay.doors, MemberDay.leaflets)
        .join(
            Member,
            (Member.community_id == MemberDay.community_id) & (Member.id == MemberDay.member_id),
        )
        .join(Person, Person.id == Member.person_id)
        .where(
            MemberDay.community_id == community_id,
            MemberDay.day.between(days[0], today),
            (MemberDay.doors > 0) | (MemberDay.leaflets > 0),
        )
    )
    names: dict[str, str] = {}
    doors: dict[str, dict[date, int]] = {}
    leaflets: dict[str, int] = {}
    for member_id, name, day, count, handed in session.execute(statement):
        names[member_id] = name
        doors.setdefault(member_id, {})[day] = count
        leaflets[member_id] = leaflets.get(member_id, 0) + handed
    workers = [
        Worker(names[m], tuple(doors[m].get(day, 0) for day in days), leaflets[m]) for m in names
    ]
    workers.sort(key=lambda worker: (-worker.total, worker.name))
    return Activity(days, tuple(workers))
