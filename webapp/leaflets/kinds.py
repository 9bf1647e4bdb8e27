"""The kinds of leaflets that a community has: names, pictures, when to order more."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence

from PIL import Image, ImageOps
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import ActingMember
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id
from webapp.core.pictures import opened
from webapp.leaflets.models import GENERAL, LeafletKind

NAME = 40
MOST = 20
SIZE = 132, 176
"""Pixels of a picture, upright like a leaflet: every phone has all of them, so they are small."""


def kinds_of(session: Session, community_id: int) -> Sequence[LeafletKind]:
    """Those that were entered, retired ones last."""
    statement = (
        select(LeafletKind)
        .where(LeafletKind.community_id == community_id)
        .order_by(LeafletKind.retired, LeafletKind.id != GENERAL, LeafletKind.name)
    )
    return session.scalars(statement).all()


def save(
    session: Session,
    who: ActingMember,
    kind_id: str | None,
    name: str,
    low: int | None,
    picture: bytes,
    *,
    now: int,
) -> str:
    """Enter a kind, or change one (also the general one, which has no row before); returns its id.
    No bytes leave the picture there is.

    Problem `invalid` with the field name, low or kinds (there are too many); of pictures as
    `pictures.opened`. NotFound for a kind that is not there.
    """
    small = encode(picture) if picture else None
    seq = next(sequence.draw(session, who.community_id))
    called = " ".join(name.split())
    if not called or len(called) > NAME or not called.isprintable():
        raise Problem("invalid", field="name")
    if low is None:
        raise Problem("invalid", field="low")
    row = session.get(LeafletKind, (who.community_id, kind_id or ""))
    if row is None:
        if kind_id not in (None, GENERAL):
            raise NotFound
        row = _new(session, who.community_id, kind_id)
    row.name, row.low, row.seq, row.retired = called, low, seq, False
    row.picture = small or row.picture
    session.add(row)
    audit.note(session, who.community_id, who, "leaflet_kind", row.id, now=now, name=called)
    return row.id


def retire(session: Session, who: ActingMember, kind_id: str, *, now: int) -> None:
    """It is not offered any more. NotFound when it is not there."""
    seq = next(sequence.draw(session, who.community_id))
    row = session.get(LeafletKind, (who.community_id, kind_id))
    if row is None:
        raise NotFound
    row.retired, row.seq = True, seq
    audit.note(session, who.community_id, who, "leaflet_kind_retired", row.id, now=now)


def encode(upload: bytes) -> bytes:
    """A small upright WebP, cut to a leaflet's shape, without anything beside the picture."""
    small = io.BytesIO()
    picture = opened(upload, (SIZE[0] * 2, SIZE[1] * 2))
    ImageOps.fit(picture, SIZE, Image.Resampling.LANCZOS).save(small, "WEBP", quality=78, method=6)
    return small.getvalue()


def inline(kind: LeafletKind) -> str:
    """The picture as an address that needs no network; empty without one."""
    return f"data:image/webp;base64,{b64encode(kind.picture).decode()}" if kind.picture else ""


def _new(session: Session, community_id: int, kind_id: str | None) -> LeafletKind:
    statement = select(func.count()).where(LeafletKind.community_id == community_id)
    if (session.scalar(statement) or 0) >= MOST:
        raise Problem("invalid", field="kinds")
    return LeafletKind(
        community_id=community_id, id=kind_id or f"k{new_id().replace('-', '')[-12:]}"
    )
