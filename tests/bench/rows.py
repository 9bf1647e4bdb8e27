"""Communities of any size, written straight into the tables."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from webapp.accounts import communities, sequence
from webapp.accounts.communities import NewUser
from webapp.accounts.models import Member
from webapp.core import clock, db
from webapp.core.ids import new_id
from webapp.coverage.models import BuildingCount, BuildingDay, CommunityDay
from webapp.operations.decode import decode
from webapp.operations.push import push
from webapp.places.announce import Change, DoorEvent, doors_changed
from webapp.places.generator import NewDoor, from_total, generate
from webapp.places.models import Assignment, Building, Household

TIMEZONE = "Asia/Shanghai"
OUTCOMES = ("informed", "no_answer", "no_answer", "informed", "refused")
WALKED = {"informed": 54, "no_answer": 32, "refused": 5, "come_back": 6, "vacant": 3}
"""How often each outcome comes up on a shift, of a hundred doors."""

NOTES = ("晚上七点后在家", "儿子在外地，周末回来", "门铃坏了", "Dog behind the door")
DAYS = 21


@dataclass(frozen=True, slots=True)
class Person:
    """Who can sign in."""

    login: str
    password: str
    member_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """A building and the ids of its doors."""

    id: str
    doors: tuple[str, ...]


def add_community(session: Session, name: str) -> int:
    """An empty community."""
    return communities.add_community(
        session, name, "Bench/District/Street", TIMEZONE, now=clock.now()
    )


def add_member(session: Session, community_id: int, login: str, role: str) -> Person:
    """An active member."""
    password = secrets.token_urlsafe(12)
    user = NewUser(login, login, role, password, community_id)
    person_id, _new = communities.add_user(session, user, now=clock.now())
    statement = select(Member.id).where(
        Member.community_id == community_id, Member.person_id == person_id
    )
    return Person(login, password, session.scalars(statement).one())


def add_building(
    session: Session, community_id: int, name: str, floors: int, doors: int, units: int = 1
) -> Place:
    """One building with its doors, announced as an import would."""
    found = generate(from_total(floors, doors, units=tuple(str(n + 1) for n in range(units))))
    numbers = sequence.draw(session, community_id, len(found) + 1)
    building_id = new_id()
    row = _building(community_id, building_id, name, floors, next(numbers)) | {"units": units}
    session.execute(insert(Building), [row])
    rows = [_door(community_id, building_id, door, next(numbers)) for door in found]
    session.execute(insert(Household), rows)
    events = [DoorEvent(row["id"], building_id, None, "live") for row in rows]
    doors_changed(Change(session, community_id, numbers, clock.now()), events)
    return Place(building_id, tuple(row["id"] for row in rows))


def assign(session: Session, community_id: int, member_id: str, places: Sequence[Place]) -> None:
    """Ask a member to walk these buildings."""
    numbers = sequence.draw(session, community_id, len(places))
    rows = [
        {
            "community_id": community_id,
            "id": new_id(),
            "building_id": place.id,
            "member_id": member_id,
            "assigned_at": clock.now() - clock.DAY,
            "seq": next(numbers),
        }
        for place in places
    ]
    session.execute(insert(Assignment), rows)


def add_visits(
    session: Session, community_id: int, member_id: str, places: Sequence[Place]
) -> None:
    """Two of three doors visited, through the product's own push."""
    now = clock.now()
    for place in places:
        visits = [
            visit(door, OUTCOMES[n % len(OUTCOMES)], now)
            for n, door in enumerate(place.doors)
            if n % 3
        ]
        store_visits(session, community_id, member_id, visits)


def visit(door: str, outcome: str, moment: int, **more: Any) -> dict[str, Any]:
    """A visit as a phone records it."""
    return {
        "type": "visit",
        "id": phone_id(moment),
        "at": clock.iso(moment),
        "skew_ms": 0,
        "household": door,
        "outcome": outcome,
        "leaflets": {"general": 1},
        "distance_m": 12,
        "accuracy_m": 18,
        **more,
    }


def phone_id(moment: int) -> str:
    """A UUIDv7 as phones make them (static/app/core/ids.ts): 73 bits that no other id shares."""
    value = moment << 80 | 7 << 76 | secrets.randbits(11) << 64 | 2 << 62 | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def walk(doors: Sequence[str], start: int, chance: Random) -> list[dict[str, Any]]:
    """A visit at each of these doors, one after the other, as a shift would record them."""
    found, moment = [], start
    for door in doors:
        moment += chance.randrange(25_000, 140_000)
        outcome = chance.choices(list(WALKED), list(WALKED.values()))[0]
        more: dict[str, Any] = {
            "leaflets": {"general": int(outcome == "informed")},
            "distance_m": chance.randrange(40),
            "accuracy_m": chance.randrange(5, 60),
        }
        if outcome == "informed" and chance.random() < 0.6:
            more["app"] = chance.choice(["installed", "helped", "declined", "no_smartphone"])
        if outcome == "come_back":
            more["follow_up_on"] = (clock.day_of(start, TIMEZONE) + timedelta(days=3)).isoformat()
        if chance.random() < 0.03:
            more |= {"flags": ["elderly"], "agreed": True}
        if chance.random() < 0.02:
            more["note"] = chance.choice(NOTES)
        found.append(visit(door, outcome, moment, **more))
    return found


def store_visits(
    session: Session, community_id: int, member_id: str, visits: Sequence[dict[str, Any]]
) -> None:
    """Take visits in by the product's own push, as fast as it goes."""
    now = clock.now()
    for part in db.chunks(visits, 500):
        texts = [msgspec.Raw(msgspec.json.encode(visit)) for visit in part]
        items = decode(texts, member_id=member_id, device_id=None, now=now)
        results = push(session, community_id, TIMEZONE, items, now=now)
        if any(result.status != "accepted" for result in results):
            raise RuntimeError(results)


def add_town(session: Session, community_id: int, buildings: int, households: int) -> None:
    """Many buildings with doors and counters as they would be after three weeks."""
    today = clock.day_of(clock.now(), TIMEZONE)
    numbers = sequence.draw(session, community_id, buildings + households)
    tenant: dict[str, Any] = {"community_id": community_id}
    totals = dict.fromkeys(_counts(0, 0), 0)
    for part in db.chunks(_sizes(buildings, households), 500):
        names = [(new_id(), index, size) for index, size in part]
        session.execute(
            insert(Building),
            [
                _building(community_id, b, str(n + 1), _floors(s), next(numbers))
                for b, n, s in names
            ],
        )
        doors = [
            _door(community_id, b, door, next(numbers))
            for b, _n, s in names
            for door in generate(from_total(_floors(s), s))
        ]
        session.execute(insert(Household), doors)
        counts = [(b, _counts(s, n)) for b, n, s in names]
        session.execute(
            insert(BuildingCount),
            [tenant | {"building_id": b, "last_at": clock.now()} | c for b, c in counts],
        )
        session.execute(
            insert(BuildingDay),
            [
                tenant | {"building_id": b, "day": today - timedelta(days=ago)} | c
                for b, c in counts
                for ago in (0, 7, 14)
            ],
        )
        for _b, counted in counts:
            totals = {name: totals[name] + counted[name] for name in totals}
    days = [tenant | {"day": today - timedelta(days=ago)} | totals for ago in range(DAYS)]
    session.execute(insert(CommunityDay), days)


def _sizes(buildings: int, households: int) -> Iterator[tuple[int, int]]:
    each, rest = divmod(households, buildings)
    return ((index, each + (index < rest)) for index in range(buildings))


def _floors(doors: int) -> int:
    return max(1, min(30, doors // 4))


def _counts(doors: int, index: int) -> dict[str, int]:
    """Something plausible that differs from building to building."""
    knocked = doors * (index % 11) // 10 if index % 11 < 10 else doors
    vacant, reached = knocked // 20, knocked * 3 // 4
    return {
        "households": doors,
        "vacant": vacant,
        "knocked": knocked,
        "reached": reached,
        "installed": reached // 2,
        "no_smartphone": reached // 15,
        "refused": knocked // 25,
        "leaflets": reached,
    }


def _building(
    community_id: int, building_id: str, name: str, floors: int, seq: int
) -> dict[str, Any]:
    return {
        "community_id": community_id,
        "id": building_id,
        "key": f"bench||{name}",
        "name": name,
        "compound": f"Compound {len(name)}{name[-1]}",
        "grid": f"Grid {name[-1]}",
        "address": "Bench Street",
        "units": 1,
        "floors": floors,
        "created_at": clock.now(),
        "seq": seq,
    }


def _door(community_id: int, building_id: str, door: NewDoor, seq: int) -> dict[str, Any]:
    unit, room = door.key
    return {
        "community_id": community_id,
        "id": new_id(),
        "building_id": building_id,
        "unit": door.unit,
        "floor": door.floor,
        "room": door.room,
        "unit_key": unit,
        "room_key": room,
        "seq": seq,
    }
