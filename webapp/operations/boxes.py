"""Opening what phones encrypt to the community's public key.

Ephemeral ECDH on P-256, HKDF-SHA256 (no salt, `info` names the purpose), AES-256-GCM; all parts in
base64. Used for rescue files and for operations that a phone keeps without being able to read them.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Sequence

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Raw, Struct

PrivateKey = ec.EllipticCurvePrivateKey

SEALED = b'{"type":"sealed",'
"""How such an element of a push begins, as the app writes it."""
OPERATION = b"qiaomen operation 1"


class SealedOperation(Struct):
    """An operation in a box; `key` is the ephemeral public point."""

    key: str
    nonce: str
    sealed: str


def open_box(private: PrivateKey, key: str, nonce: str, sealed: str, *, info: bytes) -> bytes:
    """What is in it. ValueError for what was not sealed to this key, for this purpose."""
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64decode(key))
    shared = private.exchange(ec.ECDH(), peer)
    secret = HKDF(SHA256(), 32, salt=None, info=info).derive(shared)
    try:
        return AESGCM(secret).decrypt(b64decode(nonce), b64decode(sealed), None)
    except InvalidTag as error:
        raise ValueError("sealed to another key") from error


def unsealed(
    elements: Sequence[Raw | bytes], private: Callable[[], PrivateKey]
) -> list[Raw | bytes]:
    """The elements of a push with the operations that were sealed as they were recorded: same
    bytes, same hash. What cannot be opened stays as it is, and is held like all that nobody
    understands. `private` is asked only if there is something to open; LookupError: no key yet.
    """
    if not any(bytes(raw).startswith(SEALED) for raw in elements):
        return list(elements)
    try:
        key = private()
    except LookupError:
        return list(elements)
    return [_open(bytes(raw), key) for raw in elements]


def _open(raw: bytes, private: PrivateKey) -> bytes:
    if not raw.startswith(SEALED):
        return raw
    try:
        box = msgspec.json.decode(raw, type=SealedOperation)
        return open_box(private, box.key, box.nonce, box.sealed, info=OPERATION)
    except (ValueError, msgspec.MsgspecError):
        return raw
