"""How much a phone loads before the field app starts."""

from __future__ import annotations

import gzip
import json

from setup.bundle_size import BUDGET, DIST, first_load
from tests.bench.measures import Figure, Skip


def run() -> list[Figure]:
    """Gzip bytes of JavaScript and CSS of the first load; the service worker comes after it."""
    manifest = DIST / "manifest.json"
    if not manifest.is_file():
        raise Skip("the client is not built: make build")
    files = first_load(json.loads(manifest.read_text()))
    total = sum(_packed(name) for name in files)
    return [
        Figure("first load of the field app, gzip", total / 1_000, "KB", BUDGET / 1_000),
        Figure("service worker, gzip", _packed("sw.js") / 1_000, "KB"),
    ]


def _packed(name: str) -> int:
    return len(gzip.compress((DIST / name).read_bytes(), 9))
