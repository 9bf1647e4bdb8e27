"""The monthly report: all that its page, its file and the command show, from one snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.accounts.queries import names_of
from webapp.alerts.codes import BUCKETS, CHANNELS, LEVELS
from webapp.alerts.fields import BANDS
from webapp.alerts.models import Alert, AlertMonth
from webapp.alerts.refold import STANDING
from webapp.alerts.statistics import rows as reading
from webapp.alerts.statistics.figures import Figures, figures, grouped
from webapp.alerts.statistics.period import Month, Period, month_of, months
from webapp.alerts.statistics.rows import Deed, Row
from webapp.core import clock
from webapp.playbook.scam_types import SCAM_TYPES

GROUPS = ("bucket", "type", "level", "channel", "grid", "age")
Line = tuple[str, Figures]
"""A group's code ("" for alerts without one) and its figures."""


@dataclass(slots=True)
class Personal:
    """What one member did. `dissuaded`: alerts that ended well and for which they went there, as
    the article counts door dissuasions."""

    name: str
    dissuaded: int = 0
    worked: int = 0
    attempts: int = 0
    door_visits: int = 0
    follow_ups: int = 0


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month, what came in then, and the police's own number of cases, entered by hand."""

    month: Month
    figures: Figures
    cases: int | None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything. `choices` are the months that can be chosen, `groups` by name of the grouping."""

    community: Community
    period: Period
    choices: tuple[Month, ...]
    total: Figures
    groups: Mapping[str, list[Line]]
    months: tuple[MonthLine, ...]
    people: tuple[Personal, ...]
    plan: str = field(default="")


def report(
    session: Session, community_id: int, now: int, first: Month | None, last: Month | None
) -> Report:
    """From the month `first` (the first alert's unless given) to `last` (this month)."""
    community = session.get_one(Community, community_id)
    choices = _choices(session, community, now)
    period = _period(community, choices, first, last)
    today = clock.day_of(now, community.timezone)
    rows = reading.read(session, community_id, period, today)
    noted = _noted(session, community_id, period)
    return Report(
        community=community,
        period=period,
        choices=tuple(choices),
        total=figures(rows, now),
        groups={name: _lines(name, rows, now) for name in GROUPS},
        months=tuple(_months(rows, period, noted, now)),
        people=tuple(_people(session, community_id, period, rows)),
        plan=noted[period.last].plan if period.last in noted else "",
    )


def _choices(session: Session, community: Community, now: int) -> list[Month]:
    """From the first alert's month to this one."""
    earliest = session.scalar(
        select(func.min(Alert.received_at)).where(
            Alert.community_id == community.id, Alert.status.in_(STANDING)
        )
    )
    this = month_of(now, community.timezone)
    first = this if earliest is None else min(this, month_of(earliest, community.timezone))
    return months(first, this)


def _period(
    community: Community, choices: list[Month], first: Month | None, last: Month | None
) -> Period:
    """What was asked for, kept within the months there are."""
    last = min(max(last or choices[-1], choices[0]), choices[-1])
    first = min(max(first or choices[0], choices[0]), last)
    return Period(first, last, community.timezone)


def _lines(name: str, rows: Iterable[Row], now: int) -> list[Line]:
    by: Callable[[Row], str | None] = {
        "bucket": lambda row: row.bucket,
        "type": lambda row: row.type,
        "level": lambda row: row.level,
        "channel": lambda row: row.channel,
        "grid": lambda row: row.grid,
        "age": lambda row: row.age_band,
    }[name]
    found = grouped(rows, by, now)
    known: Mapping[str, Sequence[str]] = {
        "bucket": BUCKETS,
        "type": SCAM_TYPES,
        "level": LEVELS,
        "channel": CHANNELS,
        "grid": sorted(found.keys() - {""}),
        "age": [band for _least, band in BANDS],
    }
    every = name == "bucket"  # all nine, also those that nobody was hit by
    lines = [(code, found.get(code, Figures())) for code in known[name] if every or code in found]
    return [*lines, ("", found[""])] if "" in found else lines


def _months(
    rows: Iterable[Row], period: Period, noted: Mapping[Month, AlertMonth], now: int
) -> Iterable[MonthLine]:
    found = grouped(rows, lambda row: str(month_of(row.received_at, period.timezone)), now)
    for month in months(period.first, period.last):
        cases = noted[month].cases if month in noted else None
        yield MonthLine(month, found.get(str(month), Figures()), cases)


def _noted(session: Session, community_id: int, period: Period) -> dict[Month, AlertMonth]:
    statement = select(AlertMonth).where(
        AlertMonth.community_id == community_id,
        AlertMonth.month >= str(period.first),
        AlertMonth.month <= str(period.last),
    )
    return {Month(*map(int, row.month.split("-"))): row for row in session.scalars(statement)}


def _people(
    session: Session, community_id: int, period: Period, rows: Iterable[Row]
) -> list[Personal]:
    """Who did what, the most door dissuasions first."""
    dissuaded = {row.id for row in rows if row.status == "closed" and row.outcome == "dissuaded"}
    by_member: dict[str, list[Deed]] = {}
    for deed in reading.deeds(session, community_id, period):
        by_member.setdefault(deed.member_id, []).append(deed)
    names = names_of(session, community_id, list(by_member))
    people = [_personal(names[member], own, dissuaded) for member, own in by_member.items()]
    return sorted(people, key=lambda one: (-one.dissuaded, -one.attempts, one.name))


def _personal(name: str, deeds: list[Deed], dissuaded: set[str]) -> Personal:
    attempts = [deed for deed in deeds if deed.type == "alert_attempt"]
    went = [deed for deed in attempts if deed.face_to_face]
    return Personal(
        name=name,
        dissuaded=len({deed.alert_id for deed in went} & dissuaded),
        worked=len({deed.alert_id for deed in attempts}),
        attempts=len(attempts),
        door_visits=len(went),
        follow_ups=len(deeds) - len(attempts),
    )
