"""Alerts for the browser's tests: entered beside a running server, by the product's actions."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Member, Person
from webapp.alerts import actions
from webapp.alerts.fields import AlertFields
from webapp.alerts.models import Alert
from webapp.app import create_app
from webapp.core import clock, db
from webapp.core.settings import Settings
from webapp.places.models import Building, Household

MINUTE = clock.MINUTE
HE: dict[str, Any] = {
    "resident_name": "何女士",
    "sex": "f",
    "age": 58,
    "phone": "13800000001",
    "scam_type": "task",
    "amount": 7_800_000,
    "original": "合川紫荆园社区，紫荆花园2幢何女士，58岁，疑似被骗",
}


@dataclass
class AlertDesk:
    """The desk of one community, in this process; the server next door has the same database."""

    app: Flask
    community: int
    ids: dict[int, str] = field(default_factory=dict)

    def caretaker(self, building: str, name: str, role: str) -> None:
        """Whom the residents of a building know."""
        with self._writing() as session:
            row = self._building(session, building)
            row.caretaker_name, row.caretaker_role = name, role
            row.lat, row.lon = 29.9723, 106.2764

    def open(
        self,
        building: str,
        room: str,
        *,
        to: Sequence[str] = (),
        level: str = "high",
        ago: int = 0,
        offered: bool = True,
        **person: Any,
    ) -> str:
        """An alert that came `ago` minutes ago, given to these logins, or offered; its id."""
        now = clock.now()
        with self._writing() as session:
            door = session.scalars(
                select(Household)
                .join(Building, Building.id == Household.building_id)
                .where(Building.name == building, Household.room == room)
            ).first()
            where = {"household_id": door.id} if door else {"place_text": building}
            fields = {"level": level, "received_at": now - ago * MINUTE, **HE, **where, **person}
            alert = actions.create(
                session, self.community, AlertFields(**fields), who=None, now=now,
                source="form", draft=False,
            )  # fmt: skip
            if to:
                members = [self._member(session, login) for login in to]
                actions.dispatch(session, self.community, alert, members, who=None, now=now)
            elif offered:
                actions.offer(session, self.community, alert, who=None, now=now)
        return alert

    def the_one(self) -> str:
        """The id of the one alert that there is."""
        with self.app.app_context(), db.reading() as session:
            return str(session.scalars(select(Alert.id)).one())

    def row(self, alert: str) -> Alert:
        """The alert as it stands."""
        with self.app.app_context(), db.reading() as session:
            return session.scalars(select(Alert).where(Alert.id == alert)).one()

    def _member(self, session: Session, login: str) -> str:
        found = select(Member.id).join(Person).where(Person.login == login)
        return str(session.scalars(found).one())

    def _building(self, session: Session, name: str) -> Building:
        return session.scalars(select(Building).where(Building.name == name)).one()

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with self.app.app_context(), db.writing() as session:
            yield session


@contextmanager
def alert_desk(instance: Path, community: int) -> Iterator[AlertDesk]:
    """The desk of an installation's community."""
    app = create_app(
        Settings(instance, f"sqlite:///{instance / 'qiaomen.sqlite'}", secrets.token_hex(32))
    )
    yield AlertDesk(app, community)
    app.extensions[db.EXTENSION].dispose()
