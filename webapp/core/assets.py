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
    """Give templates `asset_script(entry)`, `asset_styles(entry)` and `asset_imports(entry)`."""
    app.jinja_env.globals["asset_script"] = script
    app.jinja_env.globals["asset_styles"] = styles
    app.jinja_env.globals["asset_imports"] = imports


def script(entry: str) -> str:
    """The address of an entry's module, such as `static/app/main.tsx`."""
    chunk = _manifest().get(entry)
    return url_for("static", filename=chunk["file"] if chunk else entry)


def styles(entry: str) -> list[str]:
    """The addresses of the style sheets of an entry and of all it imports."""
    files: list[str] = []
    for chunk in _reached(entry):
        files += chunk.get("css", [])
        if chunk["file"].endswith(".css"):
            files.append(chunk["file"])
    return _addresses(files)


def imports(entry: str) -> list[str]:
    """The addresses of the modules that an entry imports: asked for together with it."""
    return _addresses([chunk["file"] for chunk in _reached(entry)][1:])


def _reached(entry: str) -> list[Chunk]:
    """The entry's chunk, then all that it imports at once."""
    manifest = _manifest()
    found: dict[str, Chunk] = {}
    pending = [entry]
    while pending:
        name = pending.pop()
        if name in found or name not in manifest:
            continue
        found[name] = manifest[name]
        pending += manifest[name].get("imports", [])
    return list(found.values())


def _addresses(files: list[str]) -> list[str]:
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
