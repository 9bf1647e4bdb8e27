"""What a community decides about its alerts: `community.settings["alerts"]`, with defaults."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.accounts.models import Community
from webapp.core.clock import MINUTE
from webapp.core.errors import NotFound

Minutes = Annotated[int, Meta(ge=1, le=14 * 24 * 60)]
Days = Annotated[list[Annotated[int, Meta(ge=1, le=365)]], Meta(max_length=12)]


class LevelMinutes(Struct, frozen=True):
    """How long there is from the alert to contact (design 5.2)."""

    very_high: Minutes = 30
    high: Minutes = 60
    medium: Minutes = 240
    low: Minutes = 1440


class FollowUpDays(Struct, frozen=True):
    """How many days after closing to ask again, by the risk that is left (design 5.8)."""

    high: Days = msgspec.field(default_factory=lambda: [1, 3, 7, 30])
    medium: Days = msgspec.field(default_factory=lambda: [3, 30])
    low: Days = msgspec.field(default_factory=lambda: [7])

    def of(self, risk: str | None) -> list[int]:
        """The days for a risk; nothing for none."""
        return list(getattr(self, risk, ())) if risk in ("high", "medium", "low") else []


class AlertSettings(Struct, frozen=True):
    """All of it. What is not set has the default."""

    minutes: LevelMinutes = msgspec.field(default_factory=LevelMinutes)
    follow_ups: FollowUpDays = msgspec.field(default_factory=FollowUpDays)

    def time_for(self, level: str) -> int:
        """The level's time in milliseconds."""
        minutes: int = getattr(self.minutes, level)
        return minutes * MINUTE


def of(session: Session, community_id: int) -> AlertSettings:
    """The community's settings. Raises NotFound when there is no such community."""
    statement = select(Community.settings).where(Community.id == community_id)
    found = session.execute(statement).one_or_none()
    if found is None:
        raise NotFound("community_unknown")
    return read(found[0])


def read(settings: dict[str, Any]) -> AlertSettings:
    """From the community's JSON; what cannot be read any more falls back to the default."""
    try:
        return msgspec.convert(settings.get("alerts") or {}, AlertSettings)
    except msgspec.ValidationError:
        return AlertSettings()
