"""Which door an id means, and who may record there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.core import db
from webapp.core.clock import DAY
from webapp.operations.batch import Batch, Item
from webapp.places.announce import Standing
from webapp.places.models import Assignment, Building, Household, HouseholdAlias

GRACE = 7 * DAY
"""How long after the end of an assignment what was recorded then still counts (design 4)."""

_DOORS = Household.__table__.c
_ALIASES = HouseholdAlias.__table__.c
_MEMBERS = Member.__table__.c
_BUILDINGS = Building.__table__.c
_SPANS = Assignment.__table__.c
_OF: BindParameter[int] = bindparam("of")
"""The community. These statements run with every push: put together once, their cost is halved."""

_DIRECT = db.Query(
    select(_DOORS.id, _DOORS.building_id, _DOORS.retired_at).where(
        _DOORS.community_id == _OF, db.among(_DOORS.id, "ids"), _DOORS.door_id.is_(None)
    )
)
_ALIASED = db.Query(
    select(_ALIASES.id, _DOORS.id, _DOORS.building_id, _DOORS.retired_at)
    .join_from(
        HouseholdAlias.__table__,
        Household.__table__,
        (_DOORS.community_id == _ALIASES.community_id) & (_DOORS.id == _ALIASES.household_id),
    )
    .where(_ALIASES.community_id == _OF, db.among(_ALIASES.id, "ids"))
)
_ALIASES_OF = db.Query(
    select(_ALIASES.id, _ALIASES.household_id).where(
        _ALIASES.community_id == _OF, db.among(_ALIASES.household_id, "ids")
    )
)
_ASSIGNED = db.Query(
    select(_SPANS.member_id, _SPANS.building_id, _SPANS.assigned_at, _SPANS.ended_at).where(
        _SPANS.community_id == _OF,
        db.among(_SPANS.member_id, "members"),
        db.among(_SPANS.building_id, "buildings"),
    )
)
_CONFIRMED = db.Query(
    select(_MEMBERS.id, _MEMBERS.role).where(
        _MEMBERS.community_id == _OF,
        db.among(_MEMBERS.id, "members"),
        _MEMBERS.confirmed_at.is_not(None),
    )
)
_PRACTICE = db.Query(
    select(_BUILDINGS.id, _BUILDINGS.practice).where(
        _BUILDINGS.community_id == _OF, db.among(_BUILDINGS.id, "buildings")
    )
)


class Door(Struct, frozen=True, gc=False):
    """A door under its first id."""

    id: str
    building_id: str
    retired: bool

    @property
    def standing(self) -> Standing:
        """Whether it counts as a household."""
        return "retired" if self.retired else "live"


def doors_by_id(session: Session, community_id: int, ids: Iterable[str]) -> dict[str, Door]:
    """The doors behind these ids, aliases included; unknown ids are left out."""
    wanted = set(ids)
    direct = _DIRECT.rows(session, of=community_id, ids=wanted)
    found = {
        door_id: Door(door_id, building_id, retired_at is not None)
        for door_id, building_id, retired_at in direct
    }
    if missing := wanted - found.keys():
        aliased = _ALIASED.rows(session, of=community_id, ids=missing)
        found |= {
            alias: Door(door_id, building_id, retired_at is not None)
            for alias, door_id, building_id, retired_at in aliased
        }
    return found


def doors_of(batch: Batch, ids: Iterable[str]) -> dict[str, Door]:
    """The same within a push, each looked up once as long as no door changes."""
    wanted = set(ids)
    if missing := wanted - batch.doors.keys():
        batch.doors |= doors_by_id(batch.session, batch.community_id, missing)
    return {door_id: batch.doors[door_id] for door_id in wanted if door_id in batch.doors}


def ids_of_doors(
    session: Session, community_id: int, household_ids: Iterable[str]
) -> dict[str, str]:
    """All ids of these doors, aliases included: id → the door's first id."""
    ids = {household_id: household_id for household_id in household_ids}
    found = _ALIASES_OF.rows(session, of=community_id, ids=list(ids))
    return ids | {alias: door_id for alias, door_id in found}


Span = tuple[int, int | None]
"""From when to when, in milliseconds; none: still."""

Errands = Callable[[Batch, str, str], Iterable[Span]]
"""(batch, member, door's first id) → when else the member had something to do at that door."""

_errands: list[Errands] = []


def also_allow(errands: Errands) -> None:
    """Let a member record at a door in these spans, whoever walks its building."""
    if errands not in _errands:
        _errands.append(errands)


def in_time(item: Item, span: Span) -> bool:
    """Whether a right that held in this span covers an operation: at any time between 7 days
    before its moment and its receipt (design 4)."""
    since, until = span
    return since <= item.received_at and (until is None or until >= item.moment - GRACE)


class Rights:
    """Who of these authors may record in these buildings, judged at each operation's moment.

    A building counts as theirs if it was assigned at any time between 7 days before the moment
    and the receipt, a door also if they had an errand there then. A coordinator may everywhere;
    the practice building is everybody's.
    """

    def __init__(self, batch: Batch, items: Sequence[Item], building_ids: Iterable[str]) -> None:
        self._batch = batch
        self._roles = _roles(batch, {item.member_id for item in items})
        wanted = set(building_ids)
        self._practice = _buildings(batch, wanted)
        self._spans: dict[tuple[str, str], list[Span]] = {}
        self._sent: dict[tuple[str, str], list[Span]] = {}
        assigned = _ASSIGNED.rows(
            batch.session, of=batch.community_id, members=list(self._roles), buildings=wanted
        )
        for member_id, building_id, since, until in assigned:
            self._spans.setdefault((member_id, building_id), []).append((since, until))

    def allow(self, item: Item, building_id: str, door_id: str | None = None) -> bool:
        """Whether the item's author may record in that building of this community, at a door."""
        if building_id not in self._practice:
            return False
        if item.released:
            return True
        role = self._roles.get(item.member_id)
        if role is None:
            return False
        if role == "coordinator" or self._practice[building_id]:
            return True
        for span in self._spans.get((item.member_id, building_id), ()):
            if in_time(item, span):
                return True
        return door_id is not None and any(
            in_time(item, span) for span in self._errands_at(item.member_id, door_id)
        )

    def _errands_at(self, member_id: str, door_id: str) -> list[Span]:
        """Asked only for what would be refused otherwise."""
        key = member_id, door_id
        if key not in self._sent:
            self._sent[key] = [
                span for errands in _errands for span in errands(self._batch, member_id, door_id)
            ]
        return self._sent[key]


def _roles(batch: Batch, member_ids: set[str]) -> Mapping[str, str]:
    """The roles of those who were confirmed; who is pending may record nothing."""
    return dict(_CONFIRMED.rows(batch.session, of=batch.community_id, members=member_ids))


def _buildings(batch: Batch, building_ids: set[str]) -> dict[str, bool]:
    return dict(_PRACTICE.rows(batch.session, of=batch.community_id, buildings=building_ids))
