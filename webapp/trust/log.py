"""The log of checks: written before anything is compared, settled when it is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import update
from sqlalchemy.orm import Session

from webapp.core import db, tries
from webapp.core.ids import new_id
from webapp.core.tries import Rule
from webapp.trust.bearers import Bearer
from webapp.trust.models import NOBODYS, BadgeCheck

Counted = tuple[Rule, str]
"""A rule, and what was counted under it."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One check at the moment `now`; `counted` are the tries that a right one takes back."""

    way: str
    now: int
    counted: tuple[Counted, ...]
    community_id: int = NOBODYS
    number: int | None = None
    badge_id: str | None = None
    building_id: str | None = None
    id: str = field(default_factory=new_id)

    def write(self, session: Session, result: str) -> None:
        """Keep it, as what it is until more is known."""
        row = {
            "community_id": self.community_id,
            "id": self.id,
            "at": self.now,
            "way": self.way,
            "result": result,
            "number": self.number,
            "badge_id": self.badge_id,
            "building_id": self.building_id,
        }
        db.insert_rows(session, BadgeCheck, [row])

    def settle(self, session: Session, bearer: Bearer, result: str) -> None:
        """It was right: say so, and take back what was counted."""
        session.execute(
            update(BadgeCheck)
            .where(BadgeCheck.community_id == self.community_id, BadgeCheck.id == self.id)
            .values(result=result, badge_id=bearer.badge_id, number=bearer.number)
        )
        for rule, what in self.counted:
            tries.give_back(session, rule, what, taken=self.now)
