"""The 631 alerts of the source article, made up person by person: what each was, and how it went.

Chance comes from a seed, so that they are the same everywhere. Numbers by kind are the article's;
persons, amounts and ways are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from webapp.alerts.codes import BUCKETS, Bucket
from webapp.alerts.statistics.period import Month, month_of
from webapp.core import clock
from webapp.demo import names
from webapp.demo.made import made_id

COUNTS: dict[Bucket, int] = {
    "romance_investment": 168,
    "loan": 73,
    "commerce": 87,
    "authorities": 38,
    "acquaintance": 24,
    "foreign_call": 26,
    "app": 112,
    "website": 58,
    "other": 45,
}
MONTHS = (128, 121, 113, 104, 92, 73)
"""How many a month, falling."""

OUTCOMES = {"dissuaded": 588, "already_paid": 21, "not_ours": 13, "unreachable": 9}
KINDS: dict[Bucket, tuple[tuple[str | None, str | None], ...]] = {
    "romance_investment": (("investment", "app"), ("romance", "social"), ("investment", "social")),
    "loan": (("loan", "app"), ("loan", "call"), ("loan", "sms")),
    "commerce": (("customer_service", "call"), ("ticket", "sms"), ("customer_service", "app")),
    "authorities": (("authorities", "call"), ("authorities", "foreign_call")),
    "acquaintance": (("acquaintance", "social"), ("acquaintance", "call")),
    "foreign_call": ((None, "foreign_call"), ("other", "foreign_call")),
    "app": (("task", "app"), ("task", "app"), (None, "app"), ("game", "app")),
    "website": (("shopping", "website"), ("task", "website"), (None, "website")),
    "other": (("game", "social"), ("other", "call"), ("shopping", "social"), (None, "sms")),
}
"""(scam type, channel) by bucket."""

LEVELS = ("very_high", "high", "high", "high", "medium", "medium", "low")
MINUTES = {"very_high": 30, "high": 60, "medium": 240, "low": 1440}
EVENING = (9, 21)


@dataclass(frozen=True, slots=True)
class Warned:
    """One alert: when it came (ms), who it is about, and the operations that follow, in order."""

    number: int
    received_at: int
    level: str
    scam_type: str | None
    channel: str | None
    person: dict[str, Any]
    operations: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ended_at(self) -> int:
        """When the last of it was recorded."""
        return max((operation["moment"] for operation in self.operations), default=self.received_at)


def make_warnings(rng: Random, now: int, timezone: str) -> list[Warned]:
    """All of them, by the moment of receipt, in the six months up to now."""
    moments = sorted(_moments(rng, now, timezone))
    kinds = [kind for bucket in BUCKETS for kind in _kinds(rng, bucket)]
    outcomes = [outcome for outcome, count in OUTCOMES.items() for _n in range(count)]
    rng.shuffle(kinds)
    rng.shuffle(outcomes)
    return [
        _warning(rng, number, moment, kind, outcome, now)
        for number, (moment, kind, outcome) in enumerate(
            zip(moments, kinds, outcomes, strict=True), 1
        )
    ]


def _kinds(rng: Random, bucket: Bucket) -> list[tuple[str | None, str | None]]:
    return [rng.choice(KINDS[bucket]) for _n in range(COUNTS[bucket])]


def _moments(rng: Random, now: int, timezone: str) -> list[int]:
    """Each in its month, in waking hours; the last month ends a day before now."""
    last = month_of(now - 3 * clock.DAY, timezone)
    found: list[int] = []
    for ago, count in enumerate(reversed(MONTHS)):
        found += [_moment(rng, last.after(-ago), now, timezone) for _n in range(count)]
    return found


def _moment(rng: Random, month: Month, now: int, timezone: str) -> int:
    start = month.start(timezone)
    days = max(1, (min(month.after().start(timezone), now - clock.DAY) - start) // clock.DAY)
    hour = rng.triangular(*EVENING, 15)
    return start + rng.randrange(days) * clock.DAY + round(hour * clock.HOUR)


def _warning(
    rng: Random,
    number: int,
    moment: int,
    kind: tuple[str | None, str | None],
    outcome: str,
    now: int,
) -> Warned:
    level = rng.choice(LEVELS)
    scam_type, channel = kind
    warned = Warned(number, moment, level, scam_type, channel, _person(rng))
    at = _attempts(rng, warned, outcome)
    amount = _amount(rng)
    at = min(at + rng.randrange(2, 40) * clock.MINUTE, now - clock.MINUTE)
    warned.operations.append(_note(rng, at, "alert_outcome", **_ending(rng, outcome, amount)))
    if outcome == "dissuaded":
        _ask_again(rng, warned, at, now)
    return warned


def _attempts(rng: Random, warned: Warned, outcome: str) -> int:
    """The ladder, until somebody is reached or nobody is; returns when (ms)."""
    late = rng.random() < 0.06
    within = MINUTES[warned.level] * (2 if late else 0.7)
    at = warned.received_at + rng.randrange(2, 8) * clock.MINUTE
    steps = rng.choice(((), ("call",), ("call", "call", "message"), ("call", "message")))
    pause = max(clock.MINUTE, round(within * clock.MINUTE / (len(steps) + 2)))
    for channel in steps:
        result = "sent" if channel == "message" else rng.choice(("no_answer", "busy", "no_answer"))
        warned.operations.append(_note(rng, at, "alert_attempt", channel=channel, result=result))
        at += rng.randrange(pause // 2, pause + 1)
    channel = rng.choice(("call", "door", "door", "door", "workplace"))
    warned.operations.append(_note(rng, at, "alert_attempt", **_last(rng, channel, outcome)))
    return at


def _last(rng: Random, channel: str, outcome: str) -> dict[str, Any]:
    if outcome == "unreachable":
        return {"channel": "door", "result": "no_answer"}
    if outcome == "not_ours":
        return {"channel": "call", "result": "wrong_number", "residency": "no"}
    if outcome == "already_paid":
        requested = {"decision": "requested", "via": "police", "amount": _amount(rng) // 3}
        return {"channel": channel, "result": "paid", "stop_payment": requested}
    met = "answered" if channel == "call" else "met"
    asked = rng.random() < 0.13
    decision: dict[str, Any] = {"decision": "requested" if asked else "not_needed"}
    if asked:
        decision |= {"via": rng.choice(("police", "hotline", "bank")), "amount": _amount(rng)}
    return {"channel": channel, "result": met, "residency": "yes", "stop_payment": decision}


def _ending(rng: Random, outcome: str, amount: int) -> dict[str, Any]:
    if outcome == "dissuaded":
        grade = rng.choices(("claimed", "bank", "police"), (8, 3, 1))[0]
        risk = rng.choices(("high", "medium", "low"), (1, 3, 4))[0]
        marks = {
            name: True
            for name, chance in (("case", 0.035), ("gift_declined", 0.03), ("thanked", 0.2))
            if rng.random() < chance
        }
        return {"outcome": outcome, "avoided": amount, "grade": grade, "risk": risk, **marks}
    if outcome == "already_paid":
        return {"outcome": outcome, "lost": amount, "recovered": amount // 10, "risk": "high"}
    return {"outcome": outcome}


def _ask_again(rng: Random, warned: Warned, closed: int, now: int) -> None:
    """Follow-ups on their days, most of them done, as far as these days have come."""
    risk = warned.operations[-1]["risk"]
    for days in {"high": (1, 3, 7, 30), "medium": (3, 30), "low": (7,)}[risk]:
        at = closed + days * clock.DAY + rng.randrange(-90, 90) * clock.MINUTE
        if at < now - clock.HOUR and rng.random() < 0.97:
            how = rng.choice(("call", "call", "door"))
            fields = {"how": how, "reached": True, "risk": risk}
            warned.operations.append(_note(rng, at, "follow_up", **fields))


def _note(rng: Random, moment: int, kind: str, **fields: Any) -> dict[str, Any]:
    return {"type": kind, "id": made_id(moment, rng), "moment": moment, **fields}


def _person(rng: Random) -> dict[str, Any]:
    """Ages as nationally: mostly 18 to 40, mean about 37."""
    sex = rng.choice(("f", "m"))
    age = rng.choices(
        (
            rng.randrange(14, 18),
            rng.randrange(18, 41),
            rng.randrange(41, 66),
            rng.randrange(66, 85),
        ),
        (1, 62, 33, 4),
    )[0]
    title = names.TITLES[sex]
    return {
        "resident_name": rng.choice(names.SURNAMES) + title,
        "sex": sex,
        "age": age,
        "minor": age < 18,
        "phone": f"1380000{rng.randrange(10_000):04}",
    }


def _amount(rng: Random) -> int:
    """Fen; whole hundreds of yuan, most of them small."""
    yuan = min(round(rng.lognormvariate(8.4, 1.0), -2), 500_000)
    return int(max(yuan, 200)) * 100
