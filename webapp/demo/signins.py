"""The demo's sign-ins: passwords drawn anew for every installation, kept in one private file."""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from webapp.accounts.invites import ALPHABET
from webapp.core.i18n import _

FILE = "demo-signins.txt"
GROUPS, LETTERS = 3, 4
"""Sixty bits, short enough to type on a phone."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who can sign in to the demo."""

    login: str
    password: str
    role: str
    name: str


def new_password() -> str:
    """Letters and digits that cannot be mistaken for each other: `k7mp-x2qd-9hfw`."""
    groups = ("".join(secrets.choice(ALPHABET) for _n in range(LETTERS)) for _g in range(GROUPS))
    return "-".join(groups).lower()


def as_text(signins: Sequence[SignIn]) -> str:
    """A table to read, in the language of the command."""
    rows = [
        (_("demo.login"), _("demo.password"), _("demo.role"), _("demo.name")),
        *(
            (person.login, person.password, _(f"demo.{person.role}"), person.name)
            for person in signins
        ),
    ]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ("  ".join(_padded(*cell) for cell in zip(row, widths, strict=True)) for row in rows)
    return "\n".join([_("demo.signins"), "", *(line.rstrip() for line in lines), ""])


def write(folder: Path, text: str) -> Path:
    """Keep the table where only the installation's owner can read it."""
    path = folder / FILE
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def read(folder: Path) -> str | None:
    """The table as it was written, or none."""
    path = folder / FILE
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
