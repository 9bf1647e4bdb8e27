"""The communities that the storm breaks over: people, buildings and doors, made by the product."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from flask import Flask
from sqlalchemy.orm import Session

from tests.storm import times
from tests.storm.options import Options
from tests.storm.server import Server
from webapp.accounts import communities, members, passwords, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Member as MemberRow
from webapp.accounts.models import Person
from webapp.alerts.intake import tokens
from webapp.app import create_app
from webapp.core import db
from webapp.core.settings import from_environment
from webapp.places import assignments, desk
from webapp.places.desk import DoorName
from webapp.places.models import Building

PASSWORD = "knock knock 12"
BUILDINGS = 4
LONG_AGO, LATELY = 30 * times.DAY, 8 * times.DAY + 12 * times.HOUR


@dataclass(eq=False)
class Member:
    """Somebody with a login. `buildings`: assigned at the start, from long ago on; `left`: where
    an assignment ended so long ago that only what was recorded lately enough is still theirs."""

    community: int
    id: str
    login: str
    role: str
    buildings: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    left_at: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A door of a list. Those that the desk renames and retires (`moved`) are nobody's to add
    again; others it merges (`twin`)."""

    id: str
    building: str
    unit: str
    room: str
    moved: bool
    twin: bool = False


@dataclass
class Community:
    """One tenant; the last building is the practice building, which counts nowhere."""

    id: int
    buildings: list[str]
    doors: list[Listed]
    coordinator: Member
    inspector: Member
    volunteers: list[Member]
    token: str = ""
    """With which another system posts alerts here."""
    foreign: str = ""
    added: list[tuple[str, str]] = field(default_factory=list)
    """(building, id) of doors that phones added: known to all by word of mouth."""

    @property
    def practice(self) -> str:
        """Everybody's, and counted nowhere."""
        return self.buildings[-1]


@dataclass
class World:
    """All communities, and the address by which they are served."""

    options: Options
    communities: list[Community]


def build(server: Server, options: Options) -> World:
    """Make all rows; by the product's own actions, in this process."""
    rng = Random(f"world {options.seed}")
    secret = passwords.hash_password(PASSWORD)
    people = -(-2 * options.devices // options.communities)
    with _app(server) as app, app.app_context():
        made = [
            _community(number, people, options.doors, secret, rng)
            for number in range(options.communities)
        ]
    for place, other in zip(made, made[1:] + made[:1], strict=True):
        place.foreign = other.doors[0].id
    return World(options, made)


@contextmanager
def _app(server: Server) -> Iterator[Flask]:
    application = create_app(from_environment(server.environment))
    try:
        yield application
    finally:
        application.extensions[db.EXTENSION].dispose()


def _community(number: int, people: int, doors: int, secret: str, rng: Random) -> Community:
    now = times.now()
    with db.writing() as session:
        community = communities.add_community(session, f"Storm {number}", "A/B", now=now)
    coordinator = _member(community, f"desk{number}", "coordinator", secret)
    inspector = _member(community, f"inspector{number}", "volunteer", secret)
    volunteers = [
        _member(community, f"walker{number}x{n}", "volunteer", secret) for n in range(people)
    ]
    place = Community(community, [], [], coordinator, inspector, volunteers)
    for n in range(BUILDINGS + 1):
        with db.writing() as session:
            _building(session, place, n, doors if n < BUILDINGS else 4, now)
    for member in (coordinator, inspector, *volunteers):
        _assign(place, member, rng, now)
    place.token = _token(place, now)
    return place


def _token(place: Community, now: int) -> str:
    """With which the anti-fraud centre's program posts."""
    with db.writing() as session:
        member = session.get_one(MemberRow, (place.id, place.coordinator.id))
        maker = ActingMember(
            session_hash=b"",
            seen_at=now,
            person_id=member.person_id,
            name=place.coordinator.login,
            community_id=place.id,
            community_name="",
            timezone="Asia/Shanghai",
            member_id=member.id,
            member_role=member.role,
            member_status=member.status,
        )
        return tokens.make(session, maker, "Storm", [tokens.CREATE], now=now)[1]


def _member(community: int, login: str, role: str, secret: str) -> Member:
    now = times.now()
    with db.writing() as session:
        person = Person(login=login, name=login, password_hash=secret, created_at=now)
        session.add(person)
        session.flush()
        seq = next(sequence.draw(session, community))
        member = members.admit(session, seq, community, person.id, role, now=now, confirmed=True)
        return Member(community, member.id, login, role)


def _building(session: Session, place: Community, n: int, doors: int, now: int) -> None:
    building = desk.add_building(session, place.id, {"name": f"{n + 1}"}, who=None, now=now)
    place.buildings.append(building)
    session.flush()
    session.get_one(Building, (place.id, building)).practice = n == BUILDINGS
    names = [DoorName(str(k % 2 + 1), f"{k // 8 + 1}{k % 8 // 2 + 1:02d}") for k in range(doors)]
    desk.add_doors(session, place.id, building, names, who=None, now=now)
    session.flush()
    rows = desk._doors(session, session.get_one(Building, (place.id, building)))
    for k, row in enumerate(sorted(rows, key=lambda row: (row.unit, row.room))):
        kind = k % 4
        door = Listed(row.id, building, row.unit, row.room, moved=kind == 0, twin=kind == 1)
        place.doors.append(door)


def _assign(place: Community, member: Member, rng: Random, now: int) -> None:
    walked = place.buildings[:BUILDINGS]
    if member is not place.inspector:
        walked = rng.sample(walked, 2 if rng.random() < 0.8 else 1)
        member.left = [b for b in place.buildings[:BUILDINGS] if b not in walked][:1]
    member.buildings = list(walked)
    with db.writing() as session:
        assignments.assign(session, place.id, walked, [member.id], who=None, now=now - LONG_AGO)
    member.left_at = now - LATELY
    for building in member.left:
        _let_go(place.id, building, member.id, now)


def _let_go(community: int, building: str, member: str, now: int) -> None:
    with db.writing() as session:
        assignments.assign(session, community, [building], [member], who=None, now=now - LONG_AGO)
        session.flush()
        running = assignments._live(session, community, [building], [member])
        ids = [row.id for rows in running.values() for row in rows]
        assignments.end(session, community, ids, who=None, now=now - LATELY)
