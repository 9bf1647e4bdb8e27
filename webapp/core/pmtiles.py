"""What a PMTiles archive says of itself (version 3 of its specification)."""

from __future__ import annotations

import gzip
import json
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEADER = struct.Struct("<7sBQQQQQQQQQQQBBBBBBiiiiBii")
_GZIP, _PLAIN = 2, 1
_VECTOR = 1
_MOST_METADATA = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Archive:
    """A raster archive. `attribution` is what its maker wants to stand beside it, as text."""

    path: Path
    size: int
    min_zoom: int
    max_zoom: int
    attribution: str
    version: str


def read(path: Path) -> Archive:
    """Look into an archive. Raises ValueError, with a sentence, for what cannot be shown."""
    try:
        with path.open("rb") as file:
            fields = _HEADER.unpack(file.read(_HEADER.size))
            if fields[0] != b"PMTiles" or fields[1] != 3:
                raise ValueError(f"{path} is no PMTiles file of version 3")
            file.seek(fields[4])
            metadata = _metadata(file.read(min(fields[5], _MOST_METADATA)), fields[14])
        stat = path.stat()
    except (OSError, struct.error) as error:
        raise ValueError(f"{path} cannot be read as a PMTiles file") from error
    if fields[16] == _VECTOR:
        raise ValueError(
            f"{path} holds vector tiles; only raster tiles (PNG, JPEG, WebP) are shown"
        )
    if fields[14] not in {_PLAIN, _GZIP}:
        raise ValueError(f"{path} is packed in a way that browsers do not read: use gzip")
    return Archive(
        path=path,
        size=stat.st_size,
        min_zoom=fields[17],
        max_zoom=fields[18],
        attribution=_text(metadata.get("attribution")),
        version=f"{zlib.crc32(repr((fields, stat.st_size)).encode()):08x}",
    )


def _metadata(data: bytes, compression: int) -> dict[str, Any]:
    try:
        if compression == _GZIP:
            data = gzip.decompress(data)
        elif compression != _PLAIN:
            return {}
        found = json.loads(data)
    except (OSError, EOFError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(value: Any) -> str:
    """Plain text of what is often a piece of HTML."""
    text, inside = "", False
    for c in value if isinstance(value, str) else "":
        inside = c == "<" or (inside and c != ">")
        text += "" if inside or c == ">" else c
    return " ".join(text.split())[:240]
