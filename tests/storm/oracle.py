"""What must be there, worked out from what was recorded and what the desk did.

Written from the design's text (sections 2 to 4). From the server's rows it takes two facts only,
and checks both: when an operation was received (inside a push of it), and which of two operations
under one id came first.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.storm import alerting, merging, times
from tests.storm.alerting import Alerts
from tests.storm.database import Stored
from tests.storm.desk import Desk
from tests.storm.fold import Visit, in_order, state
from tests.storm.ledger import GOOD, ORPHAN, REFUSED, STUCK, Recorded
from tests.storm.merging import Added, Estate
from tests.storm.world import BUILDINGS, Community

AHEAD = 5 * times.MINUTE
KEPT = 20
CLOCK_ERROR = 20


@dataclass(eq=False)
class Door:
    """A door under all its ids."""

    building: str
    unit: str
    room: str
    live: bool
    ids: set[str] = field(default_factory=set)
    visits: list[Visit] = field(default_factory=list)
    wishes: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    erased: bool = False
    """Some wish asked for the outcome only, if only for a while: notes may be gone for good."""

    def wish(self) -> dict[str, Any] | None:
        """The one that holds."""
        if not self.wishes:
            return None
        fields = max(self.wishes, key=lambda wish: wish[:2])[2]
        kept = {
            name: fields[name] for name in ("no_visits_until", "outcome_only") if fields.get(name)
        }
        return kept or None


@dataclass
class Expected:
    """All that must be there in one community; `wrong` are findings on the way."""

    doors: dict[str, Door] = field(default_factory=dict)
    alerts: set[str] = field(default_factory=set)
    """Ids of those that there are: one that a restore undid comes again under another id."""
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def each_door(self) -> list[Door]:
        """Every door once."""
        return list({id(door): door for door in self.doors.values()}.values())


def expect(
    place: Community,
    recorded: Sequence[Recorded],
    stored: Iterable[Stored],
    desk: Desk,
    alerts: Alerts | None = None,
) -> Expected:
    """Work it out for one community."""
    rows: dict[bytes, list[Stored]] = defaultdict(list)
    digests = {o.digest for o in recorded}
    for one in stored:
        if one.device is not None or one.hash in digests:  # else the server's own: a taking
            rows[one.hash].append(one)
    found = Expected()
    _presence(found, recorded, rows)
    dismissed = desk.dismissed()
    adds = [o for o in recorded if o.type == "household_add" and o.digest not in dismissed]
    known = merging.estate(place.doors, desk.journal, map(_added, adds))
    ids = {o.id for o in recorded if o.fate != REFUSED}
    _doors(found, known)
    found.alerts = set(alerts.rows) if alerts else set()
    fates = {o.digest: _fate(o, found, ids, dismissed) for o in recorded}
    gone = {
        o.fields["operation"]
        for o in recorded
        if o.type == "void" and fates[o.digest] == "accepted"
    }
    live = {add.fields["household"] for add in adds if add.id not in gone}
    for door in found.each_door():
        door.live = door.live or bool(live & door.ids)
    _erase(found, known, recorded)
    for operation in recorded:
        row = _counted(operation, rows.get(operation.digest, ()))
        if row is None:
            continue
        if row.status != fates[operation.digest]:
            wanted = fates[operation.digest]
            found.wrong.append(f"{row.id} {row.status} {row.code}, not {wanted}: {operation.raw!r}")
        if operation.fate == GOOD:
            _moment(found, operation, row)
        if row.status == "accepted" and row.id not in gone:
            _count(found, operation, row)
            if alerts and operation.type in alerting.TYPES:
                alerts.add(operation, row)
    for door in found.each_door():
        door.visits = in_order(door.visits)
    return found


def counts(expected: Expected, place: Community) -> dict[str, dict[str, int]]:
    """Per building the counters of design 3.3; the practice building counts nowhere."""
    totals: dict[str, dict[str, int]] = {b: Counter() for b in place.buildings[:BUILDINGS]}
    for door in expected.each_door():
        if door.building not in totals:
            continue
        total, folded = totals[door.building], state(door.visits)
        total["leaflets"] += folded["leaflets"]
        if not door.live:
            continue
        total["households"] += 1
        total["vacant"] += folded["contact"] == "vacant"
        total["knocked"] += folded["knocks"] > 0
        total["reached"] += folded["reached"]
        total["installed"] += folded["app"] in ("installed", "helped")
        total["no_smartphone"] += folded["app"] == "no_smartphone"
        total["refused"] += folded["contact"] == "refused"
    return totals


def knocks(
    expected: Expected, place: Community
) -> dict[tuple[str, str, str], tuple[int, int, int]]:
    """(any id of the door, day, member) → visits, leaflets and visits with help on that day."""
    found: dict[tuple[str, str, str], tuple[int, int, int]] = {}
    for door in expected.each_door():
        if door.building == place.practice:
            continue
        for visit in door.visits:
            for door_id in door.ids:
                key = door_id, str(times.day_of(visit.moment)), visit.by
                n, leaflets, helped = found.get(key, (0, 0, 0))
                found[key] = n + 1, leaflets + visit.leaflets, helped + (visit.app == "helped")
    return found


def _presence(
    found: Expected, recorded: Sequence[Recorded], rows: dict[bytes, list[Stored]]
) -> None:
    """Every operation once, and nothing that nobody recorded."""
    known = {o.digest: o for o in recorded}
    for digest, operation in known.items():
        here = rows.get(digest, [])
        if operation.fate != REFUSED and not here:
            found.lost.append(f"{operation.id} {operation.type}")
        own = [row for row in here if not row.rival]
        if (operation.fate == REFUSED and here) or len(own) > 1 or len(here) - len(own) > 1:
            found.doubled.append(f"{operation.id} is stored {len(here)} times")
        if not _within(operation, here):
            found.wrong.append(f"{operation.id} was received outside of every push of it")
    found.doubled += [f"nobody recorded {here[0].id}" for d, here in rows.items() if d not in known]


def _within(operation: Recorded, rows: Sequence[Stored]) -> bool:
    return all(
        any(a - CLOCK_ERROR <= row.received_at <= b + CLOCK_ERROR for a, b in operation.pushes)
        for row in rows
    )


def _fate(operation: Recorded, found: Expected, ids: set[str], dismissed: set[bytes]) -> str:
    """The status when everything has come and all that is held was released."""
    if operation.fate == REFUSED:
        return "refused"
    if operation.digest in dismissed:
        return "dismissed"
    if operation.fate in (STUCK, ORPHAN):
        return "held" if operation.fate == STUCK else "waiting"
    if operation.type in ("visit", "door_wish"):
        return "accepted" if operation.fields["household"] in found.doors else "waiting"
    if operation.type in alerting.TYPES:
        return "accepted" if operation.fields["alert"] in found.alerts else "waiting"
    if operation.type == "void":
        return "accepted" if operation.fields["operation"] in ids else "waiting"
    return "accepted"


def _counted(operation: Recorded, rows: Sequence[Stored]) -> Stored | None:
    """The row that counts: its own, or the one that a released rival was let in as."""
    own = [row for row in rows if not row.rival]
    return own[0] if own else next(iter(rows), None)


def _moment(found: Expected, operation: Recorded, row: Stored) -> None:
    if row.rival:
        return
    capped = operation.moment > row.received_at + AHEAD
    moment = row.received_at if capped else operation.moment
    if (row.moment, row.capped) != (moment, capped):
        found.wrong.append(f"{row.id} has the moment {row.moment}, not {moment}")


def _added(add: Recorded) -> Added:
    """Under whatever spelling."""
    fields = add.fields
    unit, room = fields["unit"].removesuffix("单元"), fields["room"].removesuffix("室")
    return fields["building"], unit, room.lstrip("0"), fields["household"]


def _doors(found: Expected, estate: Estate) -> None:
    """One door for all rows that are one; it stands where the first of them shows."""
    for rows in estate.groups():
        first = rows[0]
        live = any(row.listed is not None and not row.out for row in rows)
        ids = {one for row in rows for one in row.ids}
        door = Door(estate.root(first.home), first.unit, first.room, live, ids)
        found.doors |= dict.fromkeys(ids, door)


def _erase(found: Expected, estate: Estate, recorded: Sequence[Recorded]) -> None:
    """Where anybody ever wished for the outcome only, also at what was one door for a while."""
    rows = {one: row for row in estate.rows for one in row.ids}
    for operation in recorded:
        row = rows.get(operation.fields.get("household", ""))
        if not operation.fields.get("outcome_only") or row is None:
            continue
        for other in estate.met.get(row, {row}):
            for one in other.ids:
                found.doors[one].erased = True


def _count(found: Expected, operation: Recorded, row: Stored) -> None:
    fields = operation.fields
    if operation.type not in ("visit", "door_wish"):
        return
    door = found.doors.get(fields["household"])
    if door is None:
        return
    if operation.type == "door_wish":
        door.wishes.append((row.moment, row.id, fields))
        return
    note = fields.get("note")
    visit = Visit(
        moment=row.moment,
        id=row.id,
        by=fields.get("by") or operation.member,
        outcome=fields["outcome"],
        app=fields.get("app"),
        flags=fields.get("flags"),
        leaflets=sum(fields.get("leaflets", {}).values()),
        follow_up_on=fields.get("follow_up_on"),
        note=note.replace("\ud83d", "\ufffd") if note else None,
    )
    door.visits.append(visit)
