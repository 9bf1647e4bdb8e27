"""A few alerts under way in the demo, so that a first look shows a board that lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from webapp.alerts import actions
from webapp.core import clock
from webapp.demo import names

MINUTE, HOUR, DAY = clock.MINUTE, clock.HOUR, clock.DAY
Step = tuple[int, dict[str, Any]]
"""How long after the alert came in, and what was recorded."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One alert: how long ago, which door of the list, who works it (by place in the team)."""

    ago: int
    level: str
    scam_type: str
    channel: str
    name: str
    age: int
    door: int | None = None
    team: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()
    amount: int | None = None


def _tried(minute: int, channel: str, result: str, **fields: Any) -> Step:
    return minute * MINUTE, {
        "type": "alert_attempt",
        "channel": channel,
        "result": result,
        **fields,
    }


def _ended(after: int, **fields: Any) -> Step:
    return after, {"type": "alert_outcome", **fields}


STOPPED = {"decision": "requested", "via": "bank"}
SCENES = (
    Scene(4 * MINUTE, "high", "authorities", "call", "孙先生", 67),
    Scene(
        8 * MINUTE,
        "high",
        "investment",
        "app",
        "李女士",
        43,
        40,
        (0,),
        (_tried(3, "call", "busy"),),
    ),
    Scene(
        36 * MINUTE,
        "high",
        "loan",
        "call",
        "王女士",
        35,
        300,
        (1,),
        (
            _tried(4, "call", "no_answer"),
            _tried(7, "call", "no_answer"),
            _tried(8, "message", "sent"),
        ),
    ),
    Scene(
        22 * MINUTE,
        "high",
        "task",
        "app",
        "何女士",
        58,
        700,
        (2, 0),
        (
            _tried(3, "call", "no_answer"),
            _tried(7, "call", "denied", suspected="task", reaction=["denies"]),
            _tried(10, "message", "sent"),
            _tried(18, "door", "no_answer"),
        ),
        7_800_000,
    ),
    Scene(
        66 * MINUTE,
        "high",
        "game",
        "social",
        "丁同学",
        16,
        900,
        (3,),
        (
            _tried(2, "call", "no_answer"),
            _tried(20, "family", "family_reached"),
            _tried(55, "door", "no_answer"),
        ),
    ),
    Scene(
        2 * DAY,
        "very_high",
        "customer_service",
        "call",
        "罗女士",
        52,
        1200,
        (0,),
        (
            _tried(5, "call", "answered", stop_payment=STOPPED),
            _ended(
                40 * MINUTE, outcome="dissuaded", avoided=15_000_000, grade="bank", risk="medium"
            ),
        ),
    ),
    Scene(
        DAY,
        "high",
        "romance",
        "social",
        "唐女士",
        49,
        1500,
        (3,),
        (
            _tried(9, "door", "met", confirmed="romance"),
            _ended(3 * HOUR, outcome="dissuaded", avoided=50_000_000, grade="claimed", risk="high"),
        ),
    ),
    Scene(
        5 * HOUR,
        "high",
        "shopping",
        "website",
        "赵女士",
        28,
        1800,
        (1,),
        (
            _tried(12, "call", "paid", stop_payment=STOPPED | {"via": "police"}),
            _ended(HOUR, outcome="already_paid", lost=320_000, risk="medium"),
        ),
    ),
)


def enter(
    session: Session, community_id: int, doors: Sequence[str], team: Sequence[str], *, now: int
) -> int:
    """Enter them as the desk and the volunteers would have; how many."""
    for number, scene in enumerate(sorted(SCENES, key=lambda one: -one.ago)):
        _play(session, community_id, scene, doors, team, number, now)
    return len(SCENES)


def _play(
    session: Session,
    community_id: int,
    scene: Scene,
    doors: Sequence[str],
    team: Sequence[str],
    number: int,
    now: int,
) -> None:
    came = now - scene.ago
    fields = actions.AlertFields(
        level=scene.level,
        received_at=came,
        scam_type=scene.scam_type,
        channel=scene.channel,
        household_id=None if scene.door is None else doors[scene.door % len(doors)],
        resident_name=scene.name,
        age=scene.age,
        minor=scene.age < 18,
        phone=f"1380000{number:04}",
        amount=scene.amount,
        original=names.MESSAGE.format(name=scene.name, age=scene.age),
    )
    with clock.moved_to(came):
        alert_id = actions.create(
            session, community_id, fields, who=None, now=came, source="paste", draft=False
        )
        members = [team[place] for place in scene.team]
        if members:
            actions.dispatch(session, community_id, alert_id, members, who=None, now=came)
    for after, said in scene.steps:
        at = came + after
        operation = said | {"alert": alert_id, "at": clock.iso(at)}
        with clock.moved_to(at):
            actions.record_all(session, community_id, [operation], member_id=members[0], now=at)
    session.flush()
    session.expire_all()
