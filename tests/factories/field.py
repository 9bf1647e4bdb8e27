"""Rows and records of the field: a community with doors, phones, and what they record.

A `Neighbourhood` is one community in the database; a `Phone` speaks for one member on one device
by the actions that the routes call, so that a test of hundreds of pushes stays quick.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy import insert

from webapp.accounts import epoch, sequence
from webapp.accounts.models import Community, CommunitySeq, Device, Member, Person
from webapp.core import clock as product_clock
from webapp.core import db
from webapp.core.clock import DAY, HOUR, MINUTE
from webapp.core.ids import new_id
from webapp.coverage.verify import Difference, verify
from webapp.operations import feeds
from webapp.operations.decode import decode
from webapp.operations.feeds import Page
from webapp.operations.push import Result, push
from webapp.operations.registry import Reader
from webapp.places.announce import Change, DoorEvent, doors_changed
from webapp.places.models import Assignment, Building, Household
from webapp.places.numbers import room_key, unit_key

NOW = product_clock.parse("2026-11-23T09:00:00.000+08:00")
TIMEZONE = "Asia/Shanghai"
_serial = count(1)

__all__ = ["DAY", "HOUR", "MINUTE", "NOW", "TIMEZONE", "Neighbourhood", "Op", "Phone", "moments"]


@dataclass(frozen=True)
class Op:
    """A recorded operation: its id and the bytes that a phone keeps and sends."""

    id: str
    raw: bytes


def op(kind: str, /, *, at: int = NOW, id: str | None = None, **fields: Any) -> Op:  # noqa: A002 - as on the wire
    """An operation of any type, as a phone writes it; `at` in milliseconds, China's offset."""
    op_id = id or new_id()
    stamp = product_clock.local(at, TIMEZONE).isoformat(timespec="milliseconds")
    body = {"type": kind, "id": op_id, "at": stamp, "skew_ms": 0, **fields}
    return Op(op_id, json.dumps(body, ensure_ascii=False).encode())


def visit(door: str, outcome: str = "informed", **fields: Any) -> Op:
    """A knock at a door."""
    return op("visit", household=door, outcome=outcome, **fields)


def void(target: Op | str, **fields: Any) -> Op:
    """Takes an operation back."""
    return op("void", operation=target if isinstance(target, str) else target.id, **fields)


def wish(door: str, **fields: Any) -> Op:
    """A resident's wish."""
    return op("door_wish", household=door, **fields)


def add_door(
    building: str, room: str, *, door: str | None = None, unit: str = "1", **fields: Any
) -> tuple[str, Op]:
    """A door that the list lacked: its new id and the operation."""
    door = door or new_id()
    fields = {"floor": None, **fields}
    return door, op(
        "household_add", household=door, building=building, unit=unit, room=room, **fields
    )


@dataclass
class Phone:
    """One member's phone."""

    community_id: int
    member_id: str
    person_id: int
    device_id: str | None
    cursors: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[tuple[str, str], dict[str, Any]]] = field(default_factory=dict)

    def push(
        self, *operations: Op | bytes, now: int = NOW, hold: str | None = None
    ) -> list[Result]:
        """Send these in one push."""
        raws = [o.raw if isinstance(o, Op) else o for o in operations]
        items = decode(raws, member_id=self.member_id, device_id=self.device_id, now=now)
        with db.writing() as session:
            return push(session, self.community_id, TIMEZONE, items, now=now, hold=hold)

    def send(self, operation: Op | bytes, **options: Any) -> Result:
        """Send one; what became of it."""
        return self.push(operation, **options)[0]

    def statuses(self, *operations: Op | bytes, **options: Any) -> list[str]:
        """Send these in one push; their statuses with codes, as `held:not_yours`."""
        return [
            ":".join(filter(None, (r.status, r.code, r.field)))
            for r in self.push(*operations, **options)
        ]

    def page(self, cursors: dict[str, str] | None = None, page_bytes: int = 1_000_000) -> Page:
        """One answer to a pull; the phone's own cursors unless given."""
        reader = Reader(self.community_id, self.member_id, self.person_id)
        cursors = self.cursors if cursors is None else cursors
        current = epoch.ensure()
        with db.reading() as session:
            return feeds.pull(session, reader, cursors, epoch=current, page_bytes=page_bytes)

    def pull(self, page_bytes: int = 1_000_000, most: int = 10_000) -> None:
        """Pull until complete, as the field app does: buckets that left the scope are dropped."""
        for _ in range(most):
            page = self.page(page_bytes=page_bytes)
            self.take(page)
            if not page.more:
                for bucket in self.rows.keys() - set(page.scope):
                    del self.rows[bucket]
                    self.cursors.pop(bucket, None)
                return
        raise AssertionError("the pull never ends")

    def take(self, page: Page) -> None:
        """Apply one answer (docs: forget on `reset`, then `gone`, then take over `rows`)."""
        for bucket, changes in page.changes.items():
            rows = self.rows.setdefault(bucket, {})
            if changes.reset:
                rows.clear()
            for key in [key for key in rows if key[1] in changes.gone]:
                del rows[key]
            for text in changes.rows:
                row = json.loads(text)
                rows[row["kind"], str(row["id"])] = row
            self.cursors[bucket] = changes.cursor

    def door(self, building: str, door: str) -> dict[str, Any]:
        """The door's row as the phone has it."""
        return self.rows[f"building:{building}"]["household", door]


@dataclass
class Neighbourhood:
    """One community; `coordinator` and volunteers come with a phone each."""

    community_id: int
    buildings: dict[str, str] = field(default_factory=dict)

    def member(
        self, role: str = "volunteer", *, status: str = "active", confirmed: bool | None = None
    ) -> Phone:
        """A new person with membership and phone."""
        confirmed = status != "pending" if confirmed is None else confirmed
        with db.writing() as session:
            seq = next(sequence.draw(session, self.community_id))
            n = next(_serial)
            person = Person(name=f"Person {n}", login=f"walker{n}", created_at=NOW)
            session.add(person)
            session.flush()
            member = Member(
                community_id=self.community_id,
                id=new_id(),
                person_id=person.id,
                role=role,
                status=status,
                joined_at=NOW - 30 * DAY,
                confirmed_at=NOW - 30 * DAY if confirmed else None,
                seq=seq,
            )
            session.add(member)
            session.flush()
            phone = Phone(self.community_id, member.id, person.id, new_id())
            session.add(_device(phone))
        return phone

    def volunteer(self, *buildings: str) -> Phone:
        """A volunteer to whom these buildings have been assigned for a month."""
        phone = self.member()
        for building in buildings:
            self.assign(phone, building)
        return phone

    def second_phone(self, phone: Phone) -> Phone:
        """Another phone of the same member."""
        other = Phone(phone.community_id, phone.member_id, phone.person_id, new_id())
        with db.writing() as session:
            session.add(_device(other))
        return other

    def assign(
        self,
        phone: Phone,
        building: str,
        *,
        since: int = NOW - 30 * DAY,
        until: int | None = None,
    ) -> str:
        """Have a member walk a building; returns the assignment's id."""
        with db.writing() as session:
            row = Assignment(
                community_id=self.community_id,
                id=new_id(),
                building_id=building,
                member_id=phone.member_id,
                assigned_at=since,
                ended_at=until,
                seq=next(sequence.draw(session, self.community_id)),
            )
            session.add(row)
        return row.id

    def building(
        self,
        name: str = "1",
        *,
        practice: bool = False,
        id: str | None = None,  # noqa: A002
    ) -> str:
        """A building without doors; its id."""
        with db.writing() as session:
            row = Building(
                community_id=self.community_id,
                id=id or new_id(),
                key=f"key {name} {next(_serial)}",
                name=name,
                practice=practice,
                created_at=NOW,
                seq=next(sequence.draw(session, self.community_id)),
            )
            session.add(row)
        self.buildings[name] = row.id
        return row.id

    def doors(
        self,
        building: str,
        rooms: Sequence[str | int],
        *,
        unit: str = "1",
        ids: Sequence[str] | None = None,
    ) -> list[str]:
        """Listed doors of a building, counted as an import counts them; their ids."""
        ids = ids or [new_id() for _ in rooms]
        with db.writing() as session:
            numbers = sequence.draw(session, self.community_id, 2 * len(rooms) + 8)
            rows = [
                {
                    "community_id": self.community_id,
                    "id": door,
                    "building_id": building,
                    "unit": unit,
                    "room": str(room),
                    "unit_key": unit_key(unit),
                    "room_key": room_key(str(room)),
                    "listed": True,
                    "seq": next(numbers),
                }
                for room, door in zip(rooms, ids, strict=True)
            ]
            session.execute(insert(Household), rows)
            change = Change(session, self.community_id, numbers, NOW)
            doors_changed(
                change, [DoorEvent(str(row["id"]), building, None, "live") for row in rows]
            )
        return [str(row["id"]) for row in rows]

    def door(self, building: str, room: str | int = "101", *, unit: str = "1") -> str:
        """One listed door; its id."""
        return self.doors(building, [room], unit=unit)[0]


def neighbourhood(name: str = "Ziyuan") -> Neighbourhood:
    """A community without anybody in it."""
    with db.writing() as session:
        community = Community(
            name=name, region="重庆市/合川区", timezone=TIMEZONE, created_at=NOW, seq=2
        )
        session.add(community)
        session.flush()
        session.add(CommunitySeq(community_id=community.id, seq=2))
        return Neighbourhood(community.id)


def _device(phone: Phone) -> Device:
    return Device(
        community_id=phone.community_id,
        id=phone.device_id,
        member_id=phone.member_id,
        name="phone",
        key=bytes(32),
        created_at=NOW,
        seen_at=NOW,
    )


def differences(community: Neighbourhood) -> list[Difference]:
    """What `verify` finds; nothing is expected."""
    with db.reading() as session:
        return verify(session, community.community_id)


def moments(columns: dict[str, Any]) -> list[int]:
    """When the visits of a door's columns were, as a phone reads it: by their ids, and `off`."""
    ids = columns["id"]
    return [
        int(one.replace("-", "")[:12], 16) + by
        for one, by in zip(ids, columns.get("off", [0] * len(ids)), strict=True)
    ]
