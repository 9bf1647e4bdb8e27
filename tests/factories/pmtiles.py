"""A small PMTiles archive of real pictures, as the specification has it (version 3)."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

HEADER = struct.Struct("<7sBQQQQQQQQQQQBBBBBBiiiiBii")
PNG, NONE, GZIP = 2, 1, 2


def archive(
    folder: Path,
    *,
    max_zoom: int = 2,
    attribution: str = "© 某人, ODbL",
    tile_type: int = PNG,
    name: str = "base.pmtiles",
) -> Path:
    """All tiles from zoom 0 to `max_zoom`, each a plain square of its own colour."""
    pictures = [picture((40 * z) % 256, (17 * i) % 256, 120) for z, i in _tiles(max_zoom)]
    ids = range(len(pictures))
    lengths = [len(data) for data in pictures]
    directory = gzip.compress(_directory(list(ids), lengths), mtime=0)
    metadata = gzip.compress(json.dumps({"attribution": attribution}).encode(), mtime=0)
    root = HEADER.size
    meta = root + len(directory)
    data = meta + len(metadata)
    header = HEADER.pack(
        b"PMTiles", 3, root, len(directory), meta, len(metadata), 0, 0, data, sum(lengths),
        len(pictures), len(pictures), len(pictures), 1, GZIP, NONE, tile_type, 0, max_zoom,
        -1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000, 0, 0, 0,
    )  # fmt: skip
    path = folder / name
    path.write_bytes(header + directory + metadata + b"".join(pictures))
    return path


def picture(red: int, green: int, blue: int, size: int = 256) -> bytes:
    """A PNG of one colour."""
    row = b"\0" + bytes((red, green, blue)) * size
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * size, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def _tiles(max_zoom: int) -> Sequence[tuple[int, int]]:
    """(zoom, number within the zoom) in the order of tile ids."""
    return [(z, i) for z in range(max_zoom + 1) for i in range(4**z)]


def _directory(ids: list[int], lengths: list[int]) -> bytes:
    steps = [b - a for a, b in zip([0, *ids], ids, strict=False)]
    runs = [1] * len(ids)
    offsets = [1, *([0] * (len(ids) - 1))]  # 0: right behind the one before
    numbers = [len(ids), *steps, *runs, *lengths, *offsets]
    return b"".join(map(_varint, numbers))


def _varint(number: int) -> bytes:
    parts = []
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*parts, number])
