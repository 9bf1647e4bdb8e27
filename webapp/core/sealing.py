"""Secrets that the database keeps, sealed under a key that is not in it.

AES-256-GCM (NIST SP 800-38D) under a key derived by HKDF-SHA256 (RFC 5869) from SECRET_KEY and the
purpose: a stolen copy of the database opens nothing, and a value sealed for one purpose does not
open for another.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from webapp.core.errors import Problem

NONCE = 12
KEY = 32


def seal(secret_key: str, purpose: str, plain: bytes) -> bytes:
    """nonce ‖ ciphertext with tag."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(_key(secret_key, purpose)).encrypt(nonce, plain, purpose.encode())


def unseal(secret_key: str, purpose: str, sealed: bytes) -> bytes:
    """What was sealed; Problem `sealed_elsewhere` when SECRET_KEY is another one now."""
    try:
        return AESGCM(_key(secret_key, purpose)).decrypt(
            sealed[:NONCE], sealed[NONCE:], purpose.encode()
        )
    except InvalidTag as error:
        raise Problem("sealed_elsewhere", status=409) from error


def _key(secret_key: str, purpose: str) -> bytes:
    derive = HKDF(SHA256(), KEY, salt=None, info=f"qiaomen {purpose}".encode())
    return derive.derive(secret_key.encode())
