"""Small maps of OpenStreetMap's shapes, written in every format that is read."""

from __future__ import annotations

import bz2
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import osmium
from osmium.osm.mutable import Node, Relation, Way

Tags = dict[str, str]
Corner = tuple[float, float]
BEIJING = (116.35, 39.96)
STEP = 0.001
"""Degrees between two corners of the grid that maps are drawn on."""


@dataclass
class Drawn:
    """A map under the pen; corners are whole steps from `BEIJING`, each one node."""

    nodes: dict[int, tuple[Corner, Tags]] = field(default_factory=dict)
    ways: dict[int, tuple[list[int], Tags]] = field(default_factory=dict)
    relations: dict[int, tuple[list[tuple[int, str]], Tags]] = field(default_factory=dict)
    _at: dict[Corner, int] = field(default_factory=dict)

    def node(self, x: float, y: float, **tags: str) -> int:
        """The node at a corner, with more tags where it is there already."""
        number = self._at.setdefault((x, y), 1_000 + len(self._at))
        _corner, known = self.nodes.get(number, ((x, y), {}))
        self.nodes[number] = ((x, y), known | _tags(tags))
        return number

    def way(self, *corners: Corner, **tags: str) -> int:
        """A line through corners."""
        number = 10 + len(self.ways)
        self.ways[number] = ([self.node(*corner) for corner in corners], _tags(tags))
        return number

    def square(self, x: float, y: float, size: float = 1, **tags: str) -> int:
        """A closed way around a square."""
        a, b = (x, y), (x + size, y + size)
        return self.way(a, (b[0], a[1]), b, (a[0], b[1]), a, **tags)

    def relation(self, *members: tuple[int, str], **tags: str) -> int:
        """A multipolygon of (way, role)."""
        number = 500 + len(self.relations)
        self.relations[number] = (list(members), {"type": "multipolygon"} | _tags(tags))
        return number

    # -- formats -------------------------------------------------------------------------------

    def xml(self, *, version: str = "0.6") -> bytes:
        """As the web site exports it."""
        lines = [f'<?xml version="1.0" encoding="UTF-8"?><osm version="{version}" generator="t">']
        for number, (corner, tags) in self.nodes.items():
            lon, lat = place(corner)
            lines.append(f'<node id="{number}" lat="{lat}" lon="{lon}">{_xml_tags(tags)}</node>')
        for number, (nodes, tags) in self.ways.items():
            inside = "".join(f'<nd ref="{node}"/>' for node in nodes)
            lines.append(f'<way id="{number}">{inside}{_xml_tags(tags)}</way>')
        for number, (members, tags) in self.relations.items():
            inside = "".join(f'<member type="way" ref="{r}" role="{role}"/>' for r, role in members)
            lines.append(f'<relation id="{number}">{inside}{_xml_tags(tags)}</relation>')
        return "\n".join([*lines, "</osm>"]).encode()

    def bzip2(self) -> bytes:
        """As large extracts come."""
        return bz2.compress(self.xml())

    def pbf(self) -> bytes:
        """As regions are published."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map.osm.pbf"
            with osmium.SimpleWriter(str(path)) as writer:
                for number, (corner, tags) in self.nodes.items():
                    writer.add_node(Node(id=number, location=place(corner), tags=tags))
                for number, (nodes, tags) in self.ways.items():
                    writer.add_way(Way(id=number, nodes=nodes, tags=tags))
                for number, (members, tags) in self.relations.items():
                    of = [("w", ref, role) for ref, role in members]
                    writer.add_relation(Relation(id=number, members=of, tags=tags))
            return path.read_bytes()

    def overpass(self, out: str = "body", **more: Any) -> bytes:
        """As the Overpass API answers `out body`, `out geom` or `out center`."""
        elements: list[dict[str, Any]] = []
        if out == "body":
            elements += [
                {"type": "node", "id": n, **_point(corner), "tags": tags}
                for n, (corner, tags) in self.nodes.items()
            ]
        elements += [
            {"type": "way", "id": n, "tags": tags, **self._way(nodes, out)}
            for n, (nodes, tags) in self.ways.items()
            if out == "body" or tags
        ]
        elements += [
            {"type": "relation", "id": n, "tags": tags, **self._members(members, out)}
            for n, (members, tags) in self.relations.items()
        ]
        return json.dumps({"version": 0.6, "elements": elements, **more}).encode()

    def _way(self, nodes: list[int], out: str) -> dict[str, Any]:
        if out == "geom":
            return {"geometry": [_point(self.nodes[node][0]) for node in nodes]}
        return {"nodes": nodes} if out == "body" else {"center": _point(self.nodes[nodes[0]][0])}

    def _members(self, members: list[tuple[int, str]], out: str) -> dict[str, Any]:
        if out == "center":
            return {"center": _point(self.nodes[self.ways[members[0][0]][0][0]][0])}
        return {
            "members": [
                {"type": "way", "ref": ref, "role": role, **(
                    self._way(self.ways[ref][0], "geom") if out == "geom" else {}
                )}
                for ref, role in members
            ]
        }  # fmt: skip


def place(corner: Corner) -> Corner:
    """Longitude and latitude of a corner."""
    return round(BEIJING[0] + corner[0] * STEP, 7), round(BEIJING[1] + corner[1] * STEP, 7)


def _tags(given: Tags) -> Tags:
    """`addr__street="…"` is `addr:street`, `name__zh_Hans` is `name:zh-Hans`."""
    return {key.replace("__", ":").replace("_", "-"): value for key, value in given.items()}


def _point(corner: Corner) -> dict[str, float]:
    lon, lat = place(corner)
    return {"lat": lat, "lon": lon}


def _xml_tags(tags: Tags) -> str:
    return "".join(f"<tag k={quoteattr(k)} v={quoteattr(v)}/>" for k, v in tags.items())
