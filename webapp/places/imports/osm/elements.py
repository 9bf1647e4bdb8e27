"""Nodes, ways and relations, as far as buildings need them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

Position = tuple[float, float]
"""Longitude, latitude in degrees, WGS-84."""

Tags = dict[str, str]
MOST_BUILDINGS = 50_000


class TooMany(Exception):
    """More buildings than a community has."""


class Way(msgspec.Struct, gc=False):
    """A line through nodes, closed when it ends where it begins."""

    tags: Tags
    nodes: Sequence[int]


class Member(msgspec.Struct, gc=False):
    """A way that a relation is made of."""

    ref: int
    role: str


class Relation(msgspec.Struct, gc=False):
    """A multipolygon."""

    tags: Tags
    members: list[Member]


class Elements(msgspec.Struct):
    """What a file holds; `positions` and `node_tags` by node, the latter where there are any.

    `middles` are the middles of shapes whose nodes the file leaves out, by `way/1`.
    `cut`: why its maker says that it is incomplete.
    """

    positions: dict[int, Position] = {}
    node_tags: dict[int, Tags] = {}
    ways: dict[int, Way] = {}
    relations: dict[int, Relation] = {}
    middles: dict[str, Position] = {}
    cut: str = ""


def is_building(tags: Tags) -> bool:
    """Whether the tags say that something is a building that stands."""
    return tags.get("building", "no") != "no"


def is_compound(tags: Tags) -> bool:
    """Whether the tags say that an area is a named housing estate."""
    return tags.get("landuse") == "residential" and bool(tags.get("name"))


def is_wanted(tags: Tags) -> bool:
    """Whether an area matters to a list of buildings."""
    return is_building(tags) or is_compound(tags)
