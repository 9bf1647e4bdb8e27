"""Files between upload and import: in the instance folder under a random name, then erased.

Beside each file lies what was said about it so far, as JSON. Both go when the import is done, or
after a day.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
from flask import current_app

from webapp.core import clock
from webapp.core.errors import NotFound
from webapp.places.imports.options import Options

KEPT = clock.DAY
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(slots=True)
class Upload:
    """A file that waits: whose it is, what it was called, what was chosen, what a check found."""

    token: str
    community_id: int
    filename: str
    created_at: int
    options: Options = field(default_factory=Options)
    checked: dict[str, Any] | None = None

    def data(self) -> bytes:
        """The file's bytes. Raises NotFound when it is erased."""
        try:
            return _path(self.token, "data").read_bytes()
        except FileNotFoundError as error:
            raise NotFound("upload_gone") from error

    def save(self) -> None:
        """Keep what was said about the file, whole or not at all."""
        part = _path(self.token, "part")
        part.write_bytes(msgspec.json.encode(self))
        part.replace(_path(self.token, "json"))


def keep(data: bytes, filename: str, community_id: int, *, now: int) -> Upload:
    """Keep a file under a random name; older ones that nobody finished are erased."""
    sweep(now=now)
    upload = Upload(secrets.token_hex(16), community_id, _plain(filename), now)
    path = _path(upload.token, "data")
    path.touch(mode=0o600)
    path.write_bytes(data)
    upload.save()
    return upload


def find(token: str, community_id: int) -> Upload:
    """The upload, if it is this community's. Raises NotFound."""
    if not _TOKEN.fullmatch(token):
        raise NotFound("upload_gone")
    try:
        upload = msgspec.json.decode(_path(token, "json").read_bytes(), type=Upload)
    except FileNotFoundError as error:
        raise NotFound("upload_gone") from error
    if upload.community_id != community_id:
        raise NotFound("upload_gone")
    return upload


def erase(token: str) -> None:
    """Forget a file and what was said about it."""
    for kind in ("data", "json", "part"):
        _path(token, kind).unlink(missing_ok=True)


def sweep(*, now: int) -> None:
    """Erase what is older than a day."""
    for path in _folder().iterdir():
        if path.stat().st_mtime * 1000 < now - KEPT:
            path.unlink(missing_ok=True)


def _folder() -> Path:
    folder = Path(current_app.instance_path) / "uploads"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _path(token: str, kind: str) -> Path:
    return _folder() / f"{token}.{kind}"


def _plain(filename: str) -> str:
    """The name as it is shown: no folders, no control characters."""
    name = filename.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in name if c.isprintable())[:120] or "?"
