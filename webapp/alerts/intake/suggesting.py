"""Whom to send: who walks the building, who is near, who has little to do; on duty first.

No live position is known or asked for: near is who recorded a door nearby last, else whose
buildings are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from geopy.distance import geodesic
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member, Person
from webapp.alerts import rota
from webapp.alerts.models import Alert, AlertWorker
from webapp.core.clock import HOUR
from webapp.operations.models import Operation
from webapp.places.models import Assignment, Building, Household

SHOWN = 6
NEAR = 500
"""Metres: so near that one is proposed without having been asked for."""
PROPOSED = 2
RECENT = 4 * HOUR
"""How long a recorded door says where somebody is."""

Point = tuple[float, float]
OnDuty = Callable[[Session, int, int], set[str]]
"""(session, community, now) → the members who are on duty."""

_duties: list[OnDuty] = []


@dataclass(frozen=True, slots=True)
class Helper:
    """A member who could go. `metres` from the building, none if nobody knows; `here`: they walk
    the building; `seen_at`: when they recorded the door that `metres` is measured from (ms);
    `load`: open alerts that they have."""

    member_id: str
    name: str
    metres: int | None = None
    here: bool = False
    seen_at: int | None = None
    load: int = 0
    on_duty: bool = False
    proposed: bool = False


def know_duty(on_duty: OnDuty) -> None:
    """Have who is on duty by something else than the rota stand first, too (once per source)."""
    if on_duty not in _duties:
        _duties.append(on_duty)


def suggest(
    session: Session, community_id: int, building_id: str | None, *, now: int
) -> list[Helper]:
    """Active members, the best first; the nearest and those who walk the building are proposed.

    As many statements for a large community as for a small one.
    """
    places = _places(session, community_id)
    target = places.get(building_id or "")
    walks = _walks(session, community_id)
    doors = _last_doors(session, community_id, now)
    loads = _loads(session, community_id)
    duty = rota.on_duty(session, community_id, now)
    duty = duty.union(*(source(session, community_id, now) for source in _duties))
    helpers = []
    for member_id, name in _members(session, community_id):
        here = building_id in walks.get(member_id, ())
        seen = doors.get(member_id)
        at = places.get(seen[0]) if seen else None
        metres = _metres(target, at or _middle(places, walks.get(member_id, ())))
        seen_at = seen[1] if seen and at and target else None
        helpers.append(
            Helper(
                member_id, name, metres, here, seen_at, loads.get(member_id, 0), member_id in duty
            )
        )
    helpers.sort(key=_rank)
    return _proposed(helpers[:SHOWN])


def _rank(helper: Helper) -> tuple[bool, bool, float, int, str]:
    far = float("inf") if helper.metres is None else float(helper.metres)
    return not helper.on_duty, not helper.here, far, helper.load, helper.name


def _proposed(helpers: list[Helper]) -> list[Helper]:
    near = [h for h in helpers if h.here or (h.metres is not None and h.metres <= NEAR)]
    chosen = {helper.member_id for helper in near[:PROPOSED]}
    return [replace(helper, proposed=helper.member_id in chosen) for helper in helpers]


def _members(session: Session, community_id: int) -> Iterable[tuple[str, str]]:
    statement = (
        select(Member.id, Person.name)
        .join(Person, Person.id == Member.person_id)
        .where(Member.community_id == community_id, Member.status == "active")
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _places(session: Session, community_id: int) -> dict[str, Point]:
    statement = select(Building.id, Building.lat, Building.lon).where(
        Building.community_id == community_id, Building.lat.is_not(None), Building.lon.is_not(None)
    )
    return {row.id: (row.lat, row.lon) for row in session.execute(statement)}


def _walks(session: Session, community_id: int) -> dict[str, set[str]]:
    statement = select(Assignment.member_id, Assignment.building_id).where(
        Assignment.community_id == community_id, Assignment.ended_at.is_(None)
    )
    found: dict[str, set[str]] = {}
    for member_id, building_id in session.execute(statement):
        found.setdefault(member_id, set()).add(building_id)
    return found


def _last_doors(session: Session, community_id: int, now: int) -> dict[str, tuple[str, int]]:
    """Member → (building, moment) of the last door that they recorded lately.

    Ids begin with the time at which a phone made them, so that only the latest rows are read.
    """
    recent = Operation.id >= first_id(now - RECENT - HOUR)
    last = (
        select(Operation.member_id, func.max(Operation.moment).label("moment"))
        .where(
            Operation.community_id == community_id,
            recent,
            Operation.type == "visit",
            Operation.voided.is_(False),
            Operation.moment >= now - RECENT,
        )
        .group_by(Operation.member_id)
        .subquery()
    )
    statement = (
        select(Operation.member_id, Household.building_id, Operation.moment)
        .join(last, (last.c.member_id == Operation.member_id) & (last.c.moment == Operation.moment))
        .join(
            Household,
            (Household.community_id == Operation.community_id)
            & (Household.id == Operation.subject_id),
        )
        .where(Operation.community_id == community_id, recent, Operation.type == "visit")
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(statement)}


def _loads(session: Session, community_id: int) -> dict[str, int]:
    statement = (
        select(AlertWorker.member_id, func.count(func.distinct(AlertWorker.alert_id)))
        .join(
            Alert,
            (Alert.community_id == AlertWorker.community_id) & (Alert.id == AlertWorker.alert_id),
        )
        .where(
            AlertWorker.community_id == community_id,
            AlertWorker.ended_at.is_(None),
            AlertWorker.left_at.is_(None),
            Alert.status == "open",
        )
        .group_by(AlertWorker.member_id)
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _middle(places: dict[str, Point], building_ids: Iterable[str]) -> Point | None:
    """The middle of the buildings that somebody walks."""
    points = [places[one] for one in building_ids if one in places]
    if not points:
        return None
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _metres(one: Point | None, other: Point | None) -> int | None:
    return None if one is None or other is None else round(geodesic(one, other).meters)


def first_id(moment: int) -> str:
    """The smallest UUIDv7 of a moment (ms): where ids of that time begin."""
    text = f"{max(moment, 0):012x}"
    return f"{text[:8]}-{text[8:]}-7000-8000-000000000000"
