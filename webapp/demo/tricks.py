"""The demo's playbook: a trick of its own, a note that waits, what was learned, sessions held."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.core import clock
from webapp.demo import names
from webapp.demo.made import made_id, rng_of
from webapp.leaflets import ledger
from webapp.operations.decode import decode
from webapp.operations.push import push
from webapp.playbook import rows, versions
from webapp.playbook.content import CardText, Content, builtin

DAY, HOUR = clock.DAY, clock.HOUR
GAS = Content(
    type="other",
    channels=["call", "other"],
    zh=CardText(
        title="冒充燃气安检",
        mark="燃",
        hook="上门安检，先交检测费",
        lead="穿着工装来敲门，说管子不合格，先收检测费，还要扫码、看您的手机。",
        ladder=[("上门安检", "说不合格"), ("先交检测费", "扫码"), ("看手机", "钱转走")],
        flags=["没有预约就上门", "先收检测费、换件费", "要扫他的码，或看您的手机屏幕"],
        openings=["我们是燃气公司的，您家软管不合格，今天不换要停气。"],
        say=["先别开门，咱们打燃气公司自己的电话问一问。", "真安检不收现金，也不用看您的手机。"],
        avoid=["「您怎么随便给人开门？」"],
        first=["已经转了钱，打 110，再打银行客服。", "拿不准，打 96110。"],
        keywords=["燃气安检", "软管", "检测费", "停气", "换件"],
    ),
)
NOTES = (
    ("有人在菜市场发传单，说扫码送鸡蛋，要填家里人的电话", "菜市场门口", "other", 5 * HOUR),
    ("电话里说是物业的，退停车费，让加微信", "", "call", 26 * HOUR),
)
SESSIONS = (
    ("应门坊广场", "bank", 46, 6, 60, ("task", "investment"), 4),
    ("社区活动室", None, 23, 3, 30, ("customer_service", "authorities"), 11),
)
"""Place, partner, residents, workers, leaflets, what was explained, days ago."""
LEAFLETS = (
    ("receive", 4_000, None),
    ("issue", 500, 0),
    ("issue", 450, 1),
    ("issue", 400, 2),
    ("issue", 250, 3),
)
"""What the desk noted of leaflets: how many, whose bag by place in the team."""
RESULTS = ((0, "task", 5, 6), (0, "loan", 4, 5), (1, "task", 3, 4), (1, "authorities", 5, 97))
"""(volunteer by place in the team, kind, right answers of five, days ago)."""


def enter(
    session: Session,
    community_id: int,
    timezone: str,
    coordinator: str,
    volunteers: Sequence[str],
    phones: Sequence[str],
    *,
    now: int,
) -> dict[str, int]:
    """Publish the trick, record notes and quizzes as phones do; how many of each type."""
    who = acting(community_id, timezone, coordinator)
    with clock.moved_to(now - 2 * DAY):
        card_id = _publish(session, who, now - 2 * DAY)
    ids = {one.content.type: card for card, one in builtin().items()}
    rng = rng_of(now)

    def recorded(kind: str, at: int, **fields: object) -> dict[str, object]:
        stamp = clock.iso_in(at, timezone)
        return {"type": kind, "id": made_id(at, rng), "at": stamp, "skew_ms": 0, **fields}

    by_volunteer: dict[int, list[dict[str, object]]] = {0: [], 1: []}
    by_volunteer[0].append(recorded("card_read", now - DAY, card=card_id, version=1))
    for n, kind, right, days in RESULTS:
        fields = {"card": ids[kind], "version": 0, "right": right, "asked": 5}  # type: ignore[index]
        by_volunteer[n].append(recorded("quiz_result", now - days * DAY, **fields))
    for n, (note, place, channel, ago) in enumerate(NOTES):
        words = {"note": note, "channel": channel} | ({"place": place} if place else {})
        by_volunteer[n].append(recorded("scam_note", now - ago, **words))
    for place, partner, residents, workers, leaflets, topics, days in SESSIONS:
        by_volunteer[0].append(
            recorded(
                "session_log",
                now - days * DAY,
                place=place,
                residents=residents,
                workers=workers,
                leaflets={"general": leaflets},
                topics=topics,
                **({"partner": partner, "campaign": names.CAMPAIGN} if partner else {}),
            )
        )
    for n, operations in by_volunteer.items():
        elements = [msgspec.json.encode(operation) for operation in operations]
        items = decode(elements, member_id=volunteers[n], device_id=phones[n], now=now)
        push(session, community_id, timezone, items, now=now)
    for what, count, volunteer in LEAFLETS:
        member = None if volunteer is None else volunteers[volunteer]
        ledger.note(
            session, who, what, count, member, "", once=made_id(now, rng), now=now - 20 * DAY
        )
    return {
        "card_read": 1,
        "quiz_result": len(RESULTS),
        "scam_note": len(NOTES),
        "session_log": len(SESSIONS),
    }


def _publish(session: Session, who: ActingMember, now: int) -> str:
    card_id = versions.add_card(session, who, GAS, now=now)
    version = versions.get_open(session, who.community_id, card_id)
    versions.review(session, who, version, now=now)
    row = rows.card_row(card_id, GAS, version=version.number, published_at=now)
    versions.put_in_force(session, who, version, row, now=now)
    return card_id


def acting(community_id: int, timezone: str, member_id: str) -> ActingMember:
    """The demo's coordinator at the desk."""
    return ActingMember(
        session_hash=b"",
        seen_at=0,
        person_id=0,
        name=names.COORDINATOR,
        community_id=community_id,
        community_name=names.COMMUNITY,
        timezone=timezone,
        member_id=member_id,
        member_role="coordinator",
        member_status="active",
    )
