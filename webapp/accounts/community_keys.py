"""A community's key pair: phones encrypt rescue files to it, only this server opens them.

P-256 (FIPS 186-5), the curve that every browser's Web Crypto has. The public key is its
uncompressed point (65 bytes), the private one its number in 32 bytes, sealed.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from webapp.accounts import sequence
from webapp.accounts.models import Community
from webapp.core import sealing
from webapp.core.db import Base

PURPOSE = "community key"
SCALAR = 32


class CommunityKey(Base):
    """The key pair of a community; made when its first phone signs in."""

    __tablename__ = "community_key"

    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"), primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary(65))
    sealed: Mapped[bytes] = mapped_column(LargeBinary(100))


def public(session: Session, community_id: int) -> bytes | None:
    """The public key, or none before the pair was made."""
    statement = select(CommunityKey.public).where(CommunityKey.community_id == community_id)
    return session.scalar(statement)


def ensure(session: Session, community_id: int, secret_key: str) -> bytes:
    """The public key; makes the pair once, and has phones learn it with the community's row."""
    known = public(session, community_id)
    if known is not None:
        return known
    number = next(sequence.draw(session, community_id))
    known = public(session, community_id)  # somebody may have been faster before the lock
    if known is not None:
        return known
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    scalar = private.private_numbers().private_value.to_bytes(SCALAR, "big")
    session.add(
        CommunityKey(
            community_id=community_id,
            public=point,
            sealed=sealing.seal(secret_key, PURPOSE, scalar),
        )
    )
    session.get_one(Community, community_id).seq = number
    session.flush()
    return point


def private(session: Session, community_id: int, secret_key: str) -> ec.EllipticCurvePrivateKey:
    """The private key. Raises Problem `sealed_elsewhere`; LookupError before the pair was made."""
    row = session.get(CommunityKey, community_id)
    if row is None:
        raise LookupError(community_id)
    scalar = sealing.unseal(secret_key, PURPOSE, row.sealed)
    return ec.derive_private_key(int.from_bytes(scalar, "big"), ec.SECP256R1())
