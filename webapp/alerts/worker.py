"""What the worker does for alerts, again and again, community by community.

Each looks first and locks a community only if there is something to do; running twice does no
harm.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.alerts import dues, retention
from webapp.alerts.change import Change, begin
from webapp.alerts.models import Alert
from webapp.core import clock, db
from webapp.core.clock import DAY
from webapp.operations.feeds import COMMUNITY, bury

LISTED_FOR = 30 * DAY
"""How long the team's list shows what is closed."""


def each_community(
    now: int,
    wanted: Callable[[Session, int, str], bool],
    do: Callable[[Change], object],
) -> None:
    """`do` in a transaction of every community where `wanted(session, id, timezone)`."""
    with db.reading() as session:
        known = session.execute(select(Community.id, Community.timezone)).all()
        found = [row.id for row in known if wanted(session, row.id, row.timezone)]
    for community_id in found:
        with db.writing() as session:
            do(begin(session, community_id, now))


def open_due(now: int) -> None:
    """On the morning it is due, a follow-up brings its person to the phone of who asks again."""
    each_community(
        now,
        lambda session, community_id, timezone: dues.any_due(
            session, community_id, clock.day_of(now, timezone)
        ),
        dues.open_due,
    )


def tidy(now: int) -> None:
    """What was closed a while ago leaves the team's list."""
    each_community(
        now,
        lambda session, community_id, _timezone: bool(_stale(session, community_id, now)),
        _tidy,
    )


def erase(now: int) -> None:
    """What is said of persons is erased when it is no longer needed."""
    with db.reading() as session:
        known = session.scalars(select(Community.id)).all()
        found = [one for one in known if not retention.due(session, one, now=now).nothing]
    for community_id in found:
        with db.writing() as session:
            retention.run(session, community_id, now=now)


def _stale(session: Session, community_id: int, now: int) -> list[Alert]:
    statement = select(Alert).where(
        Alert.community_id == community_id,
        Alert.listed.is_(True),
        Alert.closed_at < now - LISTED_FOR,
    )
    return list(session.scalars(statement))


def _tidy(change: Change) -> None:
    for alert in _stale(change.session, change.community_id, change.now):
        alert.listed = False
        bury(change.session, change.numbers, change.community_id, COMMUNITY, alert.id, change.now)
