"""The overview: all that the page shows, from one snapshot and a constant number of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.core import clock
from webapp.coverage import queries, self_reported, tally
from webapp.coverage.activity import Activity, activity
from webapp.coverage.freshness import Freshness, freshness
from webapp.coverage.queries import PAGE, Filter, Group, Row, Selection
from webapp.coverage.tally import Headline, Tally
from webapp.coverage.trend import Week, weekly
from webapp.sessions import queries as sessions

MOST_CHOICES = 500
Grouping = Literal["building", "compound", "grid"]
GROUPINGS: tuple[Grouping, ...] = ("building", "compound", "grid")


@dataclass(frozen=True, slots=True)
class Line:
    """A compound or a grid in the grouped table."""

    label: str
    buildings: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page shows. `everything` counts the community's buildings, `selection` is what the
    filter finds.

    `self_reported` counts households of the community that said of themselves that they have the
    app; it is part of no rate. `rows` or, when grouped, `lines` are those of the present page;
    `compounds`, `grids` what can be chosen.
    """

    community: Community
    wanted: Filter
    by: Grouping
    everything: int
    selection: Selection
    rows: tuple[Row, ...]
    lines: tuple[Line, ...]
    pages: int
    compounds: tuple[str, ...]
    grids: tuple[str, ...]
    weeks: tuple[Week, ...]
    activity: Activity
    freshness: Freshness
    self_reported: int
    session_leaflets: int

    @property
    def headline(self) -> Headline:
        """The rate that the community is measured by, of what the filter finds."""
        return tally.headline(self.selection.tally, self.community)

    @property
    def other(self) -> Headline:
        """The other rate that has a target."""
        return tally.other(self.selection.tally, self.community)

    @property
    def gained(self) -> Tally | None:
        """What this week brought so far; none when there is no earlier week to compare with."""
        if len(self.weeks) < 2:
            return None
        return self.selection.tally - self.weeks[-2].tally

    def trend(self) -> list[tuple[Week, int | None]]:
        """The headline's rate at the end of each week."""
        return [(week, tally.headline(week.tally, self.community).rate) for week in self.weeks]


def overview(
    session: Session, community_id: int, wanted: Filter, by: Grouping, now: int
) -> Overview:
    """Everything on the page; the page's number is brought into the range there is."""
    community = session.get_one(Community, community_id)
    today = clock.day_of(now, community.timezone)
    wanted = replace(wanted, sort=wanted.sort or community.headline)
    wanted = queries.looked_up(session, community_id, wanted)
    labels = queries.labels(session, community_id)
    buildings = sum(count for _compound, _grid, count in labels)
    summed = by != "building" or wanted.narrows
    found = queries.groups(session, community_id, wanted) if summed else []
    selection = (
        queries.chosen(found) if summed else queries.everything(session, community_id, buildings)
    )
    lines = _lines(found, by, wanted) if by != "building" else []
    pages = max(1, -(-(len(lines) if by != "building" else selection.buildings) // PAGE))
    wanted = replace(wanted, page=min(max(wanted.page, 1), pages))
    return Overview(
        community=community,
        wanted=wanted,
        by=by,
        everything=buildings,
        selection=selection,
        rows=tuple(queries.rows(session, community_id, wanted)) if by == "building" else (),
        lines=tuple(lines[(wanted.page - 1) * PAGE : wanted.page * PAGE]),
        pages=pages,
        compounds=_choices({compound for compound, _grid, _count in labels}),
        grids=_choices({grid for _compound, grid, _count in labels}),
        weeks=tuple(weekly(session, community_id, wanted, today)),
        activity=activity(session, community_id, today),
        freshness=freshness(session, community_id, now),
        self_reported=self_reported.count(session, community_id),
        session_leaflets=sessions.together(sessions.totals(session, community_id)).leaflets,
    )


def _choices(labels: set[str]) -> tuple[str, ...]:
    """Labels to choose from; too many are found by typing instead."""
    named = sorted(labels - {""})
    return tuple(named) if len(named) <= MOST_CHOICES else ()


def _lines(found: list[Group], by: Grouping, wanted: Filter) -> list[Line]:
    merged: dict[str, Line] = {}
    for group in found:
        label = group.compound if by == "compound" else group.grid
        line = merged.get(label, Line(label, 0, Tally()))
        merged[label] = Line(label, line.buildings + group.buildings, line.tally + group.tally)
    lines = sorted(merged.values(), key=lambda line: line.label)
    value = _values().get(wanted.sort)
    if value is None:
        return lines[::-1] if wanted.descending else lines
    known = [line for line in lines if value(line.tally) is not None]
    unknown = [line for line in lines if value(line.tally) is None]
    known.sort(key=lambda line: value(line.tally) or 0, reverse=wanted.descending)
    return known + unknown


def _values() -> dict[str, Callable[[Tally], int | None]]:
    return {
        "households": lambda counts: counts.occupied,
        "knocked": lambda counts: counts.knocked_rate,
        "publicity": lambda counts: counts.publicity_rate,
        "app": lambda counts: counts.app_rate,
        "leaflets": lambda counts: counts.leaflets,
    }
