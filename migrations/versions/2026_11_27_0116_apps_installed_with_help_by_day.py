"""apps installed with help, by day

Revision: 1faa8d659920, after 1390be57819f, made 2026-11-27 01:16:30.810210
"""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op


revision: str = "1faa8d659920"
down_revision: str | Sequence[str] | None = "1390be57819f"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _table(name: str, *ids: str) -> sa.TableClause:
    """With columns of these names that hold ids."""
    kind = sa.String(36).with_variant(sa.UUID(as_uuid=False), "postgresql")
    columns = [sa.column(one, kind) for one in ids]
    return sa.table(
        name,
        sa.column("community_id", sa.Integer),
        sa.column("day", sa.Date),
        sa.column("helped", sa.Integer),
        *columns,
    )


KNOCKS = _table("knock_day", "household_id", "member_id")
MEMBERS = _table("member_day", "member_id")
DOORS = _table("household", "id", "door_id")
ALIASES = _table("household_alias", "id", "household_id")
OPERATIONS = _table("operation", "id", "member_id", "subject_id")


def upgrade() -> None:
    # Not in batches: a copy of the table would lose its order of keys.
    for table in (KNOCKS, MEMBERS):
        column = sa.Column("helped", sa.Integer(), server_default="0", nullable=False)
        op.add_column(table.name, column)
    bind = op.get_bind()
    for community, timezone in bind.execute(sa.text("SELECT id, timezone FROM community")).all():
        _fill(bind, community, ZoneInfo(timezone))


def downgrade() -> None:
    for table in (MEMBERS, KNOCKS):
        op.drop_column(table.name, "helped")


def _fill(bind: sa.Connection, community: int, zone: ZoneInfo) -> None:
    """From the visits that count, where something is written down of their door and day."""
    helped: Counter[tuple[str, date, str]] = Counter()
    for door, moment, member, body in bind.execute(_visits(community)):
        said = json.loads(body)
        if said.get("app") == "helped":
            day = datetime.fromtimestamp(moment / 1000, zone).date()
            helped[door, day, str(said.get("by") or member).lower()] += 1
    if not helped:
        return
    written = (
        sa.update(KNOCKS)
        .where(
            KNOCKS.c.community_id == community,
            KNOCKS.c.household_id == sa.bindparam("door"),
            KNOCKS.c.day == sa.bindparam("of_day"),
            KNOCKS.c.member_id == sa.bindparam("member"),
        )
        .values(helped=sa.bindparam("n"))
    )
    bind.execute(
        written,
        [{"door": d, "of_day": day, "member": m, "n": n} for (d, day, m), n in helped.items()],
    )
    doors = sa.select(sa.func.count()).where(
        KNOCKS.c.community_id == community,
        KNOCKS.c.member_id == MEMBERS.c.member_id,
        KNOCKS.c.day == MEMBERS.c.day,
        KNOCKS.c.helped > 0,
    )
    bind.execute(
        sa.update(MEMBERS)
        .where(MEMBERS.c.community_id == community)
        .values(helped=doors.scalar_subquery())
    )


def _visits(community: int) -> sa.Select[Any]:
    """Door, moment, author and text of the visits that may have been such."""
    visits, doors, aliases = OPERATIONS.c, DOORS.c, ALIASES.c
    return (
        sa.select(
            sa.func.coalesce(aliases.household_id, doors.door_id, visits.subject_id),
            sa.column("moment", sa.BigInteger),
            visits.member_id,
            sa.column("body", sa.Text),
        )
        .select_from(
            OPERATIONS.outerjoin(
                DOORS,
                (doors.community_id == visits.community_id) & (doors.id == visits.subject_id),
            ).outerjoin(
                ALIASES,
                (aliases.community_id == visits.community_id) & (aliases.id == visits.subject_id),
            )
        )
        .where(
            visits.community_id == community,
            sa.column("type", sa.Text) == "visit",
            sa.column("status", sa.Text) == "accepted",
            sa.column("voided", sa.Boolean).is_(False),
            sa.column("body", sa.Text).like('%"helped"%'),
        )
    )
