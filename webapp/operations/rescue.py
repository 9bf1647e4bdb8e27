"""Rescue files: what a phone could not send, saved as a file and imported at the desk.

The file is JSON. Its `sealed` part is the body of a push, encrypted to the community's public key
(boxes.py); `tag` is an HMAC-SHA256 of the rest under the
device's key. With a valid tag the import gives the same result as the push, without one all of it
is held as `unsigned`.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts import community_keys
from webapp.accounts.actor import ActingMember
from webapp.accounts.models import Device, DeviceKey
from webapp.core import db
from webapp.core.errors import Problem
from webapp.operations import revoked
from webapp.operations.boxes import PrivateKey, open_box, unsealed
from webapp.operations.decode import Uuid, decode
from webapp.operations.push import REVOKED, UNSIGNED, Result, push
from webapp.operations.split import split

FORMAT = "qiaomen-rescue-1"
INFO = b"qiaomen rescue 1"
BATCH = 500
MOST = 100_000


class RescueFile(Struct, kw_only=True, forbid_unknown_fields=True):
    """The file; binary parts in base64. `key` is the ephemeral public point."""

    format: str
    community: int
    device: Uuid
    key: str
    nonce: str
    sealed: str
    tag: str

    def signed_part(self) -> bytes:
        """What the tag covers."""
        parts = (self.format, str(self.community), self.device, self.key, self.nonce, self.sealed)
        return "\n".join(parts).encode()


class _Body(Struct):
    operations: list[Raw]


@dataclass(slots=True)
class Imported:
    """What became of a file: results by status, and whether its tag was valid."""

    signed: bool
    total: int = 0
    statuses: Counter[str] = field(default_factory=Counter)


def read(data: bytes) -> RescueFile:
    """The file's structure; Problem `rescue_unreadable` for anything else."""
    try:
        file = msgspec.json.decode(data, type=RescueFile)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("rescue_unreadable") from error
    if file.format != FORMAT:
        raise Problem("rescue_unreadable")
    return file


def open_body(file: RescueFile, private: PrivateKey) -> Sequence[Raw | bytes]:
    """The operations' own bytes; Problem `rescue_unreadable` if not sealed to this key."""
    try:
        plain = open_box(private, file.key, file.nonce, file.sealed, info=INFO)
    except ValueError as error:
        raise Problem("rescue_unreadable") from error
    return unsealed(_elements(plain), lambda: private)


def _elements(plain: bytes) -> Sequence[Raw | bytes]:
    """As in a push: one operation that is no JSON stops no other."""
    try:
        return msgspec.json.decode(plain, type=_Body).operations
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        elements = split(plain, MOST)
        if elements is None:
            raise Problem("rescue_unreadable") from error
        return elements


def import_file(
    who: ActingMember, data: bytes, secret_key: str, timezone: str, *, now: int
) -> Imported:
    """Take a file in, in transactions of up to 500 operations; repeats change nothing.

    Raises Problem: `rescue_unreadable`, `rescue_elsewhere` for another community's file,
    `revoked_full`.
    """
    file = read(data)
    if file.community != who.community_id:
        raise Problem("rescue_elsewhere")
    with db.reading() as session:
        try:
            private = community_keys.private(session, who.community_id, secret_key)
        except LookupError as error:
            raise Problem("rescue_unreadable") from error
        device = session.get(Device, (who.community_id, file.device))
        signed = device is not None and _signed(session, device, file)
    elements = open_body(file, private)
    author = device.member_id if device is not None else who.member_id
    hold = None if signed else UNSIGNED
    if signed and device is not None and device.revoked_at is not None:
        hold = REVOKED
    imported = Imported(signed)
    for start in range(0, len(elements), BATCH):
        items = decode(
            elements[start : start + BATCH],
            member_id=author,
            device_id=file.device if signed else None,
            now=now,
        )
        with db.writing() as session:
            if hold == REVOKED:
                revoked.bound(session, who.community_id, file.device, items)
            _add(imported, push(session, who.community_id, timezone, items, now=now, hold=hold))
    return imported


def _signed(session: Session, device: Device, file: RescueFile) -> bool:
    """Whether one of the device's keys, the present or an earlier one, made the tag."""
    earlier = session.scalars(
        select(DeviceKey.key).where(
            DeviceKey.community_id == device.community_id, DeviceKey.device_id == device.id
        )
    )
    try:
        tag = b64decode(file.tag)
    except ValueError:
        return False
    message = file.signed_part()
    return any(
        hmac.compare_digest(hmac.digest(key, message, "sha256"), tag)
        for key in (device.key, *earlier)
    )


def _add(imported: Imported, results: Sequence[Result]) -> None:
    imported.total += len(results)
    imported.statuses.update(result.status for result in results)
