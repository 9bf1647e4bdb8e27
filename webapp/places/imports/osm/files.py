"""OSM XML and PBF → the elements that buildings need, read by libosmium.

The file is gone through four times, and only what is asked for leaves the library: a whole town
has millions of nodes that no building needs.
"""

from __future__ import annotations

import bz2
from collections.abc import Iterable, Iterator

import osmium
from osmium.filter import IdFilter, KeyFilter
from osmium.osm import NODE, RELATION, WAY

from webapp.places.imports.osm.elements import (
    MOST_BUILDINGS,
    Elements,
    Member,
    Relation,
    TooMany,
    Way,
    is_building,
    is_wanted,
)

MOST_UNPACKED = 384 * 1024 * 1024


class TooLarge(Exception):
    """The file unpacks to more than is read."""


class Broken(Exception):
    """The file is no map data, or damaged."""


def unpacked(data: bytes) -> bytes:
    """The content of a bzip2 file, also of one in several parts.

    Raises Broken when it ends early, TooLarge before it fills the memory.
    """
    parts: list[bytes] = []
    size = 0
    while data:
        part = bz2.BZ2Decompressor()
        try:
            parts.append(part.decompress(data, MOST_UNPACKED - size + 1))
        except OSError as error:
            if parts:
                break  # what follows the last part is padding
            raise Broken from error
        size += len(parts[-1])
        if size > MOST_UNPACKED:
            raise TooLarge
        if not part.eof:
            raise Broken
        data = part.unused_data
    return b"".join(parts)


def read(data: bytes, form: str) -> Elements:
    """The elements of a file in the form `osm` or `pbf`. Raises Broken, TooMany."""
    try:
        return _Reader(data, form).read()
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise Broken(str(error)) from error


class _Reader:
    def __init__(self, data: bytes, form: str) -> None:
        self.data, self.form = data, form
        self.found = Elements()

    def read(self) -> Elements:
        members = set(self._relations())
        nodes = set(self._ways(members))
        self._nodes(nodes)
        return self.found

    def _through(self, kind: osmium.osm.osm_entity_bits) -> osmium.FileProcessor:
        return osmium.FileProcessor(osmium.io.FileBuffer(self.data, self.form), kind)

    def _relations(self) -> Iterator[int]:
        """Keep the relations that matter; which ways they are made of."""
        for relation in self._through(RELATION):
            assert isinstance(relation, osmium.osm.Relation)
            tags = dict(relation.tags)
            if is_wanted(tags):
                members = [Member(m.ref, m.role) for m in relation.members if m.type == "w"]
                self.found.relations[relation.id] = Relation(tags, members)
                yield from (member.ref for member in members)

    def _ways(self, members: set[int]) -> Iterator[int]:
        """Keep the ways that matter; which nodes they go through."""
        buildings = 0
        for way in self._through(WAY):
            assert isinstance(way, osmium.osm.Way)
            tags = dict(way.tags)
            if way.id in members or is_wanted(tags):
                buildings += is_building(tags)
                if buildings > MOST_BUILDINGS:
                    raise TooMany
                self.found.ways[way.id] = Way(tags, [node.ref for node in way.nodes])
                self.found.positions |= {
                    node.ref: (node.lon, node.lat) for node in way.nodes if node.location.valid()
                }  # some files write positions into the ways and leave the nodes out
                yield from self.found.ways[way.id].nodes

    def _nodes(self, wanted: set[int]) -> None:
        self._keep(self._through(NODE).with_filter(KeyFilter("building")))
        if wanted:
            self._keep(self._through(NODE).with_filter(IdFilter(wanted)))

    def _keep(self, nodes: Iterable[object]) -> None:
        for node in nodes:
            if isinstance(node, osmium.osm.Node) and node.location.valid():
                self.found.positions[node.id] = (node.location.lon, node.location.lat)
                if tags := dict(node.tags):
                    self.found.node_tags[node.id] = tags
