"""Which geocoder, if any, turns addresses into places: one of geopy's, by its name there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from webapp.core.map_settings import SYSTEMS

ANSWERS_IN = {"baidu": "bd09", "baiduv3": "bd09"}
"""geopy hands on what Baidu answers: BD-09. All others answer in WGS-84."""

SECONDS = {"nominatim": 1.1}
"""At least this long between two questions: the usage policy of the public server is one."""

ATTRIBUTION = {
    "nominatim": "© OpenStreetMap contributors, ODbL 1.0",
    "baidu": "© Baidu",
    "baiduv3": "© Baidu",
}
USUAL_SECONDS = 0.5
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class GeocoderSettings:
    """`options` go to the geocoder itself, `query` to every question; keys stay out of its repr."""

    name: str
    options: dict[str, Any] = field(default_factory=dict, repr=False)
    query: dict[str, Any] = field(default_factory=dict)
    crs: str = "wgs84"
    seconds: float = USUAL_SECONDS
    attribution: str = ""

    def make(self) -> Any:
        """The geopy geocoder. Raises ValueError, with a sentence, when it cannot be made."""
        # Loaded where it is wanted: it brings the whole of geopy, and most never ask.
        from geopy.exc import GeopyError  # noqa: PLC0415
        from geopy.geocoders import get_geocoder_for_service  # noqa: PLC0415

        try:
            return get_geocoder_for_service(self.name)(**self.options)
        except GeopyError as error:
            raise ValueError(f"GEOCODER: {error}") from error
        except TypeError as error:
            raise ValueError(f"GEOCODER_OPTIONS do not fit {self.name}: {error}") from error


def from_environment(environ: Mapping[str, str]) -> GeocoderSettings | None:
    """Read the settings; none: nothing is asked. Raises ValueError for one that cannot be used."""
    name = environ.get("GEOCODER", "").strip().lower()
    if not name:
        return None
    options = _fields(environ, "GEOCODER_OPTIONS")
    if name == "nominatim":
        # It refuses whoever does not say who they are.
        options.setdefault("user_agent", f"qiaomen ({environ.get('PUBLIC_URL') or 'local'})")
    options.setdefault("timeout", 10)
    crs = environ.get("GEOCODER_CRS", "").strip().lower() or ANSWERS_IN.get(name, "wgs84")
    if crs not in SYSTEMS:
        raise ValueError(f"GEOCODER_CRS must be one of {', '.join(SYSTEMS)}: {crs}")
    settings = GeocoderSettings(
        name=name,
        options=options,
        query=_fields(environ, "GEOCODER_QUERY"),
        crs=crs,
        seconds=_seconds(environ, SECONDS.get(name, USUAL_SECONDS)),
        attribution=environ.get("GEOCODER_ATTRIBUTION", "").strip()[:240]
        or ATTRIBUTION.get(name, ""),
    )
    settings.make()
    return settings


def _fields(environ: Mapping[str, str], name: str) -> dict[str, Any]:
    text = environ.get(name, "").strip()
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        found = None
    if not isinstance(found, dict):
        # Not the text itself: it may hold a key.
        raise ValueError(f'{name} must be a JSON object, like {{"api_key": "…"}}')
    return found


def _seconds(environ: Mapping[str, str], usual: float) -> float:
    text = environ.get("GEOCODER_SECONDS", "").strip()
    try:
        seconds = float(text) if text else usual
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_WAIT:
        raise ValueError(f"GEOCODER_SECONDS must be a number from 0 to {LONGEST_WAIT:.0f}: {text}")
    return seconds
