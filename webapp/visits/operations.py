"""What is recorded at a door: a visit, and a resident's wish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from msgspec import Meta, field
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member
from webapp.core.personal import personal_number
from webapp.operations.batch import Batch, Item
from webapp.operations.decode import Recorded, Uuid, plain
from webapp.operations.registry import Described, Kind
from webapp.places.doors import Door, Rights, doors_by_id, doors_of
from webapp.places.labels import door_label
from webapp.visits.fold import Seen, fold
from webapp.visits.refold import read_doors

Outcome = Literal["informed", "no_answer", "refused", "come_back", "vacant"]
App = Literal["installed", "helped", "declined", "no_smartphone"]
Flag = Literal[
    "lives_alone",
    "elderly",
    "limited_mobility",
    "new_tenant",
    "has_student",
    "online_shopper",
    "no_smartphone",
]
LeafletKind = Annotated[str, Meta(pattern=r"^[a-z0-9_]{1,40}$")]
Metres = Annotated[float, Meta(ge=0, le=100_000_000)]

ANSWERED = frozenset({"informed", "refused", "come_back"})


class Visit(Recorded, kw_only=True):
    """One knock at a door. `leaflets` per kind; distances in metres; `by` is the member for whom
    the desk types from paper; `imported`: from a list of earlier walks."""

    household: Uuid
    outcome: Outcome
    leaflets: dict[LeafletKind, Annotated[int, Meta(ge=0, le=99)]] = field(default_factory=dict)
    app: App | None = None
    flags: Annotated[list[Flag], Meta(max_length=20)] | None = None
    agreed: bool = False
    note: Annotated[str, Meta(max_length=500)] | None = None
    follow_up_on: date | None = None
    distance_m: Metres | None = None
    accuracy_m: Metres | None = None
    by: Uuid | None = None
    imported: bool = False


class DoorWish(Recorded, kw_only=True):
    """No visits until a date, or the outcome only; neither lifts the wish."""

    household: Uuid
    no_visits_until: date | None = None
    outcome_only: bool = False


class _AtDoor(Kind):
    """What both have in common: a door as subject, and the door's state as effect."""

    def subject(self, operation: Any) -> str:
        """The door's id."""
        household: str = operation.household
        return household.lower()

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """A door that is not there yet is waited for; then the right is judged."""
        doors = doors_of(batch, _subjects(items))
        rights = Rights(batch, items, {door.building_id for door in doors.values()})
        for item in items:
            door = doors.get(item.subject_id or "")
            if door is None:
                item.wait()
            elif not rights.allow(item, door.building_id, door.id):
                item.hold("not_yours")
            else:
                item.accept()

    def describe(self, session: Session, community_id: int, operation: Any) -> Described:
        """The door."""
        door = self._door(session, community_id, operation)
        if door is None:
            return Described()
        label = door_label(session, community_id, door.id)
        return Described(place=label, building_id=door.building_id)

    def _door(self, session: Session, community_id: int, operation: Any) -> Door | None:
        household_id = self.subject(operation)
        return doors_by_id(session, community_id, [household_id]).get(household_id)

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """Have the doors folded at the end of the push, each once."""
        batch.touched.update(_subjects(items))

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """The same: the fold leaves out what was voided."""
        self.apply(batch, items)


class VisitKind(_AtDoor):
    """The rules across a visit's fields (design 3)."""

    name = "visit"
    schema = Visit
    stage = 20

    def check(self, operation: Visit) -> str | None:
        """The field that does not go with the others."""
        if operation.app is not None and operation.outcome not in ANSWERED:
            return "app"
        if operation.follow_up_on is not None and operation.outcome == "vacant":
            return "follow_up_on"
        if operation.flags and not operation.agreed:
            return "flags"
        if sum(operation.leaflets.values()) > 999 or len(operation.leaflets) > 20:
            return "leaflets"
        return "note" if operation.note and not plain(operation.note) else None

    def judge(self, batch: Batch, items: Sequence[Item]) -> None:
        """As for every operation at a door; `by` is for the desk, and a member of the community."""
        super().judge(batch, items)
        self._judge_by(batch, [item for item in items if item.operation.by is not None])
        for item in items:
            if item.note and personal_number(item.note):
                item.warning = "personal_number"

    def apply(self, batch: Batch, items: Sequence[Item]) -> None:
        """A visit that just came is added to its door; one that waited is read again with it."""
        super().apply(batch, [item for item in items if not item.fresh])
        for item in items:
            if item.fresh and item.subject_id:
                batch.added.setdefault(item.subject_id, []).append(item)

    def undo(self, batch: Batch, items: Sequence[Item]) -> None:
        """The fold leaves out what was voided."""
        super().apply(batch, items)

    def describe(self, session: Session, community_id: int, operation: Visit) -> Described:
        """The door, what was recorded, and the door's state without and with it."""
        door = self._door(session, community_id, operation)
        if door is None:
            return Described(facts=_facts(operation))
        read = read_doors(session, community_id, [door.id]).get(door.id)
        known = [visit.seen for visit in read.visits] if read else []
        moment = round(operation.at.timestamp() * 1000) + operation.skew_ms
        seen = Seen(
            moment,
            operation.id.lower(),
            operation.outcome,
            operation.app,
            follow_up_on=operation.follow_up_on,
        )
        return Described(
            place=door_label(session, community_id, door.id),
            building_id=door.building_id,
            facts=_facts(operation),
            before=fold(known).display,
            after=fold([*known, seen]).display,
        )

    def _judge_by(self, batch: Batch, items: Sequence[Item]) -> None:
        if not items:
            return
        wanted = {item.operation.by.lower() for item in items} | {i.member_id for i in items}
        statement = select(Member.id, Member.role).where(
            Member.community_id == batch.community_id, Member.id.in_(wanted)
        )
        roles = {row.id: row.role for row in batch.session.execute(statement)}
        for item in items:
            by = item.operation.by.lower()
            if by not in roles:
                item.hold("invalid", "by")
            elif by != item.member_id and not (
                item.released or roles.get(item.member_id) == "coordinator"
            ):
                item.hold("not_yours", "by")


class DoorWishKind(_AtDoor):
    """A wish needs no rule across fields."""

    name = "door_wish"
    schema = DoorWish
    stage = 20

    def check(self, operation: DoorWish) -> str | None:
        """Every combination means something."""
        return None


def _facts(visit: Visit) -> tuple[tuple[str, str], ...]:
    """What a visit says beside its door, as (catalogue key, code or text)."""
    leaflets = sum(visit.leaflets.values())
    said: list[tuple[str, object]] = [
        ("operation.outcome", visit.outcome),
        ("operation.app", visit.app),
        ("operation.leaflets", leaflets),
        ("operation.follow_up_on", visit.follow_up_on),
        ("operation.note", visit.note),
    ]
    return tuple((key, str(value)) for key, value in said if value)


def _subjects(items: Sequence[Item]) -> set[str]:
    return {item.subject_id for item in items if item.subject_id}
