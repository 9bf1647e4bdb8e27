"""What the API says of plans."""

from __future__ import annotations

import msgspec
from msgspec import Struct


class PlanRow(Struct, tag_field="kind", tag="plan", kw_only=True):
    """A target of the phone's member: `months`, January first, over the days that `weekdays` names
    (a bit each, Monday lowest). All zero: withdrawn. What falls on a day: `spread.of_day`."""

    id: str
    year: int
    measure: str
    months: list[int]
    weekdays: int
    campaign: str = ""


class CampaignRow(Struct, tag_field="kind", tag="campaign", kw_only=True):
    """What a plan of the community or of a grid goes by; no name: it is withdrawn, or has none."""

    id: str
    year: int
    name: str


def bodies() -> dict[str, type[msgspec.Struct]]:
    """The structures by the name that they have in the generated documents."""
    return {one.__name__: one for one in (PlanRow, CampaignRow)}
