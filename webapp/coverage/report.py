"""Coverage as one JSON object: what the API answers and what `coverage show` prints."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from webapp.coverage import queries
from webapp.coverage.queries import Filter
from webapp.coverage.tally import Tally, total

COUNTED = (
    "households",
    "occupied",
    "vacant",
    "knocked",
    "reached",
    "installed",
    "no_smartphone",
    "refused",
    "leaflets",
)
RATES = ("knocked_rate", "publicity_rate", "app_rate", "app_rate_smartphone")


def report(session: Session, community_id: int) -> dict[str, Any]:
    """`{"totals", "buildings"}`: the counts of design 3.3; rates in basis points or null."""
    rows = queries.rows(session, community_id, Filter(sort="name"), limit=None)
    buildings = [
        {"id": row.id, "name": row.name, "compound": row.compound, "grid": row.grid}
        | figures(row.tally)
        for row in rows
    ]
    return {"totals": figures(total(row.tally for row in rows)), "buildings": buildings}


def figures(tally: Tally) -> dict[str, int | None]:
    """Counts and rates by name."""
    return {name: getattr(tally, name) for name in (*COUNTED, *RATES)}
