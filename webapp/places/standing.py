"""Whether doors are in use: what the desk decides of a door holds for all rows merged into it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.places.models import Household, HouseholdAlias


def out_of_use(session: Session, community_id: int, door_ids: Iterable[str]) -> list[str]:
    """Those of these doors that are out of use."""
    statement = select(Household.id).where(
        Household.community_id == community_id,
        Household.id.in_(set(door_ids)),
        Household.retired_at.is_not(None),
    )
    return list(session.scalars(statement))


def with_merged(session: Session, community_id: int, door_ids: Sequence[str]) -> list[str]:
    """These doors and the rows that were merged into them."""
    merged = select(HouseholdAlias.id).where(
        HouseholdAlias.community_id == community_id,
        HouseholdAlias.household_id.in_(door_ids),
        HouseholdAlias.home_id == HouseholdAlias.id,
    )
    return [*door_ids, *session.scalars(merged)]


def retire(session: Session, community_id: int, rows: Sequence[str], now: int) -> None:
    """Take these rows out of use; those that are stay as they are."""
    out = update(Household).where(
        Household.community_id == community_id,
        Household.id.in_(rows),
        Household.retired_at.is_(None),
    )
    session.execute(out.values(retired_at=now), execution_options={"synchronize_session": False})


def bring_back(
    session: Session, community_id: int, doors: Sequence[str], rows: Sequence[str]
) -> None:
    """Bring these rows back into use. The desk wants the doors: a void must not end them."""
    for ids, values in ((rows, {"retired_at": None}), (doors, {"listed": True})):
        back = update(Household).where(
            Household.community_id == community_id, Household.id.in_(ids)
        )
        session.execute(back.values(values), execution_options={"synchronize_session": False})
