"""The epoch: a random id of this database. A restore draws a new one, so that phones notice."""

from __future__ import annotations

import secrets

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.accounts.models import Installation
from webapp.core import db

NAME = "epoch"
_FACTS = Installation.__table__.c
_VALUE = db.Query(select(_FACTS.value).where(_FACTS.name == bindparam("name")))


def read(session: Session) -> str | None:
    """The epoch, if it was drawn already."""
    row = _VALUE.first(session, name=NAME)
    return None if row is None else str(row[0])


def ensure() -> str:
    """The epoch; drawn on first use, once, whoever comes first."""
    with db.reading() as session:
        value = read(session)
    if value is not None:
        return value
    with db.writing() as session:
        fresh = {"name": NAME, "value": secrets.token_hex(8)}
        session.execute(db.insert(session, Installation).values(fresh).on_conflict_do_nothing())
        value = read(session)
    assert value is not None
    return value
