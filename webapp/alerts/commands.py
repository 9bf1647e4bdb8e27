"""`flask alerts …`."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from webapp.accounts.models import Community
from webapp.alerts.keeping_commands import check, keeping, repair
from webapp.alerts.statistics.figures import AMOUNTS, Figures
from webapp.alerts.statistics.names import group_name
from webapp.alerts.statistics.period import Month, read_month
from webapp.alerts.statistics.report import Report, report
from webapp.core import clock, db
from webapp.core.cli import as_json, emit, explained
from webapp.core.errors import NotFound, Problem


@click.group("alerts")
def alerts() -> None:
    """Warnings about residents, and what became of them."""


@alerts.command("stats")
@click.option("--community", "community_id", type=int, required=True)
@click.option("--from", "first", help="First month, as 2026-06; else the first alert's.")
@click.option("--to", "last", help="Last month; else this one.")
@as_json
@with_appcontext
@explained
def stats(community_id: int, first: str | None, last: str | None, as_json: bool) -> None:
    """Figures and the nine buckets; rates in basis points, money in fen."""
    with db.reading() as session:
        if session.scalar(select(Community.id).where(Community.id == community_id)) is None:
            raise NotFound("community_unknown")
        view = report(session, community_id, clock.now(), _month(first), _month(last))
    emit(_answer(view), as_json)


alerts.add_command(check)
alerts.add_command(repair)

COMMANDS: list[click.Command] = [alerts, keeping]


def _month(text: str | None) -> Month | None:
    month = read_month(text)
    if text and month is None:
        raise Problem("month_unknown", month=text)
    return month


def _answer(view: Report) -> dict[str, Any]:
    buckets = [
        {"bucket": code, "label": group_name("bucket", code), "count": found.count}
        for code, found in view.groups["bucket"]
    ]
    return {
        "total": view.total.count,
        "buckets": buckets,
        "from": str(view.period.first),
        "to": str(view.period.last),
        **_figures(view.total),
    }


def _figures(found: Figures) -> dict[str, Any]:
    names = (
        "open", "in_time", "late", "on_time_rate", "measured", "dissuaded", "success_rate",
        "attempts", "door_visits", "at_risk", "remaining", "stop_payments", "stop_payment_amount",
        "cases", "follow_ups_done", "follow_ups_due", "repeats", "cheated_again",
        "gifts_declined", "thanks",
    )  # fmt: skip
    return {
        **{name: getattr(found, name) for name in names},
        "outcomes": dict(found.outcomes),
        **{kind: found.amount(kind) for kind in AMOUNTS},
    }
