"""The numbers that order a community's changes, and the lock that keeps them in order.

`draw` is the first statement of every transaction that writes rows which a bucket carries:
its UPDATE takes the row lock, so that numbers become visible in the order they were drawn and a
reader who has seen n has seen everything below n.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from webapp.accounts.models import CommunitySeq
from webapp.core import db
from webapp.core.errors import NotFound

_ROWS = CommunitySeq.__table__.c
_DRAW = db.Query(
    update(CommunitySeq.__table__)  # type: ignore[arg-type]  # the table: past the ORM
    .where(_ROWS.community_id == bindparam("of"))
    .values(seq=_ROWS.seq + bindparam("step"))
    .returning(_ROWS.seq)
)


class Numbers:
    """Numbers drawn under the community's lock; more are drawn when they run out."""

    def __init__(self, session: Session, community_id: int, count: int) -> None:
        self._session = session
        self._community_id = community_id
        self._step = max(count, 1)
        self._next, self._end = 0, 0
        self._refill()

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        if self._next >= self._end:
            self._refill()
        self._next += 1
        return self._next - 1

    def _refill(self) -> None:
        row = _DRAW.first(self._session, of=self._community_id, step=self._step)
        if row is None:
            raise NotFound("community_unknown")
        end = row[0]
        self._next, self._end = end - self._step + 1, end + 1


def draw(session: Session, community_id: int, count: int = 1) -> Numbers:
    """Lock the community and draw `count` numbers (an upper bound: gaps are harmless).

    Raises NotFound when there is no such community.
    """
    return Numbers(session, community_id, count)


def head(session: Session, community_id: int) -> tuple[int, int]:
    """The highest number given out, and the highest whose tombstones are gone."""
    row = session.execute(
        select(CommunitySeq.seq, CommunitySeq.forgotten).where(
            CommunitySeq.community_id == community_id
        )
    ).one()
    return row.seq, row.forgotten
