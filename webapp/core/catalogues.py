"""Compile the catalogues: `python -m webapp.core.catalogues` writes .mo beside every .po."""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

WEBAPP = Path(__file__).parents[1]


def compile_all(root: Path = WEBAPP) -> int:
    """Compile what is newer than its .mo; returns how many catalogues were written."""
    written = 0
    for source in sorted(root.glob("*/translations/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
        part = target.with_suffix(".mo.part")
        with part.open("wb") as file:
            write_mo(file, catalogue)
        part.replace(target)
        written += 1
    return written


if __name__ == "__main__":
    print(f"{compile_all()} catalogues compiled", file=sys.stderr)
