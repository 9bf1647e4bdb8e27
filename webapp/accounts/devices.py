"""A phone's database of one member: registered at sign-in, revoked by its member or the desk."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import Actor
from webapp.accounts.models import Device, DeviceKey
from webapp.core.errors import NotFound, Problem
from webapp.core.ids import new_id

KEY_BYTES = 32


@dataclass(frozen=True)
class Claim:
    """What a phone says of itself; an id when its database exists already."""

    name: str
    id: str | None = None


@dataclass(frozen=True)
class Registered:
    """A device and its new key, which is given out this once."""

    id: str
    key: bytes


def register(
    session: Session, community_id: int, member_id: str, claim: Claim, *, now: int
) -> Registered:
    """Take the phone in, or recognise it: the same id with the same member is the same device.

    Each time it gets a new key, because the answer with the last one may have been lost; what
    earlier keys signed stays valid. Raises Problem `device_taken` (409) for another member's
    device, `device_revoked` (410) for one that was revoked.
    """
    key = secrets.token_bytes(KEY_BYTES)
    known = (
        session.scalars(select(Device).where(Device.id == claim.id)).first() if claim.id else None
    )
    if known is None:
        device = Device(
            community_id=community_id,
            id=claim.id or new_id(),
            member_id=member_id,
            name=claim.name,
            key=key,
            created_at=now,
            seen_at=now,
        )
        session.add(device)
        session.flush()
        return Registered(device.id, key)
    _check(known, community_id, member_id)
    session.add(
        DeviceKey(community_id=community_id, device_id=known.id, key=known.key, replaced_at=now)
    )
    known.key, known.name, known.seen_at = key, claim.name, now
    session.flush()
    return Registered(known.id, key)


def revoke(session: Session, who: Actor, community_id: int, device_id: str, *, now: int) -> None:
    """Shut a device out; it may still hand over what it recorded. Repeats change nothing.

    A coordinator may revoke any device of the community, everybody their own; NotFound else.
    """
    device = session.get(Device, (community_id, device_id))
    own = device is not None and device.member_id == who.member_id
    if device is None or not (own or "coordinator" in who.roles):
        raise NotFound("device_unknown")
    if device.revoked_at is None:
        device.revoked_at = now
        audit.note(session, community_id, who, "device_revoke", device_id, now=now)


def revoke_all(session: Session, community_id: int, member_id: str, *, now: int) -> None:
    """Shut out all devices of a member who leaves."""
    session.execute(
        update(Device)
        .where(
            Device.community_id == community_id,
            Device.member_id == member_id,
            Device.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def _check(device: Device, community_id: int, member_id: str) -> None:
    if (device.community_id, device.member_id) != (community_id, member_id):
        raise Problem("device_taken", status=409)
    if device.revoked_at is not None:
        raise Problem("device_revoked", status=410)
