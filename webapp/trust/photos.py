"""Faces on badges: bounded, decoded, cut and encoded anew, so that nothing but a picture is kept.

What a camera writes beside the picture (place, time, device) does not survive that.
"""

from __future__ import annotations

import io
from base64 import b64encode
from hashlib import sha256

from PIL import ImageOps
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.accounts import audit, sequence
from webapp.accounts.actor import Actor
from webapp.core.pictures import opened
from webapp.trust.badges import get_badge
from webapp.trust.models import BadgePhoto

SIZE = 352, 416
"""Four times the door-shaped frame of 88 by 104 on the badge."""


def put(
    session: Session, who: Actor, community_id: int, badge_id: str, upload: bytes, *, now: int
) -> None:
    """Keep a badge's photo, instead of an earlier one. Problem `photo_too_large` (413),
    `photo_unreadable`."""
    jpeg = encode(upload)
    seq = next(sequence.draw(session, community_id))
    badge = get_badge(session, community_id, badge_id)
    row = session.get(BadgePhoto, (community_id, badge_id))
    if row is None:
        row = BadgePhoto(community_id=community_id, badge_id=badge_id)
        session.add(row)
    row.jpeg, row.digest = jpeg, sha256(jpeg).hexdigest()[:16]
    badge.seq = seq
    audit.note(session, community_id, who, "badge_photo", badge_id, now=now)


def drop(session: Session, who: Actor, community_id: int, badge_id: str, *, now: int) -> None:
    """Take a photo away. Repeats change nothing."""
    seq = next(sequence.draw(session, community_id))
    badge = get_badge(session, community_id, badge_id)
    badge.seq = seq
    session.execute(
        delete(BadgePhoto).where(
            BadgePhoto.community_id == community_id, BadgePhoto.badge_id == badge_id
        )
    )
    audit.note(session, community_id, who, "badge_photo_gone", badge_id, now=now)


def read(session: Session, community_id: int, badge_id: str) -> bytes | None:
    """The picture as JPEG, if the badge has one."""
    return session.scalar(
        select(BadgePhoto.jpeg).where(
            BadgePhoto.community_id == community_id, BadgePhoto.badge_id == badge_id
        )
    )


def inline(session: Session, community_id: int, badge_id: str) -> str | None:
    """The picture inside the page that shows it: it needs no address that others could try."""
    jpeg = read(session, community_id, badge_id)
    return None if jpeg is None else f"data:image/jpeg;base64,{b64encode(jpeg).decode()}"


def encode(upload: bytes) -> bytes:
    """A small upright JPEG without anything beside the picture (see `put` for what it raises)."""
    upright = opened(upload, (SIZE[0] * 2, SIZE[1] * 2))
    small = io.BytesIO()
    ImageOps.fit(upright, SIZE, centering=(0.5, 0.4)).save(small, "JPEG", quality=84, optimize=True)
    return small.getvalue()
