"""The overview as a file: CSV that spreadsheets open in the right encoding, and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson
from flask import Blueprint, Response, request

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, tables
from webapp.core.i18n import _
from webapp.core.tables import Cell
from webapp.coverage import queries
from webapp.coverage.map import map_features
from webapp.coverage.pages import read_filter
from webapp.coverage.queries import Row
from webapp.coverage.tally import Tally, total

bp = Blueprint("coverage_export", __name__)
HEADS = (
    "name",
    "compound",
    "grid",
    "households",
    "vacant",
    "occupied",
    "knocked",
    "reached",
    "installed",
    "no_smartphone",
    "refused",
    "leaflets",
    "knocked_rate",
    "publicity_rate",
    "app_rate",
    "app_rate_smartphone",
    "last_at",
)


@bp.get("/coverage/export.csv")
@allow("coordinator")
def as_csv() -> Response:
    """As text, for any spreadsheet."""
    return tables.download("csv", _("coverage.title"), _lines(), _name())


@bp.get("/coverage/export.xlsx")
@allow("coordinator")
def as_xlsx() -> Response:
    """The same as a workbook with one sheet."""
    return tables.download("xlsx", _("coverage.title"), _lines(), _name())


@bp.get("/coverage/export.geojson")
@allow("coordinator")
def as_geojson() -> Response:
    """All buildings that are on the map, for other maps: outlines or points in WGS-84."""
    with db.reading() as session:
        found = map_features(session, access.member().community_id)
    return tables.as_download(orjson.dumps(found), "application/geo+json", f"{_name()}.geojson")


def _lines() -> Iterator[list[Cell]]:
    """Head, one line per building that the page's filter finds, and the total."""
    who = access.member()
    with db.reading() as session:
        found = queries.rows(session, who.community_id, read_filter(request.args), limit=None)
    return table(found, who.timezone)


def table(found: Iterable[Row], timezone: str) -> Iterator[list[Cell]]:
    """The file's lines; rates in percent with two decimals, rounded down."""
    rows = list(found)
    yield [_(f"coverage.export.{head}") for head in HEADS]
    for row in rows:
        when = clock.local(row.last_at, timezone) if row.last_at is not None else None
        labels: list[Cell] = [row.name, row.compound, row.grid]
        yield [*labels, *_figures(row.tally), f"{when:%Y-%m-%d %H:%M}" if when else None]
    everything = total(row.tally for row in rows)
    yield [_("coverage.total"), None, None, *_figures(everything), None]


def _figures(tally: Tally) -> list[Cell]:
    counts = [getattr(tally, head) for head in HEADS[3:12]]
    return [*counts, *(_percent(getattr(tally, head)) for head in HEADS[12:16])]


def _percent(points: int | None) -> float | None:
    return None if points is None else points / 100


def _name() -> str:
    return f"coverage-{clock.day_of(clock.now(), access.member().timezone)}"
