"""One door: everything that was recorded there, latest first. Who lives there is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.queries import names_of
from webapp.core.errors import NotFound
from webapp.operations.models import Operation, OperationText
from webapp.places.doors import ids_of_doors
from webapp.places.models import Building, Household
from webapp.visits.models import DoorState


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as recorded; `voided` ones are shown struck out and count nowhere."""

    id: str
    moment: int
    by: str
    outcome: str
    app: str | None
    leaflets: int
    flags: tuple[str, ...]
    follow_up_on: date | None
    note: str | None
    voided: bool


@dataclass(frozen=True, slots=True)
class DoorPage:
    """What the page shows; `state` is none for a door nobody has visited."""

    building: Building
    door: Household
    state: DoorState | None
    aliases: int
    visits: tuple[Visit, ...]

    @property
    def display(self) -> str:
        """The display state of design 3.1."""
        return self.state.display if self.state else "untouched"


def door_page(session: Session, community_id: int, building_id: str, household_id: str) -> DoorPage:
    """Everything on a door's page. Raises NotFound when the building has no such door."""
    building = session.get(Building, (community_id, building_id))
    door = session.get(Household, (community_id, household_id))
    if building is None or door is None or door.building_id != building_id:
        raise NotFound("door_unknown")
    state = session.get(DoorState, (community_id, household_id))
    ids = ids_of_doors(session, community_id, [household_id])
    hidden = state is not None and state.outcome_only
    return DoorPage(
        building=building,
        door=door,
        state=state,
        aliases=len(ids) - 1,
        visits=tuple(_visits(session, community_id, ids, hidden=hidden)),
    )


def _visits(
    session: Session, community_id: int, ids: Iterable[str], *, hidden: bool
) -> list[Visit]:
    statement = (
        select(
            Operation.id,
            Operation.moment,
            Operation.member_id,
            Operation.body,
            Operation.voided,
            OperationText.text,
        )
        .outerjoin(
            OperationText,
            (OperationText.community_id == Operation.community_id)
            & (OperationText.operation_id == Operation.id),
        )
        .where(
            Operation.community_id == community_id,
            Operation.subject_id.in_(list(ids)),
            Operation.type == "visit",
            Operation.status == "accepted",
        )
        .order_by(Operation.moment.desc(), Operation.id.desc())
    )
    found = [(row, orjson.loads(row.body)) for row in session.execute(statement)]
    names = names_of(session, community_id, {_author(row, body) for row, body in found})
    return [_visit(row, body, names.get(_author(row, body), ""), hidden) for row, body in found]


def _author(row: Any, body: dict[str, Any]) -> str:
    """Who was at the door: whom the desk named when it typed from paper, else who recorded it."""
    return str(body.get("by") or row.member_id).lower()


def _visit(row: Any, body: dict[str, Any], name: str, hidden: bool) -> Visit:
    day = body.get("follow_up_on")
    return Visit(
        id=row.id,
        moment=row.moment,
        by=name,
        outcome=body["outcome"],
        app=body.get("app"),
        leaflets=sum((body.get("leaflets") or {}).values()),
        flags=() if hidden else tuple(body.get("flags") or ()),
        follow_up_on=date.fromisoformat(day) if day else None,
        note=None if hidden else row.text,
        voided=row.voided,
    )
