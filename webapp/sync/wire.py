"""The bodies of the phone's API. OpenAPI and the client's types are generated from these."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta, Raw, Struct

from webapp.operations.decode import Uuid
from webapp.operations.push import Result

MAX_OPERATIONS = 500
MAX_COMPARED = 20_000
MIN_CLIENT = 1
"""The oldest version of the field app that may show itself; every version may push."""


class PushRequest(Struct, kw_only=True):
    """What a phone recorded, oldest first. `sent_at` is the phone's clock."""

    operations: Annotated[list[Raw], Meta(max_length=MAX_OPERATIONS)]
    sent_at: str | None = None


class PushAnswer(Struct, kw_only=True):
    """One result per operation, in the same order."""

    server_time: str
    epoch: str
    min_client: int
    results: list[Result]


Bucket = Annotated[str, Meta(max_length=60)]
Cursor = Annotated[str, Meta(max_length=80)]


class PullRequest(Struct, kw_only=True):
    """Where the phone stands in each bucket, and how many operations it has not sent.

    `only`: just look at these buckets; the answer names no others, so it is not a complete pull.
    """

    cursors: Annotated[dict[Bucket, Cursor], Meta(max_length=20_000)]
    waiting: Annotated[int, Meta(ge=0, le=10_000_000)] = 0
    only: Annotated[list[Bucket], Meta(max_length=10)] | None = None


class BucketChanges(Struct, kw_only=True, omit_defaults=True):
    """What is new in a bucket: first forget `gone`, then take over `rows` (see docs/sync.md)."""

    cursor: str
    rows: list[Raw]
    gone: list[str]
    reset: bool = False


class PullAnswer(Struct, kw_only=True):
    """The buckets of this member and what is new in them; `more`: ask again."""

    scope: list[str]
    changes: dict[str, BucketChanges]
    more: bool
    server_time: str
    epoch: str


class ReceiptAnswer(Struct, kw_only=True):
    """Everything stored from this device; `digest` in 64 lower-case hex digits."""

    count: int
    digest: str


Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class ReceiptRequest(Struct, kw_only=True):
    """(id, hash) of the operations that a phone has recorded."""

    operations: Annotated[list[tuple[Uuid, Hash]], Meta(max_length=MAX_COMPARED)]


class DifferencesAnswer(Struct, kw_only=True):
    """Ids that the server lacks, and ids that it has with other bytes."""

    missing: list[str]
    different: list[str]


def bodies() -> dict[str, type[msgspec.Struct]]:
    """The structures by the name that they have in the generated documents."""
    kinds = (
        PushRequest,
        PushAnswer,
        PullRequest,
        PullAnswer,
        ReceiptAnswer,
        ReceiptRequest,
        DifferencesAnswer,
    )
    return {kind.__name__: kind for kind in kinds}
