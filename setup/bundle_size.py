"""Fails when what a phone loads first outgrows its budget: gzip bytes of JavaScript and CSS."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

DIST = Path(__file__).parents[1] / "static" / "dist"
ENTRY = "static/app/main.tsx"
BUDGET = 70_000


def first_load(manifest: dict[str, dict[str, object]]) -> set[str]:
    """The entry's files and those that it imports at once; lazy parts come later."""
    files: set[str] = set()
    pending, seen = [ENTRY], set[str]()
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        chunk = manifest[key]
        files |= {str(chunk["file"]), *_texts(chunk.get("css"))}
        pending += _texts(chunk.get("imports"))
    return files


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def main() -> int:
    """Print each file's size and the sum; 1 when over budget."""
    total = 0
    for name in sorted(first_load(json.loads((DIST / "manifest.json").read_text()))):
        size = len(gzip.compress((DIST / name).read_bytes(), 9))
        total += size
        print(f"{size:>7} {name}")
    print(f"{total:>7} of {BUDGET} bytes (gzip) for the first load of the field app")
    return 0 if total <= BUDGET else 1


if __name__ == "__main__":
    sys.exit(main())
