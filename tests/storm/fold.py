"""The harness's own fold of a door, written from the design's sentences and not from the product.

Slow and plain on purpose: every value is looked up in the ordered list by the sentence that
defines it, nothing is carried from visit to visit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Visit:
    """One live visit; `leaflets` summed over kinds."""

    moment: int
    id: str
    by: str
    outcome: str
    app: str | None
    flags: list[str] | None
    leaflets: int
    follow_up_on: str | None
    note: str | None


def in_order(visits: Sequence[Visit]) -> list[Visit]:
    """By moment, then by id."""
    return sorted(visits, key=lambda visit: (visit.moment, visit.id))


def state(visits: Sequence[Visit]) -> dict[str, Any]:
    """The door's state after these visits, which are in order (design 3.1)."""
    vacancies = [i for i, visit in enumerate(visits) if visit.outcome == "vacant"]
    chapter = visits[vacancies[-1] + 1 :] if vacancies else visits
    answers = [i for i, visit in enumerate(chapter) if visit.outcome != "no_answer"]
    if answers:
        contact: str | None = chapter[answers[-1]].outcome
    elif vacancies:
        contact = "vacant"
    else:
        contact = "no_answer" if chapter else None
    since = chapter[answers[-1] :] if answers else chapter
    apps = [visit.app for visit in chapter if visit.app]
    flags = [visit.flags for visit in chapter if visit.flags is not None]
    dates = [visit.follow_up_on for visit in since if visit.follow_up_on]
    return {
        "knocks": len(visits),
        "leaflets": sum(visit.leaflets for visit in visits),
        "last_at": max((visit.moment for visit in visits), default=None),
        "contact": contact,
        "tries": len(chapter) - (answers[-1] + 1 if answers else 0),
        "reached": any(visit.outcome == "informed" for visit in chapter),
        "app": apps[-1] if apps else None,
        "flags": flags[-1] if flags else None,
        "follow_up_on": dates[-1] if dates else None,
        "closed": bool(vacancies),
    }


def display(folded: dict[str, Any]) -> str:
    """The one state that is shown: the first that applies."""
    contact = folded["contact"]
    if contact == "refused":
        return "refused"
    if folded["follow_up_on"] or contact == "come_back":
        return "follow_up"
    if folded["app"] in ("installed", "helped"):
        return "installed"
    if folded["reached"]:
        return "informed"
    return contact if contact in ("vacant", "no_answer") else "untouched"
