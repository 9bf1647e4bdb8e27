"""Addresses of built files: the build hashes names, its manifest says which is which."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

from flask import Flask, current_app, url_for


class Chunk(TypedDict, total=False):
    """One entry of Vite's manifest."""

    file: str
    css: list[str]
    imports: list[str]


def init_app(app: Flask) -> None:
    """Give templates `asset_script(entry)` and `asset_styles(entry)`."""
    app.jinja_env.globals["asset_script"] = script
    app.jinja_env.globals["asset_styles"] = styles


def script(entry: str) -> str:
    """The address of an entry's module, such as `static/app/main.tsx`."""
    chunk = _manifest().get(entry)
    return url_for("static", filename=chunk["file"] if chunk else entry)


def styles(entry: str) -> list[str]:
    """The addresses of the style sheets of an entry and of all it imports."""
    manifest = _manifest()
    files: list[str] = []
    pending, seen = [entry], set()
    while pending:
        name = pending.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in manifest:
            continue
        chunk = manifest[name]
        files += chunk.get("css", [])
        if chunk["file"].endswith(".css"):
            files.append(chunk["file"])
        pending += chunk.get("imports", [])
    return [url_for("static", filename=file) for file in dict.fromkeys(files)]


def _manifest() -> dict[str, Chunk]:
    """What the build wrote; empty before the first build: pages (errors too) still render."""
    path = Path(current_app.static_folder or "") / "manifest.json"
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return {}


@lru_cache(maxsize=4)
def _read(path: Path, _stamp: int) -> dict[str, Chunk]:
    manifest: dict[str, Chunk] = json.loads(path.read_text())
    return manifest
