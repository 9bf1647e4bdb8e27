"""Which door an id means, and who may record there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.core.clock import DAY
from webapp.operations.batch import Batch, Item
from webapp.places.announce import Standing
from webapp.places.models import Assignment, Building, Household, HouseholdAlias

GRACE = 7 * DAY
"""How long after the end of an assignment what was recorded then still counts (design 4)."""


@dataclass(frozen=True, slots=True)
class Door:
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
    columns = Household.id, Household.building_id, Household.retired_at
    direct = select(*columns).where(
        Household.community_id == community_id, Household.id.in_(wanted)
    )
    found = {
        row.id: Door(row.id, row.building_id, row.retired_at is not None)
        for row in session.execute(direct)
    }
    if missing := wanted - found.keys():
        aliased = (
            select(HouseholdAlias.id.label("alias"), *columns)
            .join(
                Household,
                (Household.community_id == HouseholdAlias.community_id)
                & (Household.id == HouseholdAlias.household_id),
            )
            .where(HouseholdAlias.community_id == community_id, HouseholdAlias.id.in_(missing))
        )
        found |= {
            row.alias: Door(row.id, row.building_id, row.retired_at is not None)
            for row in session.execute(aliased)
        }
    return found


def ids_of_doors(
    session: Session, community_id: int, household_ids: Iterable[str]
) -> dict[str, str]:
    """All ids of these doors, aliases included: id → the door's first id."""
    ids = {household_id: household_id for household_id in household_ids}
    statement = select(HouseholdAlias.id, HouseholdAlias.household_id).where(
        HouseholdAlias.community_id == community_id, HouseholdAlias.household_id.in_(set(ids))
    )
    return ids | {row.id: row.household_id for row in session.execute(statement)}


class Rights:
    """Who of these authors may record in these buildings, judged at each operation's moment.

    A building counts as theirs if it was assigned at any time between 7 days before the moment
    and the receipt. A coordinator may everywhere; the practice building is everybody's.
    """

    def __init__(self, batch: Batch, items: Sequence[Item], building_ids: Iterable[str]) -> None:
        self._roles = _roles(batch, {item.member_id for item in items})
        wanted = set(building_ids)
        self._practice = _buildings(batch, wanted)
        self._spans: dict[tuple[str, str], list[tuple[int, int | None]]] = {}
        statement = select(
            Assignment.member_id,
            Assignment.building_id,
            Assignment.assigned_at,
            Assignment.ended_at,
        ).where(
            Assignment.community_id == batch.community_id,
            Assignment.member_id.in_(set(self._roles)),
            Assignment.building_id.in_(wanted),
        )
        for row in batch.session.execute(statement):
            key = row.member_id, row.building_id
            self._spans.setdefault(key, []).append((row.assigned_at, row.ended_at))

    def allow(self, item: Item, building_id: str) -> bool:
        """Whether the item's author may record in that building of this community."""
        if building_id not in self._practice:
            return False
        if item.released:
            return True
        role = self._roles.get(item.member_id)
        if role is None:
            return False
        if role == "coordinator" or self._practice[building_id]:
            return True
        return any(
            assigned_at <= item.received_at
            and (ended_at is None or ended_at >= item.moment - GRACE)
            for assigned_at, ended_at in self._spans.get((item.member_id, building_id), ())
        )


def _roles(batch: Batch, member_ids: set[str]) -> Mapping[str, str]:
    """The roles of those who were confirmed; who is pending may record nothing."""
    statement = select(Member.id, Member.role).where(
        Member.community_id == batch.community_id,
        Member.id.in_(member_ids),
        Member.confirmed_at.is_not(None),
    )
    return {row.id: row.role for row in batch.session.execute(statement)}


def _buildings(batch: Batch, building_ids: set[str]) -> dict[str, bool]:
    statement = select(Building.id, Building.practice).where(
        Building.community_id == batch.community_id, Building.id.in_(building_ids)
    )
    return {row.id: row.practice for row in batch.session.execute(statement)}
