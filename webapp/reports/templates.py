"""Templates of departments: choose once, take away again with one click."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import ActingMember
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.reports.columns import GROUPS, chosen
from webapp.reports.models import ReportTemplate
from webapp.reports.period import KINDS

MOST = 50
LONGEST = 60


def all_of(session: Session, community_id: int) -> Sequence[ReportTemplate]:
    """By name."""
    statement = select(ReportTemplate).where(ReportTemplate.community_id == community_id)
    return session.scalars(statement.order_by(ReportTemplate.name)).all()


def one(session: Session, community_id: int, template_id: str) -> ReportTemplate:
    """NotFound `report_template_unknown`."""
    found = session.get(ReportTemplate, (community_id, template_id))
    if found is None:
        raise NotFound("report_template_unknown")
    return found


def save(
    session: Session,
    who: ActingMember,
    name: str,
    group: str,
    period: str,
    columns: Sequence[str],
    heads: Mapping[str, str],
    *,
    now: int,
) -> ReportTemplate:
    """Keep it under its name; one with the same name is changed.

    Problem `report_name_missing`, `report_too_many`, `invalid` with the field.
    """
    title = " ".join(name.split())[:LONGEST]
    if not title:
        raise Problem("report_name_missing", field="name")
    if group not in GROUPS or period not in KINDS:
        raise Problem("invalid", field="group")
    named = select(ReportTemplate).where(
        ReportTemplate.community_id == who.community_id, ReportTemplate.name == title
    )
    row = session.scalar(named)
    if row is None:
        count = select(func.count()).where(ReportTemplate.community_id == who.community_id)
        if (session.scalar(count) or 0) >= MOST:
            raise Problem("report_too_many", most=MOST)
        row = ReportTemplate(community_id=who.community_id, id=new_id(), name=title)
        session.add(row)
    kept = [column.name for column in chosen(group, columns)]
    row.grouping, row.period, row.columns = group, period, kept
    row.heads = {
        column: " ".join(heads[column].split())[:LONGEST] for column in kept if heads.get(column)
    }
    row.made_at, row.made_by = now, who.member_id
    audit.note(session, who.community_id, who, "report_template", row.id, now=now, name=title)
    return row


def drop(session: Session, who: ActingMember, template_id: str, *, now: int) -> None:
    """Erase it. NotFound `report_template_unknown`."""
    row = one(session, who.community_id, template_id)
    session.delete(row)
    audit.note(
        session, who.community_id, who, "report_template_drop", row.id, now=now, name=row.name
    )
