"""What the API says of leaflets."""

from __future__ import annotations

import msgspec
from msgspec import Struct


class LeafletKindRow(Struct, tag_field="kind", tag="leaflet_kind", kw_only=True):
    """A kind of leaflet; `id` is what operations call it. `picture`: a data address, or empty."""

    id: str
    name: str
    picture: str
    retired: bool


class LeafletBagRow(Struct, tag_field="kind", tag="leaflet_bag", kw_only=True):
    """How many leaflets of a kind (`id`) must be in the phone's member's bag."""

    id: str
    left: int


def bodies() -> dict[str, type[msgspec.Struct]]:
    """The structures by the name that they have in the generated documents."""
    return {one.__name__: one for one in (LeafletKindRow, LeafletBagRow)}
