"""What lies under the buildings on a map: nothing, tiles of a server, or a file of tiles."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from webapp.core import pmtiles
from webapp.core.pmtiles import Archive

SYSTEMS = ("wgs84", "gcj02", "bd09")
"""WGS-84; GCJ-02 of Amap and Tencent; BD-09 of Baidu."""

HIGHEST_ZOOM = 22
_PLACES = ("{z}", "{x}", "{y}")
_KNOWN = {"z", "x", "y", "-y", "s", "r"}


@dataclass(frozen=True, slots=True)
class Tiles:
    """Raster tiles of a server: `url` has {z}, {x}, {y} (or {-y}) and perhaps {s} in it."""

    url: str
    attribution: str
    crs: str = "wgs84"
    subdomains: tuple[str, ...] = ()
    max_zoom: int = 18

    @property
    def origins(self) -> tuple[str, ...]:
        """Where the pictures come from, for the Content-Security-Policy."""
        names = self.subdomains or ("",)
        parts = (urlsplit(self.url.replace("{s}", name)) for name in names)
        return tuple(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


@dataclass(frozen=True, slots=True)
class BaseMap:
    """A raster PMTiles file; phones keep at most `offline_mb` of it."""

    archive: Archive
    attribution: str
    crs: str = "wgs84"
    offline_mb: int = 60


@dataclass(frozen=True, slots=True)
class MapSettings:
    """All of it; nothing at all by default."""

    tiles: Tiles | None = None
    base: BaseMap | None = None


def from_environment(environ: Mapping[str, str]) -> MapSettings:
    """Read the settings. Raises ValueError, with a sentence, for one that cannot be used."""
    return MapSettings(_tiles(environ), _base(environ))


def _tiles(environ: Mapping[str, str]) -> Tiles | None:
    url = environ.get("MAP_TILES_URL", "").strip()
    if not url:
        return None
    subdomains = tuple(environ.get("MAP_TILES_SUBDOMAINS", "abc").replace(",", ""))
    _check_url(url)
    attribution = environ.get("MAP_TILES_ATTRIBUTION", "").strip()
    if not attribution:
        raise ValueError("MAP_TILES_ATTRIBUTION is missing: say whose map it is")
    return Tiles(
        url,
        attribution[:240],
        _system(environ, "MAP_TILES_CRS"),
        subdomains if "{s}" in url else (),
        _number(environ, "MAP_TILES_MAX_ZOOM", 18, HIGHEST_ZOOM),
    )


def _base(environ: Mapping[str, str]) -> BaseMap | None:
    name = environ.get("MAP_PMTILES", "").strip()
    if not name:
        return None
    archive = pmtiles.read(Path(name).expanduser().resolve())
    attribution = environ.get("MAP_PMTILES_ATTRIBUTION", "").strip() or archive.attribution
    if not attribution:
        raise ValueError("MAP_PMTILES_ATTRIBUTION is missing, and the file does not say it")
    system = _system(environ, "MAP_PMTILES_CRS")
    if system == "bd09":
        raise ValueError("MAP_PMTILES_CRS: a PMTiles file has no place for Baidu's grid")
    return BaseMap(archive, attribution, system, _number(environ, "MAP_OFFLINE_MB", 60, 2_000))


def _check_url(url: str) -> None:
    places = set(re.findall(r"\{([^{}]*)\}", url))
    parts = urlsplit(re.sub(r"\{s\}", "a", url))
    if parts.scheme not in {"http", "https"} or not parts.hostname or "{" in parts.netloc:
        raise ValueError(f"MAP_TILES_URL is no address of tiles: {url}")
    if not places <= _KNOWN or not all(p in url.replace("{-y}", "{y}") for p in _PLACES):
        raise ValueError(f"MAP_TILES_URL needs {{z}}, {{x}} and {{y}} in it: {url}")
    if re.search(r"[\s\"'<>;,\\]", url):
        raise ValueError(f"MAP_TILES_URL has a character that no address has: {url}")


def _system(environ: Mapping[str, str], name: str) -> str:
    system = environ.get(name, "").strip().lower() or "wgs84"
    if system not in SYSTEMS:
        raise ValueError(f"{name} must be one of {', '.join(SYSTEMS)}: {system}")
    return system


def _number(environ: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environ.get(name, "").strip() or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise ValueError(f"{name} must be a number from 1 to {most}: {text}")
    return int(text)
