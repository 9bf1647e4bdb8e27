"""Has msgspec look through every structure while there is one thread.

It does so when a structure is first read, and marks it as known before it is done: a second thread
that reads the same structure at that moment brings the process down (seen with msgspec 0.22).
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


def prepare() -> None:
    """To be called when all modules are there, before the first request."""
    for structure in _all(msgspec.Struct):
        try:
            msgspec.json.Decoder(structure)
        except TypeError:
            continue  # it is never read: a field is of a type that JSON has no word for


def _all(base: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for structure in base.__subclasses__():
        yield structure
        yield from _all(structure)
