"""The week in a few lines, told to the robots and mailboxes that want it: figures, no names.

Told once a week, at the hour that the community chose, of the seven days up to the Sunday before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Community
from webapp.alerts.models import Alert
from webapp.alerts.robots import outbox
from webapp.core import clock, db
from webapp.core.i18n import _
from webapp.coverage import tally
from webapp.coverage.formats import fine_rate, num, short_day
from webapp.reports import queries
from webapp.reports.period import Period, period_of
from webapp.reports.queries import Line
from webapp.sessions.queries import Totals, together, totals

EVENT = "weekly"
LATE = 24 * clock.HOUR
"""A worker that comes back within a day still tells it; after that the week is old news."""


class Schedule(Struct, frozen=True):
    """When: `weekday` (Monday is 0) and `hour` on the community's clock."""

    weekday: Annotated[int, Meta(ge=0, le=6)] = 0
    hour: Annotated[int, Meta(ge=0, le=23)] = 9


@dataclass(frozen=True, slots=True)
class Week:
    """What happened; `line` for the whole community."""

    community: Community
    period: Period
    line: Line
    sessions: Totals
    alerts: int

    def text(self) -> str:
        """A few lines in the language of who runs it."""
        new, now = self.line.new, self.line.now
        lines = [
            _(
                "weekly.head",
                community=self.community.name,
                first=short_day(self.period.first),
                last=short_day(self.period.last),
            ),
            _(
                "weekly.new",
                knocked=num(new.knocked),
                reached=num(new.reached),
                installed=num(new.installed),
                leaflets=num(new.leaflets + self.sessions.leaflets),
            ),
        ]
        for rate in (tally.publicity(now, self.community), tally.app(now, self.community)):
            figures = {"rate": fine_rate(rate.rate), "target": fine_rate(rate.target)}
            said = "met" if rate.met else "missing"
            lines.append(_(f"weekly.{rate.kind}.{said}", n=num(rate.missing), **figures))
        if self.sessions.sessions:
            lines.append(
                _(
                    "weekly.sessions",
                    n=self.sessions.sessions,
                    residents=num(self.sessions.residents),
                )
            )
        if self.alerts:
            lines.append(_("weekly.alerts", n=self.alerts))
        return "\n".join(lines)


def read(settings: dict[str, Any]) -> Schedule:
    """From the community's JSON; what cannot be read any more falls back to the default."""
    try:
        return msgspec.convert(settings.get(EVENT) or {}, Schedule)
    except msgspec.ValidationError:
        return Schedule()


def save(session: Session, who: ActingMember, chosen: Schedule, *, now: int) -> None:
    """Set when it is told."""
    next(sequence.draw(session, who.community_id))
    community = session.get_one(Community, who.community_id)
    community.settings = {**community.settings, EVENT: msgspec.to_builtins(chosen)}
    audit.note(session, who.community_id, who, "weekly_settings", now=now)


def send_due(now: int) -> None:
    """The worker's step: tell each community's last week when its hour has come; twice is once."""
    with db.reading() as session:
        known = session.scalars(select(Community)).all()
        due = [one.id for one in known if _is_due(session, one, now)]
    for community_id in due:
        with db.writing() as session:
            send(session, community_id, now)


def send(session: Session, community_id: int, now: int, *, again: bool = False) -> int:
    """Queue the last week for all who want it; says how many robots that are. `again`: also for
    those who were told it already."""
    week = last_week(session, community_id, now)
    key = f"weekly {week.period.first}" + (f" {now}" if again else "")
    outbox.queue_plain(session, community_id, EVENT, key, now, event=EVENT, text=week.text())
    return len(outbox.listening(session, community_id, EVENT))


def last_week(session: Session, community_id: int, now: int) -> Week:
    """The seven days before this week's Monday."""
    community = session.get_one(Community, community_id)
    today = clock.day_of(now, community.timezone)
    period = period_of("week", today).before
    start, end = clock.span_of(period.first, period.last, community.timezone)
    received = select(func.count()).where(
        Alert.community_id == community_id, Alert.received_at >= start, Alert.received_at < end
    )
    lines = queries.places(session, community_id, "community", period)
    return Week(
        community,
        period,
        queries.whole(lines),
        together(totals(session, community_id, start, end)),
        session.scalar(received) or 0,
    )


def _is_due(session: Session, community: Community, now: int) -> bool:
    chosen = read(community.settings)
    monday = period_of("week", clock.day_of(now, community.timezone)).first
    day = monday + timedelta(days=chosen.weekday)
    at = _moment(community, day, chosen.hour)
    return at <= now < at + LATE and bool(outbox.listening(session, community.id, EVENT))


def _moment(community: Community, day: date, hour: int) -> int:
    at = datetime.combine(day, time(hour), clock.zone(community.timezone))
    return round(at.timestamp() * clock.SECOND)
