"""What is where, from the movements and from what was handed out; and the desk's own movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Member
from webapp.accounts.queries import names_of
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import is_id, new_id
from webapp.leaflets import bags
from webapp.leaflets.kinds import kinds_of
from webapp.leaflets.models import GENERAL, LeafletBag, LeafletKind, LeafletMove
from webapp.leaflets.operations import MOST

ENDS = {
    "receive": ("outside", "stock"),
    "issue": ("stock", "bag"),
    "return": ("bag", "stock"),
    "lose_stock": ("stock", "outside"),
    "lose_bag": ("bag", "outside"),
    "find_stock": ("outside", "stock"),
    "find_bag": ("outside", "bag"),
}
"""What the desk can note, and between which ends; losses and finds say why in a note."""
REASONED = frozenset({"lose_stock", "lose_bag", "find_stock", "find_bag"})
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Bag:
    """What went into a volunteer's bag and out of it, of one kind. `left` below zero: more was
    handed out than is known to have been taken."""

    member_id: str
    name: str
    kind: str
    into: int
    out: int
    at_doors: int
    in_sessions: int

    @property
    def left(self) -> int:
        """What must be in it."""
        return self.into - self.out - self.at_doors - self.in_sessions


@dataclass(frozen=True, slots=True)
class Stock:
    """One kind: what is in stock, what came in; `low`: below that it is time to order. `bags` are
    those of this kind."""

    kind: str
    stock: int
    received: int
    low: int
    bags: tuple[Bag, ...]

    @property
    def handed_out(self) -> int:
        """At doors and at sessions."""
        return sum(bag.at_doors + bag.in_sessions for bag in self.bags)

    @property
    def in_bags(self) -> int:
        """As far as there is anything in them."""
        return sum(max(0, bag.left) for bag in self.bags)

    @property
    def unexplained(self) -> int:
        """Handed out, and not known to have been taken."""
        return sum(max(0, -bag.left) for bag in self.bags)

    @property
    def stock_missing(self) -> int:
        """More went out of stock than is known to have come in."""
        return max(0, -self.stock)

    @property
    def running_out(self) -> bool:
        """Time to order."""
        return self.stock < self.low


@dataclass(frozen=True, slots=True)
class Ledger:
    """Kind by kind, the general one first; all bags; the latest movements with the names of whose
    bag and of who noted them."""

    kinds: tuple[Stock, ...]
    bags: tuple[Bag, ...]
    moves: tuple[tuple[LeafletMove, str, str], ...]

    def total(self, name: str) -> int:
        """One of a kind's figures over all kinds; what is missing of one is not made up for by
        another."""
        return sum(getattr(one, name) for one in self.kinds)


def ledger(session: Session, community_id: int) -> Ledger:
    """All of it; as many statements for a large community as for a small one."""
    entered = {kind.id: kind for kind in kinds_of(session, community_id)}
    flows = _flows(session, community_id)
    kept = session.scalars(select(LeafletBag).where(LeafletBag.community_id == community_id)).all()
    moves = _moves(session, community_id)
    named = {bag.member_id for bag in kept} | {m.member_id for m in moves} | {m.by for m in moves}
    names = names_of(session, community_id, {one for one in named if one})
    found = [
        Bag(
            row.member_id,
            names.get(row.member_id, ""),
            row.kind,
            row.into,
            row.out,
            row.at_doors,
            row.in_sessions,
        )
        for row in kept
        if row.into or row.out or row.at_doors or row.in_sessions
    ]
    used = {flow.kind for flow in flows} | {bag.kind for bag in found}
    order = [
        GENERAL,
        *(kind for kind in entered if kind != GENERAL),
        *sorted(used - entered.keys()),
    ]
    stocks = []
    for kind in dict.fromkeys(order):
        into = [flow for flow in flows if flow.kind == kind and flow.target == "stock"]
        out = [flow for flow in flows if flow.kind == kind and flow.source == "stock"]
        stocks.append(
            Stock(
                kind,
                sum(flow.leaflets for flow in into) - sum(flow.leaflets for flow in out),
                sum(flow.leaflets for flow in into if flow.source == "outside"),
                entered[kind].low if kind in entered else 0,
                tuple(bag for bag in found if bag.kind == kind),
            )
        )
    return Ledger(
        tuple(stocks),
        tuple(sorted(found, key=lambda bag: (bag.left >= 0, bag.name, bag.kind))),
        tuple((m, names.get(m.member_id or "", ""), names.get(m.by or "", "")) for m in moves),
    )


def note(
    session: Session,
    who: ActingMember,
    what: str,
    count: int,
    member_id: str | None,
    why: str,
    *,
    once: str,
    now: int,
    kind: str = GENERAL,
) -> None:
    """The desk notes a movement; `once` is an id: sending it twice notes it once.

    Problem `invalid` with the field count, what, kind, member or note; NotFound for another
    community's member.
    """
    if what not in ENDS:
        raise Problem("invalid", field="what")
    if not 0 < count <= MOST:
        raise Problem("invalid", field="count")
    numbers = sequence.draw(session, who.community_id)
    if kind != GENERAL and session.get(LeafletKind, (who.community_id, kind)) is None:
        raise Problem("invalid", field="kind")
    source, target = ENDS[what]
    whose = member_id if "bag" in (source, target) else None
    if "bag" in (source, target) and not whose:
        raise Problem("invalid", field="member")
    if whose and (not is_id(whose) or session.get(Member, (who.community_id, whose)) is None):
        raise NotFound("member_unknown")
    reason = " ".join(why.split())[:200]
    if what in REASONED and not reason:
        raise Problem("invalid", field="note")
    move_id = once if is_id(once) else new_id()
    if session.get(LeafletMove, (who.community_id, move_id)) is not None:
        return
    session.add(
        LeafletMove(
            community_id=who.community_id,
            id=move_id,
            moment=now,
            source=source,
            target=target,
            kind=kind,
            count=count,
            member_id=whose,
            by=who.member_id,
            note=reason,
            taken_back=False,
        )
    )
    if whose:
        column = "into" if target == "bag" else "out"
        bags.write(session, numbers, who.community_id, {(whose, kind, column): count})
    audit.note(session, who.community_id, who, f"leaflets_{what}", whose, now=now, count=count)


class _Flow(NamedTuple):
    """What went this way in all."""

    source: str
    target: str
    kind: str
    leaflets: int


def _flows(session: Session, community_id: int) -> list[_Flow]:
    ends = (LeafletMove.source, LeafletMove.target, LeafletMove.kind)
    statement = (
        select(*ends, func.sum(LeafletMove.count))
        .where(LeafletMove.community_id == community_id, LeafletMove.taken_back.is_(False))
        .group_by(*ends)
    )
    return [_Flow(row[0], row[1], row[2], int(row[3])) for row in session.execute(statement)]


def _moves(session: Session, community_id: int) -> Sequence[LeafletMove]:
    statement = (
        select(LeafletMove)
        .where(LeafletMove.community_id == community_id)
        .order_by(LeafletMove.moment.desc(), LeafletMove.id.desc())
        .limit(SHOWN)
    )
    return session.scalars(statement).all()
