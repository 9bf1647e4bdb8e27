"""moments of packed visits are in their ids

Revision: 7d1c0e5fa9b4, after 7b07696f093a, made 2026-11-26 16:00:00
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op


revision: str = "7d1c0e5fa9b4"
down_revision: str | Sequence[str] | None = "7b07696f093a"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATES = sa.table(
    "door_state",
    sa.column("community_id", sa.Integer),
    sa.column("household_id", sa.String(36).with_variant(sa.UUID(as_uuid=False), "postgresql")),
    sa.column("packed", sa.Text),
)


def upgrade() -> None:
    _rewrite(_without_moments)


def downgrade() -> None:
    _rewrite(_with_moments)


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let every door's packed visits be written anew, in the order of the declared fields.

    Phones understand both, so no door gets a new number.
    """
    bind = op.get_bind()
    written = (
        sa.update(STATES)
        .where(
            STATES.c.community_id == sa.bindparam("of"),
            STATES.c.household_id == sa.bindparam("door"),
        )
        .values(packed=sa.bindparam("text"))
    )
    doors = sa.select(STATES).where(STATES.c.packed.like('%"visits":%'))
    for community_id in bind.scalars(sa.select(STATES.c.community_id).distinct()).all():
        found = bind.execute(doors.where(STATES.c.community_id == community_id)).all()
        rows = []
        for _community_id, household_id, packed in found:
            door = json.loads(packed)
            door["visits"] = change(door["visits"])
            text = json.dumps(door, ensure_ascii=False, separators=(",", ":"))
            rows.append({"of": community_id, "door": household_id, "text": text})
        if rows:
            bind.execute(written, rows)


def _time_of(visit_id: str) -> int:
    return int(visit_id[:8] + visit_id[9:13], 16)


def _without_moments(visits: dict[str, Any]) -> dict[str, Any]:
    rest = dict(visits)
    pairs = zip(rest["id"], rest.pop("moment"), strict=True)
    off = [moment - _time_of(visit_id) for visit_id, moment in pairs]
    head = {name: rest.pop(name) for name in ("id", "by", "outcome")}
    return head | ({"off": off} if any(off) else {}) | rest


def _with_moments(visits: dict[str, Any]) -> dict[str, Any]:
    rest = dict(visits)
    ids = rest.pop("id")
    off = rest.pop("off", [0] * len(ids))
    moments = [_time_of(visit_id) + by for visit_id, by in zip(ids, off, strict=True)]
    return {"id": ids, "moment": moments} | rest
