"""Placing a building: from the map (JSON), and by typed coordinates (a form without script)."""

from __future__ import annotations

import re

from flask import Blueprint, Response, flash, redirect, request
from msgspec import UNSET

from webapp.accounts import access
from webapp.accounts.access import allow
from webapp.core import clock, db, http, ids
from webapp.core.errors import NotFound, Problem
from webapp.core.i18n import _
from webapp.places import placing
from webapp.places.imports import crs
from webapp.places.map_area import building as on_map
from webapp.places.map_wire import LocationAnswer, LocationBefore, LocationRequest
from webapp.places.models import Building
from webapp.places.placing import Find, Placement

bp = Blueprint("location", __name__)
_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，;；\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
LONGEST = 20_000


@bp.post("/api/v1/buildings/<building_id>/location")
@allow("coordinator")
def locate(building_id: str) -> Response:
    """Place, move or draw a building, or take that back."""
    body = http.read_json(LocationRequest)
    before, row = _put(building_id, _wanted(body))
    answer = LocationAnswer(before=LocationBefore(
        before.lat, before.lon, before.outline, before.origin))  # fmt: skip
    if row.lat is not None and row.lon is not None:
        answer.building = on_map(row)
    return http.answer_json(answer)


@bp.post("/buildings/<building_id>/location")
@allow("coordinator")
def type_location(building_id: str) -> Response:
    """The same by typed coordinates: a point, or the corners of an outline, one in each line."""
    try:
        _put(building_id, _typed())
    except NotFound:
        raise
    except Problem as problem:
        flash(_(problem.message, **problem.params), "error")
    else:
        flash(_("building.placed"), "ok")
    return redirect(f"/buildings/{building_id}#location", 303)  # type: ignore[return-value]  # werkzeug's base class


def _put(building_id: str, find: Find) -> tuple[Placement, Building]:
    if not ids.is_id(building_id):
        raise NotFound
    who = access.member()
    with db.writing() as session:
        return placing.put(session, who.community_id, building_id, find, who=who, now=clock.now())


def _wanted(body: LocationRequest) -> Find:
    given = [part for part in (body.at, body.outline, body.back) if part is not UNSET]
    if len(given) != 1:
        raise Problem("invalid", field="")
    if body.back is not UNSET:
        back = body.back
        return lambda _b: placing.handed_back(back.lat, back.lon, back.outline, back.origin)
    if body.at is not UNSET:
        lon, lat = _two(body.at)
        return lambda building: placing.move(building, lon, lat)
    if body.outline is UNSET or body.outline is None:
        return placing.without_outline
    corners = [_two(corner) for corner in body.outline]
    return lambda _building: placing.drawn(corners)


def _two(point: list[float]) -> placing.Corner:
    if len(point) != 2:
        raise Problem("invalid", field="at")
    return point[0], point[1]


def _typed() -> Find:
    form = request.form
    system = form.get("crs", "wgs84")
    system = system if system in crs.SYSTEMS else "wgs84"
    corners = [_pair(line, system) for line in form.get("corners", "")[:LONGEST].splitlines()
               if line.strip()]  # fmt: skip
    if corners:
        return lambda _building: placing.drawn(corners)
    if form.get("without_outline") == "yes":
        return placing.without_outline
    lon, lat = _pair(f"{form.get('lat', '')},{form.get('lon', '')}", system)
    return lambda building: placing.move(building, lon, lat)


def _pair(text: str, system: str) -> placing.Corner:
    """Latitude and longitude as people write them, as longitude and latitude in WGS-84.

    Raises Problem `location_unread` with the line that is none.
    """
    found = _PAIR.fullmatch(text)
    lat, lon = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if abs(lat) > 90 >= abs(lon):  # written the other way round
        lat, lon = lon, lat
    if found is None or abs(lat) > 90 or abs(lon) > 180:
        raise Problem("location_unread", field="lat", value=text.strip(" ,")[:60] or "–")
    return crs.to_wgs84(lon, lat, system)
