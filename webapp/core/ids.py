"""UUIDv7 identifiers (RFC 9562), made so that ids of one batch follow each other.

The monotonic method (6.2, method 2) adds a small random step instead of drawing 74 new random
bits: rows made together share a long prefix, which keeps indexes compact and makes a bucket of
doors compress well on its way to a phone.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from hashlib import sha256

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RANDOM_BITS = 74
_STEP = 1 << 12


class _Generator:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._millis = 0
        self._random = 0

    def next(self) -> str:
        with self._lock:
            millis = time.time_ns() // 1_000_000
            if millis > self._millis + 1_000 or not self._millis:
                # a pause: draw anew, the top bit clear so that a batch has room to count up
                self._millis, self._random = millis, secrets.randbits(_RANDOM_BITS - 1)
            else:
                self._random += 1 + secrets.randbelow(_STEP)
            return _format(self._millis, self._random)


def _format(millis: int, random: int) -> str:
    high, low = random >> 62, random & ((1 << 62) - 1)
    value = millis << 80 | 7 << 76 | high << 64 | 2 << 62 | low
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


_generator = _Generator()


def new_id() -> str:
    """A new UUIDv7 in canonical lower-case text; ids of one process only grow."""
    return _generator.next()


def derived_id(text: str) -> str:
    """A UUIDv8 (RFC 9562) of a text: what follows from the same always gets the same id."""
    digest = sha256(text.encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-8{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


def time_of(canonical: str) -> int:
    """The 48 bits at the front of a UUID: of a UUIDv7, when it was made, in ms since 1970 UTC."""
    return int(canonical[:8] + canonical[9:13], 16)


def is_id(value: object) -> bool:
    """Whether the value is a UUID in canonical lower-case text."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None
