"""What looked odd, and which doors somebody else asks again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    and_,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.core.db import Base, Id
from webapp.places.models import Building, Household


class DayToLookAt(Base):
    """Somebody's day at whose visits something changed; the worker looks at it and forgets it."""

    __tablename__ = "day_to_look_at"

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id, primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)


class VisitFlag(Base):
    """Something odd in a member's day. Its `id` follows from member, day, rule, building, unit (and
    note): looking again finds the same flag.

    `doors` are households, `floors` theirs; `value` depends on the rule (see `rules.Finding`).
    `status`: open, explained, accepted, rechecked, gone (nothing odd is left). `seen_doors`: those
    that a coordinator knew of when deciding; more of them open it again.
    `explanation_id` is the operation with the member's word, `said` whether there is one in it.
    """

    __tablename__ = "visit_flag"
    __table_args__ = (
        ForeignKeyConstraint(["community_id", "member_id"], ["member.community_id", "member.id"]),
        Index("ix_visit_flag_seq", "community_id", "member_id", "seq"),
        Index("ix_visit_flag_status", "community_id", "status"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    member_id: Mapped[str] = mapped_column(Id)
    day: Mapped[date] = mapped_column(Date)
    rule: Mapped[str] = mapped_column(String(12))
    building_id: Mapped[str | None] = mapped_column(Id)
    unit: Mapped[str] = mapped_column(String(20), default="")
    floors: Mapped[list[int]] = mapped_column(JSON)
    doors: Mapped[list[str]] = mapped_column(JSON)
    value: Mapped[int] = mapped_column(Integer)
    moment: Mapped[int] = mapped_column(BigInteger)
    found_at: Mapped[int] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(String(10), default="open")
    explanation_id: Mapped[str | None] = mapped_column(Id)
    explained_at: Mapped[int | None] = mapped_column(BigInteger)
    decided_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[int | None] = mapped_column(BigInteger)
    seen_doors: Mapped[list[str]] = mapped_column(JSON, default=list)
    seq: Mapped[int] = mapped_column(BigInteger)


class RecheckRound(Base):
    """A random sample: `size` of `population` doors, those whose SHA-256 of "`seed` id" is lowest.

    A door could be drawn if it counted as informed and was last visited from `first` to `last`.
    """

    __tablename__ = "recheck_round"

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    first: Mapped[date] = mapped_column(Date)
    last: Mapped[date] = mapped_column(Date)
    share: Mapped[int] = mapped_column(Integer)
    seed: Mapped[str] = mapped_column(String(40))
    population: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    made_at: Mapped[int] = mapped_column(BigInteger)
    made_by: Mapped[str] = mapped_column(Id)


class Recheck(Base):
    """A door that another member asks: were we here, is the app there?

    Of a `round_id`, or because of a `flag_id`. `of_member` recorded what is checked, `app` whether
    the app counted as installed then. `member_id` is asked now, `asked` are all who ever were.
    `answer`: visited, not_visited, refused; none while nobody was met (`tries` times).
    `found_app`: none when it was not asked.
    """

    __tablename__ = "recheck"
    __table_args__ = (
        ForeignKeyConstraint(
            ["community_id", "household_id"], ["household.community_id", "household.id"]
        ),
        Index("ix_recheck_seq", "community_id", "seq"),
        Index("ix_recheck_household", "community_id", "household_id"),
    )

    community_id: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    household_id: Mapped[str] = mapped_column(Id)
    round_id: Mapped[str | None] = mapped_column(Id)
    flag_id: Mapped[str | None] = mapped_column(Id)
    of_member: Mapped[str] = mapped_column(Id)
    app: Mapped[bool] = mapped_column(Boolean)
    member_id: Mapped[str | None] = mapped_column(Id)
    asked: Mapped[list[str]] = mapped_column(JSON)
    asked_at: Mapped[int] = mapped_column(BigInteger)
    answer: Mapped[str | None] = mapped_column(String(12))
    found_app: Mapped[bool | None] = mapped_column(Boolean)
    answered_by: Mapped[str | None] = mapped_column(Id)
    answered_at: Mapped[int | None] = mapped_column(BigInteger)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)
    seq: Mapped[int] = mapped_column(BigInteger)


AT_DOOR = and_(Household.community_id == Recheck.community_id, Household.id == Recheck.household_id)
OF_DOOR = and_(
    Building.community_id == Household.community_id, Building.id == Household.building_id
)
OF_FLAG = and_(
    Building.community_id == VisitFlag.community_id, Building.id == VisitFlag.building_id
)
"""How a re-check finds its door and that its building, and a flag its building."""
