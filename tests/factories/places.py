"""A community at the desk: its coordinator's browser beside the phones of its field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import insert, update

from tests.factories import field
from tests.factories.accounts import SignedIn, make_community, make_member, sign_in
from tests.factories.field import NOW, Neighbourhood, Phone
from webapp.core import db
from webapp.core.ids import new_id
from webapp.coverage.models import BuildingCount
from webapp.places.models import Building, Household


@dataclass
class Estate:
    """One community; what needs a context opens its own, so that clients can be used beside it."""

    app: Flask
    community_id: int
    hood: Neighbourhood
    desk: SignedIn

    def building(self, name: str = "1", *, practice: bool = False, **fields: Any) -> str:
        """A building without doors; `fields` are columns such as compound and grid."""
        with self.app.app_context():
            building = self.hood.building(name, practice=practice)
            if fields:
                self.set(Building, building, **fields)
            return building

    def doors(
        self,
        building: str,
        rooms: Sequence[str | int],
        *,
        unit: str = "1",
        floor: int | None = None,
    ) -> list[str]:
        """Listed doors of a building."""
        with self.app.app_context():
            ids = self.hood.doors(building, rooms, unit=unit)
            if floor is not None:
                for household in ids:
                    self.set(Household, household, floor=floor)
            return ids

    def volunteer(self, *buildings: str) -> Phone:
        """A volunteer with a phone, walking these buildings for a month."""
        with self.app.app_context():
            return self.hood.volunteer(*buildings)

    def push(self, phone: Phone, *operations: field.Op, now: int = NOW) -> None:
        """Send these; all must be accepted."""
        with self.app.app_context():
            assert set(phone.statuses(*operations, now=now)) <= {"accepted"}

    def set(self, table: type[db.Base], row_id: str, **fields: Any) -> None:
        """Change columns of a row of this community."""
        with self.context(), db.writing() as session:
            key = table.__table__.c.id
            session.execute(
                update(table).where(
                    table.__table__.c.community_id == self.community_id, key == row_id
                ).values(**fields)
            )  # fmt: skip

    def row(self, table: type[Any], row_id: str) -> Any:
        """A row as it stands."""
        with self.context(), db.reading() as session:
            return session.get(table, (self.community_id, row_id))

    @contextmanager
    def context(self) -> Iterator[None]:
        """An application context for the block."""
        with self.app.app_context():
            yield


def estate(app: Flask, name: str = "紫荆园社区") -> Estate:
    """A community with a coordinator at the desk."""
    community_id = make_community(app, name)
    coordinator = make_member(app, community_id, "coordinator", name="何静")
    return Estate(app, community_id, Neighbourhood(community_id), sign_in(app, coordinator))


def many_buildings(place: Estate, count: int) -> None:
    """Buildings with counters as a large import and much canvassing leave them."""
    ids = [new_id() for _ in range(count)]
    with place.context(), db.writing() as session:
        session.execute(
            insert(Building),
            [
                {
                    "community_id": place.community_id,
                    "id": building,
                    "key": f"many {n}",
                    "name": f"{n}号楼",
                    "compound": f"小区{n // 20}",
                    "grid": f"网格{n // 200}",
                    "created_at": NOW,
                    "seq": 1,
                }
                for n, building in enumerate(ids)
            ],
        )
        session.execute(
            insert(BuildingCount),
            [
                {
                    "community_id": place.community_id,
                    "building_id": building,
                    "households": 90,
                    "knocked": n % 90,
                    "reached": n % 80,
                    "last_at": NOW,
                }
                for n, building in enumerate(ids)
            ],
        )
