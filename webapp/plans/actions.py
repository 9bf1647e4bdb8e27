"""Making and withdrawing plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Member
from webapp.core.errors import NotFound, Problem
from webapp.core.forms import whole
from webapp.core.ids import derived_id
from webapp.places.models import STANDS, Building
from webapp.plans.models import Plan
from webapp.plans.progress import MEASURES
from webapp.plans.spread import MONTHS, by_months

DIGITS = 7
CAMPAIGN = 60
AHEAD = 1
"""How many years ahead a plan can be made."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, checked as far as it can be without the database."""

    year: int
    scope: str
    who: str
    measure: str
    months: list[int]
    first: int
    weekdays: int
    campaign: str


def read(values: Mapping[str, str], weekdays: list[str], this_year: int, month: int) -> Wanted:
    """A form's fields: `for` is community, grid:<name> or member:<id>; either `target`, spread from
    the month `first` on, or `m1` … `m12`. `month`: the present one.

    Problem `invalid` with the field when something is wrong; with `sum` when the months add up to
    something other than the target.
    """
    year = whole(values.get("year", ""), 4)
    if year is None or not this_year <= year <= this_year + AHEAD:
        raise Problem("invalid", field="year")
    scope, _, who = values.get("for", "").partition(":")
    if scope not in ("community", "grid", "member") or bool(who) == (scope == "community"):
        raise Problem("invalid", field="for")
    if values.get("measure") not in MEASURES:
        raise Problem("invalid", field="measure")
    bits = [whole(day, 1) for day in weekdays]
    days = sum(1 << day for day in {bit for bit in bits if bit is not None and bit < 7})
    if not days:
        raise Problem("invalid", field="weekdays")
    campaign = " ".join(values.get("campaign", "").split())
    if len(campaign) > CAMPAIGN or not campaign.isprintable():
        raise Problem("invalid", field="campaign")
    months, first = _months(values, year, days, month if year == this_year else 1)
    return Wanted(year, scope, who, values["measure"], months, first, days, campaign)


def _months(
    values: Mapping[str, str], year: int, weekdays: int, month: int
) -> tuple[list[int], int]:
    """The twelve numbers, and the first month that counts."""
    typed = [values.get(f"m{n}", "").strip() for n in range(1, MONTHS + 1)]
    target = values.get("target", "").strip()
    total = whole(target, DIGITS)
    if target and not total:
        raise Problem("invalid", field="target")
    if not any(typed):
        if not total:
            raise Problem("invalid", field="target")
        first = whole(values.get("first", "") or str(month), 2)
        if first is None or not 1 <= first <= MONTHS:
            raise Problem("invalid", field="first")
        return by_months(total, year, weekdays, first), first
    found = [whole(text or "0", DIGITS) for text in typed]
    months = [number for number in found if number is not None]
    if len(months) < MONTHS:
        raise Problem("invalid", field="months", month=found.index(None) + 1)
    if not 0 < sum(months) < 10**DIGITS:
        raise Problem("invalid", field="target")
    if total is not None and total != sum(months):
        raise Problem("invalid", field="sum", sum=sum(months), target=total)
    return months, next(n for n, number in enumerate(months, 1) if number)


def plan_id(community_id: int, year: int, scope: str, who: str, measure: str) -> str:
    """There is one plan of each."""
    return derived_id(f"plan {community_id} {year} {scope} {measure} {who}")


def make(session: Session, who: ActingMember, wanted: Wanted, *, now: int) -> None:
    """Make a plan, or change the one that there is. NotFound for a grid or a person who is not
    there."""
    seq = next(sequence.draw(session, who.community_id))
    _there(session, who.community_id, wanted)
    of = plan_id(who.community_id, wanted.year, wanted.scope, wanted.who, wanted.measure)
    plan = session.get(Plan, (who.community_id, of))
    if plan is None:
        plan = Plan(
            community_id=who.community_id,
            id=of,
            year=wanted.year,
            scope=wanted.scope,
            who=wanted.who,
            measure=wanted.measure,
        )
        session.add(plan)
    plan.months, plan.first = wanted.months, wanted.first
    plan.weekdays, plan.campaign = wanted.weekdays, wanted.campaign
    plan.made_at, plan.made_by, plan.seq = now, who.member_id, seq
    _note(session, who, "plan", plan, now)


def withdraw(session: Session, who: ActingMember, plan_of: str, *, now: int) -> None:
    """It is a plan of nothing from now on. NotFound when there is none."""
    seq = next(sequence.draw(session, who.community_id))
    plan = session.get(Plan, (who.community_id, plan_of))
    if plan is None:
        raise NotFound
    _note(session, who, "plan_withdrawn", plan, now)
    plan.months, plan.made_at, plan.made_by, plan.seq = [0] * MONTHS, now, who.member_id, seq


def _note(session: Session, who: ActingMember, act: str, plan: Plan, now: int) -> None:
    audit.note(
        session,
        who.community_id,
        who,
        act,
        f"{plan.scope} {plan.who}".strip(),
        now=now,
        year=plan.year,
        measure=plan.measure,
        target=plan.target,
    )


def _there(session: Session, community_id: int, wanted: Wanted) -> None:
    if wanted.scope == "grid":
        statement = select(Building.id).where(
            Building.community_id == community_id, Building.grid == wanted.who, STANDS
        )
        if session.scalar(statement.limit(1)) is None:
            raise NotFound
    if wanted.scope == "member":
        member = session.scalar(
            select(Member.status).where(
                Member.community_id == community_id, Member.id == wanted.who
            )
        )
        if member != "active":
            raise NotFound
