"""Whom residents know: the caretakers of buildings, and which of them agreed to be shown.

Callers of the team always see name and role. Residents' pages and posters show them only with the
person's consent, which is noted with who noted it and when: then it hangs in the stairwell anyway.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp.accounts import audit
from webapp.accounts.actor import Actor
from webapp.core.errors import NotFound
from webapp.core.ids import new_id
from webapp.places.models import Building
from webapp.trust import photos
from webapp.trust.models import KnownPerson


@dataclass(frozen=True)
class Caretaker:
    """A name and role as they stand at `buildings` buildings; `agreed_at` none: not to be shown."""

    name: str
    role: str
    buildings: int = 0
    agreed_at: int | None = None
    photo: str | None = None


def caretakers(session: Session, community_id: int) -> list[Caretaker]:
    """Everybody who stands at a building."""
    rows = session.execute(
        select(Building.caretaker_name, Building.caretaker_role, func.count())
        .where(Building.community_id == community_id, Building.caretaker_name != "")
        .group_by(Building.caretaker_name, Building.caretaker_role)
        .order_by(Building.caretaker_name, Building.caretaker_role)
    ).all()
    agreed = {
        (row.name, row.role): row
        for row in session.scalars(
            select(KnownPerson).where(KnownPerson.community_id == community_id)
        )
    }
    return [
        Caretaker(name, role, count, *_shown(agreed.get((name, role))))
        for name, role, count in rows
    ]


def of_building(session: Session, building: Building) -> Caretaker | None:
    """Who may be shown to the residents of a building; none without consent."""
    row = session.scalars(
        select(KnownPerson).where(
            KnownPerson.community_id == building.community_id,
            KnownPerson.name == building.caretaker_name,
            KnownPerson.role == building.caretaker_role,
        )
    ).one_or_none()
    if row is None or not row.name:
        return None
    return Caretaker(row.name, row.role, 1, *_shown(row))


def agree(
    session: Session,
    who: Actor,
    community_id: int,
    name: str,
    role: str,
    photo: bytes | None,
    *,
    now: int,
) -> None:
    """Note that a caretaker agreed, with a photo or without; again, it replaces the photo.

    NotFound when nobody of that name and role stands at a building; Problem as `photos.encode`.
    """
    jpeg = photos.encode(photo) if photo else None
    standing = select(Building.id).where(
        Building.community_id == community_id,
        Building.caretaker_name == name,
        Building.caretaker_role == role,
    )
    if not name or session.scalars(standing.limit(1)).first() is None:
        raise NotFound("caretaker_unknown")
    row = session.scalars(
        select(KnownPerson).where(
            KnownPerson.community_id == community_id,
            KnownPerson.name == name,
            KnownPerson.role == role,
        )
    ).one_or_none()
    if row is None:
        row = KnownPerson(
            community_id=community_id, id=new_id(), name=name, role=role, agreed_at=now
        )
        session.add(row)
    row.noted_by, row.jpeg = who.member_id, jpeg or row.jpeg
    audit.note(session, community_id, who, "caretaker_agreed", name, now=now)


def take_back(
    session: Session, who: Actor, community_id: int, name: str, role: str, *, now: int
) -> None:
    """The consent is gone, and the photo with it. Repeats change nothing."""
    session.execute(
        delete(KnownPerson).where(
            KnownPerson.community_id == community_id,
            KnownPerson.name == name,
            KnownPerson.role == role,
        )
    )
    audit.note(session, community_id, who, "caretaker_taken_back", name, now=now)


def _shown(row: KnownPerson | None) -> tuple[int | None, str | None]:
    if row is None:
        return None, None
    photo = f"data:image/jpeg;base64,{b64encode(row.jpeg).decode()}" if row.jpeg else None
    return row.agreed_at, photo
