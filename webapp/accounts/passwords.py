"""Passwords: argon2id at OWASP's minimum, 36 ms instead of 255 on a small server."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.core.errors import Problem

SHORTEST = 8
LONGEST = 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """The text that is kept instead of a password."""
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether that is the password; takes as long when there is none to compare with."""
    try:
        _hasher.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def check_new(password: str, *known: str | None) -> str:
    """A password that somebody chooses; Problem when it is short, endless or well known.

    `known` are words that others know too: the phone number, the login, the name.
    """
    if not SHORTEST <= len(password) <= LONGEST or not password.strip():
        raise Problem("password_short", field="password", shortest=SHORTEST)
    if len(set(password)) < 3 or password.casefold() in {word for word in known if word}:
        raise Problem("password_easy", field="password")
    return password


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return hash_password("nobody has this password")
