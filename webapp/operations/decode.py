"""From bytes to items: each element on its own, so that a bad one never stops its neighbours."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from webapp.core import clock
from webapp.operations.batch import REFUSED, Item
from webapp.operations.registry import Kind, registry

MAX_BYTES = 16 * 1024
MAX_AHEAD = 5 * clock.MINUTE
NOTHING_BEFORE = 0
"""1970: where the clock of a phone starts that lost its time. Earlier is no clock."""

Uuid = Annotated[
    str,
    Meta(
        pattern=r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        max_length=36,  # "$" lets a line end pass
        title="uuid",
    ),
]
Moment = Annotated[datetime, Meta(tz=True)]
Skew = Annotated[int, Meta(ge=-(10**13), le=10**13)]

_PATH = re.compile(r"`\$\.(?P<field>[A-Za-z0-9_]+)[^`]*`$")
_MISSING = re.compile(r"missing required field `(?P<field>[A-Za-z0-9_]+)`")
_TYPE = re.compile(r"[a-z][a-z0-9_]{0,39}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


class Recorded(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every operation carries (design 3.2). `at` is the phone's clock."""

    type: str
    id: Uuid
    at: Moment
    skew_ms: Skew = 0


class _Envelope(Struct):
    id: Any = None
    type: Any = None


_envelopes = msgspec.json.Decoder(_Envelope)
_decoders: dict[type[Struct], msgspec.json.Decoder[Any]] = {}


def decode(
    elements: Sequence[Raw | bytes], *, member_id: str, device_id: str | None, now: int
) -> list[Item]:
    """One item per element, in order; `status` is set only where nothing can change it:
    refused (no usable id or type, too large) or held (not understood, invalid)."""
    return [decode_one(bytes(raw), member_id, device_id, now) for raw in elements]


def decode_one(raw: bytes, member_id: str, device_id: str | None, now: int) -> Item:
    """Decode one element as it came (see `decode`)."""
    item = Item(
        id="",
        type="",
        text="",
        hash=sha256(raw).digest(),
        member_id=member_id,
        device_id=device_id,
        moment=now,
        received_at=now,
        fresh=True,
    )
    if _read(item, raw):
        return item
    if not _read_envelope(item, raw):
        item.status = REFUSED
        return item
    understand(item)
    return item


def _read(item: Item, raw: bytes) -> bool:
    """Read an element of a known type in which nothing is wrong, as nearly all are."""
    if len(raw) > MAX_BYTES:
        return False
    try:
        kind = registry.kinds[_envelopes.decode(raw).type]
        operation = _decoder(kind.schema).decode(raw)
    except (KeyError, TypeError, msgspec.MsgspecError, RecursionError, ValueError):
        return False
    item.id, item.type, item.text = operation.id.lower(), kind.name, raw.decode()
    _examine(item, kind, operation)
    return True


def understand(item: Item) -> None:
    """Decode the item's text by its type; holds it when that fails. Also used to try again."""
    kind = registry.kinds.get(item.type)
    if kind is None:
        item.hold("not_understood")
        return
    try:
        operation = _decoder(kind.schema).decode(item.text)
    except (msgspec.ValidationError, msgspec.DecodeError, RecursionError, ValueError) as error:
        _hold_for(item, str(error))
        return
    _examine(item, kind, operation)


def _examine(item: Item, kind: Kind, operation: Recorded) -> None:
    item.operation = operation
    item.subject_id = kind.subject(operation)
    field = kind.check(operation) or _set_moment(item, operation)
    if field:
        item.hold("invalid", field)
    else:
        item.status, item.code, item.field = "", None, None
        item.note = kind.free_text(operation, item.text)


def plain(text: str) -> bool:
    """Whether a text has no control characters but line breaks and tabs."""
    return _CONTROL.search(text) is None


def _decoder(schema: type[Struct]) -> msgspec.json.Decoder[Any]:
    if schema not in _decoders:
        _decoders[schema] = msgspec.json.Decoder(schema)
    return _decoders[schema]


def _read_envelope(item: Item, raw: bytes) -> bool:
    try:
        item.text = _mend(raw.decode())
        envelope = _envelope(item.text)
    except (UnicodeDecodeError, msgspec.MsgspecError, RecursionError, ValueError):
        item.code = "not_an_operation"
        return False
    if isinstance(envelope.id, str) and _UUID.fullmatch(envelope.id):
        item.id = envelope.id.lower()
    if isinstance(envelope.type, str) and (
        envelope.type in registry.kinds or _TYPE.fullmatch(envelope.type)
    ):
        item.type = envelope.type
    if not item.id or not item.type:
        item.code = "no_id" if not item.id else "no_type"
        return False
    if len(raw) > MAX_BYTES:
        item.code = "too_large"
        return False
    return True


def _mend(text: str) -> str:
    """Half an emoji (a field cut it in two) becomes U+FFFD: no reason to lose the visit.

    Browsers write such a half as an escape, which no strict decoder takes.
    """
    if "\\ud" not in text and "\\uD" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\\ufffd" if found["half"] else found[0], text)


def _envelope(text: str) -> _Envelope:
    """Id and type, also of what is JSON only to a lenient reader (NaN): it is kept and held."""
    try:
        return _envelopes.decode(text)
    except msgspec.DecodeError:
        fields = json.loads(text)
        if not isinstance(fields, dict):
            raise
        return _Envelope(fields.get("id"), fields.get("type"))


def _hold_for(item: Item, message: str) -> None:
    if message.startswith("Object contains unknown field"):
        item.hold("not_understood")
        return
    found = _PATH.search(message) or _MISSING.search(message)
    item.hold("invalid", found["field"] if found else None)


def _set_moment(item: Item, operation: Recorded) -> str | None:
    """moment = at + skew_ms (design 3.2); the field that makes it impossible, or none."""
    at = round(operation.at.timestamp() * 1000)
    if at < NOTHING_BEFORE:
        return "at"
    moment = at + operation.skew_ms
    if moment < NOTHING_BEFORE:
        return "skew_ms"
    item.moment, item.capped = moment, False
    if moment > item.received_at + MAX_AHEAD:
        item.moment, item.capped = item.received_at, True
    return None
