"""A plan becomes assignments, in one step."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.coverage.turf.plan import Share
from webapp.places import assignments
from webapp.places.models import Assignment


def give(
    session: Session, who: ActingMember, shares: Sequence[Share], *, only: bool, now: int
) -> tuple[int, int]:
    """Assign every share; with `only`, nobody else walks these buildings from now on.

    Returns how many assignments are new or changed, and how many ended. Raises as
    `assignments.assign` does.
    """
    given = ended = 0
    named: set[tuple[str, str]] = set()
    for one in shares:
        units: dict[str, list[str]] = {}
        for piece in one.pieces:
            units.setdefault(piece.building_id, []).extend(piece.units)
        named |= {(building_id, one.member_id) for building_id in units}
        whole = [building_id for building_id, names in units.items() if not names]
        parts = [([building_id], names) for building_id, names in units.items() if names]
        for buildings, names in [*([(whole, [])] if whole else []), *parts]:
            done = assignments.assign(
                session, who.community_id, buildings, [one.member_id], units=names, who=who, now=now
            )
            given += done.new + done.changed
    if only:
        ended = assignments.end(
            session, who.community_id, _others(session, who.community_id, named), who=who, now=now
        )
    return given, ended


def _others(session: Session, community_id: int, named: set[tuple[str, str]]) -> list[str]:
    statement = select(Assignment.id, Assignment.building_id, Assignment.member_id).where(
        Assignment.community_id == community_id,
        Assignment.ended_at.is_(None),
        Assignment.building_id.in_({building_id for building_id, _member in named}),
    )
    return [
        row.id
        for row in session.execute(statement)
        if (row.building_id, row.member_id) not in named
    ]
