"""What the desk notes of a month: the police's number of cases, and what comes next."""

from __future__ import annotations

from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import Actor
from webapp.alerts.fields import refuse_card, wrong
from webapp.alerts.models import AlertMonth
from webapp.alerts.statistics.period import Month
from webapp.core import db
from webapp.core.forms import whole
from webapp.operations.decode import plain

MOST_CASES = 100_000
LONGEST_PLAN = 1_000


def note_month(
    session: Session,
    community_id: int,
    month: Month,
    *,
    cases: str,
    plan: str,
    who: Actor,
    now: int,
) -> None:
    """Write them down as they were typed; an empty number takes the earlier one back.

    Problem `cases_number` or `text_long` with the field, `card_typed`.
    """
    number = _number(cases.strip())
    plan = plan.strip()
    if len(plan) > LONGEST_PLAN or not plain(plan):
        raise wrong("text_long", "plan", most=LONGEST_PLAN)
    refuse_card(plan, "plan")
    row = {"community_id": community_id, "month": str(month), "cases": number, "plan": plan}
    db.upsert(session, AlertMonth, [row], keys=["community_id", "month"], columns=["cases", "plan"])
    audit.note(session, community_id, who, "alert_month", month, now=now, cases=number)


def _number(text: str) -> int | None:
    if not text:
        return None
    number = whole(text, 9)
    if number is None or number > MOST_CASES:
        raise wrong("cases_number", "cases", most=MOST_CASES)
    return number
