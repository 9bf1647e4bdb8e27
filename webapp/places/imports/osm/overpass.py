"""The JSON that the Overpass API answers → elements, whatever `out` asked for.

`out body` refers to nodes, `out geom` writes positions into the ways, `out center` gives a middle
only.
"""

from __future__ import annotations

from typing import Any

import msgspec

from webapp.places.imports.osm.elements import (
    MOST_BUILDINGS,
    Elements,
    Member,
    Position,
    Relation,
    TooMany,
    Way,
    is_building,
    is_wanted,
)
from webapp.places.imports.osm.files import Broken


class _Point(msgspec.Struct, gc=False):
    lat: float
    lon: float

    @property
    def position(self) -> Position:
        return self.lon, self.lat


class _Member(msgspec.Struct, gc=False):
    type: str
    ref: int
    role: str = ""
    geometry: list[_Point | None] = []


class _Element(msgspec.Struct, gc=False):
    type: str
    id: int
    lat: float | None = None
    lon: float | None = None
    center: _Point | None = None
    tags: dict[str, Any] = {}
    nodes: list[int] = []
    geometry: list[_Point | None] = []
    members: list[_Member] = []


class _Answer(msgspec.Struct):
    elements: list[_Element]
    remark: str = ""


def read(data: bytes) -> Elements:
    """The answer's elements. Raises Broken, TooMany."""
    try:
        answer = msgspec.json.decode(data, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Broken(str(error)) from error
    return _Reader(answer).read()


class _Reader:
    def __init__(self, answer: _Answer) -> None:
        self.answer = answer
        self.found = Elements(cut=answer.remark[:200])
        self.made: dict[Position, int] = {}

    def read(self) -> Elements:
        for element in self.answer.elements:
            if element.type == "node":
                self._node(element)
            elif element.type == "way":
                self._way(element)
            elif element.type == "relation":
                self._relation(element)
        buildings = sum(is_building(way.tags) for way in self.found.ways.values())
        if buildings > MOST_BUILDINGS:
            raise TooMany
        return self.found

    def _node(self, element: _Element) -> None:
        if element.lat is None or element.lon is None:
            return
        self.found.positions[element.id] = (element.lon, element.lat)
        if tags := _texts(element.tags):
            self.found.node_tags[element.id] = tags

    def _way(self, element: _Element) -> None:
        nodes = element.nodes
        if element.geometry:
            nodes = self._corners(element.geometry, nodes)
        self.found.ways[element.id] = Way(_texts(element.tags), nodes)
        self._middle(element)

    def _relation(self, element: _Element) -> None:
        tags = _texts(element.tags)
        if not is_wanted(tags):
            return
        members = []
        for member in element.members:
            if member.type != "way":
                continue
            members.append(Member(member.ref, member.role))
            if member.geometry and member.ref not in self.found.ways:
                self.found.ways[member.ref] = Way({}, self._corners(member.geometry, []))
        self.found.relations[element.id] = Relation(tags, members)
        self._middle(element)

    def _middle(self, element: _Element) -> None:
        if element.center is not None:
            self.found.middles[f"{element.type}/{element.id}"] = element.center.position

    def _corners(self, geometry: list[_Point | None], nodes: list[int]) -> list[int]:
        """The nodes of a way that carries its positions; made-up ids where it names none."""
        if len(nodes) != len(geometry):
            return [self._made_up(p.position) if p is not None else 0 for p in geometry]
        for node, point in zip(nodes, geometry, strict=True):
            if point is not None:
                self.found.positions.setdefault(node, point.position)
        return nodes

    def _made_up(self, position: Position) -> int:
        node = self.made.setdefault(position, -1 - len(self.made))
        self.found.positions[node] = position
        return node


def _texts(tags: dict[str, Any]) -> dict[str, str]:
    return {key: str(value) for key, value in tags.items()}
