"""What the API of badges takes and gives, declared once."""

from __future__ import annotations

from msgspec import Struct


class BadgeKeyRequest(Struct):
    """`POST /api/v1/badge/key`. `move`: also when another phone holds the badge."""

    move: bool = False


class BadgeKeyAnswer(Struct):
    """The badge's key (base64, 20 bytes for HMAC-SHA-1), given out this once."""

    badge: str
    number: str
    digits: int
    key: str


def bodies() -> dict[str, type[Struct]]:
    """The bodies that the API document describes."""
    kinds: list[type[Struct]] = [BadgeKeyRequest, BadgeKeyAnswer]
    return {kind.__name__: kind for kind in kinds}
