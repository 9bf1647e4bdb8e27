"""Alerts in the storm: what people record of them, and what must have become of each.

The fold here is written from the design's text (5.2, 5.7), not from the product's. From the
server it takes which alerts there are, who was given them, and when an operation was received.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.storm import times
from tests.storm.database import Database, Stored
from tests.storm.ledger import Recorded

TYPES = ("alert_join", "alert_attempt", "alert_outcome", "follow_up")
REACHED = ("denied", "refused", "met", "evaded", "paid", "still_at_risk", "at_bank", "at_police")
UNREACHED = ("no_answer", "busy", "wrong_number", "family_reached", "answered")
OUTCOMES = ("dissuaded", "dissuaded", "already_paid", "unreachable", "not_ours", "false_alarm")
CHANNELS = ("call", "call", "door", "door", "workplace", "family", "bank", "police")
SCAMS = ("investment", "loan", "customer_service", "romance")
MONEY = ("avoided", "recovered", "stopped", "lost")
PERSONAL = ("resident_name", "phone", "room", "original", "household", "contacts")

ALERTS = """
SELECT CAST(id AS TEXT) AS id, reference, status, outcome, attempts, first_at, in_contact_at,
  at_risk, remaining, avoided, recovered, stopped, lost, grade, closed_at,
  CAST(working AS TEXT) AS working
FROM alert WHERE community_id = :community
"""
JOINED = """
SELECT CAST(id AS TEXT), CAST(member_id AS TEXT), moment, body FROM operation
WHERE community_id = :community AND device_id IS NULL AND type = 'alert_join'
  AND status = 'accepted'
"""
LEASES = """
SELECT CAST(member_id AS TEXT), CAST(alert_id AS TEXT), since,
  CASE WHEN ended_at IS NULL AND left_at IS NULL AND status = 'open' THEN 1 ELSE 0 END
FROM alert_worker
JOIN alert ON alert.community_id = alert_worker.community_id AND alert.id = alert_id
WHERE alert.community_id = :community
UNION ALL SELECT CAST(given_to AS TEXT), CAST(alert_id AS TEXT), given_at, 0
FROM follow_up_due WHERE community_id = :community AND given_to IS NOT NULL
"""


# --- what is recorded ---------------------------------------------------------------------------


def fields_of(alert: str, rng: Random, *, coordinator: bool) -> tuple[str, dict[str, Any]]:
    """A type and its fields, as somebody at work on this alert would record them."""
    roll = rng.random()
    if roll < 0.6:
        return "alert_attempt", {"alert": alert, **_attempt(rng)}
    if roll < 0.75:
        return "alert_outcome", {"alert": alert, **_outcome(rng, coordinator)}
    if roll < 0.9:
        return "alert_join", {"alert": alert, "action": rng.choice(("on", "on", "off", "help"))}
    asked: dict[str, Any] = {"how": rng.choice(("call", "door")), "reached": rng.random() < 0.7}
    if rng.random() < 0.5:
        asked["risk"] = rng.choice(("high", "medium", "low", "none"))
    if rng.random() < 0.1:
        asked["again"] = True
    return "follow_up", {"alert": alert, **asked}


def _attempt(rng: Random) -> dict[str, Any]:
    if rng.random() < 0.15:
        return {"channel": "message", "result": "sent"}
    fields: dict[str, Any] = {
        "channel": rng.choice(CHANNELS),
        "result": rng.choice(REACHED if rng.random() < 0.4 else UNREACHED),
    }
    if rng.random() < 0.3:
        fields["suspected"] = rng.choice(SCAMS)
    if rng.random() < 0.3:
        fields["at_risk"] = rng.randrange(10**8)
    if rng.random() < 0.2:
        fields |= {"remaining": rng.randrange(10**7), "frozen": rng.random() < 0.5}
    if rng.random() < 0.2:
        fields["stop_payment"] = {"decision": rng.choice(("requested", "declined"))}
    if rng.random() < 0.2:
        fields["place"] = {"kind": "work", "text": "厂里"}
    if rng.random() < 0.2:
        fields["note"] = rng.choice(("女儿在路上", 'say "hello"', "不开门 🙂"))
    return fields


def _outcome(rng: Random, coordinator: bool) -> dict[str, Any]:
    outcome = rng.choice(OUTCOMES)
    fields: dict[str, Any] = {"outcome": outcome}
    if outcome == "not_ours" and coordinator and rng.random() < 0.5:
        fields["signed"] = {"office": "城北派出所", "at": times.iso(times.now(), rng)}
    for name in MONEY:
        if rng.random() < 0.3:
            fields[name] = rng.randrange(10**8)
    if rng.random() < 0.5:
        fields["grade"] = rng.choice(("claimed", "bank", "police"))
    if outcome in ("dissuaded", "already_paid"):
        fields["risk"] = rng.choice(("high", "medium", "low"))
    return fields


# --- what must have become of it ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fact:
    """An operation that counts. `ruling`: by a coordinator."""

    moment: int
    id: str
    type: str
    by: str
    fields: dict[str, Any]
    ruling: bool = False

    @property
    def closes(self) -> bool:
        """What is not ours runs on until somebody has signed for it."""
        said = self.fields.get("outcome")
        return said is not None and (said != "not_ours" or "signed" in self.fields)

    @property
    def opens(self) -> bool:
        """Whether the alert is open after it."""
        result = self.fields.get("result")
        unsigned = self.type == "alert_outcome" and not self.closes
        return result in ("paid", "still_at_risk") or bool(self.fields.get("again")) or unsigned


def state(facts: Iterable[Fact]) -> dict[str, Any]:
    """What an alert's columns must say after these."""
    ordered = sorted(facts, key=lambda fact: (fact.moment, fact.id))
    attempts = [fact for fact in ordered if fact.type == "alert_attempt"]
    contacts = [fact.moment for fact in attempts if _reaches(fact)]
    latest = {fact.by: fact for fact in ordered if fact.type == "alert_join"}
    said: dict[str, Any] = {
        "attempts": len(attempts),
        "first_at": attempts[0].moment if attempts else None,
        "in_contact_at": contacts[0] if contacts else None,
        "working": sorted(by for by, fact in latest.items() if fact.fields["action"] != "off"),
        "closed_at": _closed_at(ordered),
    }
    for name in ("at_risk", "remaining"):
        said[name] = next((f.fields[name] for f in attempts[::-1] if name in f.fields), None)
    winner = _winner([fact for fact in ordered if fact.type == "alert_outcome"])
    for name in ("outcome", "grade", *MONEY):
        said[name] = winner.fields.get(name) if winner else None
    said["status"] = "open" if said["closed_at"] is None else "closed"
    return said


def _reaches(fact: Fact) -> bool:
    """Whoever answers at the family's, the bank's or the police's is not the person."""
    to_others = fact.fields["channel"] in ("family", "bank", "police")
    result = fact.fields["result"]
    return result in REACHED or (result == "answered" and not to_others)


def _winner(outcomes: Sequence[Fact]) -> Fact | None:
    """The last; but paid wins over dissuaded, until a coordinator's later outcome."""
    if not outcomes or outcomes[-1].fields["outcome"] != "dissuaded":
        return outcomes[-1] if outcomes else None
    for fact in outcomes[::-1]:
        if fact.ruling and fact.fields["outcome"] != "already_paid":
            break
        if fact.fields["outcome"] == "already_paid":
            return fact
    return outcomes[-1]


def _closed_at(ordered: Sequence[Fact]) -> int | None:
    opened = _last(ordered, lambda fact: fact.opens)
    closing = [fact for fact in ordered[opened + 1 :] if fact.closes]
    winner = _winner([fact for fact in ordered if fact.type == "alert_outcome"])
    if not closing or winner is None:
        return None
    if winner.fields["outcome"] != "already_paid":
        ruled = _last(ordered, lambda fact: fact.ruling and "outcome" in fact.fields)
        if any(fact.fields.get("result") == "paid" for fact in ordered[ruled + 1 :]):
            return None
    return closing[0].moment


def _last(ordered: Sequence[Fact], holds: Callable[[Fact], bool]) -> int:
    return max((n for n, fact in enumerate(ordered) if holds(fact)), default=-1)


class Alerts:
    """A community's alerts as the server has them, against what was recorded."""

    def __init__(self, database: Database, community: int, coordinators: Iterable[str]) -> None:
        self.rows = {row.id: row for row in database.rows(ALERTS, community=community)}
        self.coordinators = set(coordinators)
        self._facts: dict[str, list[Fact]] = defaultdict(list)
        for operation_id, member, moment, body in database.rows(JOINED, community=community):
            fields = json.loads(body)
            self._add(Fact(moment, operation_id, "alert_join", member, fields))

    def add(self, operation: Recorded, row: Stored) -> None:
        """One that was accepted and is not voided."""
        ruling = operation.member in self.coordinators
        fields = operation.fields
        self._add(Fact(row.moment, row.id, operation.type, operation.member, fields, ruling))

    def differences(self) -> Iterable[str]:
        """Where an alert's columns say otherwise than its operations."""
        for alert_id, row in self.rows.items():
            if row.status not in ("open", "closed"):
                continue
            kept = dict(row._mapping) | {"working": sorted(json.loads(row.working))}
            for name, wanted in state(self._facts[alert_id]).items():
                if kept[name] != wanted:
                    yield f"alert {alert_id} {name}: {kept[name]} is not {wanted}"

    def _add(self, fact: Fact) -> None:
        self._facts[fact.fields["alert"].lower()].append(fact)


class Leases:
    """Who was given which alert, and since when."""

    def __init__(self, database: Database, community: int) -> None:
        self.spans: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.live: dict[str, set[str]] = defaultdict(set)
        """Member → the open alerts that they work."""
        self.errands: set[str] = set()
        """Who was ever given one: then visits at its door counted as theirs as well."""
        for member, alert, since, live in database.rows(LEASES, community=community):
            self.spans[member, alert].append(since)
            self.errands.add(member)
            if live:
                self.live[member].add(alert)

    def right(self, operation: Recorded, row: Stored) -> bool:
        """No turn ended seven days ago here: it counts from when it began."""
        spans = self.spans.get((operation.member, operation.fields["alert"]), ())
        return any(since <= row.received_at for since in spans)


def at_hand(leases: Leases, member: str, rows: dict[str, Any]) -> Iterable[str]:
    """Whether a phone has the persons of just those alerts that its member works, and of nobody
    in the team's list; `rows` are its buckets."""
    wanted = leases.live[member]
    here = {key[1] for key in rows.get("me", {}) if key[0] == "my_alert"}
    if here != wanted:
        yield f"has the persons of {sorted(here)}, not of {sorted(wanted)}"
    for (kind, row_id), row in rows.get("community", {}).items():
        if kind == "alert" and any(name in row for name in PERSONAL):
            yield f"reads too much of {row_id} in the team's list"
