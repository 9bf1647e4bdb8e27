"""The server's rows, read past the product with plain SQL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import create_engine, text


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored operation; `rival`: it stands beside another one with its id."""

    id: str
    hash: bytes
    status: str
    code: str | None
    member: str
    device: str | None
    moment: int
    capped: bool
    received_at: int
    voided: bool
    rival: bool = False


OPERATIONS = """
SELECT CAST(id AS TEXT), hash, status, code, CAST(member_id AS TEXT), CAST(device_id AS TEXT),
  moment, capped, received_at, voided FROM operation WHERE community_id = :community
"""
RIVALS = """
SELECT CAST(operation_id AS TEXT), hash, status, 'id_taken', CAST(member_id AS TEXT),
  CAST(device_id AS TEXT), 0, FALSE, received_at, FALSE
FROM operation_rival WHERE community_id = :community
"""
HELD = """
SELECT CAST(id AS TEXT) AS id, hash, code, member_id FROM operation
WHERE community_id = :community AND status = 'held'
UNION ALL SELECT CAST(operation_id AS TEXT), hash, 'id_taken', member_id FROM operation_rival
WHERE community_id = :community AND status = 'held'
"""
COUNTS = """
SELECT CAST(building_id AS TEXT) AS building, households, vacant, knocked, reached, installed,
  no_smartphone, refused, leaflets FROM building_count WHERE community_id = :community
"""
KNOCKS = """
SELECT CAST(household_id AS TEXT), CAST(day AS TEXT), CAST(member_id AS TEXT), visits, leaflets,
  helped FROM knock_day WHERE community_id = :community
"""
RUNNING = """
SELECT CAST(id AS TEXT) FROM assignment WHERE community_id = :community
  AND building_id = :building AND member_id = :member AND ended_at IS NULL
"""
MERGED = {
    "door": "SELECT CAST(merged_into AS TEXT) FROM household "
    "WHERE community_id = :community AND id = :id",
    "building": "SELECT CAST(merged_into AS TEXT) FROM building "
    "WHERE community_id = :community AND id = :id",
}
ALERT = """
SELECT CAST(id AS TEXT), status FROM alert
WHERE community_id = :community AND reference LIKE :reference
"""
STATUS = """
SELECT status FROM operation WHERE community_id = :community AND id = :id AND hash = :hash
UNION ALL SELECT status FROM operation_rival
WHERE community_id = :community AND operation_id = :id AND hash = :hash
"""


class Database:
    """A second way to the rows; every call is a transaction of its own."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, pool_size=8, max_overflow=8, pool_pre_ping=True)

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """The rows of a statement."""
        with self._engine.connect() as connection:
            return list(connection.execute(text(statement), values))

    def stored(self, community: int) -> Iterator[Stored]:
        """All operations and rivals of a community."""
        for statement, rival in ((OPERATIONS, False), (RIVALS, True)):
            for row in self.rows(statement, community=community):
                yield _stored(row, rival)

    def held(self, community: int) -> list[tuple[str, bytes, str]]:
        """(id, hash, code) of what a person has to look at."""
        return [(r.id, bytes(r.hash), r.code) for r in self.rows(HELD, community=community)]

    def status(self, community: int, operation_id: str, digest: bytes) -> str | None:
        """What has become of one; none when it is not there."""
        rows = self.rows(STATUS, community=community, id=operation_id, hash=digest)
        return str(rows[0].status) if rows else None

    def merged_into(self, what: str, community: int, row_id: str) -> str | None:
        """The door or building that the desk said it is; "" when it is not there."""
        rows = self.rows(MERGED[what], community=community, id=row_id)
        return rows[0][0] if rows else ""

    def alert(self, community: int, reference: str, *, standing: bool = False) -> str | None:
        """The id of the alert that was posted under a reference; `standing`: if it is confirmed."""
        rows = self.rows(ALERT, community=community, reference=f"%:{reference}")
        return next((row[0] for row in rows if not standing or row[1] in ("open", "closed")), None)

    def running(self, community: int, building: str, member: str) -> list[str]:
        """Ids of a member's running assignments to a building."""
        found = self.rows(RUNNING, community=community, building=building, member=member)
        return [row[0] for row in found]

    def close(self) -> None:
        """Let go of all connections: the database is about to be replaced."""
        self._engine.dispose()


def _stored(row: Any, rival: bool) -> Stored:
    digest, capped, voided = bytes(row[1]), bool(row[7]), bool(row[9])
    operation_id, _, status, code, member, device, moment, _, received_at, _ = row
    return Stored(
        operation_id,
        digest,
        status,
        code,
        member,
        device,
        moment,
        capped,
        received_at,
        voided,
        rival,
    )
