"""What there is to walk, in order, and whose it could be. Nothing is changed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from geopy.distance import geodesic
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.coverage.turf.split import cut
from webapp.coverage.turf.walking import Point, route
from webapp.places.models import IS_DOOR, STANDS, Assignment, Building, Household
from webapp.visits.models import DoorState

MOST_BUILDINGS = 300
"""In one plan: a morning's talk, and a tour that is worked out at once."""
LEFT = ("untouched", "no_answer", "follow_up")
"""Doors that somebody has to knock at (again)."""
MINUTES_A_DOOR = 4.0
"""Default; most of it is talk where somebody opens, and little where nobody does."""
MINUTES_A_FLOOR = 0.5
METRES_A_MINUTE = 70


@dataclass(frozen=True, slots=True)
class Piece:
    """A building (no `units`), or one stairwell of a large one. `minutes` are expected, `metres`
    from the piece before, none where a place is not known."""

    building_id: str
    name: str
    compound: str
    units: tuple[str, ...]
    doors: int
    floors: int
    minutes: float
    metres: int | None = None
    at: Point | None = None

    @property
    def key(self) -> str:
        """What a form calls it."""
        return "|".join((self.building_id, *self.units))


@dataclass(slots=True)
class Share:
    """One volunteer's part."""

    member_id: str
    name: str
    pieces: list[Piece] = field(default_factory=list)

    @property
    def minutes(self) -> float:
        """Expected, walking included."""
        return sum(piece.minutes for piece in self.pieces)

    @property
    def doors(self) -> int:
        """Doors left."""
        return sum(piece.doors for piece in self.pieces)

    @property
    def metres(self) -> int:
        """From building to building."""
        return sum(piece.metres or 0 for piece in self.pieces[1:])


def pieces(
    session: Session,
    community_id: int,
    building_ids: Sequence[str],
    *,
    shares: int = 1,
    minutes_a_door: float = MINUTES_A_DOOR,
) -> list[Piece]:
    """What these buildings still ask for, in walking order; a building that is more than half a
    share comes stairwell by stairwell. Those without a place stand last, by name."""
    loads = _loads(session, community_id, building_ids)
    rows = session.execute(
        select(Building.id, Building.name, Building.compound, Building.lat, Building.lon)
        .where(
            Building.community_id == community_id,
            Building.id.in_([one for one in building_ids if one in loads]),
            Building.practice.is_(False),
            STANDS,
        )
        .order_by(Building.compound, Building.name, Building.id)
    ).all()
    placed = [row for row in rows if row.lat is not None and row.lon is not None]
    way = [placed[at] for at in route([(row.lat, row.lon) for row in placed])]
    way += [row for row in rows if row.lat is None or row.lon is None]

    def minutes_of(units: Mapping[str, Load]) -> float:
        return sum(_minutes(load, minutes_a_door) for load in units.values())

    half = sum(minutes_of(loads[row.id]) for row in rows) / shares / 2
    found: list[Piece] = []
    before: Point | None = None
    for row in way:
        at = (row.lat, row.lon) if row.lat is not None and row.lon is not None else None
        metres = round(geodesic(before, at).meters) if before and at else None
        units = loads[row.id]
        # Doors without a stairwell's name cannot be given alone: their building stays together.
        apart = len(units) > 1 and all(units) and minutes_of(units) > half
        for part in [{name: load} for name, load in units.items()] if apart else [units]:
            piece = _piece(row, part, minutes_of(part), metres, at)
            found.append(piece if apart else replace(piece, units=()))
            metres = 0  # the next stairwell is the next door
        before = at or before
    return found


def _piece(
    row: Any, units: Mapping[str, Load], minutes: float, metres: int | None, at: Point | None
) -> Piece:
    return Piece(
        row.id,
        row.name,
        row.compound,
        tuple(units),
        sum(doors for doors, _floor in units.values()),
        max(floor for _doors, floor in units.values()),
        minutes + (metres or 0) / METRES_A_MINUTE,
        metres,
        at,
    )


def share(found: Sequence[Piece], team: Sequence[tuple[str, str]]) -> list[Share]:
    """The pieces cut into one stretch for each of the team (id, name), balanced by minutes."""
    shares = [Share(member_id, name) for member_id, name in team]
    for piece, to in zip(found, cut([p.minutes for p in found], len(shares)), strict=True):
        shares[to].pieces.append(piece)
    return [_in_order(one) for one in shares]


def by_hand(
    found: Sequence[Piece], team: Sequence[tuple[str, str]], chosen: Mapping[str, str]
) -> list[Share]:
    """The same as somebody moved them: piece's key → member. What nobody is named for stays out."""
    shares = {member_id: Share(member_id, name) for member_id, name in team}
    for piece in found:
        if to := shares.get(chosen.get(piece.key, "")):
            to.pieces.append(piece)
    return [_in_order(one) for one in shares.values()]


def _in_order(one: Share) -> Share:
    """As its phone proposes to walk it, when that does not know where it is: the shortest way past
    these buildings alone, which begins where the gate mostly is."""
    stops = {piece.building_id: piece for piece in reversed(one.pieces)}
    named = sorted(
        stops.values(), key=lambda piece: (piece.compound, piece.name, piece.building_id)
    )
    placed = [piece for piece in named if piece.at is not None]
    way = [placed[at] for at in route([piece.at for piece in placed if piece.at])]
    order = [piece.building_id for piece in (*way, *(p for p in named if p.at is None))]
    walked: list[Piece] = []
    before: Point | None = None
    for building_id in order:
        for piece in (p for p in one.pieces if p.building_id == building_id):
            metres = round(geodesic(before, piece.at).meters) if before and piece.at else None
            walked.append(replace(piece, metres=metres))
            before = piece.at or before
    return replace(one, pieces=walked)


def nobody_walks(session: Session, community_id: int) -> int:
    """Buildings with doors that nobody is asked to walk."""
    walked = select(Assignment.building_id).where(
        Assignment.community_id == community_id, Assignment.ended_at.is_(None)
    )
    statement = (
        select(func.count())
        .select_from(Building)
        .where(
            Building.community_id == community_id,
            Building.practice.is_(False),
            STANDS,
            Building.id.not_in(walked),
            select(Household.id)
            .where(
                Household.community_id == community_id,
                Household.building_id == Building.id,
                IS_DOOR,
                Household.retired_at.is_(None),
            )
            .exists(),
        )
    )
    return session.scalar(statement) or 0


Load = tuple[int, int]
"""Doors left, and the highest floor of them."""


def _loads(
    session: Session, community_id: int, building_ids: Sequence[str]
) -> dict[str, dict[str, Load]]:
    """Building → unit → load; a unit of which all is done has none."""
    statement = (
        select(
            Household.building_id,
            Household.unit,
            func.count(),
            func.max(func.coalesce(Household.floor, 1)),
        )
        .outerjoin(
            DoorState,
            (DoorState.community_id == Household.community_id)
            & (DoorState.household_id == Household.id),
        )
        .where(
            Household.community_id == community_id,
            Household.building_id.in_(list(building_ids)),
            IS_DOOR,
            Household.retired_at.is_(None),
            func.coalesce(DoorState.display, "untouched").in_(LEFT),
        )
        .group_by(Household.building_id, Household.unit)
        .order_by(Household.building_id, Household.unit)
    )
    loads: dict[str, dict[str, Load]] = {}
    for building_id, unit, doors, floor in session.execute(statement):
        loads.setdefault(building_id, {})[unit] = (doors, max(int(floor), 1))
    return loads


def _minutes(load: Load, minutes_a_door: float) -> float:
    doors, floor = load
    return doors * minutes_a_door + floor * MINUTES_A_FLOOR
