"""Held against each other in the end: the oracle, the server's rows, every phone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from tests.storm import oracle
from tests.storm.alerting import Alerts, Leases, at_hand
from tests.storm.database import COUNTS, KNOCKS, Database
from tests.storm.desk import Desk
from tests.storm.disk import Rows
from tests.storm.fold import Visit, display, state
from tests.storm.ledger import Ledger
from tests.storm.oracle import KEPT, Door, Expected
from tests.storm.phone import MODULUS, Phone
from tests.storm.real import RealHandset
from tests.storm.server import Server
from tests.storm.world import Community

SHOWN = 12


@dataclass
class Findings:
    """What is wrong, in words; the numbers are those of the storm's last line."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    counter_differences: list[str] = field(default_factory=list)
    receipt_mismatches: list[str] = field(default_factory=list)
    phone_differences: list[str] = field(default_factory=list)

    def numbers(self) -> dict[str, int]:
        """How many of each."""
        return {name: len(found) for name, found in vars(self).items()}

    def tell(self) -> Iterable[str]:
        """The first of each, for people."""
        for name, found in vars(self).items():
            for line in found[:SHOWN]:
                yield f"{name}: {line}"


def check_community(
    findings: Findings,
    place: Community,
    ledger: Ledger,
    database: Database,
    desk: Desk,
    rows: dict[str, Rows],
) -> Expected:
    """The oracle against the server's rows and against a fresh download of all buildings."""
    recorded = list(ledger.of(place.id))
    alerts = Alerts(database, place.id, [place.coordinator.id])
    expected = oracle.expect(place, recorded, database.stored(place.id), desk, alerts)
    findings.counter_differences += alerts.differences()
    references = {str(row.reference).rpartition(":")[2] for row in alerts.rows.values()}
    findings.lost += [f"alert {one}" for one in desk.last("warn") if one not in references]
    findings.lost += expected.lost
    findings.doubled += expected.doubled
    findings.counter_differences += expected.wrong
    findings.counter_differences += _counters(place, expected, database)
    for building in place.buildings:
        bucket = rows.get(f"building:{building}", {})
        doors = [row for (kind, _), row in bucket.items() if kind == "household"]
        findings.counter_differences += _doors(building, expected, doors)
        findings.doubled += _repeats(doors)
    return expected


def check_verify(findings: Findings, server: Server) -> None:
    """`coverage verify` and `alerts verify`, as an operator runs them."""
    for what in ("coverage", "alerts"):
        answer = server.flask(what, "verify", "--json", good=(0, 1))
        findings.counter_differences += [str(found) for found in json.loads(answer)["differences"]]


def check_phone(findings: Findings, phone: Phone, fresh: Phone | None, database: Database) -> None:
    """A phone against its receipt, its log against the server, its rows against a fresh download.

    `fresh` is none for a revoked phone: it has no rows any more.
    """
    name = f"{phone.member.login} {phone.device}"
    if phone.disk.unsent:
        findings.lost.append(f"{name} could not send {len(phone.disk.unsent)}")
    server, own = phone.receipt(), phone.own_receipt()
    if server != own or phone.differences() != ([], []):
        findings.receipt_mismatches.append(f"{name}: {server[0]} there, {own[0]} here")
    if fresh is None:
        if phone.disk.rows:
            findings.phone_differences.append(f"{name} is revoked and has rows")
        return
    stored = {(row.id, row.hash): row.status for row in database.stored(phone.member.community)}
    for kept in phone.disk.own.values():
        there = stored.get((kept.operation.id, kept.operation.digest), "refused")
        if kept.status != there:
            findings.phone_differences.append(
                f"{name}: {kept.operation.id} is {kept.status} here, {there} there"
            )
    leases = Leases(database, phone.member.community)
    findings.phone_differences += [
        f"{name} {line}" for line in at_hand(leases, phone.member.id, phone.disk.rows)
    ]
    for bucket, rows in fresh.disk.rows.items():
        findings.phone_differences += _differ(f"{name} {bucket}", phone.disk.rows.get(bucket), rows)


def check_real(
    findings: Findings,
    phone: RealHandset,
    kept: dict[str, Any],
    fresh: dict[str, Any],
    expected: Expected,
    database: Database,
) -> None:
    """A real app: what it acknowledged, its receipt, its doors against a new phone's and the
    oracle's fold; `kept`, `fresh` as `RealHandset.dump` gives them."""
    name = phone.name
    findings.lost += [f"{name} has lost {one} itself" for one in kept["gone"]]
    findings.lost += [
        f"{name} could not send {own['id']}"
        for own in kept["operations"]
        if own["status"] == "unsent"
    ]
    digests = [sha256(own["text"].encode()).digest() for own in kept["operations"]]
    total = sum(int.from_bytes(digest, "big") for digest in digests) % MODULUS
    own_receipt = {"count": len(digests), "digest": f"{total:064x}"}
    compared = kept["compared"] or {}
    confirmed = compared.get("count") == len(digests) and not compared.get("different")
    if kept["receipt"] != own_receipt or (digests and not confirmed):
        findings.receipt_mismatches.append(f"{name}: {kept['receipt']} {own_receipt} {compared}")
    for own, digest in zip(kept["operations"], digests, strict=True):
        there = database.status(phone.place.id, own["id"], digest)
        if own["status"] != there:
            findings.phone_differences.append(f"{name} {own['id']}: {own['status']}, {there}")
    for building in kept["doors"].keys() | fresh["doors"].keys():
        here, there = kept["doors"].get(building, {}), fresh["doors"].get(building, {})
        findings.phone_differences += [
            f"{name} {door}: {here.get(door)} is not {there.get(door)}"
            for door in here.keys() | there.keys()
            if here.get(door) != there.get(door)
        ]
        findings.phone_differences += [
            f"{name} {door}: {line}"
            for door, shown in here.items()
            for line in _shown_differences(expected.doors.get(door), shown)
        ]


def _shown_differences(door: Door | None, shown: dict[str, Any]) -> Iterable[str]:
    """What a screen shows of a door otherwise than the oracle."""
    if door is None:
        return ["should not be there"]
    folded = state(door.visits)
    if (door.wish() or {}).get("outcome_only"):
        folded["flags"] = None
    wanted = {name: value for name, value in folded.items() if name != "closed"}
    wanted |= {"vacant": folded["contact"] == "vacant", "display": display(folded)}
    pairs = [(name, shown["state"].get(name), value) for name, value in wanted.items()]
    pairs += [("retired", shown["retired"], not door.live), ("wish", shown["wish"], door.wish())]
    pairs += [("unsent", shown["unsent"], 0), ("open", shown["open"], 0)]
    return [f"{name}: {here} is not {there}" for name, here, there in pairs if here != there]


def _differ(name: str, kept: Rows | None, fresh: Rows) -> list[str]:
    kept = {key: row for key, row in (kept or {}).items() if not _says_none(row)}
    return [
        f"{name} {key}: {kept.get(key)} is not {fresh.get(key)}"
        for key in sorted(kept.keys() | fresh.keys())
        if kept.get(key) != fresh.get(key)
    ]


def _says_none(row: dict[str, Any]) -> bool:
    """A shift that was late and is no more: whoever never heard of it hears nothing."""
    return row["kind"] == "late_shift" and row["since"] is None


def _counters(place: Community, expected: Expected, database: Database) -> list[str]:
    wrong = []
    kept = {row.building: row._mapping for row in database.rows(COUNTS, community=place.id)}
    for building, counted in oracle.counts(expected, place).items():
        here = kept.pop(building, {})
        wrong += [
            f"{building} {name}: {here.get(name)} is not {counted.get(name, 0)}"
            for name in here.keys() | counted.keys()
            if name != "building" and (here.get(name) or 0) != counted.get(name, 0)
        ]
    wrong += [f"{b} counts" for b, row in kept.items() if any(v for v in list(row.values())[1:])]
    knocked = oracle.knocks(expected, place)
    days = {tuple(row[:3]): tuple(row[3:]) for row in database.rows(KNOCKS, community=place.id)}
    wrong += [
        f"{key}: {value} is not {knocked.get(key)}"
        for key, value in days.items()
        if knocked.get(key) != value
    ]
    doors = {(id(expected.doors[door]), day, by) for door, day, by in knocked}
    if len(doors) != len(days):
        wrong.append(f"{len(days)} days of doors are not {len(doors)}")
    return wrong


def _repeats(doors: Sequence[dict[str, Any]]) -> list[str]:
    ids = [one for row in doors for one in row.get("visits", {}).get("id", ())]
    return [f"a visit stands twice among {len(ids)}"] * (len(ids) - len(set(ids)))


def _doors(building: str, expected: Expected, rows: Sequence[dict[str, Any]]) -> list[str]:
    wrong = []
    wanted = {id(door): door for door in expected.each_door() if door.building == building}
    for row in rows:
        door = wanted.pop(id(expected.doors.get(row["id"])), None)
        if door is None:
            wrong.append(f"door {row['id']} should not be there, or twice")
        else:
            wrong += [f"door {row['id']} {line}" for line in door_differences(door, row)]
    return wrong + [f"door {sorted(door.ids)} is missing" for door in wanted.values()]


def door_differences(door: Door, row: dict[str, Any]) -> Iterable[str]:
    """What a door's row says otherwise than the oracle."""
    wish = door.wish()
    hidden = bool(wish and wish.get("outcome_only"))
    older, recent = door.visits[:-KEPT], door.visits[-KEPT:]
    visits = row.get("visits", {})
    pairs: list[tuple[str, Any, Any]] = [
        ("ids", {row["id"], *row.get("aliases", ())}, door.ids),
        ("retired", bool(row.get("retired")), not door.live),
        ("wish", row.get("wish"), wish),
        ("carried", row.get("carried"), _carried(older, hidden)),
    ]
    if len(door.ids) == 1:
        pairs.append(("room", row["room"].removesuffix("室").lstrip("0"), door.room))
    empty = [None] * len(recent)
    pairs += [
        (name, visits.get(name, empty), [getattr(v, name) for v in recent])
        for name in ("id", "by", "outcome", "app", "follow_up_on")
    ]
    pairs.append(("moment", _moments(visits), [v.moment for v in recent]))
    pairs.append(
        ("leaflets", visits.get("leaflets", [0] * len(recent)), [v.leaflets for v in recent])
    )
    flags = empty if hidden else [v.flags for v in recent]
    pairs.append(("flags", visits.get("flags", empty), flags))
    notes = visits.get("note", empty)
    if not hidden and not door.erased:
        pairs.append(("note", notes, [v.note for v in recent]))
    elif hidden:
        pairs.append(("note", notes, empty))
    return [f"{name}: {here} is not {there}" for name, here, there in pairs if here != there]


def _moments(visits: dict[str, Any]) -> list[int]:
    """What the ids say, and what stands beside them where that is not all."""
    ids = visits.get("id", [])
    off = visits.get("off", [0] * len(ids))
    made = [int(one.replace("-", "")[:12], 16) for one in ids]
    return [at + by for at, by in zip(made, off, strict=True)]


def _carried(older: Sequence[Visit], hidden: bool) -> dict[str, Any] | None:
    if not older:
        return None
    folded = state(older)
    return folded | {"flags": None} if hidden else folded
