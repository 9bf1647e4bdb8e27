"""Elements → buildings: their shape, the entrances on it, and the estate around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import floor
from typing import Any

import msgspec

from webapp.places.imports import outlines
from webapp.places.imports.osm.elements import (
    Elements,
    Position,
    Relation,
    Tags,
    Way,
    is_building,
    is_compound,
)
from webapp.places.imports.osm.rings import polygon

_CELL = 0.01
"""Degrees, about a kilometre: areas are looked up by the squares that they touch."""


class Feature(msgspec.Struct):
    """A building. `id` is `way/1`; `entrances` are the tags of the entrances on its outline.

    `cut`: the file lacks a part of the outline. Its geometry is then a point, the middle of what
    is there, or none.
    """

    id: str
    tags: Tags
    geometry: dict[str, Any] | None
    entrances: list[Tags] = []
    compound: str = ""
    cut: bool = False


class Found(msgspec.Struct):
    """The buildings of a file, and the names of those points that were left out."""

    buildings: list[Feature]
    points: list[str]


def find(elements: Elements) -> Found:
    """The buildings that have an outline; where none has, those that are points.

    A point among outlines mostly names one of them, or a part of one.
    """
    buildings, points = [*_of_relations(elements), *_of_ways(elements)], list(_points(elements))
    if not buildings:
        buildings, points = points, []
    _name_compounds(elements, buildings)
    return Found(buildings, [point.tags.get("name", point.id) for point in points])


def _of_ways(elements: Elements) -> Iterator[Feature]:
    outer = [_drawn(elements, relation) for relation in elements.relations.values()]
    twice = {ways[0] for ways in outer if len(ways) == 1}
    for number, way in elements.ways.items():
        if is_building(way.tags) and number not in twice:
            name = f"way/{number}"
            shape = polygon([way.nodes], [], elements.positions)
            yield _feature(elements, name, way.tags, shape, way.nodes)


def _of_relations(elements: Elements) -> Iterator[Feature]:
    for number, relation in elements.relations.items():
        outer = _drawn(elements, relation)
        if is_building(relation.tags) and len(outer) < 2:
            name, tags = f"relation/{number}", relation.tags
            if outer:
                tags = elements.ways[outer[0]].tags | tags
            ways = [w for m in relation.members if (w := elements.ways.get(m.ref))]
            nodes = [node for way in ways for node in way.nodes]
            yield _feature(elements, name, tags, _multipolygon(elements, relation), nodes)


def _drawn(elements: Elements, relation: Relation) -> list[int]:
    """The outer ways of a building's relation if all of them are drawn as buildings themselves.

    One such way is the same building once more; of several, each is a building of its own.
    """
    outer = [m.ref for m in relation.members if m.role != "inner"]
    ways = [elements.ways.get(ref) for ref in outer]
    drawn = all(way is not None and is_building(way.tags) and _closed(way) for way in ways)
    return outer if drawn and is_building(relation.tags) else []


def _points(elements: Elements) -> Iterator[Feature]:
    for number, tags in elements.node_tags.items():
        if is_building(tags):
            point = {"type": "Point", "coordinates": list(elements.positions[number])}
            yield Feature(f"node/{number}", tags, point)


def _feature(
    elements: Elements,
    name: str,
    tags: Tags,
    shape: dict[str, Any] | None,
    nodes: Sequence[int],
) -> Feature:
    nodes = list(dict.fromkeys(nodes))
    there = [elements.positions[node] for node in nodes if node in elements.positions]
    cut = shape is None and name not in elements.middles
    if shape is None and (middle := elements.middles.get(name) or _mean(there)):
        shape = {"type": "Point", "coordinates": list(middle)}
    on_it = (elements.node_tags.get(node, {}) for node in nodes)
    entrances = [tags for tags in on_it if "entrance" in tags]
    return Feature(name, tags, shape, entrances, cut=cut)


def _mean(points: Sequence[Position]) -> Position | None:
    if not points:
        return None
    return sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points)


def _multipolygon(elements: Elements, relation: Relation) -> dict[str, Any] | None:
    outer: list[Sequence[int]] = []
    inner: list[Sequence[int]] = []
    for member in relation.members:
        way = elements.ways.get(member.ref)
        if member.role == "inner":
            inner += [way.nodes] if way and _closed(way) else []
        elif way is None:
            return None
        else:
            outer.append(way.nodes)
    return polygon(outer, inner, elements.positions)


def _closed(way: Way) -> bool:
    return len(way.nodes) > 3 and way.nodes[0] == way.nodes[-1]


def _name_compounds(elements: Elements, buildings: list[Feature]) -> None:
    """A building in a named housing estate belongs to it."""
    estates = _Areas(
        [
            (shape, relation.tags["name"])
            for relation in elements.relations.values()
            if is_compound(relation.tags) and (shape := _multipolygon(elements, relation))
        ]
        + [
            (shape, way.tags["name"])
            for way in elements.ways.values()
            if is_compound(way.tags) and (shape := polygon([way.nodes], [], elements.positions))
        ]
    )
    for building in buildings:
        if building.geometry is not None:
            middle = outlines.center(building.geometry)
            building.compound = estates.at(middle) or "" if middle else ""


class _Areas:
    """Areas by where they are; the smallest one around a point is its own."""

    def __init__(self, areas: Sequence[tuple[dict[str, Any], Any]]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[float, list[Any], Any]]] = {}
        for geometry, value in areas:
            for rings in outlines.polygons(geometry):
                entry = (outlines.area(rings[0]), rings[0], value)
                for cell in _cells(rings[0]):
                    self._cells.setdefault(cell, []).append(entry)

    def at(self, point: Position) -> Any:
        """What the smallest area around a point stands for, or none."""
        cell = floor(point[0] / _CELL), floor(point[1] / _CELL)
        around = [e for e in self._cells.get(cell, ()) if outlines.contains(e[1], *point)]
        return min(around, key=lambda entry: entry[0])[2] if around else None


def _cells(ring: Sequence[Sequence[float]]) -> Iterator[tuple[int, int]]:
    """The squares that a ring's box touches; none for one that is larger than a town."""
    left, right = (floor(f(p[0] for p in ring) / _CELL) for f in (min, max))
    low, high = (floor(f(p[1] for p in ring) / _CELL) for f in (min, max))
    if (right - left) * (high - low) < 10_000:
        yield from ((x, y) for x in range(left, right + 1) for y in range(low, high + 1))
