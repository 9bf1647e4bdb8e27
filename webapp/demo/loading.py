"""Fills an empty installation with the demo community, all or nothing.

People, buildings and doors are made three weeks ago; then the clock goes from push to push, and
every visit takes the way that a phone's takes. One transaction: who stops it half-way has an
empty installation still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from webapp.accounts import communities, devices, sequence
from webapp.accounts.communities import NewUser
from webapp.accounts.devices import Claim
from webapp.accounts.models import Community, Device, Member
from webapp.core import clock
from webapp.core.errors import Problem
from webapp.demo import checks, lively, names, plans, tricks
from webapp.demo.blocks import Block, make_blocks
from webapp.demo.made import made_id, rng_of
from webapp.demo.signins import SignIn, new_password
from webapp.demo.walks import DAYS, Habit, Push, Street, Turf, three_weeks
from webapp.operations.decode import decode
from webapp.operations.push import push
from webapp.places.announce import Change, DoorEvent, doors_changed
from webapp.places.models import Assignment, Building, Household
from webapp.places.numbers import building_key, compound_key, room_key, unit_key
from webapp.trust import badges

SEED = 20_261_122
TIMEZONE = "Asia/Shanghai"
HABITS = (
    Habit(evening=0.32, weekend=0.60, morning=0.03, skew=-1_200),
    Habit(evening=0.30, weekend=0.50, morning=0.0, skew=0),
    Habit(evening=0.12, weekend=0.35, morning=0.22, skew=3_400),
    Habit(evening=0.28, weekend=0.55, morning=0.0, skew=250, late=8),
    Habit(evening=0.22, weekend=0.45, morning=0.06, skew=-65_000, silent=2),
)
ROUTES: tuple[tuple[tuple[int, tuple[str, ...] | None], ...], ...] = (
    ((0, None), (1, None), (6, None), (5, None), (2, None)),
    ((12, None), (14, ("1",)), (16, None), (21, None)),
    ((3, None), (4, None), (7, None), (8, None), (9, None)),
    ((13, None), (14, ("2",)), (15, None), (18, None)),
    ((20, None), (19, None), (10, None), (17, None)),
)
"""Who walks which buildings (by their place in the list), in this order; three have nobody yet."""
Progress = Callable[[int, int], None]
"""Called with how many pushes of how many are done."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was made. `operations` counts accepted ones by type."""

    community_id: int
    practice_building: str
    buildings: int
    households: int
    signins: tuple[SignIn, ...]
    operations: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Team:
    """Members by the order of names, and the phones of the volunteers."""

    coordinator: str
    volunteers: list[str]
    phones: list[str]


class Unexpected(Exception):
    """The product did not take what the demo recorded: one of the two is wrong."""


def is_empty(session: Session) -> bool:
    """Whether there is no community yet."""
    return session.scalar(select(Community.id).limit(1)) is None


def load(
    session: Session, *, seed: int, now: int, progress: Progress = lambda _done, _total: None
) -> Loaded:
    """Make the demo community in the caller's transaction.

    Problem `demo_not_empty` when there is a community already.
    """
    if not is_empty(session):
        raise Problem("demo_not_empty", status=409)
    start = now - DAYS * clock.DAY
    rng = rng_of(seed)
    with clock.moved_to(start):
        community_id = _community(session, start)
        team, signins = _people(session, community_id, start)
        boss = tricks.acting(community_id, TIMEZONE, team.coordinator)
        badges.issue_to_all(session, boss, community_id, now=start)
        blocks = make_blocks(rng, start)
        _places(session, community_id, blocks, start)
        turfs = [[Turf(blocks[place], units) for place, units in route] for route in ROUTES]
        _assign(session, community_id, team, turfs, start)
        team.phones = [
            _phone(session, community_id, member, names.PHONES[n], made_id(start, rng), start)
            for n, member in enumerate(team.volunteers)
        ]
    pushes = three_weeks(Street(TIMEZONE, rng), turfs, list(HABITS), blocks[-1], now)
    operations = _replay(session, community_id, team, pushes, progress)
    doors = [door.id for block in blocks if not block.practice for door in block.doors]
    lively.enter(session, community_id, doors, team.volunteers, now=now)
    operations |= tricks.enter(
        session,
        community_id,
        TIMEZONE,
        team.coordinator,
        team.volunteers,
        team.phones,
        now=now,
    )
    plans.enter(session, boss, team.volunteers, now=now)
    for kind, count in checks.enter(
        session, boss, team.volunteers, team.phones, rng, now=now
    ).items():
        operations[kind] = operations.get(kind, 0) + count
    for device_id, habit in zip(team.phones, HABITS, strict=True):
        if habit.silent:
            _note_waiting(session, community_id, device_id)
    return Loaded(
        community_id=community_id,
        practice_building=blocks[-1].id,
        buildings=sum(not block.practice for block in blocks),
        households=sum(len(block.doors) for block in blocks if not block.practice),
        signins=signins,
        operations=operations,
    )


def _community(session: Session, now: int) -> int:
    community_id = communities.add_community(
        session, names.COMMUNITY, names.REGION, TIMEZONE, now=now
    )
    communities.change_community(
        session,
        community_id,
        name=names.COMMUNITY,
        phone=names.PHONE,
        headline="publicity",
        publicity_target=8500,
        app_target=8500,
        leaflet_default=1,
    )
    return community_id


def _people(session: Session, community_id: int, now: int) -> tuple[_Team, tuple[SignIn, ...]]:
    signins = (
        SignIn("coordinator", new_password(), "coordinator", names.COORDINATOR),
        *(
            SignIn(f"volunteer{n + 1}", new_password(), "volunteer", name)
            for n, name in enumerate(names.VOLUNTEERS)
        ),
        SignIn("supervisor", new_password(), "supervisor", names.SUPERVISOR),
        SignIn("admin", new_password(), "admin", names.ADMIN),
    )
    person_ids: list[int] = []
    for person in signins:
        inside = person.role in communities.MEMBER_ROLES
        user = NewUser(
            login=person.login,
            name=person.name,
            role=person.role,
            password=person.password,
            community_id=community_id if inside else None,
            region=names.SUPERVISED if person.role == "supervisor" else None,
        )
        person_ids.append(communities.add_user(session, user, now=now)[0])
    members = _members(session, community_id)
    return _Team(
        coordinator=members[person_ids[0]],
        volunteers=[members[person_id] for person_id in person_ids[1:-2]],
        phones=[],
    ), signins


def _members(session: Session, community_id: int) -> dict[int, str]:
    statement = select(Member.person_id, Member.id).where(Member.community_id == community_id)
    return {row.person_id: row.id for row in session.execute(statement)}


def _places(session: Session, community_id: int, blocks: list[Block], now: int) -> None:
    doors = [(block, door) for block in blocks for door in block.doors]
    numbers = sequence.draw(session, community_id, len(blocks) + len(doors))
    for block in blocks:
        session.add(_building(community_id, block, next(numbers), now))
    session.flush()
    rows = [
        {
            "community_id": community_id,
            "id": door.id,
            "building_id": block.id,
            "unit": door.unit,
            "floor": door.floor,
            "room": door.room,
            "unit_key": unit_key(door.unit),
            "room_key": room_key(door.room),
            "seq": next(numbers),
        }
        for block, door in doors
    ]
    session.execute(insert(Household), rows)
    events = [DoorEvent(door.id, block.id, None, "live") for block, door in doors]
    doors_changed(Change(session, community_id, numbers, now), events)


def _building(community_id: int, block: Block, seq: int, now: int) -> Building:
    caretaker = names.CARETAKERS.get(block.grid, ("", ""))
    key = "|".join((compound_key(block.compound), "", building_key(block.name)))
    return Building(
        community_id=community_id,
        id=block.id,
        key=key,
        name=block.name,
        compound=block.compound,
        grid=block.grid,
        address=block.address,
        lat=block.lat,
        lon=block.lon,
        outline=block.outline,
        units=block.units,
        floors=block.floors,
        caretaker_name=caretaker[0],
        caretaker_role=caretaker[1],
        access_note=block.access_note,
        practice=block.practice,
        created_at=now,
        seq=seq,
    )


def _assign(
    session: Session, community_id: int, team: _Team, turfs: list[list[Turf]], now: int
) -> None:
    numbers = sequence.draw(session, community_id, sum(map(len, turfs)))
    rng = rng_of(now)
    for member_id, own in zip(team.volunteers, turfs, strict=True):
        for turf in own:
            session.add(
                Assignment(
                    community_id=community_id,
                    id=made_id(now, rng),
                    building_id=turf.block.id,
                    member_id=member_id,
                    units=list(turf.units) if turf.units else None,
                    assigned_at=now,
                    assigned_by=team.coordinator,
                    seq=next(numbers),
                )
            )
    session.flush()


def _phone(
    session: Session, community_id: int, member_id: str, name: str, device_id: str, now: int
) -> str:
    claim = Claim(name, device_id)
    return devices.register(session, community_id, member_id, claim, now=now).id


def _replay(
    session: Session, community_id: int, team: _Team, pushes: list[Push], progress: Progress
) -> dict[str, int]:
    """Push after push, each at its moment; returns the operations by type."""
    counted: Counter[str] = Counter()
    for done, portion in enumerate(pushes):
        progress(done, len(pushes))
        with clock.moved_to(portion.received_at):
            counted.update(_receive(session, community_id, team, portion))
    progress(len(pushes), len(pushes))
    return dict(counted)


def _receive(session: Session, community_id: int, team: _Team, portion: Push) -> list[str]:
    """Take a push as the server does; Unexpected if anything of it is not accepted."""
    now, device_id = clock.now(), team.phones[portion.volunteer]
    elements = [msgspec.Raw(msgspec.json.encode(operation)) for operation in portion.operations]
    member_id = team.volunteers[portion.volunteer]
    items = decode(elements, member_id=member_id, device_id=device_id, now=now)
    results = push(session, community_id, TIMEZONE, items, now=now)
    if strange := [result for result in results if result.status != "accepted" or result.capped]:
        raise Unexpected(strange)
    _note_contact(session, community_id, device_id, now=now)
    session.expire_all()  # each push sees the rows, as in a transaction of its own
    return [item.type for item in items]


def _note_contact(session: Session, community_id: int, device_id: str, *, now: int) -> None:
    session.execute(
        update(Device)
        .where(Device.community_id == community_id, Device.id == device_id)
        .values(seen_at=now, synced_at=now)
    )


def _note_waiting(session: Session, community_id: int, device_id: str) -> None:
    """A phone with something unsent that the figures do not contain yet: the page must tell."""
    session.execute(
        update(Device)
        .where(Device.community_id == community_id, Device.id == device_id)
        .values(waiting=6)
    )
