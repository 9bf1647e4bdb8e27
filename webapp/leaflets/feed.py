"""What phones get of leaflets: the community's kinds, and the member's own bag."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.leaflets.kinds import inline
from webapp.leaflets.models import LeafletBag, LeafletKind
from webapp.leaflets.wire import LeafletBagRow, LeafletKindRow
from webapp.operations.registry import Reader, Row


def kind_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """Kinds that changed after `since`."""
    statement = select(LeafletKind).where(
        LeafletKind.community_id == reader.community_id, LeafletKind.seq > since
    )
    for kind in session.scalars(statement):
        row = LeafletKindRow(id=kind.id, name=kind.name, picture=inline(kind), retired=kind.retired)
        yield kind.seq, msgspec.json.encode(row)


def bag_rows(session: Session, reader: Reader, _key: str, since: int) -> Iterator[Row]:
    """The member's bag, kind by kind, where it changed after `since`."""
    statement = select(LeafletBag).where(
        LeafletBag.community_id == reader.community_id,
        LeafletBag.member_id == reader.member_id,
        LeafletBag.seq > since,
    )
    for bag in session.scalars(statement):
        yield bag.seq, msgspec.json.encode(LeafletBagRow(id=bag.kind, left=bag.left))
