"""The badge's codes: RFC 6238 (time-based one-time passwords) over RFC 4226 (HOTP).

A step is 30 seconds since 1970 UTC. The six digits are for typing; the mark, 80 bits of an HMAC
under the same key over another message, is for the QR code.
"""

from __future__ import annotations

import hmac
from base64 import b32encode
from collections.abc import Iterable

from webapp.core import clock

STEP = 30 * clock.SECOND
DIGITS = 6
KEY_BYTES = 20
"""As long as the hash of HMAC-SHA-1, RFC 4226 (4, R6)."""

DRIFT = 1
"""Codes of so many steps before and after count too: typing takes time, clocks are never equal."""

MARK_BYTES = 10


def step_of(moment: int) -> int:
    """The step that a moment (milliseconds UTC) lies in."""
    return moment // STEP


def code(key: bytes, step: int, *, digits: int = DIGITS, algorithm: str = "sha1") -> str:
    """The step's code."""
    digest = hmac.digest(key, step.to_bytes(8, "big"), algorithm)
    offset = digest[-1] & 15
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def mark(key: bytes, number: int, step: int) -> str:
    """What a QR code proves with: 80 bits as 16 characters of RFC 4648's base32, lower case."""
    message = f"qiaomen badge {number} {step}".encode()
    return b32encode(hmac.digest(key, message, "sha1")[:MARK_BYTES]).decode().lower()


def any_matches(keys: Iterable[bytes], typed: str, step: int) -> list[bool]:
    """For each key whether the typed code is one of its codes now.

    Compares all of them to the end, so that the time tells nothing.
    """
    return [_matches(key, typed, step) for key in keys]


def _matches(key: bytes, typed: str, step: int) -> bool:
    found = False
    for near in range(step - DRIFT, step + DRIFT + 1):
        found |= hmac.compare_digest(code(key, near), typed)
    return found
