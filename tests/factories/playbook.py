"""Cards, and what phones record about them."""

from __future__ import annotations

from typing import Any

from tests.factories.field import NOW, TIMEZONE, Op, Phone, op
from webapp.accounts.actor import ActingMember
from webapp.core import db
from webapp.playbook import versions
from webapp.playbook.content import CardText, Content, builtin

BY_TYPE = {card.content.type: card.id for card in builtin().values()}
TASK, LOAN, OTHER = BY_TYPE["task"], BY_TYPE["loan"], BY_TYPE["other"]
"""Cards of the product."""


def scam_note(text: str = "说快递丢了，要加微信退钱", **fields: Any) -> Op:
    """A trick heard in the field."""
    return op("scam_note", note=text, **fields)


def card_read(card: str = TASK, version: int = 1, **fields: Any) -> Op:
    """A version of a card was opened."""
    return op("card_read", card=card, version=version, **fields)


def quiz_result(card: str = TASK, right: int = 5, **fields: Any) -> Op:
    """A quiz of five questions."""
    return op("quiz_result", card=card, version=0, right=right, asked=5, **fields)


def new_trick(title: str = "假快递退费", **fields: Any) -> Content:
    """A card with as much as one has on the first day."""
    text = CardText(
        title=title,
        mark=title[:1],
        hook="说快递丢了，先扫码",
        lead="说丢了件要赔您，其实是要您的卡。",
        flags=["主动说要赔钱"],
        openings=["您的件在路上烧了，我们赔您三百"],
        say=["咱们打快递公司自己的电话问。"],
        keywords=["假快递"],
        **fields,
    )
    return Content(type="customer_service", channels=["call"], zh=text)


def acting(phone: Phone, name: str = "何静") -> ActingMember:
    """The phone's member at the desk."""
    return ActingMember(
        session_hash=b"",
        seen_at=0,
        person_id=phone.person_id,
        name=name,
        community_id=phone.community_id,
        community_name="x",
        timezone=TIMEZONE,
        member_id=phone.member_id,
        member_role="coordinator",
        member_status="active",
    )


def draft(boss: Phone, card: Content | None = None, card_id: str | None = None) -> str:
    """A new card's first draft, or a draft of a known card with this text; the card's id."""
    with db.writing() as session:
        who = acting(boss)
        if card_id is None:
            return versions.add_card(session, who, card or new_trick(), now=NOW)
        version = versions.open_draft(session, who, card_id, now=NOW)
        if card is not None:
            versions.save(session, who, version, card, "", now=NOW)
    return card_id


def review(boss: Phone, card_id: str, *, now: int = NOW) -> None:
    """Read and found good by this coordinator."""
    with db.writing() as session:
        version = versions.get_open(session, boss.community_id, card_id)
        versions.review(session, acting(boss), version, now=now)


def published(
    boss: Phone, card: Content | None = None, card_id: str | None = None, *, now: int = NOW
) -> str:
    """A card on its way to the phones; its id. `boss` is the only coordinator."""
    card_id = draft(boss, card, card_id)
    review(boss, card_id, now=now)
    versions.publish(acting(boss), card_id, now=now)
    return card_id
