"""Taking in what a phone recorded: one transaction, a handful of statements per stage.

Nothing is ever dropped: an operation with a usable id, type and size gets a row, whatever becomes
of it. The order of arrival does not matter: what comes before its subject waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from webapp.accounts import sequence
from webapp.core import db
from webapp.operations import receipt
from webapp.operations.batch import ACCEPTED, HELD, REFUSED, WAITING, Batch, Item
from webapp.operations.decode import understand
from webapp.operations.models import Operation, OperationRival, OperationText
from webapp.operations.registry import registry

NUMBERS_PER_ITEM = 3
DUPLICATE = "duplicate"
REVOKED, UNSIGNED, TAKEN = "device_revoked", "unsigned", "id_taken"

_ROWS, _RIVALS = Operation.__table__.c, OperationRival.__table__.c
_KNOWN = db.Query(
    select(
        _ROWS.id,
        _ROWS.hash,
        _ROWS.device_id,
        _ROWS.status,
        _ROWS.code,
        _ROWS.field,
        _ROWS.moment,
        _ROWS.capped,
    ).where(_ROWS.community_id == bindparam("of"), db.among(_ROWS.id, "ids"))
)
_WAITING = db.Query(
    select(
        _ROWS.id,
        _ROWS.type,
        _ROWS.body,
        _ROWS.hash,
        _ROWS.member_id,
        _ROWS.device_id,
        _ROWS.received_at,
        _ROWS.voided,
        _ROWS.moment,
        _ROWS.capped,
    ).where(
        _ROWS.community_id == bindparam("of"),
        db.among(_ROWS.subject_id, "ids"),
        _ROWS.status == WAITING,
    )
)


class Result(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What became of one operation. `present` is the status of a duplicate, `moment` in ms."""

    id: str | None
    status: str
    code: str | None = None
    field: str | None = None
    message: str | None = None
    present: str | None = None
    moment: int | None = None
    capped: bool = False
    warning: str | None = None


def push(
    session: Session,
    community_id: int,
    timezone: str,
    items: Sequence[Item],
    *,
    now: int,
    hold: str | None = None,
) -> list[Result]:
    """Take the items (all of one device) and say what became of each, in the same order.

    `hold`: a person has to look at all of them, for this reason. The first statement draws
    numbers under the community's lock: pushes into one community follow each other, and a repeat
    sees what the first try stored.
    """
    numbers = sequence.draw(session, community_id, NUMBERS_PER_ITEM * len(items) + 8)
    batch = Batch(session, community_id, timezone, numbers, now)
    known = _known(batch, items)
    first: dict[str, Item] = {}
    rivals: list[Item] = []
    for item in items:
        if item.status == REFUSED:
            continue
        taken = known.get(item.id) or first.setdefault(item.id, item)
        if taken.hash != item.hash:
            item.hold(TAKEN)
            rivals.append(item)
    fresh = list(first.values())
    if hold:
        for item in fresh:
            item.hold(hold)
    _store(batch, [item for item in fresh if item.status])
    _take(batch, [item for item in fresh if not item.status])
    old_rivals, own_rivals = _store_rivals(batch, rivals)
    vouched = _vouched(known, items) if known and not hold else []
    for item in vouched:
        settle(batch, item, new=False)
        del known[item.id]
        first[item.id] = item
    nobodys = [item for item in items if _is_nobodys(known.get(item.id), item)]
    adopted = _adopt(batch, Operation, nobodys, lambda item: {"id": item.id})
    _count_receipt(batch, [*fresh, *vouched, *adopted, *own_rivals])
    for settled in finish(batch):
        if own := first.get(settled.id):  # it waited for something in the same push
            own.status, own.code, own.field = settled.status, settled.code, settled.field
    return [_answer(item, known, first, old_rivals) for item in items]


def _vouched(known: dict[str, Any], items: Sequence[Item]) -> list[Item]:
    """What came unsigned before, with the same bytes, is held since, and comes from its own phone
    now."""
    found: dict[str, Item] = {}
    for item in items:
        row = known.get(item.id)
        if row is None or (row.status, row.code, row.hash) != (HELD, UNSIGNED, item.hash):
            continue
        if not item.status:
            found.setdefault(item.id, item)
    return list(found.values())


def _is_nobodys(row: Any, item: Item) -> bool:
    """Whether the stored operation has the same bytes as the item, and no device yet."""
    same = row is not None and row.hash == item.hash
    return same and row.device_id is None and item.device_id is not None


def _adopt(
    batch: Batch,
    table: type[Operation] | type[OperationRival],
    items: Iterable[Item],
    key: Callable[[Item], dict[str, Any]],
) -> list[Item]:
    """Note of these, which came by an unsigned file, whose they are: their phone has sent them now,
    so they belong into its receipt, whatever the desk decided meanwhile. Each once."""
    found = {(item.id, item.hash): item for item in items}
    own = {"community_id": batch.community_id}
    rows = [own | key(item) | {"device_id": item.device_id} for item in found.values()]
    if rows:
        batch.session.execute(update(table), rows)
    return list(found.values())


def finish(batch: Batch) -> list[Item]:
    """Take up what waited for what arrived, then let features bring their rows up to date.

    Returns what was taken up, as it stands now.
    """
    settled: list[Item] = []
    while waiting := _waiting_for(batch):
        judge(batch, waiting)
        _write_results(batch, waiting)
        _apply(batch, waiting)
        settled += waiting
    for step in registry.finishers:
        step(batch)
    return settled


def settle(batch: Batch, item: Item, *, new: bool) -> None:
    """Judge one operation again that was held, write down what it says now, and apply it.

    `new`: it has no row of its own yet. Call `finish` afterwards.
    """
    judge(batch, [item])
    if new:
        _store(batch, [item])
    else:
        _restore(batch, item)
        item.voided = _is_voided(batch, item)
    _apply(batch, [item])


def _is_voided(batch: Batch, item: Item) -> bool:
    """As it stands now: a void may have been taken in since the item was read."""
    row = select(_ROWS.voided).where(_ROWS.community_id == batch.community_id, _ROWS.id == item.id)
    return bool(batch.session.scalar(row))


def _restore(batch: Batch, item: Item) -> None:
    row = dict(zip(_STORED, _row(batch, item), strict=True))
    del row["voided"]
    row["result_seq"] = next(batch.numbers)
    batch.session.execute(update(Operation), [row])
    if item.note:
        text = {"community_id": batch.community_id, "operation_id": item.id, "text": item.note}
        statement = db.insert(batch.session, OperationText).on_conflict_do_nothing()
        batch.session.execute(statement, [text])
    batch.arrived.add(item.id)


def _known(batch: Batch, items: Sequence[Item]) -> dict[str, Any]:
    ids = {item.id for item in items if item.status != REFUSED}
    found = _KNOWN.rows(batch.session, of=batch.community_id, ids=ids)
    return {row.id: row for row in found}


def _take(batch: Batch, items: Sequence[Item]) -> None:
    """Judge, store and apply stage by stage: a later stage finds the rows of the earlier ones."""
    stages: dict[int, list[Item]] = {}
    for name, group in _by_type(items).items():
        stages.setdefault(registry.kinds[name].stage, []).extend(group)
    for _stage, here in sorted(stages.items()):
        judge(batch, here)
        _store(batch, here)
        _apply(batch, here)


def judge(batch: Batch, items: Sequence[Item]) -> None:
    """Let each type decide on its items."""
    for name, group in _by_type(items).items():
        registry.kinds[name].judge(batch, group)


def _apply(batch: Batch, items: Sequence[Item]) -> None:
    """Give what was accepted its effect.

    What was voided before it was let in has it for a moment too: a door that was added and taken
    back stays behind, retired, and takes the visits that were recorded there, as it does when the
    void comes last.
    """
    accepted = [item for item in items if item.status == ACCEPTED]
    for name, group in _by_type(accepted).items():
        registry.apply(name, batch, group)
        if voided := [item for item in group if item.voided]:
            registry.undo(name, batch, voided)


def _by_type(items: Iterable[Item]) -> dict[str, list[Item]]:
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.type, []).append(item)
    return groups


def _store(batch: Batch, items: Sequence[Item]) -> None:
    if not items:
        return
    db.insert_rows(batch.session, Operation, [_row(batch, item) for item in items], _STORED)
    texts = [
        {"community_id": batch.community_id, "operation_id": item.id, "text": item.note}
        for item in items
        if item.note
    ]
    db.insert_rows(batch.session, OperationText, texts)
    batch.arrived.update(item.id for item in items)


_STORED = (
    "community_id",
    "id",
    "type",
    "member_id",
    "device_id",
    "subject_id",
    "moment",
    "capped",
    "received_at",
    "status",
    "code",
    "field",
    "voided",
    "hash",
    "body",
)


def _row(batch: Batch, item: Item) -> tuple[Any, ...]:
    return (
        batch.community_id,
        item.id,
        item.type,
        item.member_id,
        item.device_id,
        item.subject_id,
        item.moment,
        item.capped,
        item.received_at,
        item.status,
        item.code,
        item.field,
        False,
        item.hash,
        _body(item),
    )


def _body(item: Item) -> str:
    """The element's text; free text is taken out once it stands in a row that can be erased."""
    return registry.kinds[item.type].without_text(item.text) if item.note else item.text


def _store_rivals(
    batch: Batch, rivals: Sequence[Item]
) -> tuple[dict[tuple[str, bytes], str], list[Item]]:
    """Keep what came under a taken id; returns the status of those that were kept before, and
    those that belong into their device's receipt since now."""
    if not rivals:
        return {}, []
    statement = select(_RIVALS.operation_id, _RIVALS.hash, _RIVALS.status, _RIVALS.device_id).where(
        _RIVALS.community_id == batch.community_id,
        _RIVALS.operation_id.in_({item.id for item in rivals}),
    )
    found = batch.session.execute(statement).all()
    old = {(row.operation_id, row.hash): row.status for row in found}
    unsigned = {(row.operation_id, row.hash) for row in found if row.device_id is None}
    new = {(item.id, item.hash): item for item in rivals if (item.id, item.hash) not in old}
    rows = [
        {
            "community_id": batch.community_id,
            "operation_id": item.id,
            "hash": item.hash,
            "type": item.type,
            "member_id": item.member_id,
            "device_id": item.device_id,
            "received_at": item.received_at,
            "status": HELD,
            "body": item.text,
        }
        for item in new.values()
    ]
    if rows:
        batch.session.execute(insert(OperationRival), rows)
    adopted = _adopt(
        batch,
        OperationRival,
        [item for item in rivals if (item.id, item.hash) in unsigned and item.device_id],
        lambda item: {"operation_id": item.id, "hash": item.hash},
    )
    return old, [*new.values(), *adopted]


def _waiting_for(batch: Batch) -> list[Item]:
    """What waited for ids that have arrived since this was last asked."""
    arrived, batch.arrived = batch.arrived, set()
    if not arrived:
        return []
    found = _WAITING.rows(batch.session, of=batch.community_id, ids=arrived)
    items = [reread(row) for row in found]
    return [item for item in items if item.operation is not None]


def _count_receipt(batch: Batch, stored: Sequence[Item]) -> None:
    """Add to the device's receipt whatever was stored now."""
    devices = {item.device_id for item in stored if item.device_id}
    for device_id in devices:
        hashes = [item.hash for item in stored if item.device_id == device_id]
        receipt.add(batch.session, batch.community_id, device_id, hashes)


def reread(row: Any) -> Item:
    """The item of a stored operation, decoded again; its moment stays as it was written down."""
    item = Item(
        id=row.id,
        type=row.type,
        text=row.body,
        hash=row.hash,
        member_id=row.member_id,
        device_id=row.device_id,
        received_at=row.received_at,
        voided=row.voided,
    )
    understand(item)
    item.moment, item.capped = row.moment, row.capped
    return item


def _write_results(batch: Batch, items: Sequence[Item]) -> None:
    """Write down what became of items that waited or were held; their authors learn it."""
    rows = [
        {
            "community_id": batch.community_id,
            "id": item.id,
            "status": item.status,
            "code": item.code,
            "field": item.field,
            "result_seq": next(batch.numbers),
        }
        for item in items
        if item.status != WAITING
    ]
    if rows:
        batch.session.execute(update(Operation), rows)


def _answer(
    item: Item,
    known: dict[str, Any],
    first: dict[str, Item],
    old_rivals: dict[tuple[str, bytes], str],
) -> Result:
    if old_rivals and (present := old_rivals.get((item.id, item.hash))):
        code = item.code if present == HELD else None
        return Result(id=item.id, status=DUPLICATE, present=present, code=code)
    if item.status == REFUSED or item.code == TAKEN:
        return _result(item, item.status)
    if row := known.get(item.id):
        return _result(row, DUPLICATE, present=row.status)
    if (earlier := first[item.id]) is not item:
        return _result(earlier, DUPLICATE, present=earlier.status)
    return _result(item, item.status)


def _result(source: Any, status: str, present: str | None = None) -> Result:
    """From an item, or from the row of one that was known."""
    return Result(
        id=source.id or None,
        status=status,
        present=present,
        code=source.code,
        field=source.field,
        moment=source.moment if source.capped else None,
        capped=source.capped,
        warning=source.warning if isinstance(source, Item) else None,
    )
