"""How far plans are, from the counters of days alone; the dates at which targets will be met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.accounts.queries import names_of
from webapp.core import clock
from webapp.coverage import tally
from webapp.coverage.models import DONE, MemberDay
from webapp.coverage.queries import Filter
from webapp.coverage.tally import Headline, Tally
from webapp.coverage.trend import by_day
from webapp.plans import spread
from webapp.plans.forecast import DAYS, Forecast, forecast
from webapp.plans.models import Plan
from webapp.sessions import queries as sessions

MEASURES = ("homes", "leaflets", "installed")
OF_PLACES = {"homes": "reached", "leaflets": "leaflets", "installed": "installed"}
"""What counts for a community or a grid: a count of its doors."""

OF_PEOPLE = {"homes": "doors", "leaflets": "leaflets", "installed": "helped"}
"""What counts for a person: what they did on a day."""

Gains = Mapping[date, int]
"""What each day added; it can be less than nothing: something was taken back."""


@dataclass(frozen=True)
class Standing:
    """A plan as it stands on `today`. `name`: the grid's or the person's.

    What is done counts from the plan's first month, up to today or the end of the year; `recent`
    are the last days before today, for the forecast.
    """

    plan: Plan
    name: str
    today: date
    gains: Gains
    recent: Sequence[int]

    @property
    def start(self) -> date:
        """The first day that counts."""
        return date(self.plan.year, self.plan.first, 1)

    @property
    def last(self) -> date:
        """The last day that counts so far."""
        return min(self.today, date(self.plan.year, 12, 31))

    @cached_property
    def months(self) -> list[tuple[int, int]]:
        """What was to do and what was done in each month of the year."""
        done: Counter[int] = Counter()
        for day, gain in self.gains.items():
            if self.start <= day <= self.last:
                done[day.month] += gain
        return [(target, done[month]) for month, target in enumerate(self.plan.months, 1)]

    @property
    def done(self) -> int:
        """So far."""
        return sum(done for _target, done in self.months)

    @property
    def missing(self) -> int:
        """How many more until the year's target is met."""
        return max(0, self.plan.target - self.done)

    @property
    def due(self) -> int:
        """What should be done by now: at the end of today."""
        if self.today < date(self.plan.year, 1, 1):
            return 0
        return spread.until(self.plan.months, self.plan.weekdays, self.last)

    @property
    def of_today(self) -> int:
        """What falls on today."""
        if self.today.year != self.plan.year:
            return 0
        return spread.of_day(self.plan.months, self.plan.weekdays, self.today)

    @property
    def done_today(self) -> int:
        """What today brought."""
        return self.gains.get(self.today, 0)

    @property
    def forecast(self) -> Forecast | None:
        """When it will be met."""
        return forecast(self.missing, self.recent)


@dataclass(frozen=True, slots=True)
class Outlook:
    """One of the community's two rates, and when its target will be met."""

    rate: Headline
    forecast: Forecast | None


def outlooks(session: Session, community: Community, today: date) -> list[Outlook]:
    """The headline first; nothing for a community without doors."""
    since = today - timedelta(days=DAYS)
    known = by_day(session, community.id, Filter(), since)
    if not known or not known[-1][1].occupied:
        return []
    now = known[-1][1]
    first = known[0][0]
    found = []
    for rate in (tally.headline(now, community), tally.other(now, community)):
        gains = _gains(known, "installed" if rate.kind == "app" else "reached")
        found.append(Outlook(rate, forecast(rate.missing, _recent(gains, first, today))))
    return found


def standings(session: Session, community: Community, year: int, today: date) -> list[Standing]:
    """All plans of a year that were not withdrawn: the community's, the grids', the people's."""
    plans = [
        plan
        for plan in session.scalars(
            select(Plan).where(Plan.community_id == community.id, Plan.year == year)
        )
        if plan.target
    ]
    since = min(date(year, 1, 1), today - timedelta(days=DAYS))
    names = names_of(session, community.id, [p.who for p in plans if p.scope == "member"])
    places = {
        who: by_day(session, community.id, Filter(grid=who or None), since)
        for who in {plan.who for plan in plans if plan.scope != "member"}
    }
    people = _people(session, community.id, names, since)
    found = []
    for plan in plans:
        if plan.scope == "member":
            of_person = people.get(plan.who, {})
            gains: Gains = of_person.get(OF_PEOPLE[plan.measure], Counter())
            first = min(of_person.get("doors", {today: 0}), default=today)
        else:
            known = places[plan.who]
            gains = _gains(known, OF_PLACES[plan.measure])
            first = known[0][0] if known else today
            if plan.scope == "community" and plan.measure == "leaflets":
                gains = Counter(gains)
                gains.update(_in_sessions(session, community, since))
        name = names.get(plan.who, "") if plan.scope == "member" else plan.who
        found.append(Standing(plan, name, today, gains, _recent(gains, first, today)))
    order = ("community", "grid", "member")
    return sorted(
        found,
        key=lambda one: (order.index(one.plan.scope), one.name, MEASURES.index(one.plan.measure)),
    )


def _gains(known: Iterable[tuple[date, Tally]], name: str) -> dict[date, int]:
    before, found = 0, {}
    for day, counts in known:
        value: int = getattr(counts, name)
        found[day] = value - before
        before = value
    return found


def _recent(gains: Gains, first: date, today: date) -> list[int]:
    """The last whole days, without the first on record: it may hold all that was there before."""
    days = min(DAYS, (today - first).days - 1)
    return [gains.get(today - timedelta(days=n), 0) for n in range(1, days + 1)]


def _people(
    session: Session, community_id: int, members: Iterable[str], since: date
) -> dict[str, dict[str, Gains]]:
    """Member → what they did → by day."""
    found: dict[str, dict[str, Counter[date]]] = {}
    statement = select(
        MemberDay.member_id, MemberDay.day, *(getattr(MemberDay, name) for name in DONE)
    ).where(
        MemberDay.community_id == community_id,
        MemberDay.member_id.in_(list(members)),
        MemberDay.day >= since,
    )
    for member, day, *done in session.execute(statement):
        of_person = found.setdefault(member, {name: Counter() for name in DONE})
        for name, value in zip(DONE, done, strict=True):
            of_person[name][day] = value
    return {member: dict(gains) for member, gains in found.items()}


def _in_sessions(session: Session, community: Community, since: date) -> dict[date, int]:
    start = clock.typed(f"{since}T00:00", community.timezone)
    return sessions.leaflets_by_day(session, community.id, start, community.timezone)
