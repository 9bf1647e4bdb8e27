"""What is where, from the movements and from what was handed out; and the desk's own movements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Member, Person
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
    doors = _sums(session, MemberDay.member_id, MemberDay.leaflets, community_id)
    sessions = _sums(session, TrainingSession.member_id, TrainingSession.leaflets, community_id)
    names = _names(session, community_id)
    bags = [
        Bag(
            member,
            name,
            flows.get(("target", "bag", member), 0),
            flows.get(("source", "bag", member), 0),
            doors.get(member, 0),
            sessions.get(member, 0),
        )
        for member, name in names.items()
    ]
    shown = [bag for bag in bags if bag.into or bag.out or bag.at_doors or bag.in_sessions]
    into = sum(count for (end, place, _m), count in flows.items() if (end, place) == _INTO)
    out = sum(count for (end, place, _m), count in flows.items() if (end, place) == _OUT_OF)
    return Ledger(
        into - out,
        _received(session, community_id),
        tuple(sorted(shown, key=lambda bag: (bag.left >= 0, bag.name))),
        tuple(_moves(session, community_id, names)),
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


_INTO, _OUT_OF = ("target", "stock"), ("source", "stock")


def _flows(session: Session, community_id: int) -> dict[tuple[str, str, str | None], int]:
    """(which end, place, member) → leaflets."""
    found: dict[tuple[str, str, str | None], int] = {}
    for name, column in (("source", LeafletMove.source), ("target", LeafletMove.target)):
        statement = (
            select(column, LeafletMove.member_id, func.sum(LeafletMove.count))
            .where(LeafletMove.community_id == community_id, LeafletMove.taken_back.is_(False))
            .group_by(column, LeafletMove.member_id)
        )
        for place, member, count in session.execute(statement):
            found[name, place, member] = int(count)
    return found


def _received(session: Session, community_id: int) -> int:
    statement = select(func.sum(LeafletMove.count)).where(
        LeafletMove.community_id == community_id,
        LeafletMove.source == "outside",
        LeafletMove.target == "stock",
        LeafletMove.taken_back.is_(False),
    )
    return int(session.scalar(statement) or 0)


def _sums(session: Session, member: object, column: object, community_id: int) -> dict[str, int]:
    table = member.class_  # type: ignore[attr-defined]
    statement = (
        select(member, func.sum(column))  # type: ignore[call-overload]
        .where(table.community_id == community_id)
        .group_by(member)
    )
    if table is TrainingSession:
        statement = statement.where(TrainingSession.taken_back.is_(False))
    return {row[0]: int(row[1] or 0) for row in session.execute(statement)}


def _names(session: Session, community_id: int) -> dict[str, str]:
    statement = select(Member.id, Person.name).where(
        Member.community_id == community_id, Person.id == Member.person_id
    )
    return {row[0]: row[1] for row in session.execute(statement)}


def _moves(
    session: Session, community_id: int, names: dict[str, str]
) -> Sequence[tuple[LeafletMove, str, str]]:
    statement = (
        select(LeafletMove)
        .where(LeafletMove.community_id == community_id)
        .order_by(LeafletMove.moment.desc(), LeafletMove.id.desc())
        .limit(SHOWN)
    )
    return [
        (move, names.get(move.member_id or "", ""), names.get(move.by or "", ""))
        for move in session.scalars(statement)
    ]
