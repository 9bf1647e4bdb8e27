"""The demo's plans: from this month to the end of the year, for the community and who walks."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.core import clock
from webapp.demo import names
from webapp.plans.actions import Wanted, make
from webapp.plans.spread import EVERY_DAY, MONTHS, by_months, working_days

COMMUNITY = {"homes": 900, "leaflets": 1_200, "installed": 800}
A_DAY = {"homes": 40, "leaflets": 40, "installed": 15}
"""For each volunteer."""


def enter(session: Session, who: ActingMember, volunteers: Sequence[str], *, now: int) -> None:
    """Made by the coordinator as the form makes them."""
    day = clock.day_of(now, who.timezone)

    def plan(scope: str, whose: str, measure: str, months: list[int]) -> None:
        campaign = names.CAMPAIGN if scope == "community" else ""
        wanted = Wanted(day.year, scope, whose, measure, months, day.month, EVERY_DAY, campaign)
        make(session, who, wanted, now=now)

    for measure, target in COMMUNITY.items():
        plan("community", "", measure, by_months(target, day.year, EVERY_DAY, day.month))
    days = [
        working_days(day.year, month, EVERY_DAY) if month >= day.month else 0
        for month in range(1, MONTHS + 1)
    ]
    for member in volunteers:
        for measure, n in A_DAY.items():
            plan("member", member, measure, [n * d for d in days])
