"""A proof of work instead of a picture to puzzle over: a browser computes for a second or two.

The task is a signed, short-lived text; solving it means finding a number after which the SHA-256
of both begins with BITS zero bits (the scheme of Hashcash). Each task counts once.
"""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode
from hashlib import sha256

from sqlalchemy.orm import Session

from webapp.core import clock, tries
from webapp.core.tries import Bound, Rule

BITS = 16
"""65,000 hashes on average: about a second on an old phone."""

LIFETIME = 2 * clock.HOUR
ONCE = Rule("proof", (Bound(1, clock.DAY),))


def task(secret_key: str, purpose: str, *, now: int) -> str:
    """A new task for a form that is being opened."""
    body = f"{now + LIFETIME}.{secrets.token_hex(8)}"
    return f"{body}.{_signature(secret_key, purpose, body)}"


def is_solved(
    session: Session, secret_key: str, purpose: str, given: str, answer: str, *, now: int
) -> bool:
    """Whether that is a task of ours, still fresh, solved, and not used before."""
    body, _, signature = given[:120].rpartition(".")
    expires = body.partition(".")[0]
    ours = hmac.compare_digest(
        _signature(secret_key, purpose, body).encode(), signature.encode(errors="replace")
    )
    if not ours or not expires.isdigit() or int(expires) < now:
        return False
    if not answer.isascii() or not answer.isdigit() or len(answer) > 12:
        return False
    digest = int.from_bytes(sha256(f"{given}:{answer}".encode()).digest(), "big")
    return digest >> (256 - BITS) == 0 and tries.take(session, ONCE, given, now=now)


def _signature(secret_key: str, purpose: str, body: str) -> str:
    text = f"qiaomen proof {purpose} {body}".encode(errors="replace")
    return b32encode(hmac.digest(secret_key.encode(), text, "sha256")[:15]).decode().lower()
