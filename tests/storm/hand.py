"""What people record at doors, among it what nobody should: a seeded stream of operations."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.storm import alerting, times
from tests.storm.ledger import GOOD, ORPHAN, REFUSED, STUCK, Ledger, Recorded
from tests.storm.phone import Phone
from tests.storm.world import Community

OUTCOMES = ("informed",) * 5 + ("no_answer",) * 4 + ("refused", "come_back", "vacant")
APPS = ("installed", "helped", "declined", "no_smartphone")
FLAGS = ("lives_alone", "elderly", "limited_mobility", "has_student")
NOTES = ("女儿周末在家", "下午再来 🙂", 'say "hello"', "门口有狗", "\\d800 is no emoji")
REASONS = ("wrong_door", "wrong_outcome", "duplicate", "other")
RECENT = 400
NEW_FLOOR = 99
"""Higher than any list's: the numbers of doors that only phones know."""
OTHERS = ("shift", "scam_note", "card_read", "quiz_result", "session_log", "leaflet_take")
CARDS = "00000000-0000-7000-8000-00000000ca0"
"""How the ids of the product's own cards begin."""


@dataclass
class Hand:
    """Somebody with a phone in a community. `rng` decides everything."""

    place: Community
    phone: Phone
    ledger: Ledger
    rng: Random

    def record(self, count: int) -> int:
        """Record so many, in one save or several; returns how many."""
        made = [operation for _ in range(count) for operation in self._one()]
        self.phone.record(made)
        for operation in made:
            self.ledger.add(operation)
        return len(made)

    def _one(self) -> list[Recorded]:
        roll = self.rng.random()
        if roll < 0.70:
            return [self._visit()]
        if roll < 0.77:
            return [self._void()]
        if roll < 0.82:
            return self._add()
        if roll < 0.86:
            return [self._wish()]
        if roll < 0.95:
            return [self._alert()]
        if roll < 0.97:
            return [self._other()]
        return [self.rng.choice(POISON)(self)]

    # --- what is right ----------------------------------------------------------------------

    def _visit(self, **more: Any) -> Recorded:
        building, door = self._door()
        fields = self._visit_fields() | more
        return self._make("visit", {"household": door, **fields}, building)

    def _visit_fields(self) -> dict[str, Any]:
        rng = self.rng
        outcome = rng.choice(OUTCOMES)
        fields: dict[str, Any] = {"outcome": outcome}
        if outcome in ("informed", "refused", "come_back") and rng.random() < 0.5:
            fields["app"] = rng.choice(APPS)
        if rng.random() < 0.6:
            fields["leaflets"] = {"general": rng.randrange(4)}
        if rng.random() < 0.15:
            fields |= {"flags": rng.sample(FLAGS, rng.randrange(3)), "agreed": True}
        if outcome != "vacant" and rng.random() < 0.15:
            fields["follow_up_on"] = f"2026-12-{rng.randrange(1, 29):02d}"
        if rng.random() < 0.2:
            fields["note"] = rng.choice(NOTES)
        if self.phone.member.role == "coordinator" and rng.random() < 0.1:
            fields["by"] = rng.choice(self.place.volunteers).id
        return fields

    def _wish(self) -> Recorded:
        building, door = self._door()
        fields: dict[str, Any] = {"household": door}
        if self.rng.random() < 0.5:
            fields["no_visits_until"] = f"2027-0{self.rng.randrange(1, 9)}-11"
        if self.rng.random() < 0.15:
            fields["outcome_only"] = True
        return self._make("door_wish", fields, building)

    def _alert(self) -> Recorded:
        """Mostly of an alert that this phone was given; the others are on the team's list."""
        rows, rng = self.phone.disk.rows, self.rng
        team = [row for key, row in rows.get("community", {}).items() if key[0] == "alert"]
        mine = [row for key, row in rows.get("me", {}).items() if key[0] == "my_alert"]
        if not team:
            return self._visit()
        row = rng.choice(mine if mine and rng.random() < 0.85 else team)
        coordinator = self.phone.member.role == "coordinator"
        kind, fields = alerting.fields_of(row["id"], rng, coordinator=coordinator)
        return self._make(kind, fields, row.get("building"))

    def _other(self) -> Recorded:
        """What concerns no door: a shift, a trick heard of, a card and its quiz, a session."""
        rng = self.rng
        kind = rng.choice(
            ("shift", "scam_note", "card_read", "quiz_result", "session_log", "leaflet_take")
        )
        fields: dict[str, Any] = {"card": f"{CARDS}{rng.randrange(1, 10)}", "version": 1}
        if kind == "shift":
            fields = {"action": rng.choice(("start", "end"))}
        elif kind == "scam_note":
            fields = {"note": "说老师带着稳赚", "channel": rng.choice(("call", "social"))}
        elif kind == "session_log":
            fields = {"place": "小区广场", "partner": "bank", "residents": rng.randrange(80)}
        elif kind == "leaflet_take":
            fields = {"count": rng.choice((-20, 50, 100))}
        elif kind == "quiz_result":
            fields |= {"right": rng.randrange(6), "asked": 5}
        return self._make(kind, fields, None)

    def _void(self) -> Recorded:
        """Mostly something of one's own; sometimes somebody else's, perhaps not even sent yet."""
        recent = self.ledger.recent[self.place.id][-RECENT:]
        own = [o for o in recent[-80:] if o.member == self.phone.member.id]
        pool = own if own and self.rng.random() < 0.85 else recent
        target = self.rng.choice(pool) if pool else None
        if target is None or target.fate != GOOD or target.type == "void":
            return self._visit()
        self.ledger.targets.add(target.id)
        if target.id in self.ledger.shared:
            return self._visit()
        fields = {"operation": target.id, "reason": self.rng.choice(REASONS)}
        return self._make("void", fields, target.building)

    def _add(self) -> list[Recorded]:
        """A door that a list lacks, or has under another spelling, or that others add as well."""
        rng = self.rng
        building = rng.choice(self._buildings())
        known = [d for d in self.place.doors if d.building == building and not d.moved]
        if known and rng.random() < 0.3:
            door = rng.choice(known)
            unit, room = door.unit, f"0{door.room}室"
        else:
            unit, room = "1", f"{NEW_FLOOR}{rng.randrange(40):02d}"
        fields: dict[str, Any] = {
            "household": times.uuid7(self.phone.clock(), rng),
            "building": building,
            "unit": rng.choice((unit, f"{unit}单元")),
            "room": room,
        }
        if rng.random() < 0.5:
            fields["floor"] = rng.randrange(1, 20)
        made = [self._make("household_add", fields, building)]
        self.place.added.append((building, fields["household"]))
        if rng.random() < 0.7:
            visit = {"household": fields["household"], **self._visit_fields()}
            made.append(self._make("visit", visit, building))
        return made

    # --- what is not ------------------------------------------------------------------------

    def _unknown_type(self) -> Recorded:
        return self._make("alert_dance", {"steps": [1, {"a": None}]}, None, STUCK)

    def _unknown_field(self) -> Recorded:
        building, door = self._door()
        fields = {"household": door, "outcome": "informed", "mood": "good"}
        return self._make("visit", fields, building, STUCK)

    def _invalid(self) -> Recorded:
        building, door = self._door()
        wrong: dict[str, Any] = self.rng.choice(
            (
                {"outcome": "no_answer", "app": "installed"},
                {"outcome": "vacant", "follow_up_on": "2026-12-24"},
                {"outcome": "informed", "flags": ["elderly"]},
                {"outcome": "informed", "leaflets": {"general": 100}},
                {"outcome": "informed", "note": "长" * 501},
                {"outcome": "at home"},
                {"outcome": "informed", "at": "1969-07-20T20:17:40.000+00:00"},
            )
        )
        return self._make("visit", {"household": door, **wrong}, building, STUCK)

    def _void_of_void(self) -> Recorded:
        recent = self.ledger.recent[self.place.id][-RECENT:]
        voids = [o for o in recent if o.type == "void" and o.fate == GOOD]
        if not voids:
            return self._unknown_type()
        return self._make("void", {"operation": self.rng.choice(voids).id}, None, STUCK)

    def _nan(self) -> Recorded:
        building, door = self._door()
        fields = {"household": door, "outcome": "informed", "distance_m": float("nan")}
        return self._make("visit", fields, building, STUCK)

    def _half_emoji(self) -> Recorded:
        """A field that cut an emoji in two; it is taken in all the same."""
        made = self._visit(note="cut\ud83d")
        return made

    def _too_large(self) -> Recorded:
        return self._make("visit", {"note": "x" * 17_000}, None, REFUSED)

    def _no_id(self) -> Recorded:
        return self._make("visit", {"outcome": "informed", "id": "door 7"}, None, REFUSED)

    def _broken(self) -> Recorded:
        """No JSON, or JSON that is no operation."""
        shape = self.rng.choice((b'{"n":%d,"of":oops}', b'[%d,{"b":"]"}]', b'"door %d"', b"%d"))
        return self._wrap(shape % self.rng.getrandbits(60), REFUSED)

    def _foreign(self) -> Recorded:
        """A door of another community: it does not exist here, now or ever."""
        fields = {"household": self.place.foreign, "outcome": "informed"}
        return self._make("visit", fields, None, ORPHAN)

    def _taken_id(self) -> Recorded:
        """Under an id that somebody else's visit has: whichever comes first keeps it."""
        recent = self.ledger.recent[self.place.id][-RECENT:]
        pool = [
            o
            for o in recent
            if o.type == "visit"
            and o.fate == GOOD
            and o.member != self.phone.member.id
            and len(self.ledger.by_id[self.place.id, o.id]) == 1
            and o.id not in self.ledger.targets
        ]
        taken = self.rng.choice(pool).id if pool else ""
        self.ledger.shared.add(taken)
        if not taken or taken in self.ledger.targets:
            return self._unknown_type()
        return self._visit(id=taken)

    # --- parts ------------------------------------------------------------------------------

    def _buildings(self) -> list[str]:
        """Where this phone's rows say that there is work; a stray one now and then."""
        known = [b[9:] for b in self.phone.disk.rows if b.startswith("building:")]
        if not known or self.rng.random() < 0.04:
            return self.place.buildings
        return known

    def _door(self) -> tuple[str, str]:
        building = self.rng.choice(self._buildings())
        rows = self.phone.disk.rows.get(f"building:{building}", {})
        doors = [key[1] for key in rows if key[0] == "household"]
        if self.rng.random() < 0.05:  # heard of, perhaps not sent by its finder yet
            doors = [door for where, door in self.place.added if where == building] or doors
        if not doors:
            doors = [door.id for door in self.place.doors if door.building == building]
        return building, self.rng.choice(doors)

    def _make(
        self, kind: str, fields: dict[str, Any], building: str | None, fate: str = GOOD
    ) -> Recorded:
        phone = self.phone
        at, skew = phone.clock(), phone.disk.skew
        operation_id = fields.pop("id", None) or times.uuid7(at, self.rng)
        body: dict[str, Any] = {"type": kind, "id": operation_id, "at": times.iso(at, self.rng)}
        if skew or self.rng.random() < 0.5:
            body["skew_ms"] = skew
        text = json.dumps({**body, **fields}, ensure_ascii="\ud83d" in str(fields.get("note")))
        made = Recorded(
            community=self.place.id,
            id=operation_id,
            raw=text.encode(),
            type=kind,
            fields=fields,
            member=phone.member.id,
            device=phone.device,
            moment=at + skew,
            building=building,
            fate=fate,
        )
        return made

    def _wrap(self, raw: bytes, fate: str) -> Recorded:
        phone = self.phone
        return Recorded(
            self.place.id, "", raw, "", {}, phone.member.id, phone.device, 0, None, fate
        )


Poison = Callable[[Hand], Recorded]
POISON: tuple[Poison, ...] = (
    Hand._unknown_type,
    Hand._unknown_field,
    Hand._invalid,
    Hand._invalid,
    Hand._void_of_void,
    Hand._nan,
    Hand._half_emoji,
    Hand._too_large,
    Hand._no_id,
    Hand._broken,
    Hand._foreign,
    Hand._taken_id,
)
