"""The roll-up of supervisors: sums per community and region, from one counter row a community."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.core.errors import NotFound, Problem
from webapp.coverage import queries
from webapp.coverage.models import COUNTS, CommunityDay
from webapp.coverage.queries import Filter, Row
from webapp.coverage.tally import Tally, total

SEPARATOR = "/"


@dataclass(frozen=True, slots=True)
class Line:
    """A region below the one shown (`path` set), or a community in it (`community_id` set)."""

    name: str
    path: str | None
    community_id: int | None
    communities: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Regions:
    """What the page shows; `steps` lead back to the top of what this person may see."""

    path: str
    steps: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    communities: int
    tally: Tally


def regions(session: Session, own: str, asked: str) -> Regions:
    """Everything under `asked`, or under the person's own region when nothing is asked for.

    Raises Problem 403 for a path outside of the own region; "" is the whole installation.
    """
    path = asked.strip(SEPARATOR) or own
    if not _inside(path, own):
        raise Problem("forbidden", status=403)
    found = _communities(session, path)
    return Regions(
        path=path,
        steps=tuple(_steps(own, path)),
        lines=tuple(_lines(found, path)),
        communities=len(found),
        tally=total(counts for _id, _name, _region, counts in found),
    )


@dataclass(frozen=True, slots=True)
class Inside:
    """A community's buildings as a supervisor sees them: counters, never a door."""

    community: Community
    steps: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    buildings: int
    tally: Tally
    page: int
    pages: int


def inside(session: Session, own: str, community_id: int, page: int) -> Inside:
    """A page of a community's buildings. Raises NotFound when it is not under the person's own
    region: whether it exists is not told."""
    community = session.get(Community, community_id)
    if community is None or not _inside(community.region, own):
        raise NotFound
    buildings = sum(count for _c, _g, count in queries.labels(session, community_id))
    pages = max(1, -(-buildings // queries.PAGE))
    page = min(max(page, 1), pages)
    return Inside(
        community=community,
        steps=tuple(_steps(own, community.region)),
        rows=tuple(queries.rows(session, community_id, Filter(sort="name", page=page))),
        buildings=buildings,
        tally=queries.everything(session, community_id, buildings).tally,
        page=page,
        pages=pages,
    )


def _inside(path: str, own: str) -> bool:
    return not own or path == own or path.startswith(own + SEPARATOR)


def _communities(session: Session, path: str) -> list[tuple[int, str, str, Tally]]:
    """Id, name, region and latest counts; CommunityDay's latest row is the present sum."""
    latest = (
        select(CommunityDay.community_id, func.max(CommunityDay.day).label("day"))
        .group_by(CommunityDay.community_id)
        .subquery()
    )
    statement = (
        select(
            Community.id,
            Community.name,
            Community.region,
            *(func.coalesce(getattr(CommunityDay, name), 0) for name in COUNTS),
        )
        .outerjoin(latest, latest.c.community_id == Community.id)
        .outerjoin(
            CommunityDay,
            (CommunityDay.community_id == Community.id) & (CommunityDay.day == latest.c.day),
        )
        .where(_under(path))
        .order_by(Community.region, Community.name)
    )
    return [(*row[:3], Tally(*row[3:])) for row in session.execute(statement)]


def _under(path: str) -> ColumnElement[bool]:
    if not path:
        return true()
    return or_(
        Community.region == path, Community.region.startswith(path + SEPARATOR, autoescape=True)
    )


def _lines(found: list[tuple[int, str, str, Tally]], path: str) -> list[Line]:
    """Regions one step below, summed; communities that lie directly in this one by themselves."""
    below: dict[str, list[Tally]] = {}
    here: list[Line] = []
    for community_id, name, region, counts in found:
        rest = region[len(path) :].strip(SEPARATOR) if path else region
        if rest:
            below.setdefault(rest.split(SEPARATOR)[0], []).append(counts)
        else:
            here.append(Line(name, None, community_id, 1, counts))
    prefix = path + SEPARATOR if path else ""
    return [
        *(
            Line(name, prefix + name, None, len(tallies), total(tallies))
            for name, tallies in sorted(below.items())
        ),
        *here,
    ]


def _steps(own: str, path: str) -> list[tuple[str, str]]:
    """(name, path) of each region from the person's own down to the one shown."""
    parts = path.split(SEPARATOR) if path else []
    first = len(own.split(SEPARATOR)) if own else 1
    return [(parts[n - 1], SEPARATOR.join(parts[:n])) for n in range(first, len(parts) + 1)]
