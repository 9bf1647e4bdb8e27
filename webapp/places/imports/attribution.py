"""Whose data it is: what has to stand beside it wherever it is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

OPENSTREETMAP = "© OpenStreetMap contributors, ODbL 1.0"
LONGEST = 240
_SAYS = ("attribution", "copyright", "license", "licence")
_OSM = re.compile(r"openstreetmap|\bosm\b|overpass|\bodbl\b", re.IGNORECASE)


def said(document: Mapping[str, Any]) -> str:
    """What a file says about itself, or ""."""
    texts = [str(value) for key in (*_SAYS, "generator") if (value := document.get(key))]
    if any(map(_OSM.search, texts)):
        return OPENSTREETMAP
    own = [str(value) for key in _SAYS if (value := document.get(key))]
    return plain("; ".join(own))


def plain(text: str) -> str:
    """One line without control characters, not too long."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:LONGEST]


def together(there: str, also: str) -> str:
    """Two attributions as one; what is there already is not said twice."""
    lines = [line for line in there.split("\n") if line]
    if also and also not in lines:
        lines.append(also)
    return "\n".join(lines)[:LONGEST]
