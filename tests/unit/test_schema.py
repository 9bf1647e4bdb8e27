"""One community is one shard: what the tables must keep to (design 8)."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from sqlalchemy import Table

from webapp.core.db import Base

ROOT = Path(__file__).parents[2]
OUTSIDE = {"community", "person"}
"""Copied to every shard: foreign keys may lead there."""

INSTALLATION = {
    "community",
    "person",
    "installation",
    "sign_in",
    "invite",
    "limit_window",
    "recent_tries",
    "badge_number",
    "job",
    "gazetteer",
    "handover",
}
"""Stand outside the tenants (design 7)."""


def _tables() -> list[Table]:
    for path in sorted((ROOT / "webapp").rglob("*.py")):
        if "__tablename__ =" in path.read_text(encoding="utf-8"):
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return list(Base.metadata.sorted_tables)


TABLES = _tables()
TENANT = [table for table in TABLES if table.name not in INSTALLATION]


@pytest.mark.parametrize("table", TENANT, ids=lambda table: table.name)
def test_the_key_of_a_tenants_table_begins_with_the_community(table: Table) -> None:
    assert [column.name for column in table.primary_key][:1] == ["community_id"]


@pytest.mark.parametrize("table", TENANT, ids=lambda table: table.name)
def test_unique_keys_hold_inside_a_community(table: Table) -> None:
    for index in table.indexes:
        assert not index.unique or "community_id" in index.columns, index.name
    for constraint in table.constraints:
        columns = getattr(constraint, "columns", None)
        if constraint.__class__.__name__ == "UniqueConstraint":
            assert columns is not None
            assert "community_id" in columns, constraint.name


@pytest.mark.parametrize("table", TENANT, ids=lambda table: table.name)
def test_foreign_keys_stay_inside_the_community(table: Table) -> None:
    for key in table.foreign_key_constraints:
        target = key.referred_table.name
        if target in OUTSIDE:
            continue
        assert target not in INSTALLATION, key.name
        pairs = {(element.parent.name, element.column.name) for element in key.elements}
        assert ("community_id", "community_id") in pairs, key.name


def test_no_table_is_forgotten() -> None:
    assert {table.name for table in TABLES} >= INSTALLATION
    assert {"member", "device", "operation", "household", "building"} <= {
        table.name for table in TENANT
    }
