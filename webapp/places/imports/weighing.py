"""A record against a building that another source (or a person) described: who may say what.

Pure. What differs from another source's word is no change but a claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from webapp.places import claims
from webapp.places.claims import COUNTED, DESK, LOCATION, Claim
from webapp.places.models import Building

NEAR = 100.0
"""Metres: a point and an outline as near as this are one building's."""

Values = dict[str, Any]


@dataclass(slots=True)
class Weighed:
    """`values` may be written. `claims` are new; `open` are all that wait for a person's word.

    `agreed` are fields in which the source now says what the building has.
    """

    values: Values
    claims: list[Claim] = field(default_factory=list)
    open: list[Claim] = field(default_factory=list)
    agreed: list[str] = field(default_factory=list)


def weigh(values: Values, there: Building, source: str, known: Iterable[Claim]) -> Weighed:
    """Sort what a source says into changes and claims."""
    own = {claim.field: claim for claim in known if claim.source == source}
    result = Weighed(dict(values))
    for name in COUNTED:
        if name in values:
            _weigh(result, there, source, name, values[name], own.get(name))
    if "lat" in values:
        place = {key: values.get(key) for key in ("lat", "lon", "outline")}
        _weigh_place(result, there, source, place, own.get(LOCATION))
    return result


def _weigh(
    result: Weighed, there: Building, source: str, name: str, says: Any, before: Claim | None
) -> None:
    has = claims.value_of(there, name)
    said_by = claims.origin(there, name)
    if has is None or said_by == source:
        if has is None and source != there.source:
            _note_origin(result, there, name, source)
        return
    if claims.same(name, has, says):
        if before is not None and not before.settled:
            result.agreed.append(name)
        return
    for column in ("lat", "lon", "outline") if name == LOCATION else (name,):
        result.values.pop(column, None)
    if before is not None and claims.same(name, before.value, says):
        if not before.settled:
            result.open.append(before)
        return
    claim = Claim(name, source, says)
    result.claims.append(claim)
    result.open.append(claim)


def _weigh_place(
    result: Weighed, there: Building, source: str, place: Values, before: Claim | None
) -> None:
    """Near ones agree: the first outline is taken, a second one and small shifts are not."""
    has, said_by = claims.value_of(there, LOCATION), claims.origin(there, LOCATION)
    if has is None or said_by == source or claims.metres(has, place) > NEAR:
        _weigh(result, there, source, LOCATION, place, before)
        return
    if there.outline is not None:
        result.values.pop("outline", None)
    if said_by == DESK or there.outline is not None or place["outline"] is None:
        result.values.pop("lat")
        result.values.pop("lon")
    else:
        _note_origin(result, there, LOCATION, source)
    if before is not None and not before.settled:
        result.agreed.append(LOCATION)


def _note_origin(result: Weighed, there: Building, name: str, source: str) -> None:
    origins = result.values.get("origins") or there.origins or {}
    result.values["origins"] = {**origins, name: source}
