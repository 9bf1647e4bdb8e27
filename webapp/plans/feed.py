"""The member's own plans, and the campaigns of all, for phones."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.operations.registry import Reader, Row
from webapp.plans.models import Plan
from webapp.plans.wire import CampaignRow, PlanRow


def plan_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's own bucket: their plans that changed after `since`."""
    statement = select(Plan).where(
        Plan.community_id == reader.community_id,
        Plan.who == reader.member_id,
        Plan.scope == "member",
        Plan.seq > since,
    )
    for plan in session.scalars(statement):
        row = PlanRow(
            id=plan.id,
            year=plan.year,
            measure=plan.measure,
            months=plan.months,
            weekdays=plan.weekdays,
            campaign=plan.campaign,
        )
        yield plan.seq, msgspec.json.encode(row)


def campaign_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The community's bucket: campaigns whose plan changed after `since`."""
    statement = select(Plan).where(
        Plan.community_id == reader.community_id, Plan.scope != "member", Plan.seq > since
    )
    for plan in session.scalars(statement):
        name = plan.campaign if plan.target else ""
        if name or since >= 0:
            yield plan.seq, msgspec.json.encode(CampaignRow(id=plan.id, year=plan.year, name=name))
