"""Chance from a seed, so that the demo is the same everywhere."""

from __future__ import annotations

from random import Random
from uuid import UUID

_RANDOM_BITS = 74


def rng_of(seed: int) -> Random:
    """The source of all that looks like chance here; passwords come from elsewhere."""
    return Random(seed)  # noqa: S311 - a demo must repeat itself


def made_id(moment: int, rng: Random) -> str:
    """A UUIDv7 of that moment (ms), as a phone with this chance would make it."""
    bits = rng.getrandbits(_RANDOM_BITS)
    high, low = bits >> 62, bits & ((1 << 62) - 1)
    return str(UUID(int=moment << 80 | 7 << 76 | high << 64 | 2 << 62 | low))
