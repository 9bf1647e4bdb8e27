"""What is where, from the movements and from what was handed out; and the desk's own movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Member
from webapp.accounts.queries import names_of
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import is_id, new_id
from webapp.coverage.models import MemberDay
from webapp.leaflets.models import LeafletMove
from webapp.leaflets.operations import MOST
from webapp.sessions.models import TrainingSession

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
    """What went into a volunteer's bag and out of it. `left` below zero: more was handed out than
    is known to have been taken."""

    member_id: str
    name: str
    into: int
    out: int
    at_doors: int
    in_sessions: int

    @property
    def left(self) -> int:
        """What must be in it."""
        return self.into - self.out - self.at_doors - self.in_sessions


@dataclass(frozen=True, slots=True)
class Ledger:
    """Stock, bags, the latest movements with the names of whose bag and of who noted them."""

    stock: int
    received: int
    bags: tuple[Bag, ...]
    moves: tuple[tuple[LeafletMove, str, str], ...]

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


def ledger(session: Session, community_id: int) -> Ledger:
    """All of it; as many statements for a large community as for a small one."""
    flows = _flows(session, community_id)
    doors = _by_member(session, _AT_DOORS.where(MemberDay.community_id == community_id))
    sessions = _by_member(session, _IN_SESSIONS.where(TrainingSession.community_id == community_id))
    moves = _moves(session, community_id)
    whose = {flow.member for flow in flows} | doors.keys() | sessions.keys()
    named = whose | {move.member_id for move in moves} | {move.by for move in moves}
    names = names_of(session, community_id, {one for one in named if one})
    bags = [
        Bag(
            member,
            names.get(member, ""),
            sum(flow.leaflets for flow in flows if flow.member == member and flow.target == "bag"),
            sum(flow.leaflets for flow in flows if flow.member == member and flow.source == "bag"),
            doors.get(member, 0),
            sessions.get(member, 0),
        )
        for member in whose
        if member
    ]
    shown = [bag for bag in bags if bag.into or bag.out or bag.at_doors or bag.in_sessions]
    into = [flow for flow in flows if flow.target == "stock"]
    return Ledger(
        sum(flow.leaflets for flow in into)
        - sum(flow.leaflets for flow in flows if flow.source == "stock"),
        sum(flow.leaflets for flow in into if flow.source == "outside"),
        tuple(sorted(shown, key=lambda bag: (bag.left >= 0, bag.name))),
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
) -> None:
    """The desk notes a movement; `once` is an id: sending it twice notes it once.

    Problem `invalid` with the field count, what, member or note; NotFound for another's member.
    """
    if what not in ENDS:
        raise Problem("invalid", field="what")
    if not 0 < count <= MOST:
        raise Problem("invalid", field="count")
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
            count=count,
            member_id=whose,
            by=who.member_id,
            note=reason,
            taken_back=False,
        )
    )
    audit.note(session, who.community_id, who, f"leaflets_{what}", whose, now=now, count=count)


class _Flow(NamedTuple):
    """What went this way in all; `member`: into or out of whose bag."""

    source: str
    target: str
    member: str | None
    leaflets: int


def _flows(session: Session, community_id: int) -> list[_Flow]:
    ends = (LeafletMove.source, LeafletMove.target, LeafletMove.member_id)
    statement = (
        select(*ends, func.sum(LeafletMove.count))
        .where(LeafletMove.community_id == community_id, LeafletMove.taken_back.is_(False))
        .group_by(*ends)
    )
    return [_Flow(row[0], row[1], row[2], int(row[3])) for row in session.execute(statement)]


_AT_DOORS = select(MemberDay.member_id, func.sum(MemberDay.leaflets)).group_by(MemberDay.member_id)
_IN_SESSIONS = (
    select(TrainingSession.member_id, func.sum(TrainingSession.leaflets))
    .where(TrainingSession.taken_back.is_(False))
    .group_by(TrainingSession.member_id)
)


def _by_member(session: Session, statement: Select[str, int]) -> dict[str, int]:
    return {member: int(count) for member, count in session.execute(statement)}


def _moves(session: Session, community_id: int) -> Sequence[LeafletMove]:
    statement = (
        select(LeafletMove)
        .where(LeafletMove.community_id == community_id)
        .order_by(LeafletMove.moment.desc(), LeafletMove.id.desc())
        .limit(SHOWN)
    )
    return session.scalars(statement).all()
