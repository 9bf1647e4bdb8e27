"""What phones get: buckets of rows in the order of their seq, and a cursor to go on from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.accounts.sequence import Numbers
from webapp.core import db
from webapp.operations.models import Operation, OperationRival, Tombstone
from webapp.operations.registry import Reader, Row, registry

PAGE_BYTES = 1_000_000
ME, COMMUNITY = "me", "community"
_GONE = Tombstone.__table__.c
_BURIED = select(_GONE.seq, _GONE.id).where(
    _GONE.community_id == bindparam("of"),
    _GONE.bucket == bindparam("bucket"),
    _GONE.seq > bindparam("since"),
)


@dataclass(slots=True)
class Changes:
    """What is new in one bucket. `rows` are JSON objects; `reset`: forget the bucket first."""

    cursor: str
    rows: list[bytes] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    reset: bool = False


@dataclass(slots=True)
class Page:
    """One answer to a pull; `more` says that another page follows."""

    scope: list[str]
    changes: dict[str, Changes]
    more: bool


def pull(
    session: Session,
    reader: Reader,
    cursors: Mapping[str, str],
    *,
    epoch: str,
    page_bytes: int = PAGE_BYTES,
    only: Sequence[str] | None = None,
) -> Page:
    """Everything newer than the cursors, up to about `page_bytes`, from one snapshot.

    An unknown epoch, a cursor ahead of the head or older than the tombstones → `reset`. `only`:
    look at no other buckets.
    """
    head, forgotten = sequence.head(session, reader.community_id)
    scope = scope_of(session, reader)
    if only is not None:
        scope = [bucket for bucket in scope if bucket in only]
    latest = _latest(session, reader, [bucket for bucket in scope if bucket in cursors])
    page = Page(scope, {}, more=False)
    room = page_bytes
    for bucket in scope:
        since = _read_cursor(cursors.get(bucket), epoch, head, forgotten)
        if since is not None and latest.get(bucket, head) <= since.seq:
            continue
        if room <= 0:
            page.more = True
            break
        start = since or Since(-1, head)
        changes, used, complete = _changes(session, reader, bucket, start, head, epoch, room)
        changes.reset = since is None
        if changes.rows or changes.gone or changes.reset or cursors.get(bucket) != changes.cursor:
            page.changes[bucket] = changes
        room -= used
        page.more = page.more or not complete
    return page


def scope_of(session: Session, reader: Reader) -> list[str]:
    """The buckets that this member has."""
    scope: list[str] = []
    for add in registry.scopes:
        scope += [bucket for bucket in add(session, reader) if bucket not in scope]
    return scope


def bury(
    session: Session, numbers: Numbers, community_id: int, bucket: str, row_id: str, now: int
) -> None:
    """Tell phones that a row has left a bucket (`me:<member id>` for a member's own bucket)."""
    row = {
        "community_id": community_id,
        "bucket": bucket,
        "id": row_id,
        "seq": next(numbers),
        "at": now,
    }
    db.upsert(
        session, Tombstone, [row], keys=["community_id", "bucket", "id"], columns=["seq", "at"]
    )


def own_results(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """What became of this member's operations after the answer to their push."""
    statement = select(Operation).where(
        Operation.community_id == reader.community_id,
        Operation.member_id == reader.member_id,
        Operation.result_seq > since,
    )
    for row in session.scalars(statement):
        fields: dict[str, object] = {"kind": "result", "id": row.id, "status": row.status}
        fields |= {"code": row.code} if row.code else {}
        fields |= {"field": row.field} if row.field else {}
        fields |= {"moment": row.moment, "capped": True} if row.capped else {}
        yield row.result_seq or 0, msgspec.json.encode(fields)
    rivals = select(OperationRival).where(
        OperationRival.community_id == reader.community_id,
        OperationRival.member_id == reader.member_id,
        OperationRival.result_seq > since,
    )
    for rival in session.scalars(rivals):
        fields = {"kind": "result", "id": rival.operation_id, "status": rival.status}
        yield rival.result_seq or 0, msgspec.json.encode(fields | {"hash": rival.hash.hex()})


@dataclass(frozen=True, slots=True)
class Since:
    """What a cursor says: everything up to `seq` is there. The download `began` when that was the
    head: tombstones matter from there on, also while the phone still reads older rows."""

    seq: int
    began: int


def _read_cursor(cursor: str | None, epoch: str, head: int, forgotten: int) -> Since | None:
    """A cursor `epoch.seq` or `epoch.seq.began`; none when the bucket must come whole."""
    if cursor is None:
        return None
    of_epoch, *numbers = cursor.split(".")
    usable = all(n.isascii() and n.isdigit() and len(n) < 19 for n in numbers)
    if of_epoch != epoch or not usable or len(numbers) not in (1, 2):
        return None
    since = Since(int(numbers[0]), int(numbers[-1]))
    return since if forgotten <= since.began <= head and since.seq <= head else None


def _write_cursor(epoch: str, seq: int, began: int) -> str:
    return f"{epoch}.{seq}.{began}" if began > seq else f"{epoch}.{seq}"


def _latest(session: Session, reader: Reader, buckets: Sequence[str]) -> dict[str, int]:
    """The highest number in each of these buckets, of kinds that can tell: idle ones cost
    nothing more, however many a member has."""
    keys: dict[str, list[str]] = {}
    for bucket in buckets:
        kind, _, key = bucket.partition(":")
        if kind in registry.latest:
            keys.setdefault(kind, []).append(key)
    if not keys:
        return {}
    latest = {
        f"{kind}:{key}": seq
        for kind, wanted in keys.items()
        for key, seq in registry.latest[kind](session, reader, wanted).items()
    }
    statement = (
        select(Tombstone.bucket, func.max(Tombstone.seq))
        .where(Tombstone.community_id == reader.community_id)
        .group_by(Tombstone.bucket)
    )
    for bucket, seq in session.execute(statement):
        if bucket in latest:
            latest[bucket] = max(latest[bucket], seq)
    return latest


def _changes(
    session: Session,
    reader: Reader,
    bucket: str,
    since: Since,
    head: int,
    epoch: str,
    room: int,
) -> tuple[Changes, int, bool]:
    kind, _, key = bucket.partition(":")
    rows: list[tuple[int, bytes | None, str]] = [
        (seq, row, "")
        for feed in registry.feeds.get(kind, ())
        for seq, row in feed(session, reader, key, since.seq)
    ]
    if since.seq >= 0:
        rows += [(seq, None, row_id) for seq, row_id in _buried(session, reader, bucket, since.seq)]
    rows.sort(key=lambda row: row[0])
    changes, used = Changes(cursor=_write_cursor(epoch, head, head)), 0
    for index, (seq, row, row_id) in enumerate(rows):
        if row is None:
            changes.gone.append(row_id)
        else:
            changes.rows.append(row)
            used += len(row) + 1
        if used >= room and index + 1 < len(rows) and rows[index + 1][0] > seq:
            changes.cursor = _write_cursor(epoch, seq, since.began)
            return changes, used, False
    return changes, used, True


def _buried(session: Session, reader: Reader, bucket: str, since: int) -> Sequence[tuple[int, str]]:
    name = f"{ME}:{reader.member_id}" if bucket == ME else bucket
    values = {"of": reader.community_id, "bucket": name, "since": since}
    return [(seq, row_id) for seq, row_id in session.execute(_BURIED, values)]
