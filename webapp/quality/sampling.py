"""Which doors are asked again, and who goes: never whoever was there. No database here."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from webapp.core.errors import Problem

SEED = 40
LONGEST = 366


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed: a round of `share` percent over these days."""

    first: date
    last: date
    share: int
    seed: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A door that may be asked again. `visitors`: who ever recorded there, the last one last."""

    id: str
    building: str
    app: bool
    visitors: tuple[str, ...]


def read(values: Mapping[str, str], today: date) -> Wanted:
    """A form's fields. Problem `invalid` with the field when something is wrong."""
    days = {}
    for name in ("first", "last"):
        try:
            days[name] = date.fromisoformat(values.get(name, ""))
        except ValueError:
            raise Problem("invalid", field=name) from None
    if not days["first"] <= days["last"] <= today:
        raise Problem("invalid", field="last")
    if days["last"] - days["first"] > timedelta(days=LONGEST):
        raise Problem("invalid", field="first")
    share = values.get("share", "").strip()
    if not (share.isascii() and share.isdigit() and 1 <= int(share[:4]) <= 100):
        raise Problem("invalid", field="share")
    seed = values.get("seed", "").strip()
    if len(seed) > SEED or not seed.isprintable():
        raise Problem("invalid", field="seed")
    return Wanted(days["first"], days["last"], int(share), seed or secrets.token_hex(4))


def draw(doors: Iterable[str], share: int, seed: str) -> list[str]:
    """`share` percent of these doors, rounded up: those whose SHA-256 of "seed id" is lowest.

    Whoever knows the seed can draw the same again; nobody can choose.
    """
    known = sorted(doors, key=lambda door: sha256(f"{seed} {door}".encode()).digest())
    return known[: -(-len(known) * share // 100)]


def give(chosen: Sequence[Candidate], team: Collection[str]) -> dict[str, str | None]:
    """Door → who asks there: somebody who never recorded there; none when there is nobody.

    Whoever has a door in a building gets the next one there, as long as nobody has more than
    their even share.
    """
    even = -(-len(chosen) // max(len(team), 1))
    load: Counter[str] = Counter()
    there: set[tuple[str, str]] = set()
    given: dict[str, str | None] = {}
    for door in sorted(chosen, key=lambda one: (one.building, one.id)):
        free = [member for member in team if member not in door.visitors]
        given[door.id] = who = min(
            free,
            key=lambda m: (load[m] >= even, (m, door.building) not in there, load[m], m),
            default=None,
        )
        if who is not None:
            load[who] += 1
            there.add((who, door.building))
    return given
