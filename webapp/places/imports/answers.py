"""What came of an import, as the commands and pages say it."""

from __future__ import annotations

from typing import Any

from webapp.places.imports.engine import Count, Outcome
from webapp.places.imports.findings import Finding, Unreadable, gathered, sentence


def answer(outcome: Outcome) -> dict[str, Any]:
    """`{"buildings", "households", "problems", "notices"}` with sentences in the reader's
    language; needs an application context.
    """
    return {
        "buildings": outcome.buildings.as_data(),
        "households": outcome.households.as_data(),
        "problems": [problem(finding) for finding in outcome.problems],
        "notices": [notice(finding) for finding in gathered(outcome.notices)],
    }


def refused(error: Unreadable) -> Outcome:
    """A file of which nothing could be imported, as an outcome with one problem."""
    return Outcome(Count(), Count(), [error.finding], [])


def problem(finding: Finding) -> dict[str, Any]:
    """`row` and `column` are none when the whole file is meant."""
    return {"row": finding.row, "column": finding.column, "message": sentence(finding)}


def notice(finding: Finding) -> dict[str, Any]:
    """A notice says its `code` and `count`, too: programs tell kinds apart by them."""
    return {
        "code": finding.code,
        "row": finding.row,
        "column": finding.column,
        "count": finding.params.get("count", 1),
        "message": sentence(finding),
    }
