"""A phone's backup file, made as the design says and not by the product's code: what waits, sealed
to the community's public key and signed with the device's."""

from __future__ import annotations

import hmac
import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterable

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

FORMAT = "qiaomen-rescue-1"
INFO = b"qiaomen rescue 1"
BOUNDARY = "storm-boundary"


def rescue_file(
    elements: Iterable[bytes], *, community: int, device: str, public: str, key: str
) -> bytes:
    """The file; `public`, `key` in base64 as the phone got them."""
    body = b'{"sent_at":null,"operations":[' + b",".join(elements) + b"]}"
    own = ec.generate_private_key(ec.SECP256R1())
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64decode(public))
    secret = HKDF(SHA256(), 32, salt=None, info=INFO).derive(own.exchange(ec.ECDH(), peer))
    nonce = os.urandom(12)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    parts = {
        "format": FORMAT,
        "community": community,
        "device": device,
        "key": _text(point),
        "nonce": _text(nonce),
        "sealed": _text(AESGCM(secret).encrypt(nonce, body, None)),
    }
    signed = "\n".join(str(part) for part in parts.values()).encode()
    tag = hmac.digest(b64decode(key), signed, "sha256")
    return json.dumps(parts | {"tag": _text(tag)}).encode()


def form(file: bytes, csrf: str) -> bytes:
    """The upload as a browser sends it."""
    return (
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{csrf}\r\n'
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.qiaomen"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        + file
        + f"\r\n--{BOUNDARY}--\r\n".encode()
    )


def _text(data: bytes) -> str:
    return b64encode(data).decode()
