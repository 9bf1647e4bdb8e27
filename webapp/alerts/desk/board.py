"""The board: open alerts by how far they are, what was closed lately, the nine buckets.

Names are masked as everywhere; what is overdue stands first. Costs the same number of statements
for ten alerts and for a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member, Person
from webapp.alerts.codes import BUCKETS
from webapp.alerts.models import Alert, AlertPerson, AlertWorker, FollowUpDue
from webapp.alerts.privacy import mask_name
from webapp.alerts.refold import STANDING
from webapp.core import db
from webapp.core.clock import DAY
from webapp.places.labels import short
from webapp.places.models import Building

COLUMNS = ("new", "contact", "door", "closed")
"""Not yet verified, by phone and message, at the door, closed and to be asked again."""

MOST = 200
"""Cards in a column; the rest is counted and found by searching."""

SHOWN_CLOSED = 30 * DAY
PLACE = and_(Building.community_id == Alert.community_id, Building.id == Alert.building_id)
PERSON = and_(AlertPerson.community_id == Alert.community_id, AlertPerson.alert_id == Alert.id)


@dataclass(frozen=True, slots=True)
class Card:
    """One alert in a few lines. `name` is masked; `place` names the door as far as it is known;
    `workers` are those who have it; `due_on` is the day on which somebody asks again."""

    alert: Alert
    name: str
    age: int | None
    place: str
    grid: str
    workers: tuple[str, ...]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column and how many of its cards are not shown."""

    name: str
    cards: tuple[Card, ...]
    more: int

    @property
    def count(self) -> int:
        """All of them."""
        return len(self.cards) + self.more


@dataclass(frozen=True, slots=True)
class Board:
    """`buckets` counts everything since the day `since` (ms)."""

    columns: tuple[Column, ...]
    buckets: tuple[tuple[str, int], ...]
    since: int | None
    grids: tuple[str, ...]
    grid: str
    text: str
    open: int

    @property
    def total(self) -> int:
        """Alerts in all buckets."""
        return sum(count for _bucket, count in self.buckets)


def board(session: Session, community_id: int, *, grid: str, text: str, now: int) -> Board:
    """The community's board; `grid` and `text` (number, name, place) narrow it."""
    found = _read(session, community_id, now)
    workers = working(session, community_id, [alert.id for alert, *_ in found])
    due = due_days(session, community_id, [alert.id for alert, *_ in found])
    cards = [_card(alert, person, building, workers, due) for alert, person, building in found]
    wanted = [card for card in cards if _fits(card, grid, text)]
    buckets, since = _buckets(session, community_id)
    return Board(
        columns=tuple(_columns(wanted, now)),
        buckets=buckets,
        since=since,
        grids=tuple(sorted({card.grid for card in cards if card.grid})),
        grid=grid,
        text=text,
        open=sum(card.alert.status in ("open", "draft") for card in cards),
    )


def open_count(session: Session, community_id: int) -> int:
    """How many alerts somebody has to do something about: the number in the side bar."""
    statement = select(func.count()).where(
        Alert.community_id == community_id, Alert.status.in_(("open", "draft"))
    )
    return session.scalar(statement) or 0


def place_of(alert: Alert, person: AlertPerson | None, building: Building | None) -> str:
    """`3号楼 2-1204` as far as it is known; else what the message says of the place."""
    room = short(person.unit, person.room) if person else ""
    if building is not None:
        return f"{building.name} {room}".strip()
    said = person.place_text if person else ""
    return said or room


def _read(session: Session, community_id: int, now: int) -> Sequence[Any]:
    """What is open, and what was closed lately or is to be asked about again."""
    asked = select(FollowUpDue.alert_id).where(
        FollowUpDue.community_id == community_id,
        FollowUpDue.done_at.is_(None),
        FollowUpDue.gone_at.is_(None),
    )
    lately = and_(
        Alert.status == "closed",
        or_(Alert.closed_at > now - SHOWN_CLOSED, Alert.id.in_(asked)),
    )
    statement = (
        select(Alert, AlertPerson, Building)
        .join(AlertPerson, PERSON, isouter=True)
        .join(Building, PLACE, isouter=True)
        .where(Alert.community_id == community_id, or_(Alert.status.in_(("open", "draft")), lately))
        .order_by(Alert.deadline, Alert.number)
    )
    return session.execute(statement).all()


def working(
    session: Session, community_id: int, alert_ids: Sequence[str]
) -> Mapping[str, tuple[str, ...]]:
    """The names of those who have these alerts, in the order in which they got them."""
    statement = (
        select(AlertWorker.alert_id, Person.name)
        .join(
            Member,
            and_(
                Member.community_id == AlertWorker.community_id, Member.id == AlertWorker.member_id
            ),
        )
        .join(Person, Person.id == Member.person_id)
        .where(
            AlertWorker.community_id == community_id,
            AlertWorker.ended_at.is_(None),
            AlertWorker.left_at.is_(None),
            _among(AlertWorker.alert_id, alert_ids),
        )
        .order_by(AlertWorker.since, AlertWorker.id)
    )
    names: dict[str, list[str]] = {}
    for alert_id, name in session.execute(statement):
        if name not in names.setdefault(alert_id, []):
            names[alert_id].append(name)
    return {alert_id: tuple(found) for alert_id, found in names.items()}


def due_days(session: Session, community_id: int, alert_ids: Sequence[str]) -> Mapping[str, date]:
    """The next day on which somebody asks again, by alert."""
    statement = (
        select(FollowUpDue.alert_id, func.min(FollowUpDue.due_on))
        .where(
            FollowUpDue.community_id == community_id,
            FollowUpDue.done_at.is_(None),
            FollowUpDue.gone_at.is_(None),
            _among(FollowUpDue.alert_id, alert_ids),
        )
        .group_by(FollowUpDue.alert_id)
    )
    return {alert_id: day for alert_id, day in session.execute(statement)}


def _among(column: Any, ids: Sequence[str]) -> ColumnElement[bool]:
    return db.among(column.expression, "ids", list(ids))


def _card(
    alert: Alert,
    person: AlertPerson | None,
    building: Building | None,
    workers: Mapping[str, tuple[str, ...]],
    due: Mapping[str, date],
) -> Card:
    return Card(
        alert=alert,
        name=mask_name(person.resident_name) if person else "",
        age=person.age if person else None,
        place=place_of(alert, person, building),
        grid=building.grid if building else "",
        workers=workers.get(alert.id, ()),
        due_on=due.get(alert.id),
    )


def _fits(card: Card, grid: str, text: str) -> bool:
    if grid and card.grid != grid:
        return False
    said = f"{card.alert.number} {card.name} {card.place} {' '.join(card.workers)}".casefold()
    return all(word in said for word in text.casefold().split())


def _columns(cards: Iterable[Card], now: int) -> Iterable[Column]:
    by_step: dict[str, list[Card]] = {name: [] for name in COLUMNS}
    for card in cards:
        by_step["new" if card.alert.status == "draft" else card.alert.step].append(card)
    by_step["closed"].sort(key=_asked)
    for name, found in by_step.items():
        yield Column(name, tuple(found[:MOST]), max(0, len(found) - MOST))


def _asked(card: Card) -> tuple[date, int]:
    """Whom to ask next stands first, then what was closed last."""
    return card.due_on or date.max, -(card.alert.closed_at or 0)


def _buckets(session: Session, community_id: int) -> tuple[tuple[tuple[str, int], ...], int | None]:
    statement = (
        select(Alert.bucket, func.count(), func.min(Alert.received_at))
        .where(Alert.community_id == community_id, Alert.status.in_(STANDING))
        .group_by(Alert.bucket)
    )
    found = {bucket: (count, first) for bucket, count, first in session.execute(statement)}
    counted = [(bucket, found[bucket][0] if bucket in found else 0) for bucket in BUCKETS]
    counted.sort(key=lambda line: (line[0] == "other", -line[1]))
    return tuple(counted), min((first for _count, first in found.values()), default=None)
