"""indexes of the few that they are asked for, and knocks in the order of their key

Revision: 7d3c5f0a91be, after 93b439fcf93e, made 2026-11-26 00:10:00
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "7d3c5f0a91be"
down_revision: str | Sequence[str] | None = "93b439fcf93e"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FEW = (
    ("operation", "ix_operation_device", ["community_id", "device_id"], "code IS NOT NULL"),
    (
        "operation",
        "ix_operation_result",
        ["community_id", "member_id", "result_seq"],
        "result_seq IS NOT NULL",
    ),
    ("operation", "ix_operation_status", ["community_id", "status"], "status <> 'accepted'"),
    (
        "door_state",
        "ix_door_state_follow_up",
        ["community_id", "follow_up_on"],
        "follow_up_on IS NOT NULL",
    ),
)


OF_HOUSEHOLD = """
UPDATE knock_day SET building_id = (
  SELECT household.building_id FROM household
  WHERE household.community_id = knock_day.community_id AND household.id = knock_day.household_id
)
"""


def upgrade() -> None:
    for table, name, columns, few in FEW:
        op.drop_index(name, table_name=table)
        only = {"sqlite_where": sa.text(few), "postgresql_where": sa.text(few)}
        op.create_index(name, table, columns, unique=False, **only)
    op.drop_index("ix_door_state_building", table_name="door_state")
    op.drop_index("ix_knock_day_building", table_name="knock_day")
    # A later batch_alter_table of knock_day has to say sqlite_with_rowid again.
    with op.batch_alter_table("knock_day", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        batch_op.drop_column("building_id")


def downgrade() -> None:
    building = sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql")
    op.add_column("knock_day", sa.Column("building_id", building, nullable=True))
    op.execute(OF_HOUSEHOLD)
    with op.batch_alter_table("knock_day") as batch_op:
        batch_op.alter_column("building_id", existing_type=building, nullable=False)
    op.create_index("ix_knock_day_building", "knock_day", ["community_id", "building_id", "day"])
    op.create_index("ix_door_state_building", "door_state", ["community_id", "building_id"])
    for table, name, columns, _few in FEW:
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, unique=False)
