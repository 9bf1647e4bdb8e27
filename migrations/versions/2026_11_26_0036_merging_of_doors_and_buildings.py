"""merging of doors and buildings

Revision: 9b298c78706f, after dd2d44186fc2, made 2026-11-25 23:55:42.139219
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


revision: str = "9b298c78706f"
down_revision: str | Sequence[str] | None = "dd2d44186fc2"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "home_id",
                sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql"),
                nullable=True,
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_assignment_community_id_home_id"),
            "building",
            ["community_id", "home_id"],
            ["community_id", "id"],
        )

    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "merged_into",
                sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql"),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("merged_at", sa.BigInteger(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_building_community_id_merged_into"),
            "building",
            ["community_id", "merged_into"],
            ["community_id", "id"],
        )

    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "merged_into",
                sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "door_id",
                sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql"),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "home_id",
                sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql"),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("retired_alone", sa.BigInteger(), nullable=True))
        batch_op.create_index(
            "ix_household_merged",
            ["community_id", "building_id"],
            unique=False,
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_household_community_id_home_id"),
            "building",
            ["community_id", "home_id"],
            ["community_id", "id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_household_community_id_door_id"),
            "household",
            ["community_id", "door_id"],
            ["community_id", "id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_household_community_id_merged_into"),
            "household",
            ["community_id", "merged_into"],
            ["community_id", "id"],
        )

    with op.batch_alter_table("household_alias", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "home_id",
                sa.String(length=36).with_variant(sa.UUID(as_uuid=False), "postgresql"),
                nullable=True,
            )
        )
    # Nothing is merged yet: an alias belongs to the door that it means.
    op.execute("UPDATE household_alias SET home_id = household_id")
    with op.batch_alter_table("household_alias", schema=None) as batch_op:
        batch_op.alter_column("home_id", nullable=False)
        batch_op.create_index("ix_household_alias_home", ["community_id", "home_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_household_alias_community_id_home_id"),
            "household",
            ["community_id", "home_id"],
            ["community_id", "id"],
        )


def downgrade() -> None:
    with op.batch_alter_table("household_alias", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_household_alias_community_id_home_id"), type_="foreignkey"
        )
        batch_op.drop_index("ix_household_alias_home")
        batch_op.drop_column("home_id")

    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_household_community_id_merged_into"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_household_community_id_door_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("fk_household_community_id_home_id"), type_="foreignkey"
        )
        batch_op.drop_index(
            "ix_household_merged",
            sqlite_where=sa.text("merged_into IS NOT NULL"),
            postgresql_where=sa.text("merged_into IS NOT NULL"),
        )
        batch_op.drop_column("retired_alone")
        batch_op.drop_column("home_id")
        batch_op.drop_column("door_id")
        batch_op.drop_column("merged_into")

    with op.batch_alter_table("building", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_building_community_id_merged_into"), type_="foreignkey"
        )
        batch_op.drop_column("merged_at")
        batch_op.drop_column("merged_into")

    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_assignment_community_id_home_id"), type_="foreignkey"
        )
        batch_op.drop_column("home_id")
