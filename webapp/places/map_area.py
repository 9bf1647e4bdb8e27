"""The part of the map that a phone gets: the buildings that its member walks, and those around.

Outlines, names and places only; what is known of doors comes through sync, for own buildings.
"""

from __future__ import annotations

from math import cos, radians
from typing import Any
from zlib import crc32

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from webapp.accounts.actor import ActingMember
from webapp.core.map_settings import MapSettings
from webapp.places import shapes
from webapp.places.map_wire import MapAnswer, MapBase, MapBuilding, MapTiles
from webapp.places.models import STANDS, Assignment, Building

AROUND = 300
"""Metres of surroundings."""
MOST = 3_000
"""Buildings; the nearest to the middle stay."""
BASE_URL = "/api/v1/map/base.pmtiles"
_METRES = 111_320


def area(session: Session, who: ActingMember, settings: MapSettings, known: str = "") -> MapAnswer:
    """What the member's map shows; `known` is the version that the phone has already."""
    rows = _rows(session, who)
    answer = MapAnswer(
        version="",
        buildings=[building(row) for row in rows],
        attribution=attributions(row.attribution for row in rows),
    )
    tell_base(answer, settings)
    answer.version = f"{crc32(msgspec.json.encode(answer)):08x}"
    return MapAnswer(version=answer.version, same=True) if answer.version == known else answer


def building(row: Any) -> MapBuilding:
    """A placed row as maps get it."""
    return MapBuilding(
        id=row.id,
        name=row.name,
        at=[shapes.micro(row.lon), shapes.micro(row.lat)],
        compound=row.compound,
        outline=shapes.rings(row.outline, row.lat, row.lon) or msgspec.UNSET,
    )


def attributions(said: Any) -> list[str]:
    """Whose data it is, each once, in the order of first mention."""
    return list(dict.fromkeys(line for text in said for line in text.split("\n") if line))


def tell_base(answer: MapAnswer, settings: MapSettings) -> None:
    """What lies under the buildings."""
    if settings.tiles is not None:
        tiles = settings.tiles
        answer.tiles = MapTiles(
            tiles.url, tiles.attribution, tiles.crs, list(tiles.subdomains), tiles.max_zoom
        )
    if settings.base is not None:
        base, archive = settings.base, settings.base.archive
        answer.base = MapBase(
            BASE_URL, base.attribution, base.crs, archive.min_zoom, archive.max_zoom,
            archive.version, base.offline_mb * 1_000_000,
        )  # fmt: skip


_COLUMNS = (
    Building.id,
    Building.name,
    Building.compound,
    Building.lat,
    Building.lon,
    Building.outline,
    Building.attribution,
)


def _rows(session: Session, who: ActingMember) -> list[Any]:
    """Own buildings with what is around them; for who walks none yet, the whole community."""
    placed = select(*_COLUMNS).where(
        Building.community_id == who.community_id,
        Building.practice.is_(False),
        Building.lat.is_not(None),
        Building.lon.is_not(None),
        STANDS,
    )
    own = select(Assignment.building_id).where(
        Assignment.community_id == who.community_id,
        Assignment.member_id == who.member_id,
        Assignment.ended_at.is_(None),
    )
    mine = list(session.execute(placed.where(Building.id.in_(own))).all())
    others = placed.where(Building.id.not_in(own))
    if mine:
        others = others.where(*_around(mine))
    found = session.execute(others.order_by(Building.id).limit(2 * MOST)).all()
    return sorted([*mine, *_nearest(list(found), mine)], key=lambda row: str(row.id))


def _around(mine: list[Any]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The box around own buildings, and a little more."""
    south, north = min(row.lat for row in mine), max(row.lat for row in mine)
    west, east = min(row.lon for row in mine), max(row.lon for row in mine)
    high = AROUND / _METRES
    wide = high / max(0.01, cos(radians((south + north) / 2)))
    return (
        Building.lat.between(south - high, north + high),
        Building.lon.between(west - wide, east + wide),
    )


def _nearest(rows: list[Any], mine: list[Any]) -> list[Any]:
    """As many as fit, the nearest to the middle of the own ones."""
    room = max(0, MOST - len(mine))
    if len(rows) <= room:
        return rows
    middle = mine or rows
    lat = sum(row.lat for row in middle) / len(middle)
    lon = sum(row.lon for row in middle) / len(middle)
    return sorted(rows, key=lambda row: abs(row.lat - lat) + abs(row.lon - lon))[:room]
